package bitmap

import "github.com/idlebench/idlebench/impls"

// Park gives back the worker's core and blocks until the worker has one again.
// The release of the core and the wait are two critical sections. See the
// protocol in the package documentation for what can happen between them.
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
	i.lock.Unlock()

	if wasSearching {
		last := i.TransitionWorkerFromSearching()
		// The look at the queues must come after the count: a publisher that
		// saw this searcher has put its task where this look finds it.
		if last && i.anyWork() {
			if core := i.tryResumeSearch(); core != nil {
				return core, impls.Kept
			}
		}
	}
	i.lock.Lock()
	return i.waitForCore(worker)
}

// anyWork looks at each run queue once. The original leaves out the injection
// queue (B10). If it is looked at, it comes first (M1).
func (i *Idle) anyWork() bool {
	if i.repairs&B10 != 0 && i.queues.Injected() > 0 {
		return true
	}
	for core := range i.numCores {
		if i.queues.Stealable(core) {
			return true
		}
	}
	return false
}

// tryResumeSearch takes an available core, not always the one just released,
// and lets the worker search with it. It returns nil if there is none. The original
// then sets no note (B9).
func (i *Idle) tryResumeSearch() *impls.Core {
	i.lock.Lock()
	defer i.lock.Unlock()
	core := i.TryAcquireAvailableCore()
	if core != nil {
		i.TransitionWorkerToSearching(core)
	} else if i.repairs&B9 != 0 {
		i.needsSearching.Store(true)
	}
	return core
}

// waitForCore blocks until a core is assigned to the worker or the manager is
// closed. The caller holds the lock; waitForCore releases it.
func (i *Idle) waitForCore(worker int) (*impls.Core, impls.Reason) {
	s := &i.synced
	if s.closed {
		// B1: check this before the worker joins the sleepers. Only sleepers
		// are assigned cores.
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
		// Take an assigned core even if the manager is closed (D4). With
		// neither a core nor a close the wake-up was spurious.
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
