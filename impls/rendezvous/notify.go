package rendezvous

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/tied"
)

// NotifyLocal makes sure that a worker looks at the task on core c.
func (i *Idle) NotifyLocal(c *impls.Core) { i.notify(c) }

// NotifyRemote does the same for a task from outside.
func (i *Idle) NotifyRemote() { i.notify(nil) }

// notify wakes a worker, unless one searches. If there is none to wake, it finds out by
// two loads.
func (i *Idle) notify(look *impls.Core) {
	ctl := i.ctl.Load()
	if ctl&searchers == 0 && (ctl&tied.TopMask != 0 || i.slot.Load() != 0) {
		i.wake(look)
	}
}

// NotifyMult wakes up to n workers: it knows that there is work for as many.
func (i *Idle) NotifyMult(n int) {
	for n > 0 && i.wake(nil) {
		n--
	}
}

// wake chooses the spinner or a sleeper, and reports whether there was one.
func (i *Idle) wake(look *impls.Core) bool {
	if i.handOver(look) {
		return true
	}
	w, ok := i.pop()
	if ok {
		i.Choose(w, look)
	}
	return ok
}

// handOver gives the work to the spinner, if there is one.
func (i *Idle) handOver(look *impls.Core) bool {
	spinner := i.slot.Load()
	if spinner == 0 || spinner&claimed != 0 {
		return false
	}
	where := uint32(claimed)
	if look != nil {
		where |= uint32(look.Index + 1)
	}
	return i.slot.CompareAndSwap(spinner, where)
}

// Search admits a worker while fewer than half of the cores search. The limit is
// checked first and the worker counted later (S7).
func (i *Idle) Search(c *impls.Core) bool {
	if 2*int(i.ctl.Load()&searchers/searcher) >= len(i.Cores) {
		return false
	}
	i.ctl.Add(searcher)
	c.Searching = true
	return true
}

// Found ends the search of the worker with core c, which has found work.
func (i *Idle) Found(c *impls.Core) {
	c.Searching = false
	if !i.leave() || !i.AnyWork() {
		return
	}
	var look *impls.Core
	if i.Queues.Stealable(c.Index) {
		look = c // it took more than it runs
	}
	i.notify(look)
}
