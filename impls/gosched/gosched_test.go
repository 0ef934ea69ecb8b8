package gosched

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// queues is work that a test prescribes.
type queues struct {
	injected  int
	stealable []int
}

func (q *queues) Injected() int           { return q.injected }
func (q *queues) Stealable(core int) bool { return slices.Contains(q.stealable, core) }

// A recorder is a parker that calls asleep where a worker would block, and keeps
// whether the lock was held at each wake-up.
type recorder struct {
	lock   *impls.Mutex
	asleep func()
	held   []bool
}

func (r *recorder) Park() {
	if r.asleep != nil {
		r.asleep()
	}
}

func (r *recorder) Unpark() {
	free := r.lock.TryLock()
	if free {
		r.lock.Unlock()
	}
	r.held = append(r.held, !free)
}

// A fixture is a manager in which a test plays all parts.
type fixture struct {
	*Idle
	workers []recorder
	work    *queues
	held    []*impls.Core
}

// newFixture returns a manager of which some cores are held, by no worker in
// particular, and some workers sleep.
func newFixture(cores, held int, sleepers ...int) *fixture {
	f := &fixture{workers: make([]recorder, cores+1), work: new(queues)}
	c := impls.Config{Workers: len(f.workers), Lock: new(impls.Mutex), Queues: f.work}
	for w := range f.workers {
		f.workers[w].lock = c.Lock
		c.Parkers = append(c.Parkers, &f.workers[w])
	}
	for n := range cores {
		c.Cores = append(c.Cores, &impls.Core{Index: n})
	}
	f.Idle = New(c)
	for range held {
		f.held = append(f.held, f.acquire())
	}
	f.lists.sleepers = append(f.lists.sleepers, sleepers...)
	return f
}

// woken returns the workers that were unparked, and whether with the lock held.
func (f *fixture) woken() (workers []int, held bool) {
	for w := range f.workers {
		for _, h := range f.workers[w].held {
			workers = append(workers, w)
			held = held || h
		}
	}
	return workers, held
}

func TestNotify(t *testing.T) {
	local := func(f *fixture) { f.NotifyLocal(nil) }
	mult := func(n int) func(*fixture) {
		return func(f *fixture) { f.lock.Lock(); f.NotifyMult(n) }
	}
	remote := func(f *fixture) { f.lock.Lock(); f.NotifyRemote() }
	type state struct {
		spinners, idle int32
		starting       int
		note           bool
	}
	for _, test := range []struct {
		name      string
		held      int // of 4 cores
		searching int // of these
		sleepers  []int
		event     func(*fixture)
		woken     []int
		want      state
	}{
		{"local, a sleeper and a core", 2, 0, []int{3, 1}, local, []int{1}, state{1, 1, 0, false}},
		{"local, another searches", 2, 1, []int{3, 1}, local, nil, state{1, 2, 0, false}},
		{"local, no core", 4, 0, []int{3, 1}, local, nil, state{0, 0, 0, true}},
		{"local, no sleeper yet", 2, 0, nil, local, nil, state{1, 1, 1, false}},
		{"remote, a sleeper and a core", 2, 0, []int{3, 1}, remote, []int{1}, state{0, 1, 0, false}},
		{"remote, another searches", 2, 1, []int{3, 1}, remote, []int{1}, state{1, 1, 0, false}},
		{"remote, no core", 4, 0, []int{3, 1}, remote, nil, state{0, 0, 0, true}},
		{"remote, no sleeper yet", 2, 0, nil, remote, nil, state{0, 1, 1, false}},
		{"mult, enough", 1, 0, []int{3, 2, 1}, mult(2), []int{1, 2}, state{0, 1, 0, false}},
		{"mult, fewer cores", 3, 0, []int{3, 2, 1}, mult(2), []int{1}, state{0, 0, 0, true}},
		{"mult, fewer sleepers", 1, 0, []int{3}, mult(3), []int{3}, state{0, 0, 2, false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(4, test.held, test.sleepers...)
			for _, c := range f.held[:test.searching] {
				f.becomeSpinning(c)
			}
			before := f.spinners.Load()
			test.event(f)
			if got := (state{f.spinners.Load(), f.idleCores.Load(), len(f.lists.starting), f.needSpinning.Load()}); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			woken, held := f.woken()
			if !slices.Equal(woken, test.woken) {
				t.Errorf("woke %v, want %v", woken, test.woken)
			}
			if outside := test.want.spinners == before; len(woken) > 0 && held != outside {
				t.Errorf("woken with the lock held: %v, want %v", held, outside)
			}
			for _, w := range woken {
				if core := f.next[w].Load(); core == nil || core.Searching != (test.want.spinners > before) {
					t.Errorf("worker %d was given %v", w, core)
				}
			}
			if !f.lock.TryLock() {
				t.Error("the lock is still held")
			}
		})
	}
}

// Half of the busy cores may search, rounded up.
func TestSearchLimit(t *testing.T) {
	for busy, want := range map[int]int{1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 64: 32, 65: 33} {
		f := newFixture(busy+1, busy) // one is idle and does not count
		searching := 0
		for _, core := range f.held {
			if f.Search(core) {
				searching++
			}
		}
		if searching != want {
			t.Errorf("%d busy cores: %d may search, want %d", busy, searching, want)
		}
	}
}

// A searcher that would sleep looks again, whether it is the last or not; another
// worker reads the note instead.
func TestPark(t *testing.T) {
	for _, test := range []struct {
		name             string
		searching, other bool
		note             bool
		work             queues
		stays            bool // and searches
	}{
		{"nothing to do", true, false, false, queues{}, false},
		{"a task in a run queue", true, false, false, queues{stealable: []int{0}}, true},
		{"another searches too", true, true, false, queues{stealable: []int{0}}, true},
		{"it did not search", false, false, false, queues{stealable: []int{0}}, false},
		{"it did not search, and there is a note", false, false, true, queues{}, true},
		{"it searched, and there is a note", true, false, true, queues{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(3, 3)
			if test.searching {
				f.becomeSpinning(f.held[0])
			}
			if test.other {
				f.becomeSpinning(f.held[2])
			}
			f.needSpinning.Store(test.note)
			*f.work = test.work
			slept := false
			f.workers[0].asleep = func() {
				slept = true
				f.lock.Lock()
				f.NotifyRemote()
			}
			core, why := f.Park(0, f.held[0])
			if want := map[bool]impls.Reason{true: impls.Kept, false: impls.Woken}[test.stays]; why != want || slept == test.stays {
				t.Errorf("Park returned %v (slept: %v), want %v", why, slept, want)
			}
			if core == nil || core.Searching != test.stays {
				t.Errorf("Park returned %+v", core)
			}
			if test.stays && f.needSpinning.Load() {
				t.Error("a worker searches, and the note is still there")
			}
		})
	}
}

// A searcher that sees a task, and for which there is no core any more, leaves the
// note.
func TestRecheckLeavesNote(t *testing.T) {
	for name, work := range map[string]queues{"run queue": {stealable: []int{1}}, "injection queue": {injected: 1}} {
		f := newFixture(3, 3)
		*f.work = work
		if core := f.recheck(); core != nil || !f.needSpinning.Load() {
			t.Errorf("%s: got %v; note: %v", name, core, f.needSpinning.Load())
		}
	}
}

// A core for which there was no sleeper goes to the next worker that would sleep.
func TestCoreWaitsForWorker(t *testing.T) {
	f := newFixture(2, 1)
	f.NotifyLocal(nil)
	f.lock.Lock()
	core, why := f.stop(1)
	if core == nil || !core.Searching || why != impls.Woken || len(f.lists.sleepers) > 0 {
		t.Errorf("got %+v, %v; sleepers %v", core, why, f.lists.sleepers)
	}
	if woken, _ := f.woken(); len(woken) > 0 {
		t.Errorf("woke %v", woken)
	}
}

// Shutdown returns what no worker was given, also a core that waits for a worker; a
// worker that was given one takes it along.
func TestShutdown(t *testing.T) {
	f := newFixture(4, 1, 2)
	f.lock.Lock()
	f.NotifyRemote() // for worker 2
	f.NotifyLocal(nil)
	if cores := f.Shutdown(); len(cores) != 2 || f.spinners.Load() != 0 {
		t.Errorf("%d cores are left, and %d search; want 2 and 0", len(cores), f.spinners.Load())
	}
	if core := f.next[2].Load(); core == nil {
		t.Error("worker 2 has lost its core")
	}
	if core, why := f.Park(3, nil); core != nil || why != impls.Closed {
		t.Errorf("Park returned %v, %v", core, why)
	}
	f.NotifyLocal(nil)
	f.lock.Lock()
	f.NotifyMult(2)
	if woken, _ := f.woken(); !slices.Equal(woken, []int{2}) || len(f.lists.starting) > 0 {
		t.Errorf("woke %v; %d cores wait", woken, len(f.lists.starting))
	}
	if cores := f.Shutdown(); cores != nil {
		t.Errorf("another Shutdown returned %d cores", len(cores))
	}
}

// A worker that wakes for no reason goes on sleeping, and takes the core that it was
// given when it sees the close.
func TestWakeForNoReason(t *testing.T) {
	f := newFixture(1, 0)
	core := f.acquire()
	wakes := 0
	f.workers[0].asleep = func() {
		if wakes++; wakes == 3 {
			f.lock.Lock()
			f.NotifyRemote()
			f.Shutdown()
		}
	}
	got, why := f.Park(0, core)
	if got != core || why != impls.Closed || wakes != 3 {
		t.Errorf("Park returned %v, %v after %d wake-ups", got, why, wakes)
	}
}

// The mask has a bit for each core without a worker, whatever is taken and given back.
func TestSnapshot(t *testing.T) {
	for _, n := range []int{1, 2, 63, 64, 65, 1024} {
		f := newFixture(n, 0)
		var s impls.Snapshot
		for held := 0; ; held++ {
			if f.Snapshot(&s); s.Len() != n-held || len(s.Words) != (n+63)/64 {
				t.Fatalf("%d cores, %d held: %d are idle, in %d words", n, held, s.Len(), len(s.Words))
			}
			if held == n {
				break
			}
			if core := f.acquire(); !s.IsIdle(core.Index) {
				t.Fatalf("%d cores: core %d was available and is not in the set", n, core.Index)
			}
		}
	}
}
