package explore

// A Chan is like a Go channel with a buffer.
type Chan[T any] struct {
	object
	buffer []T
	size   int
}

var (
	send         = kind{name: "send"}
	tryToSend    = kind{name: "try to send"}
	receive      = kind{name: "receive"}
	tryToReceive = kind{name: "try to receive"}
	length       = kind{name: "len", read: true}
)

// MakeChan returns a channel that buffers n values, at least one.
func MakeChan[T any](n int) *Chan[T] {
	if n < 1 {
		panic("explore: a channel without a buffer")
	}
	return &Chan[T]{size: n}
}

type (
	hasRoom[T any]  struct{ c *Chan[T] }
	hasValue[T any] struct{ c *Chan[T] }
)

func (r hasRoom[T]) ready(*thread) bool  { return len(r.c.buffer) < r.c.size }
func (r hasValue[T]) ready(*thread) bool { return len(r.c.buffer) > 0 }

// Send sends v on c, blocking while the buffer is full.
func Send[T any](c *Chan[T], v T) {
	t := do(&send, &c.object, nil, hasRoom[T]{c})
	if t == nil && len(c.buffer) == c.size {
		wouldBlock("Send")
		return
	}
	c.put(t, v)
}

// TrySend sends v on c unless that would block, and reports whether it did.
func TrySend[T any](c *Chan[T], v T) bool {
	t := do(&tryToSend, &c.object, nil, nil)
	if len(c.buffer) == c.size {
		return false
	}
	c.put(t, v)
	return true
}

// Recv receives from c, blocking while the buffer is empty.
func Recv[T any](c *Chan[T]) (v T) {
	t := do(&receive, &c.object, nil, hasValue[T]{c})
	if t == nil && len(c.buffer) == 0 {
		wouldBlock("Recv")
		return v
	}
	return c.take(t)
}

// TryRecv receives from c unless that would block, and reports whether it did.
func TryRecv[T any](c *Chan[T]) (v T, ok bool) {
	t := do(&tryToReceive, &c.object, nil, nil)
	if len(c.buffer) == 0 {
		return v, false
	}
	return c.take(t), true
}

// Len returns the number of values buffered in c.
func Len[T any](c *Chan[T]) int {
	do(&length, &c.object, nil, nil)
	return len(c.buffer)
}

// put and take use one clock for the whole channel: a receiver learns what all
// senders before did, and a sender what all receivers did.
func (c *Chan[T]) put(t *thread, v T) {
	t.acquire(&c.object)
	c.buffer = append(c.buffer, v)
	t.release(&c.object)
}

// take moves the rest down, so that the buffer is used again.
func (c *Chan[T]) take(t *thread) T {
	t.acquire(&c.object)
	v := c.buffer[0]
	n := copy(c.buffer, c.buffer[1:])
	clear(c.buffer[n:])
	c.buffer = c.buffer[:n]
	t.release(&c.object)
	return v
}
