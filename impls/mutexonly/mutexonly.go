// Package mutexonly is the canonical policy with nothing but a mutex. It decides
// which worker to wake, when to search and when to relay as package bitmap does,
// but every field is plain and every event takes the lock. It is the baseline
// that shows what the atomics of the canonical design gain.
//
// # Why no wake-up is lost
//
// Each event is one critical section, so events are ordered, and each sees the
// effects of the earlier ones. Take a task that a worker put into its run queue
// before NotifyLocal's section. If a worker searches during that section, it
// later leaves the count, in Found or in Park. If it is then the last searcher,
// Found wakes another, and Park looks at every run queue within the section that
// decrements the count, after the task was put there. If no worker searches,
// NotifyLocal wakes a sleeper, or finds no idle core and sets the note. The next
// worker that is about to release its core reads the note in the same section.
// Injected tasks are published inside the section itself.
//
// So the races that package bitmap documents as B2, B3, B6 and B7 do not exist
// here. B4 is not a race but a weak policy. Here NotifyMult is n times
// NotifyRemote: the workers it wakes search, so they relay, and if it wakes fewer
// than n it sets the note. So invariant L3 always holds.
package mutexonly

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:  "mutexonly",
	About: "the canonical policy with plain fields under one mutex, no atomics",
	New:   func(c impls.Config) impls.Idle { return New(c) },
}

// An Idle is the manager. All fields but the fixed ones at the end are guarded
// by the lock.
type Idle struct {
	searching int           // workers that search, including those being woken to search
	needs     bool          // the note: a publisher had work and could not wake a worker
	closed    bool          // Shutdown was called
	sleepers  []int         // stack of workers that wait for a core
	available []*impls.Core // stack of cores that no worker holds
	assigned  []*impls.Core // by worker: its core until it has woken, or nil

	lock    *impls.Mutex
	cores   int
	queues  impls.Queues
	parkers []impls.Parker
}

var (
	_ impls.Idle        = (*Idle)(nil)
	_ impls.Snapshotter = (*Idle)(nil)
)

// New returns a manager of c's cores, all of them available.
func New(c impls.Config) *Idle {
	return &Idle{
		sleepers:  make([]int, 0, c.Workers),
		available: append(make([]*impls.Core, 0, len(c.Cores)), c.Cores...),
		assigned:  make([]*impls.Core, c.Workers),
		lock:      c.Lock,
		cores:     len(c.Cores),
		queues:    c.Queues,
		parkers:   c.Parkers,
	}
}

// NotifyLocal wakes a searcher unless there is one.
func (i *Idle) NotifyLocal(*impls.Core) {
	i.lock.Lock()
	if i.searching > 0 {
		i.lock.Unlock()
		return
	}
	i.NotifyRemote()
}

// NotifyRemote wakes a sleeper as a searcher. The caller holds the lock;
// NotifyRemote releases it.
func (i *Idle) NotifyRemote() {
	worker, ok := i.assign(true)
	if !ok {
		i.needs = true
	}
	i.lock.Unlock()
	if ok {
		i.parkers[worker].Unpark()
	}
}

// NotifyMult wakes up to n sleepers as searchers. The caller holds the lock;
// NotifyMult releases it.
func (i *Idle) NotifyMult(n int) {
	for ; n > 1 && len(i.sleepers) > 0 && len(i.available) > 0; n-- {
		i.NotifyRemote()
		i.lock.Lock()
	}
	i.NotifyRemote() // the last one, or the note that more are needed
}

// assign gives an available core to a sleeper, which the caller then unparks, and
// reports whether there were both. The caller holds the lock.
func (i *Idle) assign(searching bool) (worker int, ok bool) {
	if len(i.sleepers) == 0 || len(i.available) == 0 {
		return 0, false
	}
	worker = pop(&i.sleepers)
	core := pop(&i.available)
	if invariants.Enabled && (i.assigned[worker] != nil || core.Searching) {
		panic("mutexonly: a core was assigned twice, or searching (S3, S5)")
	}
	if searching {
		i.search(core)
	}
	i.assigned[worker] = core
	return worker, true
}

// search counts the holder of core as a searcher and clears the note. The caller
// holds the lock.
func (i *Idle) search(core *impls.Core) {
	core.Searching = true
	i.searching++
	i.needs = false
}

// stopSearching takes the holder of core off the count and reports whether it was
// the last searcher. The caller holds the lock.
func (i *Idle) stopSearching(core *impls.Core) (last bool) {
	core.Searching = false
	i.searching--
	if invariants.Enabled && i.searching < 0 {
		panic("mutexonly: the number of searchers is negative (S4)")
	}
	return i.searching == 0
}

// Search lets the worker search unless half of the busy cores do.
func (i *Idle) Search(core *impls.Core) bool {
	i.lock.Lock()
	defer i.lock.Unlock()
	if 2*i.searching >= i.cores-len(i.available) {
		return false
	}
	i.search(core)
	return true
}

// Found takes the worker off the count, and wakes another if it was the last
// searcher.
func (i *Idle) Found(core *impls.Core) {
	i.lock.Lock()
	if i.stopSearching(core) {
		i.NotifyRemote()
		return
	}
	i.lock.Unlock()
}

// Park gives back the worker's core and blocks until the worker has one again.
func (i *Idle) Park(worker int, core *impls.Core) (*impls.Core, impls.Reason) {
	i.lock.Lock()
	defer i.lock.Unlock()
	if core != nil {
		if i.queues.Injected() > 0 {
			return core, impls.Kept
		}
		if !core.Searching && i.needs {
			i.search(core)
			return core, impls.Kept
		}
		last := core.Searching && i.stopSearching(core)
		if i.closed {
			return core, impls.Closed
		}
		if last && i.anyStealable() {
			i.search(core)
			return core, impls.Kept
		}
		i.available = append(i.available, core)
	} else if n := len(i.available); n > 0 && !i.closed {
		return pop(&i.available), impls.Kept
	}
	return i.waitForCore(worker)
}

// waitForCore blocks until a core is assigned to the worker or the manager is
// closed. The caller holds the lock, and holds it again afterwards.
func (i *Idle) waitForCore(worker int) (*impls.Core, impls.Reason) {
	if i.closed {
		return nil, impls.Closed // it is not a sleeper, so it is assigned no core
	}
	i.sleepers = append(i.sleepers, worker)
	for {
		i.lock.Unlock()
		i.parkers[worker].Park()
		i.lock.Lock()
		core := i.assigned[worker]
		i.assigned[worker] = nil
		switch {
		case i.closed:
			if core != nil && core.Searching {
				i.stopSearching(core)
			}
			return core, impls.Closed
		case core != nil:
			return core, impls.Woken
		}
		// Neither: the wake-up was spurious.
	}
}

// anyStealable looks at each run queue once. The caller holds the lock.
func (i *Idle) anyStealable() bool {
	for core := range i.cores {
		if i.queues.Stealable(core) {
			return true
		}
	}
	return false
}

// Shutdown closes the manager. It wakes every sleeper, with a core to shut down
// as long as there are cores, and returns the cores that are left.
func (i *Idle) Shutdown() []*impls.Core {
	i.lock.Lock()
	if i.closed {
		i.lock.Unlock()
		return nil
	}
	i.closed = true
	var wake []int
	for {
		worker, ok := i.assign(false)
		if !ok {
			break
		}
		wake = append(wake, worker)
	}
	wake = append(wake, i.sleepers...)
	i.sleepers = nil
	cores := i.available
	i.available = nil
	i.lock.Unlock()

	for _, worker := range wake {
		i.parkers[worker].Unpark()
	}
	return cores
}

// Snapshot overwrites dst with the set of available cores.
func (i *Idle) Snapshot(dst *impls.Snapshot) {
	i.lock.Lock()
	defer i.lock.Unlock()
	dst.Resize(i.cores)
	for _, core := range i.available {
		dst.Words[core.Index/64] |= 1 << (core.Index % 64)
	}
}

// pop removes the top of a stack that is not empty.
func pop[T any](stack *[]T) T {
	s := *stack
	top := s[len(s)-1]
	*stack = s[:len(s)-1]
	return top
}
