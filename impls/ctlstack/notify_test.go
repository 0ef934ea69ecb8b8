package ctlstack

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// A signal wakes one sleeper for each queue, until that sleeper has found a task or
// parks again.
func TestSignals(t *testing.T) {
	core := func(n int) *impls.Core { return &impls.Core{Index: n} }
	for _, test := range []struct {
		name   string
		events func(i *Idle)
		want   []wakes // by worker; 3 sleeps on top, 0 is awake
	}{
		{"local", func(i *Idle) { i.NotifyLocal(core(0)) }, []wakes{0, 0, 0, 1}},
		{"local, twice for one queue", func(i *Idle) { i.NotifyLocal(core(0)); i.NotifyLocal(core(0)) }, []wakes{0, 0, 0, 1}},
		{"for two queues", func(i *Idle) { i.NotifyLocal(core(0)); i.NotifyRemote() }, []wakes{0, 0, 1, 1}},
		{"a batch", func(i *Idle) { i.NotifyMult(3) }, []wakes{0, 0, 0, 1}},
		{"again after it has found a task", func(i *Idle) {
			i.NotifyRemote()
			i.leave(3)
			i.Found(core(3))
			i.NotifyRemote()
		}, []wakes{0, 0, 1, 1}},
		{"again after it has parked", func(i *Idle) {
			i.NotifyRemote()
			i.leave(3)
			i.block(3)
			i.NotifyRemote()
		}, []wakes{0, 0, 0, 2}},
		{"not while it still searches", func(i *Idle) {
			i.NotifyRemote()
			i.leave(3)
			i.NotifyRemote()
		}, []wakes{0, 0, 0, 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, counters := newIdle(t, 4, new(work))
			for core := 1; core < 4; core++ {
				i.block(core)
			}
			test.events(i)
			if !slices.Equal(counters, test.want) {
				t.Errorf("wake-ups %v, want %v", counters, test.want)
			}
		})
	}
}

// A worker that has not blocked yet is woken without its parker.
func TestNoUnparkBeforeParking(t *testing.T) {
	i, counters := newIdle(t, 2, new(work))
	i.push(1)
	i.NotifyLocal(&impls.Core{Index: 0})
	if !i.nodes[1].chosen.Load() || counters[1] != 0 {
		t.Errorf("chosen: %v, unparked %d times", i.nodes[1].chosen.Load(), counters[1])
	}
}

// Found relays by duty: see the package documentation.
func TestFound(t *testing.T) {
	const injection = 3
	for _, test := range []struct {
		name string
		duty int
		work work
		want int // the queue that the sleeper is woken for, or nowhere
	}{
		{"no duty, nothing stolen along", nowhere, work{injected: 1, queues: map[int]bool{1: true}}, nowhere},
		{"no duty, but tasks were stolen along", nowhere, work{queues: map[int]bool{0: true}}, 0},
		{"sent, and more is injected", injection, work{injected: 1}, injection},
		{"sent, and another queue has work", injection, work{queues: map[int]bool{1: true}}, 1},
		{"sent for another queue", 1, work{queues: map[int]bool{2: true}}, 2},
		{"sent, and nothing is left", 1, work{}, nowhere},
		{"stayed by itself", everywhere, work{queues: map[int]bool{2: true}}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, _ := newIdle(t, 3, &test.work)
			i.push(2)
			i.nodes[0].duty = test.duty
			if test.duty >= 0 {
				i.pending[test.duty].Store(true)
			}
			c := &impls.Core{Index: 0, Searching: true}
			i.Found(c)
			got := nowhere
			if i.nodes[2].chosen.Load() {
				got = i.nodes[2].sent.Get()
			}
			if got != test.want {
				t.Errorf("the sleeper was woken for %d, want %d", got, test.want)
			}
			if c.Searching || i.nodes[0].duty != nowhere {
				t.Errorf("searching %v, duty %d after Found", c.Searching, i.nodes[0].duty)
			}
			for queue := range i.pending {
				if got, want := i.pending[queue].Load(), queue == test.want; got != want {
					t.Errorf("pending for queue %d: %v, want %v", queue, got, want)
				}
			}
		})
	}
}

// A worker that sees work from the top of the stack stays, and has to relay. One
// that sees none blocks, and comes back as chosen.
func TestPark(t *testing.T) {
	w := &work{queues: map[int]bool{1: true}}
	i, _ := newIdle(t, 2, w)
	c := i.Cores[0]
	if got, why := i.Park(0, c); got != c || why != impls.Kept || !c.Searching || i.nodes[0].duty != everywhere {
		t.Errorf("with work: core %v, %v, searching %v, duty %d", got.Index, why, c.Searching, i.nodes[0].duty)
	}

	i, _ = newIdle(t, 2, new(work))
	c = i.Cores[0]
	i.Parkers[0] = parker(func() { i.NotifyLocal(i.Cores[1]) })
	if got, why := i.Park(0, c); got != c || why != impls.Woken || !c.Searching || i.nodes[0].duty != 1 {
		t.Errorf("without: core %v, %v, searching %v, duty %d", got.Index, why, c.Searching, i.nodes[0].duty)
	}
}

// A worker that was woken for a queue, finds nothing and goes to sleep. A task was
// published meanwhile whose publisher relied on it, and a worker that had looked before
// the task was visible sleeps above it. So it wakes that one.
func TestParkBelowOneThatLookedBefore(t *testing.T) {
	for _, test := range []struct {
		name string
		duty int
		want int // the queue that the one above was woken for, or nowhere
	}{
		{"woken for the queue", 1, 1},
		{"woken for another queue", 3, 1},
		{"stayed by itself before", everywhere, 1},
		// No publisher relied on it: one that found nothing pending has woken the other.
		{"no duty", nowhere, nowhere},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := new(work)
			i, _ := newIdle(t, 3, w)
			w.look = func() {
				i.block(2)
				w.queues = map[int]bool{1: true}
			}
			i.nodes[0].duty = test.duty
			if test.duty >= 0 {
				i.pending[test.duty].Store(true)
			}
			got := nowhere
			i.Parkers[0] = parker(func() {
				if i.nodes[2].chosen.Load() {
					got = i.nodes[2].sent.Get()
				}
				i.releaseAll()
			})
			i.Park(0, i.Cores[0])
			if got != test.want {
				t.Errorf("the sleeper above was woken for %d, want %d", got, test.want)
			}
		})
	}
}

// A parker that does something instead of blocking.
type parker func()

func (p parker) Park() { p() }
func (parker) Unpark() {}

// Below others, a worker that sees the close wakes them all, itself included.
func TestReleaseAll(t *testing.T) {
	i, counters := newIdle(t, 3, new(work))
	i.block(0)
	i.block(1)
	i.block(2)
	i.releaseAll()
	if want := []wakes{1, 1, 1}; !slices.Equal(counters, want) {
		t.Errorf("wake-ups %v, want %v", counters, want)
	}
	if core, ok := i.pop(); ok {
		t.Errorf("core %d is still in the stack", core)
	}
}

// A thief without a duty wakes another worker for what it has stolen along.
func TestStolenTasks(t *testing.T) {
	i, _ := newIdle(t, 2, &work{queues: map[int]bool{0: true}})
	i.push(1)
	i.Found(&impls.Core{Index: 0, Searching: true})
	if !i.nodes[1].chosen.Load() {
		t.Error("no worker was woken")
	}
}
