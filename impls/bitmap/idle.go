package bitmap

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
)

// Implementation is this design under its name.
var Implementation = impls.Implementation{
	Name:  "bitmap",
	About: "canonical (Tokio's alternative scheduler): atomic counters and bitmap, one lock",
	New:   func(c impls.Config) impls.Idle { return New(c) },
	Races: []impls.Race{ // see the package documentation
		{Name: "B2", In: []impls.Situation{impls.Outside, impls.Fork, impls.ForkTwo, impls.Busy}},
		{Name: "B4", In: []impls.Situation{impls.Batch}},
		{Name: "B9", In: []impls.Situation{impls.Fork, impls.ForkTwo, impls.Busy}},
		{Name: "B10", In: []impls.Situation{impls.Outside, impls.Batch}},
	},
}

// An Idle tracks idle cores and searching workers, and wakes sleepers.
type Idle struct {
	// Read by every publisher of work, written at each transition.
	numSearching   prim.Int32
	needsSearching prim.Bool
	_              [impls.CacheLine]byte

	// Written under the lock, together with Synced.
	numIdle prim.Int32
	idleMap IdleMap
	_       [impls.CacheLine]byte

	numCores int
	lock     *impls.Mutex
	queues   impls.Queues
	parkers  []impls.Parker
	synced   Synced
}

// Synced is the state that the lock guards.
type Synced struct {
	sleepers       []int         // workers that wait for a core, the last to come first to go
	availableCores []*impls.Core // likewise
	assignedCores  []*impls.Core // by worker; nil unless a core waits for it
	closed         bool
}

var (
	_ impls.Idle        = (*Idle)(nil)
	_ impls.Snapshotter = (*Idle)(nil)
)

// New returns a manager of c's cores, all of them available.
func New(c impls.Config) *Idle {
	i := &Idle{
		idleMap:  NewIdleMap(len(c.Cores)),
		numCores: len(c.Cores),
		lock:     c.Lock,
		queues:   c.Queues,
		parkers:  c.Parkers,
		synced: Synced{
			sleepers:       make([]int, 0, c.Workers),
			availableCores: make([]*impls.Core, 0, len(c.Cores)),
			assignedCores:  make([]*impls.Core, c.Workers),
		},
	}
	for _, core := range c.Cores {
		i.ReleaseCore(core)
	}
	return i
}

// TryAcquireAvailableCore takes a core that nobody holds, or returns nil. The
// lock is held.
func (i *Idle) TryAcquireAvailableCore() *impls.Core {
	s := &i.synced
	n := len(s.availableCores) - 1
	if n < 0 {
		return nil
	}
	core := s.availableCores[n]
	s.availableCores = s.availableCores[:n]
	i.numIdle.Store(int32(n))
	i.idleMap.Unset(core.Index)
	i.check()
	return core
}

// ReleaseCore makes a core available. The lock is held, the core is not
// searching, and neither its run queue nor the injection queue has a task.
func (i *Idle) ReleaseCore(core *impls.Core) {
	if invariants.Enabled {
		if core.Searching {
			panic("bitmap: a searching core was released (S5)")
		}
		prim.Peek(func() {
			if i.queues.Injected() > 0 || i.queues.Stealable(core.Index) {
				panic("bitmap: a core was released though there is work (S5)")
			}
		})
	}
	s := &i.synced
	i.idleMap.Set(core.Index)
	s.availableCores = append(s.availableCores, core)
	i.numIdle.Store(int32(len(s.availableCores)))
	i.check()
}

// Snapshot overwrites dst with the set of idle cores. It takes no lock.
func (i *Idle) Snapshot(dst *impls.Snapshot) { i.idleMap.Snapshot(dst) }

// check panics if the counter or the map differs from the stack of available
// cores (S2). The lock is held.
func (i *Idle) check() {
	if !invariants.Enabled {
		return
	}
	prim.Peek(func() {
		if int(i.numIdle.Load()) != len(i.synced.availableCores) {
			panic("bitmap: the number of idle cores is not that of available cores (S2)")
		}
		if !i.idleMap.matches(i.synced.availableCores) {
			panic("bitmap: the idle map is not the set of available cores (S2)")
		}
	})
}
