package gosched

import "github.com/idlebench/idlebench/impls"

// NotifyLocal makes sure that a worker searches, if there is a core for it.
func (i *Idle) NotifyLocal(*impls.Core) { i.wake() }

// wake starts a searcher unless there is one (wakep). It looks for a core and for a
// worker in two sections, and does not look first whether there is a core.
func (i *Idle) wake() {
	if i.spinners.Load() != 0 || !i.spinners.CompareAndSwap(0, 1) {
		return
	}
	i.lock.Lock()
	if !i.reserve(true) {
		// Under the lock, so that a worker that would release its core, and
		// relied on this searcher, sees the note.
		i.spinners.Add(-1)
		i.lock.Unlock()
		return
	}
	i.lock.Unlock()

	i.lock.Lock()
	worker, ok := i.start()
	i.lock.Unlock()
	if ok {
		i.parkers[worker].Unpark()
	}
}

// NotifyRemote starts a worker for the task, whether others search or not. The caller
// holds the lock; NotifyRemote releases it first, since the original publishes in
// another section.
func (i *Idle) NotifyRemote() { i.NotifyMult(1) }

// NotifyMult starts a worker for each task, until there is no core left (injectglist).
// They do not search: there is a task for each. The original wakes them under the
// lock.
func (i *Idle) NotifyMult(n int) {
	i.lock.Unlock()
	for range n {
		i.lock.Lock()
		reserved := i.reserve(false)
		if reserved {
			if worker, ok := i.start(); ok {
				i.parkers[worker].Unpark()
			}
		}
		i.lock.Unlock()
		if !reserved {
			return
		}
	}
}

// Search lets the worker search unless half of the busy cores do. It checks first and
// counts later, so races can overshoot the limit (S7).
func (i *Idle) Search(c *impls.Core) bool {
	if 2*int(i.spinners.Load()) >= i.cores-int(i.idleCores.Load()) {
		return false
	}
	i.becomeSpinning(c)
	return true
}

// becomeSpinning counts the holder of c as a searcher and clears the note.
func (i *Idle) becomeSpinning(c *impls.Core) {
	c.Searching = true
	// In this order: a reader that sees the note cleared sees the searcher.
	i.spinners.Add(1)
	i.needSpinning.Store(false)
}

// Found ends the search of a worker that has found work (resetspinning). It always
// tries to start another: wake returns at once if there is one.
func (i *Idle) Found(c *impls.Core) {
	i.stopSpinning(c)
	i.wake()
}

// stopSpinning takes the holder of c off the searchers.
func (i *Idle) stopSpinning(c *impls.Core) {
	c.Searching = false
	i.leaveSpinners()
}
