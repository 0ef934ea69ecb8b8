package semaphore

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// A counter is a parker that counts wake-ups, so that one goroutine can play all
// parts.
type counter int

func (*counter) Park()     {}
func (n *counter) Unpark() { *n++ }

// work is a host with tasks.
type work struct {
	injected  int
	stealable map[int]bool
}

func (q *work) Injected() int           { return q.injected }
func (q *work) Stealable(core int) bool { return q.stealable[core] }

// newIdle returns a manager whose workers have all started, and counters of their
// wake-ups.
func newIdle(t testing.TB, cores int, queues impls.Queues) (*Idle, []counter) {
	t.Helper()
	counters := make([]counter, cores)
	c := impls.Config{Workers: cores, Queues: queues}
	for n := range cores {
		c.Cores = append(c.Cores, &impls.Core{Index: n})
		c.Parkers = append(c.Parkers, &counters[n])
	}
	i := New(c)
	for w := range cores {
		if core, why := i.Park(w, nil); core == nil || core.Index != w || why != impls.Kept {
			t.Fatalf("worker %d starts with core %v, %v", w, core, why)
		}
	}
	return i, counters
}

// sleep takes a worker's steps of Park up to where it blocks.
func (i *Idle) sleep(core int) {
	i.stopWorking()
	i.change(func(t tally) tally { return t + oneWaiter })
	i.push(core)
}

// push puts a core's node on top of the stack of those that block.
func (i *Idle) push(core int) {
	for {
		old := stack(i.blocked.Load())
		i.nodes[core].next.Store(uint32(old.top()))
		if i.step(old, old.pushed(uint16(core+1))) {
			return
		}
	}
}

// A request wakes the worker that blocked last. While it is there, and when all are
// working, nothing is woken.
func TestRequest(t *testing.T) {
	core := func(n int) *impls.Core { return &impls.Core{Index: n} }
	for _, test := range []struct {
		name     string
		asleep   []int // of 4 workers
		events   func(i *Idle)
		want     []counter
		working  uint32
		signals  int
		requests bool
	}{
		{"local", []int{1, 2}, func(i *Idle) { i.NotifyLocal(core(0)) }, []counter{0, 0, 1, 0}, 3, 1, true},
		{"local and remote", []int{1, 2}, func(i *Idle) { i.NotifyLocal(core(0)); i.NotifyRemote() }, []counter{0, 0, 1, 0}, 3, 1, true},
		{"a batch", []int{1, 2}, func(i *Idle) { i.NotifyMult(4) }, []counter{0, 0, 1, 0}, 3, 1, true},
		{"the next, after the first was taken", []int{1, 2},
			func(i *Idle) { i.NotifyRemote(); i.takeRequest(); i.NotifyRemote() }, []counter{0, 1, 1, 0}, 4, 2, true},
		{"all are working", nil, func(i *Idle) { i.NotifyRemote() }, []counter{0, 0, 0, 0}, 4 | overflow, 0, true},
		{"a signal is on its way to each that sleeps", []int{1},
			func(i *Idle) { i.NotifyRemote(); i.takeRequest(); i.NotifyRemote() }, []counter{0, 1, 0, 0}, 4 | overflow, 1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, counters := newIdle(t, 4, new(work))
			for _, core := range test.asleep {
				i.sleep(core)
			}
			test.events(i)
			if !slices.Equal(counters, test.want) {
				t.Errorf("wake-ups %v, want %v", counters, test.want)
			}
			if w := i.working.Load(); w != test.working {
				t.Errorf("working is %#x, want %#x", w, test.working)
			}
			if n := tally(i.counts.Load()).signals(); n != test.signals {
				t.Errorf("%d signals, want %d", n, test.signals)
			}
			if i.requested.Load() != test.requests {
				t.Errorf("requested: %v, want %v", i.requested.Load(), test.requests)
			}
		})
	}
}

// Found asks for the next worker after a request, and for tasks stolen along.
func TestFound(t *testing.T) {
	for _, test := range []struct {
		name  string
		asked bool
		work  work
		want  bool
	}{
		{"without a request", false, work{injected: 1, stealable: map[int]bool{1: true}}, false},
		{"without, but more was stolen", false, work{stealable: map[int]bool{0: true}}, true},
		{"with a request, though nothing is left", true, work{}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, _ := newIdle(t, 2, &test.work)
			i.nodes[0].asked = test.asked
			c := &impls.Core{Index: 0, Searching: true}
			i.Found(c)
			if c.Searching || i.nodes[0].asked {
				t.Errorf("searching %v, asked %v after Found", c.Searching, i.nodes[0].asked)
			}
			if i.requested.Load() != test.want {
				t.Errorf("requested: %v, want %v", i.requested.Load(), test.want)
			}
		})
	}
}

// A worker that leaves takes the request that came when all were working.
func TestOverflow(t *testing.T) {
	i, _ := newIdle(t, 1, new(work))
	i.NotifyRemote()
	c := i.Cores[0]
	if i.stopWorking() {
		t.Fatal("a worker stopped, and left the note")
	}
	if w := i.working.Load(); w != 1 {
		t.Errorf("working is %#x, want 1", w)
	}
	if got, why := i.Park(0, c); got != c || why != impls.Kept || !i.nodes[0].asked || i.requested.Load() {
		t.Errorf("Park: %v, asked %v, requested %v", why, i.nodes[0].asked, i.requested.Load())
	}
}

// A parker that does something instead of blocking.
type parker func()

func (p parker) Park() { p() }
func (parker) Unpark() {}

// A waiter whose signal another has taken comes out as woken, and counts as working.
// So does one that is early, and one that finds its signal.
func TestWaiters(t *testing.T) {
	for _, test := range []struct {
		name    string
		while   func(i *Idle)
		signals int
		asked   bool
	}{
		{"woken", func(i *Idle) { i.NotifyRemote() }, 0, true},
		{"the request was taken", func(i *Idle) { i.NotifyRemote(); i.takeRequest() }, 0, false},
		{"the signal was taken", func(i *Idle) {
			i.NotifyRemote()
			i.change(func(t tally) tally { return t - oneSignal })
			i.stopWorking() // the one that took it
			i.takeRequest()
		}, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, _ := newIdle(t, 2, new(work))
			i.Parkers[0] = parker(func() { test.while(i) })
			c := i.Cores[0]
			got, why := i.Park(0, c)
			if got != c || why != impls.Woken || !c.Searching || i.nodes[0].asked != test.asked {
				t.Errorf("%v, searching %v, asked %v", why, c.Searching, i.nodes[0].asked)
			}
			if tl := tally(i.counts.Load()); tl != 0 {
				t.Errorf("counts %v, want all 0", tl.fields())
			}
			if w := i.working.Load(); w != 2 {
				t.Errorf("working is %#x, want 2", w)
			}
		})
	}
}

// A wake-up that comes before its waiter blocks is kept for it.
func TestEarlyWakeUp(t *testing.T) {
	i, counters := newIdle(t, 2, new(work))
	i.wakeOne()
	i.wakeOne()
	for range 2 {
		i.block(0) // returns
	}
	if counters[0] != 0 || stack(i.blocked.Load()).early() != 0 {
		t.Errorf("unparked %d times, %d wake-ups are left", counters[0], stack(i.blocked.Load()).early())
	}
}

// The last to block is the first to be woken, whatever their number.
func TestLIFO(t *testing.T) {
	for _, cores := range []int{1, 2, 64, 65, 1024} {
		i, _ := newIdle(t, cores, new(work))
		for range 2 {
			for core := range cores {
				i.push(core)
			}
			for core := cores - 1; core >= 0; core-- {
				i.wakeOne()
				if !i.nodes[core].chosen.Swap(false) {
					t.Fatalf("%d cores: %d was not woken in its turn", cores, core)
				}
			}
		}
	}
}

// A worker that sees work does not wait, though nothing was requested: it may have come
// to Park without a search.
func TestLookBeforeWaiting(t *testing.T) {
	for _, w := range []*work{{injected: 1}, {stealable: map[int]bool{1: true}}} {
		i, _ := newIdle(t, 2, w)
		i.Parkers[0] = parker(func() { panic("it blocks") })
		c := i.Cores[0]
		if got, why := i.Park(0, c); got != c || why != impls.Kept || !c.Searching {
			t.Errorf("Park: %v, searching %v", why, c.Searching)
		}
	}
}

// A thief that took no request asks for a worker for what it has stolen along.
func TestStolenTasks(t *testing.T) {
	i, _ := newIdle(t, 2, &work{stealable: map[int]bool{0: true}})
	i.Found(&impls.Core{Index: 0, Searching: true})
	if !i.requested.Load() {
		t.Error("no worker was asked for")
	}
}
