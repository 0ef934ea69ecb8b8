package relay

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
)

// queues is a host with as much work as a test says.
type queues struct {
	injected  int
	stealable map[int]bool
	looked    []int           // the run queues that were looked into
	before    func(queue int) // called before each look into one; may be nil
}

func (q *queues) Injected() int { return q.injected }

func (q *queues) Stealable(core int) bool {
	q.looked = append(q.looked, core)
	if q.before != nil {
		q.before(core)
	}
	return q.stealable[core]
}

// awake is the parker of a worker that must not sleep.
type awake struct{}

func (awake) Park()   { panic("a worker sleeps") }
func (awake) Unpark() {}

// newBusy returns a manager whose workers hold their cores, the same number, and must not
// sleep.
func newBusy(cores int) (*Idle, *queues) {
	q := &queues{stealable: map[int]bool{}}
	c := idletest.NoWork(cores)
	c.Lock = nil
	c.Queues = q
	for w := range c.Parkers {
		c.Parkers[w] = awake{}
	}
	i := New(c)
	for w := range cores {
		i.Park(w, nil)
	}
	return i, q
}

// lieDown makes workers idle, as in Park, and asleep.
func (i *Idle) lieDown(workers ...int) {
	for _, w := range workers {
		i.idle.add(w)
		i.idle.spun(w)
		i.nodes[w].blocked.Store(true)
	}
}

// claimed returns the workers that were claimed, in the order of their numbers.
func (i *Idle) claimed() (workers []int) {
	for n := range i.nodes {
		if i.nodes[n].chosen.Load() {
			workers = append(workers, n)
		}
	}
	return workers
}

func TestClaim(t *testing.T) {
	for _, test := range []struct {
		name           string
		idle, spinning []int
		near           int
		want           []int // in the order in which they are claimed
	}{
		{"none", nil, nil, 0, nil},
		{"the next one, going round the word", []int{3, 10, 62}, nil, 10, []int{10, 62, 3}},
		{"the own word, then those after it", []int{1, 65, 70, 190}, nil, 68, []int{70, 65, 190, 1}},
		{"one that spins", []int{3, 10, 62}, []int{3}, 10, []int{3, 10, 62}},
		{"one near that sleeps rather than one far that spins", []int{3, 70}, []int{70}, 0, []int{3, 70}},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, _ := newBusy(200)
			for _, core := range test.idle {
				i.idle.add(core)
				if !slices.Contains(test.spinning, core) {
					i.idle.spun(core)
				}
			}
			var got []int
			for core, ok := i.claim(test.near); ok; core, ok = i.claim(test.near) {
				got = append(got, core)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("claimed %v, want %v", got, test.want)
			}
		})
	}
}

// A look sees the injection queue first, then every core whose worker is not idle, from
// the given one on.
func TestWork(t *testing.T) {
	for _, cores := range []int{1, 3, 64, 65, 130} {
		i, q := newBusy(cores)
		idle := []int{0, cores / 2}
		for _, core := range idle {
			i.idle.add(core)
		}
		near := cores * 2 / 3
		if got := i.work(near); got != nowhere {
			t.Errorf("%d cores: work in %d, and there is none", cores, got)
		}
		var want []int
		at := near / wordBits * wordBits
		for _, part := range [][2]int{{near, min(at+wordBits, cores)}, {at + wordBits, cores}, {0, at}, {at, near}} {
			for core := part[0]; core < part[1]; core++ {
				if !slices.Contains(idle, core) {
					want = append(want, core)
				}
			}
		}
		if !slices.Equal(q.looked, want) {
			t.Errorf("%d cores: looked into %v, want %v", cores, q.looked, want)
		}
		for _, core := range want {
			q.stealable = map[int]bool{core: true}
			if got := i.work(near); got != core {
				t.Errorf("%d cores: work in %d, want %d", cores, got, core)
			}
		}
		q.injected = 1
		if got := i.work(near); got != i.injection() {
			t.Errorf("%d cores: work in %d, want the injection queue", cores, got)
		}
	}
}

// While a worker is on its way to a queue, publishers of this queue wake no other, and
// those of another queue do.
func TestOneOnItsWay(t *testing.T) {
	i, q := newBusy(5)
	i.lieDown(2, 3, 4)
	for range 3 {
		i.NotifyLocal(i.Cores[0])
	}
	if got := i.claimed(); !slices.Equal(got, []int{2}) {
		t.Fatalf("claimed %v for three tasks in one queue", got)
	}
	i.NotifyLocal(i.Cores[1])
	if got := i.claimed(); !slices.Equal(got, []int{2, 3}) {
		t.Fatalf("claimed %v for tasks in two queues", got)
	}
	// It finds the first, sees the second, and passes it on.
	i.nodes[2].duty = i.nodes[2].errand.Get().queue
	q.stealable[0] = true
	i.Cores[2].Searching = true
	i.Found(i.Cores[2])
	if got := i.claimed(); !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("claimed %v when a worker that found a task saw another", got)
	}
	if !i.marks[0].Load() || i.nodes[2].duty != nowhere {
		t.Error("the duty was not passed on")
	}
}

// A task becomes visible when the worker that was sent for its queue is idle again and
// has not cleared the mark, so its publisher wakes nobody. Another worker is idle,
// sleeps, and has looked before. The owner of the mark has to stay.
func TestOwnerOfMark(t *testing.T) {
	i, q := newBusy(3)
	i.lieDown(2)
	i.marks[0].Store(true)
	i.nodes[1].duty = 0
	published := false
	q.before = func(queue int) {
		if queue != 0 || published {
			return
		}
		published = true
		if i.marks[0].Load() {
			t.Error("the mark is there when its owner looks")
		}
		q.stealable[0] = true
	}
	core, why := i.Park(1, i.Cores[1])
	if why != impls.Kept || core.Look != i.Cores[0] || !core.Searching {
		t.Errorf("it left Park %v to look at %v", why, core.Look)
	}
	if i.nodes[1].duty != everywhere {
		t.Error("it has no duty: publishers relied on it, and it may find the first of several tasks")
	}
	if got := i.claimed(); got != nil {
		t.Errorf("claimed %v, and the worker stays", got)
	}
}

// A worker that sees work, but was claimed before it could clear its own bit, takes the
// errand of who has claimed it.
func TestClaimedWhileLooking(t *testing.T) {
	i, q := newBusy(2)
	q.before = func(int) {
		if i.marks[i.injection()].Load() {
			return
		}
		q.stealable[0] = true
		i.NotifyRemote()
	}
	_, why := i.Park(1, i.Cores[1])
	if n := &i.nodes[1]; why != impls.Woken || n.duty != i.injection() || n.chosen.Load() {
		t.Errorf("it left Park %v with the duty %d", why, n.duty)
	}
}

// A batch wakes as many workers as it has tasks, in a tree.
func TestBatch(t *testing.T) {
	for _, test := range []struct{ tasks, sleepers, direct, all int }{
		{1, 20, 1, 1},
		{2, 20, 2, 2},
		{8, 20, 8, 8},
		{9, 20, 8, 9},
		{20, 20, 8, 20},
		{100, 100, 8, 100},
		{100, 5, 5, 5},
	} {
		i, _ := newBusy(101)
		for w := range test.sleepers {
			i.lieDown(w)
		}
		i.NotifyMult(test.tasks)
		woken := i.claimed()
		if len(woken) != test.direct {
			t.Errorf("%d tasks: the publisher woke %d of %d workers, want %d", test.tasks, len(woken), test.sleepers, test.direct)
		}
		// Each takes its errand, as at the end of Park.
		all := 0
		for ; len(woken) > 0; woken = i.claimed() {
			for _, w := range woken {
				all++
				i.nodes[w].chosen.Store(false)
				i.spread(i.nodes[w].errand.Get().more, w)
			}
		}
		if all != test.all {
			t.Errorf("%d tasks: %d of %d workers woken, want %d", test.tasks, all, test.sleepers, test.all)
		}
	}
}

// A worker that sees no work is not admitted, and one that does learns where it is.
func TestSearch(t *testing.T) {
	i, q := newBusy(3)
	c := i.Cores[0]
	if i.Search(c) || c.Searching {
		t.Error("it may search, and there is no work")
	}
	q.stealable[2] = true
	if !i.Search(c) || !c.Searching || c.Look != i.Cores[2] {
		t.Errorf("searching: %v, at %v; want true, at core 2", c.Searching, c.Look)
	}
	q.injected = 1
	if !i.Search(c) || c.Look != nil {
		t.Errorf("it is to look at %v for a task in the injection queue", c.Look)
	}
}

// A thief that took more than it runs wakes another worker for the rest.
func TestStolenTasks(t *testing.T) {
	i, q := newBusy(2)
	i.lieDown(1)
	i.Found(i.Cores[0])
	if got := i.claimed(); got != nil {
		t.Errorf("claimed %v, and the run queue is empty", got)
	}
	q.stealable[0] = true
	i.Found(i.Cores[0])
	if got := i.claimed(); !slices.Equal(got, []int{1}) {
		t.Errorf("claimed %v, want worker 1", got)
	}
}

// The host's lock is free after each notification.
func TestLockIsReleased(t *testing.T) {
	c := idletest.NoWork(2)
	i := New(c)
	for name, notify := range map[string]func(){"one": i.NotifyRemote, "several": func() { i.NotifyMult(3) }} {
		c.Lock.Lock()
		notify()
		if !c.Lock.TryLock() {
			t.Fatalf("%s: the lock is not free", name)
		}
		c.Lock.Unlock()
	}
}

func TestSnapshot(t *testing.T) {
	i := New(idletest.NoWork(70))
	i.Park(0, nil)
	i.Park(1, nil)
	i.idle.add(1)
	var s impls.Snapshot
	i.Snapshot(&s)
	if s.IsIdle(0) || !s.IsIdle(1) || !s.IsIdle(2) || !s.IsIdle(69) || s.Len() != 69 {
		t.Errorf("%x: want all but core 0", s.Words)
	}
}
