package gosched

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:  "gosched",
	About: "Go's runtime: lists of idle Ms and Ps under one lock, every spinner looks again",
	New:   func(c impls.Config) impls.Idle { return New(c) },
	Races: []impls.Race{{Name: "cleared note", In: impls.Situations()}}, // see the package documentation
}

// An Idle is the idle part of Go's scheduler.
type Idle struct {
	// Side by side, as in the original: whatever writes one of them takes the line
	// from all who read another.
	idleCores    prim.Int32 // how many cores are in lists.idle; written under the lock
	spinners     prim.Int32 // workers that search, or are being started to search
	needSpinning prim.Bool  // the note; set under the lock only

	mask   mask                       // cores without a worker; written under the lock
	next   []prim.Pointer[impls.Core] // by worker: the core that it was started with
	closed prim.Bool                  // set under the lock

	cores   int
	lock    *impls.Mutex
	queues  impls.Queues
	parkers []impls.Parker
	lists   lists
}

// The lists are guarded by the lock. All are stacks.
type lists struct {
	idle     []*impls.Core // available
	starting []*impls.Core // each for the next worker that there is
	sleepers []int
}

var (
	_ impls.Idle        = (*Idle)(nil)
	_ impls.Snapshotter = (*Idle)(nil)
)

// New returns a manager of c's cores, all of them available.
func New(c impls.Config) *Idle {
	i := &Idle{
		mask:    newMask(len(c.Cores)),
		next:    make([]prim.Pointer[impls.Core], c.Workers),
		cores:   len(c.Cores),
		lock:    c.Lock,
		queues:  c.Queues,
		parkers: c.Parkers,
		lists: lists{
			idle:     make([]*impls.Core, 0, len(c.Cores)),
			starting: make([]*impls.Core, 0, len(c.Cores)),
			sleepers: make([]int, 0, c.Workers),
		},
	}
	for _, core := range c.Cores {
		i.release(core)
	}
	return i
}

// release makes a core available (pidleput). The caller holds the lock.
func (i *Idle) release(core *impls.Core) {
	if invariants.Enabled {
		if core.Searching {
			panic("gosched: a searching core was released (S5)")
		}
		prim.Peek(func() {
			if i.queues.Injected() > 0 || i.queues.Stealable(core.Index) {
				panic("gosched: a core was released though there is work (S5)")
			}
		})
	}
	i.mask.set(core.Index)
	i.lists.idle = append(i.lists.idle, core)
	i.idleCores.Add(1)
	i.check()
}

// acquire takes the core that was released last, for the calling worker (pidleget).
// It returns nil if there is none. The caller holds the lock.
func (i *Idle) acquire() *impls.Core {
	if len(i.lists.idle) == 0 {
		return nil
	}
	core := pop(&i.lists.idle)
	i.idleCores.Add(-1)
	i.mask.clear(core.Index)
	i.check()
	return core
}

// acquireForWork is acquire for a worker that has seen a task. If there is no core,
// it leaves the note, in the same section (pidlegetSpinning).
func (i *Idle) acquireForWork() *impls.Core {
	core := i.acquire()
	if core == nil {
		i.needSpinning.Store(true)
	}
	return core
}

// reserve takes a core for a worker that is yet to be found, or leaves the note. The
// caller holds the lock. The core stays in the mask: there is nothing in its queue.
func (i *Idle) reserve(searching bool) bool {
	l := &i.lists
	if len(l.idle) == 0 {
		i.needSpinning.Store(true)
		return false
	}
	core := pop(&l.idle)
	i.idleCores.Add(-1)
	core.Searching = searching
	l.starting = append(l.starting, core)
	i.check()
	return true
}

// takeStarting takes a reserved core, or returns nil. The caller holds the lock.
func (i *Idle) takeStarting() *impls.Core {
	if len(i.lists.starting) == 0 {
		return nil
	}
	core := pop(&i.lists.starting)
	i.mask.clear(core.Index)
	i.check()
	return core
}

// start gives a reserved core to a sleeper, which the caller unparks (startm). If
// there is no sleeper, the next worker that would become one takes the core. The
// caller holds the lock.
func (i *Idle) start() (worker int, ok bool) {
	if len(i.lists.sleepers) == 0 {
		return 0, false
	}
	core := i.takeStarting()
	if core == nil {
		return 0, false // such a worker has been there, or the manager is closed
	}
	worker = pop(&i.lists.sleepers)
	if invariants.Enabled && i.next[worker].Load() != nil {
		panic("gosched: a sleeper had a core already (S3)")
	}
	i.next[worker].Store(core)
	return worker, true
}

// check panics if the count or the mask disagrees with the lists (S2). The caller
// holds the lock.
func (i *Idle) check() {
	if !invariants.Enabled {
		return
	}
	prim.Peek(func() {
		if int(i.idleCores.Load()) != len(i.lists.idle) {
			panic("gosched: the number of idle cores is wrong (S2)")
		}
		if !i.mask.is(i.lists.idle, i.lists.starting) {
			panic("gosched: the mask is not the set of cores without a worker (S2)")
		}
	})
}

// Snapshot overwrites dst with the cores that no worker has, without the lock.
func (i *Idle) Snapshot(dst *impls.Snapshot) { i.mask.snapshot(dst) }

// pop removes the top of a stack that is not empty.
func pop[T any](stack *[]T) T {
	s := *stack
	top := s[len(s)-1]
	*stack = s[:len(s)-1]
	return top
}
