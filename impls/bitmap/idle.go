package bitmap

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:  "bitmap",
	About: "canonical (Tokio's alternative scheduler): atomic counters and bitmap, one lock",
	New:   func(c impls.Config) impls.Idle { return New(c) },
	Races: []impls.Race{ // see the package documentation
		{Name: "B2", In: []impls.Situation{impls.Outside, impls.Batch, impls.Fork, impls.ForkTwo, impls.Busy}},
		{Name: "B4", In: []impls.Situation{impls.Batch}},
		{Name: "B9", In: []impls.Situation{impls.Fork, impls.ForkTwo, impls.Busy}},
		{Name: "B10", In: []impls.Situation{impls.Outside, impls.Batch}},
		{Name: "B11", In: impls.Situations()},
	},
}

// An Idle tracks idle cores and searching workers, and wakes sleepers.
type Idle struct {
	// Side by side, as in the original: whatever writes one of them takes the
	// line from all who read another. The last two are written under the lock.
	numSearching   prim.Int32
	needsSearching prim.Bool
	numIdle        prim.Int32
	repairs        Repairs // never changes; it lies in the padding
	idleMap        IdleMap

	numCores int
	lock     *impls.Mutex
	queues   impls.Queues
	parkers  []impls.Parker
	synced   Synced
}

// Synced is the state that the lock guards.
type Synced struct {
	sleepers       []int         // stack of workers that wait for a core
	availableCores []*impls.Core // stack of cores that no worker holds
	assignedCores  []*impls.Core // by worker: its core until it has woken, or nil
	closed         bool
}

var (
	_ impls.Idle        = (*Idle)(nil)
	_ impls.Snapshotter = (*Idle)(nil)
)

// New returns a manager of c's cores, all of them available.
func New(c impls.Config) *Idle { return NewRepaired(c, 0) }

// NewRepaired is New with some of the original's defects repaired.
func NewRepaired(c impls.Config, r Repairs) *Idle {
	i := &Idle{
		repairs:  r,
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

// TryAcquireAvailableCore takes the core that was released last, or returns nil
// if none is available. The caller holds the lock.
func (i *Idle) TryAcquireAvailableCore() *impls.Core {
	core := i.synced.popCore()
	if core != nil {
		i.numIdle.Store(int32(len(i.synced.availableCores)))
		i.idleMap.Unset(core.Index)
		i.check()
	}
	return core
}

// popCore takes the top of the stack of available cores, or returns nil. The
// count and the map are left to the caller.
func (s *Synced) popCore() *impls.Core {
	n := len(s.availableCores) - 1
	if n < 0 {
		return nil
	}
	core := s.availableCores[n]
	s.availableCores = s.availableCores[:n]
	return core
}

// ReleaseCore makes a core available. The caller holds the lock, the core is not
// searching, and its run queue and the injection queue are empty.
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

// Snapshot overwrites dst with the set of idle cores, without the lock.
func (i *Idle) Snapshot(dst *impls.Snapshot) { i.idleMap.Snapshot(dst) }

// check panics if the count or the map disagrees with the stack of available
// cores (S2). The caller holds the lock.
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
