package bitmap

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
)

// NotifyLocal makes sure that a worker searches, unless every core is busy. The
// package documentation says what its loads rely on.
func (i *Idle) NotifyLocal(*impls.Core) {
	if i.numSearching.Load() != 0 {
		// The searcher may be about to leave. If it is the last one, it looks
		// at every queue again.
		return
	}
	if i.numIdle.Load() == 0 {
		if i.repairs&B2 == 0 {
			i.needsSearching.Store(true) // B2: not under the lock
			return
		}
		if i.needsSearching.Load() {
			return // the worker that takes the note will see the task
		}
	}
	if !i.numSearching.CompareAndSwap(0, 1) {
		return // another publisher is waking a searcher
	}
	i.lock.Lock()
	i.notifySynced()
}

// NotifyRemote wakes a sleeper for the task that was just injected. The caller
// holds the lock; NotifyRemote releases it.
func (i *Idle) NotifyRemote() {
	if len(i.synced.sleepers) == 0 {
		i.needsSearching.Store(true)
		i.lock.Unlock()
		return
	}
	// Unconditional, unlike in NotifyLocal: a searcher that this call could
	// rely on may already have looked at the injection queue.
	i.numSearching.Add(1)
	i.notifySynced()
}

// notifySynced wakes a sleeper as a searcher if there is a core for it. The
// caller has counted the searcher already and holds the lock; notifySynced
// releases it.
func (i *Idle) notifySynced() {
	if len(i.synced.sleepers) > 0 {
		if core := i.TryAcquireAvailableCore(); core != nil {
			worker := i.assign(core, true)
			// The worker will want the lock, so wake it when the lock is free.
			i.lock.Unlock()
			i.parkers[worker].Unpark()
			return
		}
	}
	// Both inside the critical section, so that a worker about to park cannot
	// miss the note (L5).
	if i.repairs&B11 != 0 {
		i.numSearching.Add(-1)
		i.needsSearching.Store(true)
		i.lock.Unlock()
		return
	}
	// B11: between these steps another worker may take the note and leave.
	i.needsSearching.Store(true)
	i.numSearching.Add(-1)
	i.lock.Unlock()
}

// NotifyMult wakes up to n sleepers for the n tasks that were just injected. The
// caller holds the lock; NotifyMult releases it.
func (i *Idle) NotifyMult(n int) {
	s := &i.synced
	// All workers are chosen in the critical section in which the tasks were
	// injected. If they are few, as they mostly are, the list needs no heap.
	var few [16]int
	workers := few[:0]
	if most := min(n, len(s.sleepers)); most > len(few) {
		workers = make([]int, 0, most)
	}
	for len(workers) < n && len(s.sleepers) > 0 {
		core := s.popCore()
		if core == nil {
			break
		}
		i.idleMap.Unset(core.Index)
		workers = append(workers, i.assign(core, false)) // B4: not as a searcher
	}
	if len(workers) > 0 {
		i.numIdle.Store(int32(len(s.availableCores))) // once for all
	} else {
		i.needsSearching.Store(true) // B4: only if none was woken
	}
	if i.repairs&B4 != 0 && len(workers) < n {
		i.needsSearching.Store(true)
	}
	i.check()
	i.lock.Unlock()
	for _, worker := range workers {
		i.parkers[worker].Unpark()
	}
}

// assign gives a core to a sleeper, which the caller then unparks. There is a
// sleeper, and the caller holds the lock.
func (i *Idle) assign(core *impls.Core, searching bool) (worker int) {
	s := &i.synced
	n := len(s.sleepers) - 1
	worker = s.sleepers[n]
	s.sleepers = s.sleepers[:n]
	if invariants.Enabled && s.assignedCores[worker] != nil {
		panic("bitmap: a sleeper had a core assigned already (S3)")
	}
	core.Searching = searching
	s.assignedCores[worker] = core
	return worker
}
