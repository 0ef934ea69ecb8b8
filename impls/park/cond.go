package park

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// A Cond parks on a condition variable.
type Cond struct {
	mu    prim.Mutex
	cond  *prim.Cond
	token bool // guarded by mu

	_ [impls.CacheLine]byte
}

// NewCond returns a parker without a token.
func NewCond() *Cond {
	c := new(Cond)
	c.cond = prim.NewCond(&c.mu)
	return c
}

// Park blocks until there is a token, and takes it.
func (c *Cond) Park() {
	c.mu.Lock()
	for !c.token {
		c.cond.Wait()
	}
	c.token = false
	c.mu.Unlock()
}

// Unpark makes the token available. The signal is sent after the unlock, so
// that the worker does not wake into a lock that is held. It cannot be early:
// a worker that has not begun to wait by then sees the token.
func (c *Cond) Unpark() {
	c.mu.Lock()
	c.token = true
	c.mu.Unlock()
	c.cond.Signal()
}
