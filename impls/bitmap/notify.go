package bitmap

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
)

// NotifyLocal makes sure that somebody searches, unless every core is busy. See
// the protocol in the package documentation for what its loads rely on.
func (i *Idle) NotifyLocal(*impls.Core) {
	if i.numSearching.Load() != 0 {
		// The searcher may be about to leave. If it is the last, it looks at
		// every queue again.
		return
	}
	if i.numIdle.Load() == 0 {
		i.needsSearching.Store(true) // B2: not under the lock
		return
	}
	if !i.numSearching.CompareAndSwap(0, 1) {
		return // another publisher is waking a searcher
	}
	i.lock.Lock()
	i.notifySynced()
}

// NotifyRemote wakes a sleeper for the task that was just injected. The lock is
// held, and released.
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

// notifySynced wakes a sleeper as a searcher, if there is a core for it. The
// searcher is counted already. The lock is held, and released.
func (i *Idle) notifySynced() {
	worker, ok := i.assign(true)
	if !ok {
		// Both in the critical section, so that a worker about to park cannot
		// miss the note (L5).
		i.needsSearching.Store(true)
		i.numSearching.Add(-1)
		i.lock.Unlock()
		return
	}
	// The worker will want the lock: wake it after the lock is free.
	i.lock.Unlock()
	i.parkers[worker].Unpark()
}

// NotifyMult wakes up to n sleepers for the n tasks that were just injected.
// The lock is held, and released.
func (i *Idle) NotifyMult(n int) {
	// All are chosen in the critical section in which the tasks were injected,
	// and remembered on the stack if they are few, as they mostly are.
	var few [16]int
	workers := few[:0]
	if most := min(n, len(i.synced.sleepers)); most > len(few) {
		workers = make([]int, 0, most)
	}
	for len(workers) < n {
		worker, ok := i.assign(false) // B4: not as a searcher
		if !ok {
			break
		}
		workers = append(workers, worker)
	}
	if len(workers) == 0 {
		i.needsSearching.Store(true) // B4: only if none was woken
	}
	i.lock.Unlock()
	for _, worker := range workers {
		i.parkers[worker].Unpark()
	}
}

// assign gives an available core to a sleeper, which is then to be unparked.
// It does nothing if one of the two is missing. The lock is held.
func (i *Idle) assign(searching bool) (worker int, ok bool) {
	s := &i.synced
	n := len(s.sleepers) - 1
	if n < 0 {
		return 0, false
	}
	core := i.TryAcquireAvailableCore()
	if core == nil {
		return 0, false
	}
	worker = s.sleepers[n]
	s.sleepers = s.sleepers[:n]
	if invariants.Enabled && s.assignedCores[worker] != nil {
		panic("bitmap: a sleeper had a core assigned already (S3)")
	}
	core.Searching = searching
	s.assignedCores[worker] = core
	return worker, true
}
