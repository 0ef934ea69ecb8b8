package wakingtoken

import (
	"fmt"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// A world is a manager whose workers have started, with its surroundings. One goroutine
// plays all parts: the parkers never block, so a worker may not go to sleep by Park.
type world struct {
	*Idle
	woken     []int  // workers that were unparked, in this order
	injected  int    // tasks in the injection queue
	stealable []bool // by core
}

func (w *world) Injected() int           { return w.injected }
func (w *world) Stealable(core int) bool { return w.stealable[core] }

type parker struct {
	world  *world
	worker int
}

func (parker) Park()     {}
func (p parker) Unpark() { p.world.woken = append(p.world.woken, p.worker) }

// newWorld returns a manager in which every worker has its core, of the same number,
// and is looking for work. Then some fall asleep, in this order.
func newWorld(workers, fanOut int, asleep ...int) *world {
	w := &world{stealable: make([]bool, workers)}
	c := impls.Config{Workers: workers, Queues: w}
	for n := range workers {
		c.Cores = append(c.Cores, &impls.Core{Index: n})
		c.Parkers = append(c.Parkers, parker{w, n})
	}
	w.Idle = New(c, fanOut)
	for n := range workers {
		w.Enter(n)
	}
	for _, n := range asleep {
		if !w.lieDown(n, &w.holds[n].token) {
			panic("there was a note")
		}
	}
	return w
}

// wake does what Park does after the sleep of a worker that was chosen.
func (w *world) wake(worker int) {
	w.Sleep(worker)
	w.holds[worker].token = true
	w.clearNote()
}

// asleep returns the stack of sleepers, the last one first.
func (w *world) asleep() (stack []int) {
	for n := top(w.word.Load()); n != 0; n = int(w.links[n-1].below.Load()) {
		stack = append(stack, n-1)
	}
	return stack
}

// A state is the word without its version.
type state struct {
	asleep []int
	tokens uint64
	note   bool
}

func (s state) String() string {
	return fmt.Sprintf("asleep %v, %d tokens, note %v", s.asleep, s.tokens, s.note)
}

func (w *world) state() state {
	word := w.word.Load()
	return state{w.asleep(), word & tokens / token, word&note != 0}
}

func TestSteps(t *testing.T) {
	local := func(w *world) { w.NotifyLocal(w.Core[0]) }
	mult := func(w *world) { w.NotifyMult(9) }
	found := func(worker int) func(*world) { return func(w *world) { w.Found(w.Core[worker]) } }
	wake := func(worker int) func(*world) { return func(w *world) { w.wake(worker) } }
	lieDown := func(worker int) func(*world) {
		return func(w *world) { w.lieDown(worker, &w.holds[worker].token) }
	}
	for _, test := range []struct {
		name   string
		fanOut int
		steps  []func(*world)
		want   state
		woken  []int
	}{
		{"a publisher wakes the worker that slept least", 1, []func(*world){local}, state{[]int{2, 1}, 1, true}, []int{3}},
		{"and the next one wakes none", 1, []func(*world){local, local}, state{[]int{2, 1}, 1, true}, []int{3}},
		{"a batch wakes one", 1, []func(*world){mult}, state{[]int{2, 1}, 1, true}, []int{3}},
		{"a batch wakes one whatever the fan-out", 2, []func(*world){mult}, state{[]int{2, 1}, 1, true}, []int{3}},
		{"the worker that wakes clears the note", 1, []func(*world){local, wake(3)}, state{[]int{2, 1}, 1, false}, []int{3}},
		{"a publisher sets it again, and wakes none", 1, []func(*world){local, wake(3), local}, state{[]int{2, 1}, 1, true}, []int{3}},
		{"the token is passed on", 1, []func(*world){local, wake(3), found(3)}, state{[]int{1}, 1, true}, []int{3, 2}},
		{"to two", 2, []func(*world){local, wake(3), found(3)}, state{nil, 2, true}, []int{3, 2, 1}},
		{"only once", 1, []func(*world){local, wake(3), found(3), found(3)}, state{[]int{1}, 1, true}, []int{3, 2}},
		{"a worker without a token passes none on", 1, []func(*world){local, found(0)}, state{[]int{2, 1}, 1, true}, []int{3}},
		{"the last sleeper is one of two", 2, []func(*world){local, wake(3), found(3), wake(2), found(2)}, state{nil, 1, true}, []int{3, 2, 1}},
		{"if none sleeps the token is back, and the note stays", 2,
			[]func(*world){local, wake(3), found(3), wake(2), found(2), wake(1), found(1)}, state{nil, 0, true}, []int{3, 2, 1}},
		{"the token comes back with its holder", 1, []func(*world){local, wake(3), lieDown(3)}, state{[]int{3, 2, 1}, 0, false}, []int{3}},
		{"a note keeps its holder awake, with the token", 1,
			[]func(*world){local, wake(3), local, lieDown(3)}, state{[]int{2, 1}, 1, false}, []int{3}},
		{"a note keeps another awake", 1, []func(*world){local, wake(3), local, lieDown(0)}, state{[]int{2, 1}, 1, false}, []int{3}},
		{"without a note that one sleeps", 1, []func(*world){local, wake(3), lieDown(0)}, state{[]int{0, 2, 1}, 1, false}, []int{3}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(4, test.fanOut, 1, 2, 3)
			for _, step := range test.steps {
				step(w)
			}
			if got := w.state().String(); got != test.want.String() {
				t.Errorf("%s; want %v", got, test.want)
			}
			if !slices.Equal(w.woken, test.woken) {
				t.Errorf("woken: %v, want %v", w.woken, test.woken)
			}
		})
	}
}

// A finder without a token notifies if it leaves tasks where others can take them.
func TestFoundWithoutToken(t *testing.T) {
	for _, test := range []struct {
		name      string
		injected  int
		stealable int // core with tasks, -1 for none
		wakes     bool
	}{
		{"one task", 0, -1, false},
		{"others in its run queue", 0, 0, true},
		{"others in another run queue", 0, 1, false},
		{"others in the injection queue", 1, -1, true},
	} {
		w := newWorld(3, 1, 2)
		w.injected = test.injected
		if test.stealable >= 0 {
			w.stealable[test.stealable] = true
		}
		w.Core[0].Searching = true
		w.Found(w.Core[0])
		if w.Core[0].Searching {
			t.Errorf("%s: still searching", test.name)
		}
		if wakes := len(w.woken) > 0; wakes != test.wakes {
			t.Errorf("%s: woke a worker: %v, want %v", test.name, wakes, test.wakes)
		}
	}
}

// A publisher that has read the stack does not take a sleeper off it after the same
// worker has come back on another one (ABA).
func TestVersion(t *testing.T) {
	w := newWorld(3, 1, 0, 1)
	old := w.word.Load()
	rest, _ := w.popped(old)
	w.notify() // takes 1
	w.wake(1)
	w.pass() // takes 0
	w.holds[1].token = false
	w.wake(0)
	for _, worker := range []int{2, 1, 0} {
		for !w.lieDown(worker, &w.holds[worker].token) { // there may be a note
		}
	}
	w.notify() // takes 0: 1 is on top again
	if top(w.word.Load()) != top(old) {
		t.Fatalf("%v: want the same worker on top", w.state())
	}
	if w.word.CompareAndSwap(old, rest) {
		t.Error("an old word was replaced")
	}
}

// Shutdown wakes every sleeper, and what comes later changes nothing.
func TestShutdown(t *testing.T) {
	w := newWorld(4, 1, 1, 2, 3)
	w.Shutdown()
	if want := []int{3, 2, 1}; !slices.Equal(w.woken, want) {
		t.Fatalf("woken: %v, want %v", w.woken, want)
	}
	word := w.word.Load()
	w.notify()
	w.pass()
	w.clearNote()
	if c, reason := w.Park(0, w.Core[0]); c != w.Core[0] || reason != impls.Closed {
		t.Errorf("Park returned %v, %v", c, reason)
	}
	if w.word.Load() != word {
		t.Errorf("the word has changed from %#x to %#x", word, w.word.Load())
	}
}

// All of the largest number of workers fit into the word.
func TestMaxWorkers(t *testing.T) {
	w := newWorld(maxWorkers, 2)
	for n := range maxWorkers {
		w.lieDown(n, &w.holds[n].token)
	}
	w.notify()
	for w.word.Load()&tokens != 0 {
		for n := range maxWorkers {
			if w.Chosen(n) {
				w.wake(n)
				w.holds[n].token = false
				w.pass()
			}
		}
	}
	if got, want := w.state().String(), (state{nil, 0, true}).String(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("one worker more was accepted")
		}
	}()
	newWorld(maxWorkers+1, 2)
}
