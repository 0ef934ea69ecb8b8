package relay

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// direct is how many workers a thread wakes itself for a batch; those wake the others. To
// wake one takes 1 to 5 µs, and it comes out of its sleep after 5 to 50 µs. So the first
// of eight is on its way to work when the last is woken.
const direct = 8

// NotifyLocal sees to it that a worker will look into all queues.
func (i *Idle) NotifyLocal(c *impls.Core) { i.signal(c.Index, c.Index) }

// NotifyRemote does the same for a task in the injection queue.
func (i *Idle) NotifyRemote() {
	i.unlock()
	i.signal(i.injection(), 0)
}

// NotifyMult wakes as many workers as there are tasks.
func (i *Idle) NotifyMult(n int) {
	i.unlock()
	i.spread(n, 0)
}

// unlock releases the host's lock, if there is one: this design does not use it.
func (i *Idle) unlock() {
	if i.Lock != nil {
		i.Lock.Unlock()
	}
}

// signal wakes an idle worker for a queue unless another is on its way. Mostly it is
// this load.
func (i *Idle) signal(queue, near int) {
	if !i.marks[queue].Load() {
		i.send(near, errand{queue: queue})
	}
}

// spread wakes n idle workers, if there are that many, for tasks in the injection
// queue: some itself, and each of them its share of the others.
func (i *Idle) spread(n, near int) {
	now := min(n, direct)
	rest := n - now
	for ; now > 0; now-- {
		share := rest / now
		if !i.send(near, errand{queue: i.injection(), more: share}) {
			return
		}
		rest -= share
	}
}

// send wakes an idle worker, and reports whether there was one.
func (i *Idle) send(near int, e errand) bool {
	core, ok := i.claim(near)
	if ok {
		i.marks[e.queue].Store(true) // before the worker can clear it
		i.choose(core, e)
	}
	return ok
}

// choose gives a worker its errand. The caller has claimed its core. A worker that has
// not announced that it sleeps needs no unpark: it will look at chosen.
func (i *Idle) choose(core int, e errand) {
	n := &i.nodes[core]
	if n.blocked.Load() {
		e.at = prim.Now()
	}
	n.errand.Set(e)
	n.chosen.Store(true)
	if n.blocked.Load() {
		i.Parkers[n.worker].Unpark()
	}
}

// Search admits a worker that sees work, and says where.
func (i *Idle) Search(c *impls.Core) bool {
	queue := i.work(c.Index)
	if queue == nowhere {
		return false
	}
	i.sendTo(c, queue)
	c.Searching = true
	return true
}

// sendTo directs a worker to a queue.
func (i *Idle) sendTo(c *impls.Core, queue int) {
	if c.Look = nil; queue >= 0 && queue < len(i.nodes) {
		c.Look = i.Cores[queue]
	}
	i.nodes[c.Index].pause.begin(queue)
}

// Found ends a search. A worker with a duty looks into all queues, and wakes another
// if it sees work. One without looks only at what it has taken along.
func (i *Idle) Found(c *impls.Core) {
	c.Searching = false
	n := &i.nodes[c.Index]
	n.pause.found(prim.Now())
	if n.duty == nowhere {
		if i.Queues.Stealable(c.Index) {
			i.signal(c.Index, c.Index)
		}
		return
	}
	i.discharge(n)
	if queue := i.work(c.Index); queue != nowhere {
		i.signal(queue, c.Index)
	}
}

// discharge ends a worker's duty. The caller looks into all queues afterwards: a
// publisher that still saw the mark relies on that.
func (i *Idle) discharge(n *node) {
	if n.duty >= 0 {
		i.marks[n.duty].Store(false)
	}
	n.duty = nowhere
}
