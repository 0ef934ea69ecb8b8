package jec

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// work is a host whose queues say what a test wants.
type work struct {
	injected func() int
	at       int // the core with a task in its run queue, or none
}

const none = -1

func (w *work) Injected() int           { return w.injected() }
func (w *work) Stealable(core int) bool { return core == w.at }

func tasks(n int) func() int { return func() int { return n } }

// A parker counts wake-ups and does not block. To sleep is to be woken at once by
// whatever the test says.
type parker struct {
	wakes  int
	asleep func()
}

func (p *parker) Park()   { p.asleep() }
func (p *parker) Unpark() { p.wakes++ }

// newIdle returns a manager whose workers have all started, its host's work, and the
// parkers.
func newIdle(workers int) (*Idle, *work, []*parker) {
	queues := &work{tasks(0), none}
	c := impls.Config{Workers: workers, Queues: queues}
	var parkers []*parker
	for w := range workers {
		p := new(parker)
		parkers = append(parkers, p)
		c.Cores = append(c.Cores, &impls.Core{Index: w})
		c.Parkers = append(c.Parkers, p)
	}
	i := New(c)
	for w, p := range parkers {
		i.Park(w, nil)
		p.asleep = func() { i.wake(w) }
	}
	return i, queues, parkers
}

// asleep makes workers sleepers, each without a goroutine of its own.
func asleep(i *Idle, workers ...int) {
	for _, w := range workers {
		i.add(inactive)
		if i.fallAsleep(i.becomeSleepy()) != slept {
			panic("it does not sleep")
		}
		i.workers[w].blocked = true
	}
}

func wakesOf(parkers []*parker) (wakes []int) {
	for _, p := range parkers {
		wakes = append(wakes, p.wakes)
	}
	return wakes
}

func TestCounters(t *testing.T) {
	c := 3*sleeping + 5*inactive + 8*jobs
	if c.sleepers() != 3 || c.idle() != 2 || c.events() != 8 || !c.sleepy() {
		t.Errorf("%#x: %d, %d, %d, %v", c, c.sleepers(), c.idle(), c.events(), c.sleepy())
	}
	if c += jobs; c.sleepy() {
		t.Error("an odd counter is sleepy")
	}
	full := threads*sleeping + threads*inactive + 7*jobs
	if full.sleepers() != threads || full.idle() != 0 || full.events() != 7 {
		t.Errorf("%#x: %d, %d, %d", full, full.sleepers(), full.idle(), full.events())
	}
	last := sleeping + 2*inactive + (1<<32-1)*jobs
	if next := last + jobs; next != sleeping+2*inactive || last.sleepy() || !next.sleepy() {
		t.Errorf("after %#x comes %#x", last, next)
	}
	for _, bad := range []counters{2*sleeping + inactive, 3 * inactive} {
		if bad.valid(2) {
			t.Errorf("%#x is valid with two workers", bad)
		}
	}
}

func TestPublish(t *testing.T) {
	local := func(i *Idle) { i.NotifyLocal(i.Core[0]) }
	remote := func(i *Idle) { i.NotifyRemote() }
	mult := func(n int) func(*Idle) { return func(i *Idle) { i.NotifyMult(n) } }
	for _, test := range []struct {
		name     string
		idle     int
		sleepers []int
		injected int // when the event is reported
		event    func(*Idle)
		want     []int
	}{
		{"local, all busy", 0, nil, 0, local, []int{0, 0, 0, 0}},
		{"local, sleepers: the one with the lowest number", 0, []int{3, 2, 1}, 0, local, []int{0, 1, 0, 0}},
		{"local, one is idle", 1, []int{1, 2}, 0, local, []int{0, 0, 0, 0}},
		{"remote, sleepers", 0, []int{1, 2}, 1, remote, []int{0, 1, 0, 0}},
		{"remote, one is idle", 1, []int{1, 2}, 1, remote, []int{0, 0, 0, 0}},
		{"remote, one is idle, and there was a task before", 1, []int{1, 2}, 2, remote, []int{0, 1, 0, 0}},
		{"remote, taken already", 0, []int{1, 2}, 0, remote, []int{0, 1, 0, 0}},
		{"mult, sleepers", 0, []int{1, 2, 3}, 2, mult(2), []int{0, 1, 1, 0}},
		{"mult, one is idle", 1, []int{1, 2, 3}, 2, mult(2), []int{0, 1, 0, 0}},
		{"mult, one is idle, and there was a task before", 1, []int{1, 2, 3}, 3, mult(2), []int{0, 1, 1, 0}},
		{"mult, more than sleep", 0, []int{1, 3}, 5, mult(5), []int{0, 1, 0, 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, queues, parkers := newIdle(4)
			asleep(i, test.sleepers...)
			for range test.idle {
				i.add(inactive)
			}
			queues.injected = tasks(test.injected)
			test.event(i)
			if got := wakesOf(parkers); !slices.Equal(got, test.want) {
				t.Errorf("wake-ups %v, want %v", got, test.want)
			}
			left := len(test.sleepers)
			for _, n := range test.want {
				left -= n
			}
			if got := i.load().sleepers(); got != left {
				t.Errorf("%d count as sleepers before they have woken, want %d", got, left)
			}
			if i.load().sleepy() {
				t.Error("no sleepy worker would notice")
			}
		})
	}
}

// The counter changes with the first task after a worker became sleepy, and with the
// first worker to become sleepy after a task.
func TestJobsEventCounter(t *testing.T) {
	i, _, _ := newIdle(2)
	events := func() uint32 { return i.load().events() }
	start := events()
	for n, step := range []struct {
		do   func()
		want uint32
	}{
		{func() { i.becomeSleepy() }, 0},
		{func() { i.NotifyLocal(i.Core[0]) }, 1},
		{func() { i.NotifyLocal(i.Core[0]) }, 1},
		{func() { i.becomeSleepy() }, 2},
		{func() { i.becomeSleepy() }, 2},
		{func() { i.NotifyRemote() }, 3},
	} {
		step.do()
		if got := events() - start; got != step.want {
			t.Errorf("after step %d it is %d, want %d", n, got, step.want)
		}
	}
}

// What keeps a sleepy worker awake, and what does not.
func TestSleep(t *testing.T) {
	for _, test := range []struct {
		name   string
		before func(*Idle, *work)
		want   outcome
	}{
		{"nothing", func(*Idle, *work) {}, slept},
		{"a task", func(i *Idle, _ *work) { i.NotifyLocal(i.Core[0]) }, disturbed},
		{"a task, and another worker became sleepy", func(i *Idle, _ *work) {
			i.NotifyLocal(i.Core[0])
			i.becomeSleepy()
		}, disturbed},
		{"a task from outside that was not yet notified", func(_ *Idle, w *work) { w.injected = tasks(1) }, mustLook},
		{"the close", func(i *Idle, _ *work) { i.Shutdown() }, mustLook},
		// The race that is called rollover.
		{"a task, and the counter is the same again", func(i *Idle, w *work) {
			before := i.load()
			w.at = 0
			i.NotifyLocal(i.Core[0])
			i.word.Store(uint64(before)) // 4 billion changes later
		}, slept},
		{"the same from outside", func(i *Idle, w *work) {
			before := i.load()
			w.injected = tasks(1)
			i.NotifyRemote()
			i.word.Store(uint64(before))
		}, mustLook},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, queues, _ := newIdle(2)
			i.Search(i.Core[1])
			events := i.becomeSleepy()
			test.before(i, queues)
			if got := i.sleep(1, events); got != test.want {
				t.Errorf("outcome %v, want %v", got, test.want)
			}
			if c := i.load(); c.sleepers() != 0 || c.idle() != 1 {
				t.Errorf("afterwards %d sleep and %d are idle", c.sleepers(), c.idle())
			}
			if !i.workers[1].lock.TryLock() || i.workers[1].blocked {
				t.Error("the worker is still locked or blocked")
			}
		})
	}
}

// A publisher that sees the worker in the count, and comes to wake it, has to wait
// until it is blocked.
func TestLockedWhenCounted(t *testing.T) {
	i, queues, _ := newIdle(2)
	i.Search(i.Core[1])
	looked := false
	queues.injected = func() int {
		if looked = i.load().sleepers() == 1; looked && i.workers[1].lock.TryLock() {
			t.Error("the worker is counted and can be found awake")
		}
		return 0
	}
	i.sleep(1, i.becomeSleepy())
	if !looked {
		t.Error("it did not look into the injection queue once it was counted")
	}
}

func TestFound(t *testing.T) {
	for _, test := range []struct {
		name     string
		idle     int
		sleepers []int
		left     int // the core with a task
		want     []int
	}{
		{"all are busy", 0, nil, none, []int{0, 0, 0, 0}},
		{"one sleeps", 0, []int{2}, none, []int{0, 0, 1, 0}},
		{"three sleep", 0, []int{1, 2, 3}, none, []int{0, 1, 1, 0}},
		{"others are idle", 1, []int{2, 3}, none, []int{0, 0, 1, 1}},
		{"three sleep, and the thief has a task left", 0, []int{1, 2, 3}, 0, []int{0, 1, 1, 0}},
	} {
		i, queues, parkers := newIdle(4)
		asleep(i, test.sleepers...)
		for range test.idle {
			i.add(inactive)
		}
		i.Search(i.Core[0])
		queues.at = test.left
		i.Found(i.Core[0])
		if got := wakesOf(parkers); !slices.Equal(got, test.want) {
			t.Errorf("%s: wake-ups %v, want %v", test.name, got, test.want)
		}
		if i.Core[0].Searching {
			t.Errorf("%s: still searching", test.name)
		}
	}
}

// What a thief took along is announced to sleepy workers, which could not see it (M2).
func TestStolenTasksArePublished(t *testing.T) {
	for _, left := range []int{0, none} {
		i, queues, _ := newIdle(2)
		i.Search(i.Core[0])
		i.Search(i.Core[1])
		events := i.becomeSleepy() // worker 1
		queues.at = left
		i.Found(i.Core[0])
		if got := i.fallAsleep(events); (got == disturbed) != (left == 0) {
			t.Errorf("a task at core %d: outcome %v", left, got)
		}
	}
}

// A worker that parks without having searched is counted as inactive, too, and as one
// that searches afterwards.
func TestParkWithoutSearch(t *testing.T) {
	for _, searched := range []bool{false, true} {
		i, queues, _ := newIdle(2)
		if searched {
			i.Search(i.Core[0])
		}
		queues.at = 1
		c, why := i.Park(0, i.Core[0])
		if why != impls.Kept || !c.Searching || i.load().idle() != 1 {
			t.Errorf("searched: %v: %v, searching: %v, %d idle", searched, why, c.Searching, i.load().idle())
		}
	}
}

func TestTooManyWorkers(t *testing.T) {
	New(impls.Config{Workers: threads})
	defer func() {
		if recover() == nil {
			t.Errorf("%d workers are accepted", threads+1)
		}
	}()
	New(impls.Config{Workers: threads + 1})
}
