package ctlstack

import "github.com/idlebench/idlebench/impls"

// injection is the number of the injection queue among the queues.
func (i *Idle) injection() int { return len(i.nodes) }

// NotifyLocal signals for the core's run queue.
func (i *Idle) NotifyLocal(c *impls.Core) { i.signal(c.Index) }

// NotifyRemote signals for the injection queue.
func (i *Idle) NotifyRemote() { i.signal(i.injection()) }

// NotifyMult signals once. Each worker that finds a task wakes the next.
func (i *Idle) NotifyMult(int) { i.signal(i.injection()) }

// signal wakes a sleeper for a queue, if there is one, unless another is on its way. It
// is small enough to be inlined: mostly it is this load.
func (i *Idle) signal(queue int) {
	if !i.pending[queue].Load() {
		i.send(queue)
	}
}

// send wakes a sleeper for a queue, if there is one.
func (i *Idle) send(queue int) {
	if core, ok := i.pop(); ok {
		i.pending[queue].Store(true) // before the worker can clear it
		i.choose(core, queue)
	}
}

// choose wakes the worker of a core that the caller has popped. A worker that does
// not block yet needs no unpark: it looks at chosen after it has raised parking.
func (i *Idle) choose(core, queue int) {
	n := &i.nodes[core]
	n.sent.Set(queue)
	n.chosen.Store(true)
	if n.parking.Load() {
		i.Parkers[n.worker].Unpark()
	}
}

// Found ends a search. A worker with a duty relays: it wakes another worker if any
// queue has work. One without looks only at what it has stolen along with its task.
func (i *Idle) Found(c *impls.Core) {
	c.Searching = false
	n := &i.nodes[c.Index]
	if n.duty == nowhere {
		if i.Queues.Stealable(c.Index) {
			i.signal(c.Index)
		}
		return
	}
	i.discharge(n)
	if queue := i.firstWithWork(c.Index); queue >= 0 {
		i.signal(queue)
	}
}

// discharge ends a worker's duty. The caller looks into every queue afterwards: a
// publisher that still saw the mark relies on that.
func (i *Idle) discharge(n *node) {
	if n.duty >= 0 {
		i.pending[n.duty].Store(false)
	}
	n.duty = nowhere
}

// firstWithWork looks into every queue, and returns the first that is not empty: the
// injection queue (M1), or the run queues from the given one on. It returns -1 if there
// is none.
func (i *Idle) firstWithWork(first int) int {
	if i.Queues.Injected() > 0 {
		return i.injection()
	}
	for core := first; core < len(i.nodes); core++ {
		if i.Queues.Stealable(core) {
			return core
		}
	}
	for core := range first {
		if i.Queues.Stealable(core) {
			return core
		}
	}
	return -1
}
