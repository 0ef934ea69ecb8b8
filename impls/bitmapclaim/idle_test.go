package bitmapclaim

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// A host has tasks where a test says so. A step of the test is called in the first
// look at the injection queue after it was set.
type host struct {
	injected  int
	stealable []int // cores
	looked    []int // cores, in the order of the looks
	step      func()
}

func (h *host) Injected() int {
	if step := h.step; step != nil {
		h.step = nil
		step()
	}
	return h.injected
}

func (h *host) Stealable(core int) bool {
	h.looked = append(h.looked, core)
	return slices.Contains(h.stealable, core)
}

// A counter is a parker that counts wake-ups. Its worker must not sleep without one.
type counter struct {
	t     *testing.T
	token bool
	wakes int
}

func (c *counter) Park() {
	if !c.token {
		c.t.Fatal("a worker sleeps that nothing will wake")
	}
	c.token = false
}

func (c *counter) Unpark() { c.token = true; c.wakes++ }

// newIdle returns a manager with a worker for each core, all of them awake.
func newIdle(t *testing.T, cores int) (*Idle, *host, []*counter) {
	h := new(host)
	c := impls.Config{Workers: cores, Queues: h}
	var parkers []*counter
	for n := range cores {
		parkers = append(parkers, &counter{t: t})
		c.Cores = append(c.Cores, &impls.Core{Index: n})
		c.Parkers = append(c.Parkers, parkers[n])
	}
	i := New(c)
	for w := range cores {
		if core, why := i.Park(w, nil); core != c.Cores[w] || why != impls.Kept {
			t.Fatalf("worker %d starts with %v, %v", w, core, why)
		}
	}
	return i, h, parkers
}

// asleep does what Park does before a worker sleeps.
func asleep(i *Idle, workers ...int) {
	for _, w := range workers {
		i.idle.set(i.Core[w].Index)
	}
}

func TestNotify(t *testing.T) {
	local := func(c int) func(*Idle) { return func(i *Idle) { i.NotifyLocal(i.Cores[c]) } }
	mult := func(n int) func(*Idle) { return func(i *Idle) { i.NotifyMult(n) } }
	for _, test := range []struct {
		name     string
		cores    int
		asleep   []int
		searches int
		event    func(*Idle)
		woken    []int
	}{
		{"local, a sleeper", 2, []int{1}, 0, local(0), []int{1}},
		{"local, the next one", 8, []int{1, 5, 7}, 0, local(4), []int{5}},
		{"local, one searches", 8, []int{1, 5, 7}, 1, local(4), nil},
		{"local, none asleep", 2, nil, 0, local(0), nil},
		{"remote, the lowest", 8, []int{3, 5}, 0, (*Idle).NotifyRemote, []int{3}},
		{"remote, one searches", 8, []int{3, 5}, 1, (*Idle).NotifyRemote, []int{3}},
		{"remote, none asleep", 2, nil, 0, (*Idle).NotifyRemote, nil},
		{"batch, enough", 8, []int{3, 5, 6}, 0, mult(2), []int{3, 5}},
		{"batch, too few", 8, []int{3, 5, 6}, 1, mult(4), []int{3, 5, 6}},
		{"batch, over words", 200, []int{3, 63, 64, 128, 199}, 0, mult(4), []int{3, 63, 64, 128}},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, _, parkers := newIdle(t, test.cores)
			asleep(i, test.asleep...)
			i.searching.Store(int32(test.searches))
			test.event(i)
			var woken []int
			for w, p := range parkers {
				if p.wakes > 0 {
					woken = append(woken, w)
				}
				if p.wakes > 0 != i.Chosen(w) || p.wakes > 1 {
					t.Errorf("worker %d: %d wakes, chosen: %v", w, p.wakes, i.Chosen(w))
				}
			}
			if !slices.Equal(woken, test.woken) {
				t.Errorf("woken: %v, want %v", woken, test.woken)
			}
			if n := int(i.searching.Load()); n != test.searches+len(test.woken) {
				t.Errorf("%d search, want %d", n, test.searches+len(test.woken))
			}
			if left := members(i.idle); len(left) != len(test.asleep)-len(test.woken) {
				t.Errorf("still idle: %v", left)
			}
		})
	}
}

// The woken worker looks at the publisher's queue first.
func TestLook(t *testing.T) {
	i, _, _ := newIdle(t, 2)
	asleep(i, 1)
	i.NotifyLocal(i.Cores[0])
	if look := i.Cores[1].Look; look != i.Cores[0] {
		t.Errorf("it looks at %v", look)
	}
}

// A worker that sees work claims itself, and is a searcher that was not chosen.
func TestParkWithWork(t *testing.T) {
	i, h, parkers := newIdle(t, 2)
	i.Search(i.Cores[0])
	h.stealable = []int{1}
	core, why := i.Park(0, i.Cores[0])
	if core != i.Cores[0] || why != impls.Kept || !core.Searching {
		t.Errorf("%v, %v, searching: %v", core, why, core.Searching)
	}
	if n := i.searching.Load(); n != 1 || members(i.idle) != nil || parkers[0].wakes != 0 {
		t.Errorf("%d search, idle: %v, wakes: %d", n, members(i.idle), parkers[0].wakes)
	}
}

// A worker that sees work, but was claimed meanwhile, was chosen. It leaves nothing
// behind that would choose it again.
func TestParkLosesItself(t *testing.T) {
	i, h, _ := newIdle(t, 2)
	i.Search(i.Cores[0])
	h.injected = 1
	h.step = i.NotifyRemote
	core, why := i.Park(0, i.Cores[0])
	if core != i.Cores[0] || why != impls.Woken || !core.Searching {
		t.Errorf("%v, %v, searching: %v", core, why, core.Searching)
	}
	if i.Chosen(0) || i.searching.Load() != 1 {
		t.Errorf("chosen: %v, %d search", i.Chosen(0), i.searching.Load())
	}
}

// The look leaves out the queues of cores that are idle, the worker's own included.
func TestLookLeavesOutIdleCores(t *testing.T) {
	i, h, _ := newIdle(t, 130)
	for w := range 130 {
		if w != 3 && w != 64 && w != 129 {
			asleep(i, w)
		}
	}
	i.anyWork()
	if want := []int{3, 64, 129}; !slices.Equal(h.looked, want) {
		t.Errorf("looked at %v, want %v", h.looked, want)
	}
}

func TestFound(t *testing.T) {
	for _, test := range []struct {
		name     string
		searches int // others
		work     bool
		wakes    int
	}{
		{"the last, no work", 0, false, 0},
		{"the last, work", 0, true, 1},
		{"not the last", 1, true, 0},
	} {
		i, h, parkers := newIdle(t, 4)
		asleep(i, 2)
		i.searching.Store(int32(test.searches))
		i.Search(i.Cores[0])
		if test.work {
			h.stealable = []int{0}
		}
		i.Found(i.Cores[0])
		if parkers[2].wakes != test.wakes || i.Cores[0].Searching {
			t.Errorf("%s: %d wakes, searching: %v", test.name, parkers[2].wakes, i.Cores[0].Searching)
		}
	}
}

// The snapshot has the sleepers, and the cores that no worker has taken yet.
func TestSnapshot(t *testing.T) {
	c := impls.Config{Workers: 70, Queues: new(host), Parkers: make([]impls.Parker, 70)}
	for n := range 70 {
		c.Cores = append(c.Cores, &impls.Core{Index: n})
	}
	i := New(c)
	for w := range 66 {
		i.Park(w, nil)
	}
	asleep(i, 1, 65)
	var s impls.Snapshot
	i.Snapshot(&s)
	for core := range 70 {
		want := core == 1 || core == 65 || core >= 66
		if s.IsIdle(core) != want {
			t.Errorf("core %d is idle: %v", core, !want)
		}
	}
}

// A worker that comes to sleep after Shutdown has claimed the others ends.
func TestParkAfterShutdown(t *testing.T) {
	i, _, parkers := newIdle(t, 3)
	asleep(i, 1)
	if cores := i.Shutdown(); cores != nil {
		t.Errorf("cores %v are left", cores)
	}
	if parkers[1].wakes != 1 {
		t.Errorf("the sleeper was woken %d times", parkers[1].wakes)
	}
	if core, why := i.Park(0, i.Cores[0]); core != i.Cores[0] || why != impls.Closed {
		t.Errorf("%v, %v", core, why)
	}
}
