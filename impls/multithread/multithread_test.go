package multithread

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// A counter is a parker that counts wake-ups and never blocks, so that one
// goroutine can play all parts.
type counter int

func (c *counter) Park()   {}
func (c *counter) Unpark() { *c++ }

// queues is work that a test prescribes.
type queues struct {
	injected  int
	stealable []bool
	looks     []string
}

func (q *queues) Injected() int {
	q.looks = append(q.looks, "injection queue")
	return q.injected
}

func (q *queues) Stealable(core int) bool {
	q.looks = append(q.looks, "run queue")
	return q.stealable[core]
}

// A fixture is a manager whose workers have all started.
type fixture struct {
	*Idle
	wakes []counter
	work  *queues
}

func newFixture(t *testing.T, workers int) *fixture {
	t.Helper()
	f := &fixture{wakes: make([]counter, workers), work: &queues{stealable: make([]bool, workers)}}
	c := impls.Config{Workers: workers, Lock: new(impls.Mutex), Queues: f.work}
	for n := range workers {
		c.Cores = append(c.Cores, &impls.Core{Index: n})
		c.Parkers = append(c.Parkers, &f.wakes[n])
	}
	f.Idle = New(c)
	for w := range workers {
		if core, why := f.Park(w, nil); core == nil || why != impls.Kept {
			t.Fatalf("worker %d starts with %v, %v", w, core, why)
		}
	}
	return f
}

// asleep takes Park's first section for a worker that does not search.
func (f *fixture) asleep(workers ...int) {
	for _, w := range workers {
		f.state.park(false)
		f.sleepers = append(f.sleepers, w)
	}
}

func (f *fixture) woken() (workers []int) {
	for w, n := range f.wakes {
		for range n {
			workers = append(workers, w)
		}
	}
	return workers
}

func TestNotify(t *testing.T) {
	local := func(f *fixture) { f.NotifyLocal(nil) }
	remote := func(f *fixture) { f.Lock.Lock(); f.NotifyRemote() }
	mult := func(f *fixture) { f.Lock.Lock(); f.NotifyMult(3) }
	for _, test := range []struct {
		name     string
		sleepers []int
		search   int
		event    func(*fixture)
		want     []int // woken
	}{
		{"local, a sleeper", []int{2}, 0, local, []int{2}},
		{"local, the last of three", []int{2, 0, 1}, 0, local, []int{1}},
		{"local, another searches", []int{2}, 1, local, nil},
		{"local, no sleeper", nil, 0, local, nil},
		{"remote, a sleeper", []int{2}, 0, remote, []int{2}},
		{"remote, another searches", []int{2}, 1, remote, nil},
		{"remote, no sleeper", nil, 0, remote, nil},
		{"mult, one of three", []int{2, 0, 1}, 0, mult, []int{1}},
		{"mult, another searches", []int{2, 0}, 1, mult, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t, 4)
			f.asleep(test.sleepers...)
			for range test.search {
				f.Search(f.Cores[3])
			}
			test.event(f)
			if got := f.woken(); !slices.Equal(got, test.want) {
				t.Errorf("woke %v, want %v", got, test.want)
			}
			word := f.state.word.Load()
			if got, want := searchers(word), test.search+len(test.want); got != want {
				t.Errorf("%d search, want %d", got, want)
			}
			if got, want := awake(word), 4-len(test.sleepers)+len(test.want); got != want {
				t.Errorf("%d are awake, want %d", got, want)
			}
			if !f.Lock.TryLock() {
				t.Error("the lock is still held")
			}
		})
	}
}

// The last searcher that found a task wakes another, the others do not.
func TestFound(t *testing.T) {
	f := newFixture(t, 6)
	f.asleep(5)
	f.Search(f.Cores[0])
	f.Search(f.Cores[1])
	f.Found(f.Cores[0])
	if got := f.woken(); len(got) > 0 {
		t.Errorf("worker %v was woken while another searched", got)
	}
	f.Found(f.Cores[1])
	if got := f.woken(); !slices.Equal(got, []int{5}) {
		t.Errorf("woke %v, want worker 5", got)
	}
	if f.Cores[0].Searching || f.Cores[1].Searching {
		t.Error("a worker searches after it found a task")
	}
}

// Half of the workers may search, rounded up, whether the others are busy or not.
func TestSearchLimit(t *testing.T) {
	for workers, want := range map[int]int{1: 1, 2: 1, 3: 2, 4: 2, 64: 32, 65: 33, 1024: 512} {
		f := newFixture(t, workers)
		searching := 0
		for _, core := range f.Cores {
			if f.Search(core) {
				searching++
			}
		}
		if searching != want {
			t.Errorf("%d workers: %d may search, want %d", workers, searching, want)
		}
	}
}

// The last searcher looks at the queues after it has joined the sleepers, at the run
// queues first, and wakes the one that went to sleep last: itself. A worker that did
// not search, or not alone, does not look.
func TestLastLook(t *testing.T) {
	all := []string{"run queue", "run queue", "run queue", "injection queue"}
	for _, test := range []struct {
		name          string
		search, other bool
		work          queues
		looks         []string
		want          []int // woken
	}{
		{"nothing there", true, false, queues{stealable: make([]bool, 3)}, all, nil},
		{"a task in a run queue", true, false, queues{stealable: []bool{false, true, false}}, all[:2], []int{1}},
		{"a task from outside", true, false, queues{injected: 1, stealable: make([]bool, 3)}, all, []int{1}},
		{"another searches", true, true, queues{injected: 1, stealable: make([]bool, 3)}, nil, nil},
		{"it did not search", false, false, queues{injected: 1, stealable: make([]bool, 3)}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t, 3)
			*f.work = test.work
			f.asleep(0)
			if test.search {
				f.Search(f.Cores[1])
			}
			if test.other {
				f.Search(f.Cores[2])
			}
			slept := false
			f.Parkers[1] = sleeper{&f.wakes[1], func() { slept = true; f.choose() }}
			f.Park(1, f.Cores[1])
			if got := f.woken(); !slices.Equal(got, test.want) {
				t.Errorf("woke %v, want %v", got, test.want)
			}
			if !slices.Equal(f.work.looks, test.looks) {
				t.Errorf("looked at %v, want %v", f.work.looks, test.looks)
			}
			if want := len(test.want) == 0; slept != want {
				t.Errorf("slept: %v, want %v", slept, want)
			}
		})
	}
}

// A sleeper calls asleep if Park finds no token.
type sleeper struct {
	*counter
	asleep func()
}

func (s sleeper) Park() {
	if *s.counter == 0 {
		s.asleep()
	}
}

// A worker that wakes for no reason stays a sleeper; it looks with two sections.
func TestWakeForNoReason(t *testing.T) {
	f := newFixture(t, 2)
	wakes := 0
	f.Parkers[0] = sleeper{&f.wakes[0], func() {
		if wakes++; wakes == 3 {
			f.choose()
		} else if !slices.Equal(f.sleepers, []int{0}) {
			t.Errorf("sleepers %v, want worker 0", f.sleepers)
		}
	}}
	core, why := f.Park(0, f.Cores[0])
	if core != f.Cores[0] || !core.Searching || why != impls.Woken || wakes != 3 {
		t.Errorf("Park returned core %d (searching: %v), %v after %d wake-ups", core.Index, core.Searching, why, wakes)
	}
}

// Shutdown takes every sleeper, so no later event finds one; and a worker that parks
// later joins none.
func TestNoSleepersAfterShutdown(t *testing.T) {
	f := newFixture(t, 3)
	f.asleep(2, 0)
	f.Shutdown()
	if got := f.woken(); !slices.Equal(got, []int{0, 2}) {
		t.Errorf("woke %v, want workers 0 and 2", got)
	}
	if core, why := f.Park(1, f.Cores[1]); core != f.Cores[1] || why != impls.Closed {
		t.Errorf("Park returned %v, %v", core, why)
	}
	f.NotifyLocal(nil)
	if got := f.woken(); len(got) != 2 || len(f.sleepers) > 0 {
		t.Errorf("woke %v in all; sleepers %v", got, f.sleepers)
	}
}

// The word counts as many workers as it says.
func TestMostWorkers(t *testing.T) {
	s := new(state)
	s.word.Store(maxWorkers * unparked)
	for range maxWorkers {
		s.park(false)
	}
	for range maxWorkers {
		s.wake()
	}
	if word := s.word.Load(); searchers(word) != maxWorkers || awake(word) != maxWorkers {
		t.Errorf("%d search and %d are awake, of %d", searchers(word), awake(word), maxWorkers)
	}
	defer func() {
		if recover() == nil {
			t.Error("there is a manager of more workers than it can count")
		}
	}()
	New(impls.Config{Cores: make([]*impls.Core, maxWorkers+1)})
}
