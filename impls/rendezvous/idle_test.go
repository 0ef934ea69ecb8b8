package rendezvous

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/tied"
)

// A world is a manager whose workers have started, with its surroundings. One goroutine
// plays all parts: the parkers never block, so a worker may not spin or sleep by Park.
type world struct {
	*Idle
	woken     []int  // workers that were unparked, in this order
	stealable []bool // by core
}

func (w *world) Injected() int           { return 0 }
func (w *world) Stealable(core int) bool { return w.stealable[core] }

type parker struct {
	world  *world
	worker int
}

func (parker) Park()     {}
func (p parker) Unpark() { p.world.woken = append(p.world.woken, p.worker) }

// newWorld returns a manager in which every worker has its core, of the same number.
// Some sleep; they fell asleep in this order.
func newWorld(workers int, asleep ...int) *world {
	w := &world{stealable: make([]bool, workers)}
	c := impls.Config{Workers: workers, Queues: w}
	for n := range workers {
		c.Cores = append(c.Cores, &impls.Core{Index: n})
		c.Parkers = append(c.Parkers, parker{w, n})
	}
	w.Idle = New(c)
	for n := range workers {
		w.Enter(n)
	}
	for _, n := range asleep {
		w.push(n, false)
	}
	return w
}

// asleep returns the stack of sleepers, the last one first.
func (w *world) asleep() (stack []int) {
	for n := int(w.ctl.Load() & tied.TopMask); n != 0; n = int(w.seats[n-1].below.Load()) {
		stack = append(stack, n-1)
	}
	return stack
}

func (w *world) state() string {
	return fmt.Sprintf("asleep %v, searchers %d, slot %#x", w.asleep(), w.ctl.Load()&searchers/searcher, w.slot.Load())
}

func TestNotify(t *testing.T) {
	search := func(w *world) { w.Search(w.Core[0]) }
	spin := func(w *world) { w.enter(1) }
	local := func(w *world) { w.NotifyLocal(w.Core[0]) }
	remote := func(w *world) { w.NotifyRemote() }
	mult := func(w *world) { w.NotifyMult(3) }
	for _, test := range []struct {
		name  string
		steps []func(*world)
		want  string
		woken []int
	}{
		{"a sleeper is popped, and searches", []func(*world){local}, "asleep [3 2], searchers 1, slot 0x0", []int{4}},
		{"which satisfies the next one", []func(*world){local, remote}, "asleep [3 2], searchers 1, slot 0x0", []int{4}},
		{"a searcher satisfies", []func(*world){search, local, remote}, "asleep [4 3 2], searchers 1, slot 0x0", nil},
		{"a spinner is handed the core", []func(*world){spin, local}, "asleep [4 3 2], searchers 0, slot 0x10001", nil},
		{"or none", []func(*world){spin, remote}, "asleep [4 3 2], searchers 0, slot 0x10000", nil},
		{"only once", []func(*world){spin, local, local}, "asleep [3 2], searchers 1, slot 0x10001", []int{4}},
		{"a searcher spares the spinner", []func(*world){search, spin, local}, "asleep [4 3 2], searchers 1, slot 0x2", nil},
		{"a batch takes the spinner and sleepers", []func(*world){spin, mult}, "asleep [2], searchers 2, slot 0x10000", []int{4, 3}},
		{"whether workers search or not", []func(*world){search, mult}, "asleep [], searchers 4, slot 0x0", []int{4, 3, 2}},
		{"and no more than there are", []func(*world){mult, mult}, "asleep [], searchers 3, slot 0x0", []int{4, 3, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(5, 2, 3, 4)
			for _, step := range test.steps {
				step(w)
			}
			if got := w.state(); got != test.want {
				t.Errorf("%s; want %s", got, test.want)
			}
			if !slices.Equal(w.woken, test.woken) {
				t.Errorf("woken: %v, want %v", w.woken, test.woken)
			}
		})
	}
}

// The core to look at is that of the publisher, for spinners and for sleepers.
func TestLook(t *testing.T) {
	w := newWorld(3, 2)
	w.seats[1].budget = 0
	for range 2 { // the spinner comes first
		w.enter(1)
		w.NotifyLocal(w.Core[0])
		if chosen, _ := w.spin(1, w.Core[1], false); !chosen {
			t.Fatal("the spinner was not chosen")
		}
		if w.Core[1].Look != w.Core[0] {
			t.Errorf("the spinner is to look at %v", w.Core[1].Look)
		}
		if w.slot.Load() != 0 {
			t.Errorf("the slot is %#x", w.slot.Load())
		}
		w.Core[1].Look = nil
	}
	w.NotifyLocal(w.Core[1])
	if w.Core[2].Look != w.Core[1] {
		t.Errorf("the sleeper is to look at %v", w.Core[2].Look)
	}
}

// The last worker to leave the searchers looks into the queues, others do not.
func TestLastSearcherLooks(t *testing.T) {
	found := func(w *world) { w.Found(w.Core[0]) }
	spin := func(w *world) {
		w.enter(0)
		w.seats[0].budget = 0
		if _, work := w.spin(0, w.Core[0], true); work {
			w.ctl.Add(searcher)
		}
	}
	lieDown := func(w *world) { w.lieDown(0, true) }
	for _, test := range []struct {
		name      string
		others    bool // another worker searches
		stealable bool
		leave     func(*world)
		want      string
		woken     []int
	}{
		{"Found, work", false, true, found, "asleep [2], searchers 1, slot 0x0", []int{3}},
		{"Found, no work", false, false, found, "asleep [3 2], searchers 0, slot 0x0", nil},
		{"Found, others", true, true, found, "asleep [3 2], searchers 1, slot 0x0", nil},
		{"slot, work", false, true, spin, "asleep [3 2], searchers 1, slot 0x0", nil},
		{"slot, no work", false, false, spin, "asleep [3 2], searchers 0, slot 0x0", nil},
		{"slot, others", true, true, spin, "asleep [3 2], searchers 1, slot 0x0", nil},
		{"stack, work", false, true, lieDown, "asleep [3 2], searchers 1, slot 0x0", nil},
		{"stack, no work", false, false, lieDown, "asleep [0 3 2], searchers 0, slot 0x0", nil},
		{"stack, others", true, true, lieDown, "asleep [0 3 2], searchers 1, slot 0x0", nil},
	} {
		w := newWorld(4, 2, 3)
		w.Search(w.Core[0])
		if test.others {
			w.Search(w.Core[1])
		}
		w.stealable[1] = test.stealable
		test.leave(w)
		if got := w.state(); got != test.want {
			t.Errorf("%s: %s; want %s", test.name, got, test.want)
		}
		if !slices.Equal(w.woken, test.woken) {
			t.Errorf("%s: woken: %v, want %v", test.name, w.woken, test.woken)
		}
	}
}

// Fewer than half of the cores search, and one always may.
func TestSearchLimit(t *testing.T) {
	for cores, want := range map[int]int{1: 1, 2: 1, 3: 2, 4: 2, 64: 32, 65: 33} {
		w := newWorld(cores)
		searching := 0
		for _, core := range w.Core {
			if w.Search(core) {
				searching++
			}
			if core.Searching != (searching == core.Index+1) {
				t.Errorf("%d cores: core %d searching: %v", cores, core.Index, core.Searching)
			}
		}
		if searching != want {
			t.Errorf("%d cores: %d may search, want %d", cores, searching, want)
		}
	}
}

// A publisher that has read the stack does not take a sleeper off it after the same
// worker has come back on another one (ABA).
func TestVersion(t *testing.T) {
	w := newWorld(3, 0, 1)
	old := w.ctl.Load()
	for range 2 {
		w.pop()
	}
	for _, worker := range []int{2, 1} {
		w.push(worker, true)
	}
	if got := w.ctl.Load(); got&(1<<32-1) != old&(1<<32-1) {
		t.Fatalf("%s: want the same but for the version", w.state())
	}
	if w.ctl.CompareAndSwap(old, 0) {
		t.Error("an old word was replaced")
	}
}

// Shutdown takes the spinner and all sleepers, and workers that come later leave.
func TestShutdown(t *testing.T) {
	w := newWorld(5, 2, 3)
	w.enter(1)
	w.Shutdown()
	if want := []int{3, 2}; !slices.Equal(w.woken, want) {
		t.Errorf("woken: %v, want %v", w.woken, want)
	}
	if chosen, _ := w.spin(1, w.Core[1], false); !chosen {
		t.Error("the spinner was not chosen")
	}
	w.enter(0) // the slot is taken: the next worker goes to the stack
	for worker := range w.Core {
		if c, reason := w.Park(worker, w.Core[worker]); c != w.Core[worker] || reason != impls.Closed {
			t.Errorf("worker %d: Park returned %v, %v", worker, c, reason)
		}
	}
}

func TestBudget(t *testing.T) {
	const us = time.Microsecond
	for _, test := range []struct {
		name  string
		from  time.Duration
		waits []time.Duration
		want  time.Duration
	}{
		{"handed over", 5 * us, []time.Duration{3 * us}, maxBudget},
		{"asleep, but soon", 5 * us, []time.Duration{2 * maxBudget}, maxBudget},
		{"late", 16 * us, []time.Duration{2*maxBudget + 1}, 14 * us},
		{"late for long", 16 * us, slices.Repeat([]time.Duration{time.Second}, 100), minBudget},
		{"one that pays restores it", 16 * us, append(slices.Repeat([]time.Duration{time.Second}, 100), us), maxBudget},
	} {
		b := budget(test.from)
		for _, wait := range test.waits {
			b.learn(wait)
		}
		if got := time.Duration(b); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	// What is spun in vain until the budget is at its floor is bounded.
	b, sum := budget(maxBudget), time.Duration(0)
	for b > budget(minBudget) {
		sum += time.Duration(b)
		b.learn(time.Second)
	}
	if limit := shrinkBy * maxBudget; sum > limit {
		t.Errorf("%v were spun in vain, want at most %v", sum, limit)
	}
}

func TestMaxWorkers(t *testing.T) {
	w := newWorld(maxWorkers)
	for worker := range maxWorkers {
		w.Search(w.Core[worker]) // half of them
		w.push(worker, w.Core[worker].Searching)
	}
	w.NotifyMult(maxWorkers + 1)
	if got, want := w.state(), fmt.Sprintf("asleep [], searchers %d, slot 0x0", maxWorkers); got != want {
		t.Errorf("%s; want %s", got, want)
	}
	if len(w.woken) != maxWorkers {
		t.Errorf("%d were woken", len(w.woken))
	}
	defer func() {
		if recover() == nil {
			t.Error("one worker more was accepted")
		}
	}()
	newWorld(maxWorkers + 1)
}
