package simulate

import "unsafe"

// A Chan is like a Go channel with a buffer. Its lock, which each operation takes, is
// on its line.
type Chan[T any] struct {
	lock      Uint32 // nothing waits for it: it is free again when the operation is over
	buffer    []T
	size      int
	senders   byte // its address is the key of those that wait to send
	receivers byte
}

// MakeChan returns a channel that buffers n values, at least one.
func MakeChan[T any](n int) *Chan[T] {
	if n < 1 {
		panic("simulate: a channel without a buffer")
	}
	return &Chan[T]{size: n}
}

func (c *Chan[T]) canSend() bool { return len(c.buffer) < c.size }

func (c *Chan[T]) canReceive() bool { return len(c.buffer) > 0 }

// wait takes the lock, and blocks until the operation is possible.
func (c *Chan[T]) wait(possible func() bool, key *byte, why string) {
	r := recorder()
	r.begin()
	defer r.end()
	touch(unsafe.Pointer(&c.lock), update)
	for !possible() {
		t := current.thread()
		if t == nil {
			return
		}
		t.sleepOn(unsafe.Pointer(key), false, t.s.machine.GoWake, why)
		touch(unsafe.Pointer(&c.lock), update)
	}
	r.took(1)
}

func (c *Chan[T]) wake(key *byte) {
	if t := current.thread(); t != nil {
		t.wakeFrom(unsafe.Pointer(key))
	}
}

func (c *Chan[T]) put(v T) {
	c.buffer = append(c.buffer, v)
	c.wake(&c.receivers)
}

func (c *Chan[T]) take() T {
	v := c.buffer[0]
	c.buffer = append(c.buffer[:0], c.buffer[1:]...)
	c.wake(&c.senders)
	return v
}

// Send sends v on c, blocking while the buffer is full.
func Send[T any](c *Chan[T], v T) {
	c.wait(c.canSend, &c.senders, "to send")
	if c.canSend() {
		c.put(v)
	}
}

// TrySend sends v on c unless that would block, and reports whether it did.
func TrySend[T any](c *Chan[T], v T) bool {
	touch(unsafe.Pointer(&c.lock), update)
	if !c.canSend() {
		return false
	}
	c.put(v)
	return true
}

// Recv receives from c, blocking while the buffer is empty.
func Recv[T any](c *Chan[T]) (v T) {
	c.wait(c.canReceive, &c.receivers, "to receive")
	if c.canReceive() {
		v = c.take()
	}
	return v
}

// TryRecv receives from c unless that would block, and reports whether it did.
func TryRecv[T any](c *Chan[T]) (v T, ok bool) {
	r := recorder()
	r.begin()
	touch(unsafe.Pointer(&c.lock), read) // Go looks before it takes the lock
	if c.canReceive() {
		touch(unsafe.Pointer(&c.lock), update)
	}
	r.took(1)
	r.end()
	if !c.canReceive() {
		return v, false
	}
	return c.take(), true
}

// Len returns the number of values in the buffer.
func Len[T any](c *Chan[T]) int {
	touch(unsafe.Pointer(&c.lock), read)
	return len(c.buffer)
}
