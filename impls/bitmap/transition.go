package bitmap

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
)

// TryTransitionWorkerToSearching lets the holder of core search, unless half of
// the busy cores search already. The limit is checked first and acted on later,
// so it may be overshot (S7).
func (i *Idle) TryTransitionWorkerToSearching(core *impls.Core) {
	searching := int(i.numSearching.Load())
	idle := int(i.numIdle.Load())
	if 2*searching >= i.numCores-idle {
		return
	}
	i.TransitionWorkerToSearching(core) // B6: not under the lock
}

// TransitionWorkerToSearching lets the holder of core search, and takes the
// note that somebody should.
func (i *Idle) TransitionWorkerToSearching(core *impls.Core) {
	if invariants.Enabled && core.Searching {
		panic("bitmap: a searching worker was counted twice (S4)")
	}
	core.Searching = true
	// In this order: whoever sees the note gone sees the searcher.
	i.numSearching.Add(1)
	i.needsSearching.Store(false)
}

// TransitionWorkerToSearchingIfNeeded lets the holder of core search if the
// note asks for it, and reports whether it did. The lock is held.
func (i *Idle) TransitionWorkerToSearchingIfNeeded(core *impls.Core) bool {
	if !i.needsSearching.Load() {
		return false
	}
	i.TransitionWorkerToSearching(core)
	return true
}

// TransitionWorkerFromSearching takes one searcher off the count and reports
// whether it was the last: then the caller must wake another, or look at every
// queue (L4).
func (i *Idle) TransitionWorkerFromSearching() bool {
	n := i.numSearching.Add(-1)
	if invariants.Enabled && n < 0 {
		panic("bitmap: fewer than no searchers (S4)")
	}
	return n == 0
}

// TransitionWorkerToParked puts a worker among the sleepers. The lock is held.
func (i *Idle) TransitionWorkerToParked(worker int) {
	s := &i.synced
	if invariants.Enabled {
		if s.assignedCores[worker] != nil {
			panic("bitmap: a worker with an assigned core went to sleep (S3)")
		}
		for _, sleeper := range s.sleepers {
			if sleeper == worker {
				panic("bitmap: a worker sleeps twice (S3)")
			}
		}
	}
	s.sleepers = append(s.sleepers, worker)
}

// Search is told that the worker with core found its own queues empty.
func (i *Idle) Search(core *impls.Core) bool {
	i.TryTransitionWorkerToSearching(core)
	return core.Searching
}

// Found is told that the searching worker with core found work.
func (i *Idle) Found(core *impls.Core) {
	core.Searching = false
	if i.TransitionWorkerFromSearching() {
		i.NotifyLocal(core)
	}
}
