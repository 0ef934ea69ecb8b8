package multithread

import (
	"slices"

	"github.com/idlebench/idlebench/impls"
)

// Park makes the worker a sleeper, and blocks until it was chosen. It keeps its core.
func (i *Idle) Park(worker int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		return i.Enter(worker)
	}
	i.Lock.Lock()
	if i.Closed() {
		i.Lock.Unlock()
		return c, impls.Closed
	}
	last := i.state.park(c.Searching)
	i.sleepers = append(i.sleepers, worker)
	i.check()
	i.Lock.Unlock()
	c.Searching = false
	if last {
		i.notifyIfWork()
	}
	return i.sleep(worker, c)
}

// notifyIfWork is the last look of the last searcher. It may choose any sleeper,
// mostly the one that looks, since that is on top.
func (i *Idle) notifyIfWork() {
	for core := range i.Cores {
		if i.Queues.Stealable(core) {
			i.notify()
			return
		}
	}
	if i.Queues.Injected() > 0 {
		i.notify()
	}
}

// sleep blocks until the worker is no sleeper any more, or the manager is closed.
// It looks at these in two sections, as the original does.
func (i *Idle) sleep(worker int, c *impls.Core) (*impls.Core, impls.Reason) {
	for {
		i.Parkers[worker].Park()

		i.Lock.Lock()
		closed := i.Closed()
		i.Lock.Unlock()

		i.Lock.Lock()
		sleeps := i.isSleeper(worker)
		i.Lock.Unlock()

		switch {
		case closed:
			return c, impls.Closed
		case !sleeps:
			c.Searching = true // its chooser has counted it
			return c, impls.Woken
		}
		// It woke for no reason.
	}
}

// isSleeper scans all sleepers. The caller holds the lock.
func (i *Idle) isSleeper(worker int) bool { return slices.Contains(i.sleepers, worker) }

// Shutdown closes the manager, chooses every sleeper, and returns the cores that no
// worker has taken.
func (i *Idle) Shutdown() []*impls.Core { return i.ShutdownBy(i.wakeAll) }

// wakeAll comes after the close: a worker that joins the sleepers later sees that.
func (i *Idle) wakeAll() {
	i.Lock.Lock()
	sleepers := slices.Clone(i.sleepers)
	for range sleepers {
		i.choose()
	}
	i.Lock.Unlock()
	for _, worker := range sleepers {
		i.Parkers[worker].Unpark()
	}
}
