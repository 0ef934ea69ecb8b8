package bitmap

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// noWork is a host without tasks.
type noWork struct{}

func (noWork) Injected() int      { return 0 }
func (noWork) Stealable(int) bool { return false }

// A counter is a parker that counts wake-ups and never blocks, so that one
// goroutine can play all parts.
type counter int

func (c *counter) Park()   {}
func (c *counter) Unpark() { *c++ }

// newIdle returns a manager, its lock, and the parkers of its workers.
func newIdle(cores, workers int) (*Idle, *impls.Mutex, []counter) {
	wakes := make([]counter, workers)
	var parkers []impls.Parker
	for w := range wakes {
		parkers = append(parkers, &wakes[w])
	}
	i, lock := newIdleWith(cores, parkers)
	return i, lock, wakes
}

// newIdleWith returns a manager with a worker for each parker, and its lock.
func newIdleWith(cores int, parkers []impls.Parker) (*Idle, *impls.Mutex) {
	c := impls.Config{Workers: len(parkers), Lock: new(impls.Mutex), Queues: noWork{}, Parkers: parkers}
	for i := range cores {
		c.Cores = append(c.Cores, &impls.Core{Index: i})
	}
	return New(c), c.Lock
}

var sizes = []int{1, 2, 8, 63, 64, 65, 128, 256, 1024}

// The map, the counter and the stack agree whatever is taken and given back.
func TestAcquireAndRelease(t *testing.T) {
	for _, n := range sizes {
		i, lock, _ := newIdle(n, n)
		lock.Lock()
		var held []*impls.Core
		var snapshot impls.Snapshot
		check := func() {
			t.Helper()
			i.Snapshot(&snapshot)
			if got, want := int(i.numIdle.Load()), n-len(held); got != want {
				t.Fatalf("%d cores: %d idle, want %d", n, got, want)
			}
			for core := range n {
				isHeld := slices.ContainsFunc(held, func(c *impls.Core) bool { return c.Index == core })
				if snapshot.IsIdle(core) == isHeld {
					t.Fatalf("%d cores: core %d is held: %v, idle in the snapshot: %v", n, core, isHeld, !isHeld)
				}
			}
			if snapshot.IsIdle(n) {
				t.Fatalf("%d cores: core %d is idle", n, n)
			}
		}
		check()
		step := max(1, n/16)
		for range n {
			held = append(held, i.TryAcquireAvailableCore())
			if len(held)%step == 0 {
				check()
			}
		}
		if c := i.TryAcquireAvailableCore(); c != nil {
			t.Fatalf("%d cores: core %d is there once more", n, c.Index)
		}
		for len(held) > 0 {
			i.ReleaseCore(held[0])
			held = held[1:]
			if len(held)%step == 0 {
				check()
			}
		}
		lock.Unlock()
	}
}

// The map has no more words than it needs (B8).
func TestIdleMapWords(t *testing.T) {
	for cores, want := range map[int]int{1: 1, 63: 1, 64: 1, 65: 2, 128: 2, 129: 3, 1024: 16} {
		if m := NewIdleMap(cores); len(m.chunks) != want {
			t.Errorf("%d cores: %d words, want %d", cores, len(m.chunks), want)
		}
	}
}

// asleep makes a worker a sleeper without a goroutine of its own.
func asleep(i *Idle, worker int) {
	i.lock.Lock()
	i.TransitionWorkerToParked(worker)
	i.lock.Unlock()
}

func TestNotify(t *testing.T) {
	type state struct {
		searching, idle int32
		needs           bool
		wakes           int
	}
	local := func(i *Idle) { i.NotifyLocal(nil) }
	remote := func(i *Idle) { i.lock.Lock(); i.NotifyRemote() }
	mult := func(n int) func(*Idle) { return func(i *Idle) { i.lock.Lock(); i.NotifyMult(n) } }
	for _, test := range []struct {
		name            string
		cores, sleepers int
		held            int // cores that are held
		searching       int // of these
		event           func(*Idle)
		want            state
	}{
		{"local, sleeper and core", 2, 1, 1, 0, local, state{1, 0, false, 1}},
		{"local, another searches", 2, 1, 1, 1, local, state{1, 1, false, 0}},
		{"local, no core", 2, 1, 2, 0, local, state{0, 0, true, 0}},
		{"local, core but no sleeper yet", 2, 0, 1, 0, local, state{0, 1, true, 0}},
		{"remote, sleeper and core", 2, 1, 1, 0, remote, state{1, 0, false, 1}},
		{"remote, another searches", 2, 1, 1, 1, remote, state{2, 0, false, 1}},
		{"remote, no sleeper", 2, 0, 1, 0, remote, state{0, 1, true, 0}},
		{"remote, sleeper but no core", 2, 1, 2, 0, remote, state{0, 0, true, 0}},
		{"mult, enough", 4, 4, 0, 0, mult(3), state{0, 1, false, 3}},
		{"mult, fewer sleepers (B4: no note)", 4, 2, 0, 0, mult(3), state{0, 2, false, 2}},
		{"mult, no sleepers", 4, 0, 0, 0, mult(3), state{0, 4, true, 0}},
		{"mult, more than one batch", 100, 100, 0, 0, mult(70), state{0, 30, false, 70}},
		{"mult, exactly one batch", 100, 100, 0, 0, mult(16), state{0, 84, false, 16}},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, lock, wakes := newIdle(test.cores, test.cores+1)
			lock.Lock()
			for n := range test.held {
				core := i.TryAcquireAvailableCore()
				if n < test.searching {
					i.TransitionWorkerToSearching(core)
				}
			}
			lock.Unlock()
			for w := range test.sleepers {
				asleep(i, w)
			}
			test.event(i)
			got := state{i.numSearching.Load(), i.numIdle.Load(), i.needsSearching.Load(), 0}
			for _, n := range wakes {
				got.wakes += int(n)
			}
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if !lock.TryLock() {
				t.Error("the lock is still held")
			}
		})
	}
}

// Half of the busy cores may search, rounded up.
func TestSearchLimit(t *testing.T) {
	for cores, want := range map[int]int{1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 64: 32, 65: 33} {
		i, lock, _ := newIdle(cores+1, cores+1) // one is idle and does not count
		var held []*impls.Core
		lock.Lock()
		for range cores {
			held = append(held, i.TryAcquireAvailableCore())
		}
		lock.Unlock()
		searching := 0
		for _, core := range held {
			if i.Search(core) {
				searching++
			}
		}
		if searching != want {
			t.Errorf("%d busy cores: %d may search, want %d", cores, searching, want)
		}
	}
}

// After Shutdown no worker becomes a sleeper, so no notification can give a core
// to a worker that has left (B1).
func TestNoSleepersAfterShutdown(t *testing.T) {
	i, lock, _ := newIdle(1, 1)
	if cores := i.Shutdown(); len(cores) != 1 {
		t.Fatalf("%d cores are left to shut down, want 1", len(cores))
	}
	if core, reason := i.Park(0, nil); core != nil || reason != impls.Closed {
		t.Fatalf("Park returned %v, %v", core, reason)
	}
	if n := len(i.synced.sleepers); n != 0 {
		t.Fatalf("%d sleepers", n)
	}
	lock.Lock()
	i.NotifyRemote()
	if i.synced.assignedCores[0] != nil {
		t.Error("a core was assigned to a worker that has left")
	}
}

// A witness is a parker that notes whether the lock was held at each wake-up.
type witness struct {
	lock *impls.Mutex
	held []bool
}

func (w *witness) Park() {}
func (w *witness) Unpark() {
	free := w.lock.TryLock()
	if free {
		w.lock.Unlock()
	}
	w.held = append(w.held, !free)
}

// As in the original, a notification wakes after it has released the lock and
// Shutdown wakes while it holds it, with a core or without.
func TestLockWhenWaking(t *testing.T) {
	for _, test := range []struct {
		name  string
		event func(*Idle)
		want  []bool
	}{
		{"NotifyLocal", func(i *Idle) { i.NotifyLocal(nil) }, []bool{false}},
		{"NotifyRemote", func(i *Idle) { i.lock.Lock(); i.NotifyRemote() }, []bool{false}},
		{"NotifyMult", func(i *Idle) { i.lock.Lock(); i.NotifyMult(2) }, []bool{false, false}},
		{"Shutdown", func(i *Idle) { i.Shutdown() }, []bool{true, true, true}},
	} {
		w := new(witness)
		i, lock := newIdleWith(2, []impls.Parker{w, w, w})
		w.lock = lock
		for worker := range 3 {
			asleep(i, worker)
		}
		test.event(i)
		if !slices.Equal(w.held, test.want) {
			t.Errorf("%s: the lock was held at each wake-up: %v, want %v", test.name, w.held, test.want)
		}
	}
}
