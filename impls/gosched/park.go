package gosched

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
)

// Park gives back the worker's core and blocks until the worker has one again: the
// last part of findRunnable.
func (i *Idle) Park(worker int, c *impls.Core) (*impls.Core, impls.Reason) {
	i.lock.Lock()
	if c == nil {
		return i.begin(worker)
	}
	searched := c.Searching
	switch {
	case i.queues.Injected() > 0:
		i.lock.Unlock()
		return c, impls.Kept
	case !searched && i.needSpinning.Load():
		i.becomeSpinning(c)
		i.lock.Unlock()
		return c, impls.Kept
	case i.closed.Load():
		i.lock.Unlock()
		if searched {
			i.stopSpinning(c)
		}
		return c, impls.Closed
	}
	c.Searching = false
	i.release(c)
	i.lock.Unlock()

	if searched {
		// The count first, the queues after it: a publisher that relied on this
		// searcher has put its task where the look finds it.
		i.leaveSpinners()
		if core := i.recheck(); core != nil {
			i.becomeSpinning(core)
			return core, impls.Kept
		}
	}
	i.lock.Lock()
	return i.stop(worker)
}

// leaveSpinners takes one searcher off the count.
func (i *Idle) leaveSpinners() {
	if n := i.spinners.Add(-1); invariants.Enabled && n < 0 {
		panic("gosched: the number of searchers is negative (S4)")
	}
}

// recheck looks at every queue, and returns a core to go on with if there is a task.
// If there is none to be had, it leaves the note. The injection queue comes first
// (M1).
func (i *Idle) recheck() *impls.Core {
	i.lock.Lock()
	if i.queues.Injected() > 0 {
		if core := i.acquireForWork(); core != nil {
			i.lock.Unlock()
			return core
		}
	}
	i.lock.Unlock()
	for core := range i.cores {
		if !i.mask.has(core) && i.queues.Stealable(core) {
			i.lock.Lock()
			defer i.lock.Unlock()
			return i.acquireForWork()
		}
	}
	return nil
}

// begin finds a core for a worker that has just started. The caller holds the lock;
// begin releases it.
func (i *Idle) begin(worker int) (*impls.Core, impls.Reason) {
	if len(i.lists.starting) == 0 {
		if core := i.acquire(); core != nil {
			i.lock.Unlock()
			return core, impls.Kept
		}
	}
	return i.stop(worker)
}

// stop blocks until the worker is started with a core (stopm). The caller holds the
// lock; stop releases it.
func (i *Idle) stop(worker int) (*impls.Core, impls.Reason) {
	if i.closed.Load() {
		i.lock.Unlock()
		return nil, impls.Closed
	}
	if core := i.takeStarting(); core != nil {
		i.lock.Unlock()
		return core, impls.Woken
	}
	i.lists.sleepers = append(i.lists.sleepers, worker)
	i.lock.Unlock()
	for {
		i.parkers[worker].Park()
		// In this order: no worker is given a core after the close, so if this
		// worker sees the close, it also sees the core that it was given (D4).
		closed := i.closed.Load()
		core := i.next[worker].Swap(nil)
		switch {
		case closed:
			if core != nil && core.Searching {
				i.stopSpinning(core)
			}
			return core, impls.Closed
		case core != nil:
			return core, impls.Woken
		}
		// Neither: it woke for no reason.
	}
}

// Shutdown closes the manager, wakes every sleeper without a core, and returns all
// cores that no worker has or was given.
func (i *Idle) Shutdown() []*impls.Core {
	i.lock.Lock()
	if i.closed.Load() {
		i.lock.Unlock()
		return nil
	}
	i.closed.Store(true)
	var cores []*impls.Core
	for core := i.takeStarting(); core != nil; core = i.takeStarting() {
		if core.Searching {
			i.stopSpinning(core)
		}
		cores = append(cores, core)
	}
	for core := i.acquire(); core != nil; core = i.acquire() {
		cores = append(cores, core)
	}
	sleepers := i.lists.sleepers
	i.lists.sleepers = nil
	i.lock.Unlock()
	for _, worker := range sleepers {
		i.parkers[worker].Unpark()
	}
	return cores
}
