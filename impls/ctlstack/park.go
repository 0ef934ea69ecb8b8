package ctlstack

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// Park puts the worker into the stack, and blocks until it is taken from there. The
// package documentation numbers the steps.
func (i *Idle) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		c, why := i.Enter(w)
		if c != nil {
			i.nodes[c.Index].worker = w
		}
		return c, why
	}
	c.Searching = false
	n := &i.nodes[c.Index]
	if !i.push(c.Index) {
		// Its duty remains: it has not looked into the queues.
		return i.Leave(c, impls.Kept)
	}
	had := n.duty != nowhere
	i.discharge(n)
	chosen := func() bool { return n.chosen.Load() }
	if !prim.SpinTimes(i.pauses+int(n.next31())&(i.pauses-1), chosen) {
		if i.Closed() {
			i.releaseAll() // itself included, if nothing has taken it yet
		} else if queue := i.firstWithWork(c.Index); queue >= 0 {
			if i.popSelf(c.Index) {
				n.duty = everywhere
				return i.Leave(c, impls.Kept)
			}
			if had {
				i.signal(queue)
			}
		}
		n.parking.Store(true)
		for !chosen() {
			i.Parkers[w].Park()
		}
		n.parking.Store(false)
	}
	n.chosen.Store(false)
	n.duty = n.sent.Get()
	return i.Leave(c, impls.Woken)
}

// next31 returns a random number of 31 bits (Marsaglia's xorshift), so that workers
// that went to sleep together do not look into the queues together.
func (n *node) next31() uint32 {
	n.random ^= n.random << 13
	n.random ^= n.random >> 17
	n.random ^= n.random << 5
	return n.random >> 1
}
