package explore

// A Chan is like a Go channel with a buffer.
type Chan[T any] struct {
	object
	buffer []T
	size   int
}

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
	t := do(op{name: "send", a: &c.object, ready: hasRoom[T]{c}})
	if t == nil && len(c.buffer) == c.size {
		wouldBlock("Send")
		return
	}
	c.put(t, v)
}

// TrySend sends v on c unless that would block, and reports whether it did.
func TrySend[T any](c *Chan[T], v T) bool {
	t := do(op{name: "try to send", a: &c.object})
	if len(c.buffer) == c.size {
		return false
	}
	c.put(t, v)
	return true
}

// Recv receives from c, blocking while the buffer is empty.
func Recv[T any](c *Chan[T]) (v T) {
	t := do(op{name: "receive", a: &c.object, ready: hasValue[T]{c}})
	if t == nil && len(c.buffer) == 0 {
		wouldBlock("Recv")
		return v
	}
	return c.take(t)
}

// TryRecv receives from c unless that would block, and reports whether a value
// came.
func TryRecv[T any](c *Chan[T]) (v T, ok bool) {
	t := do(op{name: "try to receive", a: &c.object})
	if len(c.buffer) == 0 {
		return v, false
	}
	return c.take(t), true
}

// Len returns the number of values buffered in c.
func Len[T any](c *Chan[T]) int {
	do(op{name: "len", a: &c.object, read: true})
	return len(c.buffer)
}

// put and take make one clock do for the whole channel: a receiver learns what
// all senders before did, and a sender what all receivers did.
func (c *Chan[T]) put(t *thread, v T) {
	t.acquire(&c.object)
	c.buffer = append(c.buffer, v)
	t.release(&c.object)
}

func (c *Chan[T]) take(t *thread) T {
	t.acquire(&c.object)
	v := c.buffer[0]
	c.buffer = c.buffer[1:]
	t.release(&c.object)
	return v
}
