package bitmap

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
)

// TryTransitionWorkerToSearching lets the holder of core search, unless half of
// the busy cores search already. It checks the limit first and acts on it later,
// so races can overshoot the limit (S7).
func (i *Idle) TryTransitionWorkerToSearching(core *impls.Core) {
	searching := int(i.numSearching.Load())
	idle := int(i.numIdle.Load())
	if 2*searching >= i.numCores-idle {
		return
	}
	i.TransitionWorkerToSearching(core) // B6: not under the lock
}

// TransitionWorkerToSearching lets the holder of core search and clears the
// note that asks for a searcher.
func (i *Idle) TransitionWorkerToSearching(core *impls.Core) {
	if invariants.Enabled && core.Searching {
		panic("bitmap: a searching worker was counted twice (S4)")
	}
	core.Searching = true
	// In this order: a reader that sees the note cleared sees the searcher.
	i.numSearching.Add(1)
	i.needsSearching.Store(false)
}

// TransitionWorkerToSearchingIfNeeded lets the holder of core search if the
// note asks for it, and reports whether it did. The caller holds the lock.
func (i *Idle) TransitionWorkerToSearchingIfNeeded(core *impls.Core) bool {
	if !i.needsSearching.Load() {
		return false
	}
	i.TransitionWorkerToSearching(core)
	return true
}

// TransitionWorkerFromSearching takes one searcher off the count and reports
// whether it was the last. If so, the caller must wake another or look at every
// queue (L4).
func (i *Idle) TransitionWorkerFromSearching() bool {
	n := i.numSearching.Add(-1)
	if invariants.Enabled && n < 0 {
		panic("bitmap: the number of searchers is negative (S4)")
	}
	return n == 0
}

// TransitionWorkerToParked adds a worker to the sleepers. The caller holds the
// lock.
func (i *Idle) TransitionWorkerToParked(worker int) {
	s := &i.synced
	if invariants.Enabled {
		if s.assignedCores[worker] != nil {
			panic("bitmap: a worker with an assigned core went to sleep (S3)")
		}
		for _, sleeper := range s.sleepers {
			if sleeper == worker {
				panic("bitmap: a worker is among the sleepers twice (S3)")
			}
		}
	}
	s.sleepers = append(s.sleepers, worker)
}

// Search asks whether the worker with core, whose own queues are empty, may
// search.
func (i *Idle) Search(core *impls.Core) bool {
	i.TryTransitionWorkerToSearching(core)
	return core.Searching
}

// Found ends the search of the worker with core, which has found work.
func (i *Idle) Found(core *impls.Core) {
	core.Searching = false
	if i.TransitionWorkerFromSearching() {
		i.NotifyLocal(core)
	}
}
