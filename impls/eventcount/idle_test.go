package eventcount

import (
	"fmt"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// work is a host whose queues say what a test wants.
type work struct {
	injected int
	at       int // the core with a task in its run queue, or none
}

const none = -1

func (w *work) Injected() int           { return w.injected }
func (w *work) Stealable(core int) bool { return core == w.at }

// A counter is a parker that counts wake-ups and never blocks.
type counter int

func (c *counter) Park()   {}
func (c *counter) Unpark() { *c++ }

// newIdle returns a manager whose workers have all started, its host's work, and the
// parkers.
func newIdle(workers int) (*Idle, *work, []counter) {
	queues, wakes := &work{at: none}, make([]counter, workers)
	c := impls.Config{Workers: workers, Queues: queues}
	for w := range workers {
		c.Cores = append(c.Cores, &impls.Core{Index: w})
		c.Parkers = append(c.Parkers, &wakes[w])
	}
	i := New(c)
	for w := range workers {
		i.Park(w, nil)
	}
	return i, queues, wakes
}

// asleep makes workers sleepers, in this order.
func asleep(i *Idle, workers ...int) {
	for _, w := range workers {
		i.prewait()
		i.commit(w)
	}
}

func TestNotify(t *testing.T) {
	local := func(i *Idle) { i.NotifyLocal(i.Core[0]) }
	remote := func(i *Idle) { i.NotifyRemote() }
	mult := func(n int) func(*Idle) { return func(i *Idle) { i.NotifyMult(n) } }
	for _, test := range []struct {
		name       string
		prewaiters int
		sleepers   []int
		event      func(*Idle)
		signals    uint64
		wakes      []counter
	}{
		{"local, all busy", 0, nil, local, 0, []counter{0, 0, 0, 0}},
		{"local, a sleeper", 0, []int{1}, local, 0, []counter{0, 1, 0, 0}},
		{"local, the last to sleep is woken first", 0, []int{1, 3, 2}, local, 0, []counter{0, 0, 1, 0}},
		{"local, a prewaiter goes before a sleeper", 1, []int{1}, local, 1, []counter{0, 0, 0, 0}},
		{"remote, a sleeper", 0, []int{1, 2}, remote, 0, []counter{0, 0, 1, 0}},
		{"mult, some of three", 0, []int{1, 2, 3}, mult(2), 0, []counter{0, 0, 1, 1}},
		{"mult, more than wait", 1, []int{3}, mult(3), 1, []counter{0, 0, 0, 1}},
		{"mult, as many as workers", 1, []int{3, 1, 2}, mult(4), 1, []counter{0, 1, 1, 1}},
		{"mult, all busy", 0, nil, mult(4), 0, []counter{0, 0, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, _, wakes := newIdle(4)
			asleep(i, test.sleepers...)
			for range test.prewaiters {
				i.prewait()
			}
			test.event(i)
			if got := i.load().signals(); got != test.signals {
				t.Errorf("%d signals, want %d", got, test.signals)
			}
			if !slices.Equal(wakes, test.wakes) {
				t.Errorf("wake-ups %v, want %v", wakes, test.wakes)
			}
		})
	}
}

// The first of the two lost wake-ups that Eigen's e5ac8cbd7 repaired: a worker that
// announces itself takes no signal, since it might be another's.
func TestPrewaitTakesNoSignal(t *testing.T) {
	i, _, _ := newIdle(3)
	i.prewait() // worker 1, which has looked
	i.NotifyRemote()
	i.NotifyRemote() // worker 2 is awake, so there is no other to wake
	i.prewait()      // worker 2
	if i.commit(1) {
		t.Error("worker 1 sleeps, and two tasks are there")
	}
}

// The second: a worker that cancels takes a signal only if it must be its own.
func TestCancelTakesNoOthersSignal(t *testing.T) {
	i, _, _ := newIdle(3)
	i.prewait() // worker 1, which has looked
	i.NotifyRemote()
	i.NotifyRemote()
	i.prewait() // worker 2, which then sees the tasks
	if i.cancel() {
		t.Error("worker 2 took a signal")
	}
	if i.commit(1) {
		t.Error("worker 1 sleeps, and two tasks are there")
	}
}

// A publisher is about to pop worker 2, with worker 1 below it, when both are woken
// and only worker 2 sleeps again. Its compare-and-swap must fail (ABA).
func TestSameTopWithAnotherBelow(t *testing.T) {
	i, _, _ := newIdle(3)
	asleep(i, 1, 2)
	late := i.load()
	next := state(i.waiters[2].next.Load())
	i.NotifyRemote()
	i.NotifyRemote()
	asleep(i, 2)
	if i.load().top() != 2 {
		t.Fatalf("worker %d is on top", i.load().top())
	}
	if i.swap(late, late.popped(next)) {
		t.Error("worker 1 is in the stack, and does not sleep")
	}
}

// After the last epoch comes the first.
func TestLastEpoch(t *testing.T) {
	i, _, wakes := newIdle(2)
	for w := range i.waiters {
		i.waiters[w].epoch = ^(epoch - 1)
	}
	for range 2 {
		asleep(i, 0, 1)
		i.NotifyRemote()
		i.NotifyRemote()
	}
	if !slices.Equal(wakes, []counter{2, 2}) || i.load() != nobody {
		t.Errorf("wake-ups %v, state %#x", wakes, i.load())
	}
}

func TestFound(t *testing.T) {
	for _, test := range []struct {
		name     string
		sleepers []int
		work     work
		want     counter
	}{
		{"nothing is left", []int{1}, work{0, none}, 0},
		{"a task of the thief", []int{1}, work{0, 0}, 1},
		{"a task of another", []int{1}, work{0, 2}, 1},
		{"a task from outside", []int{1}, work{1, none}, 1},
		{"all are busy", nil, work{1, 0}, 0},
	} {
		i, queues, wakes := newIdle(3)
		asleep(i, test.sleepers...)
		*queues = test.work
		i.Core[0].Searching = true
		i.Found(i.Core[0])
		if i.Core[0].Searching {
			t.Errorf("%s: still searching", test.name)
		}
		if wakes[1] != test.want {
			t.Errorf("%s: %d wake-ups, want %d", test.name, wakes[1], test.want)
		}
	}
}

// One worker spins. Another may search only if it sees work, until the spinner has
// found a task or parked.
func TestOneSpinner(t *testing.T) {
	stop := map[string]func(*Idle, *work){
		"found": func(i *Idle, _ *work) { i.Found(i.Core[0]) },
		"parks": func(i *Idle, queues *work) {
			queues.at = 2 // or it would sleep
			i.Park(0, i.Core[0])
			queues.at = none
		},
	}
	for name, stop := range stop {
		t.Run(name, func(t *testing.T) {
			i, queues, _ := newIdle(3)
			search := func(core int) string {
				c := i.Core[core]
				if i.Search(c) != c.Searching {
					t.Error("Search and Searching differ")
				}
				return fmt.Sprint(c.Searching, i.spinner[core].set)
			}
			if got := search(0); got != "true true" {
				t.Errorf("the first: %s", got)
			}
			if got := search(1); got != "false false" {
				t.Errorf("another, without work: %s", got)
			}
			queues.at = 2
			if got := search(1); got != "true false" {
				t.Errorf("another, with work: %s", got)
			}
			queues.at = none
			stop(i, queues)
			if got := search(1); got != "true true" {
				t.Errorf("the next: %s", got)
			}
		})
	}
}

// A worker that cancels without a signal was not chosen.
func TestReasons(t *testing.T) {
	i, queues, _ := newIdle(2)
	i.spinning.Store(true) // some worker spins
	queues.injected = 1
	if c, why := i.Park(0, i.Core[0]); why != impls.Kept || !c.Searching {
		t.Errorf("cancelled without a signal: %v", why)
	}
	i.word.Add(uint64(prewaiter + signal)) // worker 1 was notified when it was about to sleep
	queues.injected = 0
	if _, why := i.Park(0, i.Core[0]); why != impls.Woken {
		t.Errorf("took a signal: %v", why)
	}
}

func TestTooManyWorkers(t *testing.T) {
	New(impls.Config{Workers: limit})
	defer func() {
		if recover() == nil {
			t.Errorf("%d workers are accepted", limit+1)
		}
	}()
	New(impls.Config{Workers: limit + 1})
}
