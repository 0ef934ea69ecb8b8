//go:build !explore && !perturb && !simulate

package prim

// A Chan is a Go channel.
type Chan[T any] = chan T

// MakeChan returns a channel that buffers n values.
func MakeChan[T any](n int) Chan[T] { return make(chan T, n) }

// Send sends v on c, blocking while the buffer is full.
func Send[T any](c Chan[T], v T) { c <- v }

// TrySend sends v on c unless that would block, and reports whether it did.
func TrySend[T any](c Chan[T], v T) bool {
	select {
	case c <- v:
		return true
	default:
		return false
	}
}

// Recv receives from c, blocking while the buffer is empty.
func Recv[T any](c Chan[T]) T { return <-c }

// TryRecv receives from c unless that would block, and reports whether a value
// came.
func TryRecv[T any](c Chan[T]) (v T, ok bool) {
	select {
	case v, ok = <-c:
		return v, ok
	default:
		return v, false
	}
}

// Len returns the number of values buffered in c.
func Len[T any](c Chan[T]) int { return len(c) }
