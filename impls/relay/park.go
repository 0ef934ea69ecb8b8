package relay

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// Park makes the worker idle until it is claimed, unless it sees work. The package
// documentation numbers the steps.
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
	if d := n.pause.pause(prim.Now(), len(i.nodes)); d > 0 {
		prim.Spin(d, never)
	}

	i.idle.add(c.Index)
	i.discharge(n)
	queue := i.work(c.Index)
	if (queue != nowhere || i.Closed()) && i.idle.remove(c.Index) {
		i.idle.spun(c.Index)
		n.duty = everywhere
		i.sendTo(c, queue)
		return i.Leave(c, impls.Kept)
	}
	i.wait(w, c.Index)

	n.chosen.Store(false)
	e := n.errand.Get()
	n.duty = e.queue
	i.sendTo(c, e.queue)
	i.spread(e.more, c.Index)
	return i.Leave(c, impls.Woken)
}

// wait returns when the worker was chosen. It spins for its budget, and then sleeps.
func (i *Idle) wait(w, core int) {
	n := &i.nodes[core]
	chosen := func() bool { return n.chosen.Load() }
	start := prim.Now()
	spun := prim.Spin(n.spin.time, chosen)
	i.idle.spun(core)
	if spun {
		n.spin.paid()
		return
	}
	n.blocked.Store(true)
	for !chosen() {
		i.Parkers[w].Park()
	}
	n.blocked.Store(false)
	now := prim.Now()
	if at := n.errand.Get().at; at != 0 {
		n.spin.woke(now - at)
	}
	n.spin.slept(now - start)
}

func never() bool { return false }
