package bitmap

import "github.com/idlebench/idlebench/impls"

// Park gives back the worker's core and blocks until it gets one.
func (i *Idle) Park(worker int, core *impls.Core) (*impls.Core, impls.Reason) {
	i.lock.Lock()
	if core == nil {
		if core = i.TryAcquireAvailableCore(); core != nil {
			i.lock.Unlock()
			return core, impls.Kept
		}
		return i.waitForCore(worker)
	}

	if i.queues.Injected() > 0 {
		i.lock.Unlock()
		return core, impls.Kept
	}
	wasSearching := core.Searching
	if !wasSearching && i.TransitionWorkerToSearchingIfNeeded(core) {
		i.lock.Unlock()
		return core, impls.Kept
	}
	if i.synced.closed {
		if wasSearching {
			core.Searching = false
			i.TransitionWorkerFromSearching()
		}
		i.lock.Unlock()
		return core, impls.Closed
	}
	core.Searching = false
	i.ReleaseCore(core)
	if wasSearching {
		i.lock.Unlock()
		last := i.TransitionWorkerFromSearching()
		// The look at the queues must come after the count: a publisher that
		// saw this searcher has put its task where this look finds it.
		if last && i.anyStealable() {
			if core := i.tryResumeSearch(); core != nil {
				return core, impls.Kept
			}
		}
		i.lock.Lock()
	}
	return i.waitForCore(worker)
}

// anyStealable looks into every run queue once.
func (i *Idle) anyStealable() bool {
	for core := range i.numCores {
		if i.queues.Stealable(core) {
			return true
		}
	}
	return false
}

// tryResumeSearch takes a core, not always the one that was just released, to
// search with it.
func (i *Idle) tryResumeSearch() *impls.Core {
	i.lock.Lock()
	defer i.lock.Unlock()
	core := i.TryAcquireAvailableCore()
	if core != nil {
		i.TransitionWorkerToSearching(core)
	}
	return core
}

// waitForCore blocks until a core is assigned to the worker, or the manager is
// closed. The lock is held, and released.
func (i *Idle) waitForCore(worker int) (*impls.Core, impls.Reason) {
	s := &i.synced
	if s.closed {
		// B1: asked before the worker joins the sleepers. Nobody assigns a
		// core to one that is not among them.
		i.lock.Unlock()
		return nil, impls.Closed
	}
	if i.needsSearching.Load() {
		if core := i.TryAcquireAvailableCore(); core != nil {
			i.TransitionWorkerToSearching(core)
			i.lock.Unlock()
			return core, impls.Kept
		}
	}
	i.TransitionWorkerToParked(worker)
	for {
		i.lock.Unlock()
		i.parkers[worker].Park()
		i.lock.Lock()
		// An assigned core comes before the close (D4). Neither: the wake-up
		// was for no reason.
		core := s.assignedCores[worker]
		closed := s.closed
		if core == nil && !closed {
			continue
		}
		s.assignedCores[worker] = nil
		i.lock.Unlock()
		if !closed {
			return core, impls.Woken
		}
		if core != nil && core.Searching {
			core.Searching = false
			i.TransitionWorkerFromSearching()
		}
		return core, impls.Closed
	}
}
