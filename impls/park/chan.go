package park

import "github.com/idlebench/idlebench/impls/prim"

// A Chan parks on a channel: the token is the element in its buffer.
type Chan struct {
	c prim.Chan[struct{}]
}

// NewChan returns a parker without a token.
func NewChan() *Chan { return &Chan{prim.MakeChan[struct{}](1)} }

// Park blocks until there is a token, and takes it.
func (c *Chan) Park() { prim.Recv(c.c) }

// Unpark makes the token available.
//
// If the buffer is full the send fails and does nothing. Then the token is
// still there, and the worker that takes it must see what the caller did before. The
// Go memory model promises nothing for a failing send, but gc's runtime takes
// the channel's lock in both that send and the later receive unless it reads,
// without the lock, that the buffer is full; idle managers do not depend on
// that case, because they wake a worker only after they have taken it from the
// sleepers, so no two wake-ups compete for one sleep.
func (c *Chan) Unpark() { prim.TrySend(c.c, struct{}{}) }
