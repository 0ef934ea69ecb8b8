package ctlstack

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// The fields of a word do not run into each other, whatever is at their limits.
func TestWord(t *testing.T) {
	const most = 1<<16 - 1
	for _, test := range []struct {
		name          string
		got           word
		released, top uint16
		version       uint32
	}{
		{"empty", emptyStack(3), 3, 0, 0},
		{"empty, as large as can be", emptyStack(maxCores), most, 0, 0},
		{"pushed", emptyStack(3).pushed(2), 2, 2, 1},
		{"pushed, the version wraps", pack(3, 1<<32-1, 0).pushed(most), 2, most, 0},
		{"the last is pushed", pack(1, 7, 1).pushed(2), 0, 2, 8},
		{"popped", pack(0, 7, 2).popped(1), 1, 1, 7},
		{"the last is popped", pack(most-1, 1<<32-1, most).popped(0), most, 0, 1<<32 - 1},
	} {
		if w := test.got; w.released() != test.released || w.version() != test.version || w.top() != test.top {
			t.Errorf("%s: released %d, version %d, top %d, want %d, %d, %d",
				test.name, w.released(), w.version(), w.top(), test.released, test.version, test.top)
		}
	}
}

func TestTooManyCores(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a core more than there are numbers for is no error")
		}
	}()
	New(impls.Config{Cores: make([]*impls.Core, maxCores+1)})
}

// newIdle returns a manager whose workers have all started, and a counter of each
// worker's wake-ups.
func newIdle(t testing.TB, cores int, queues impls.Queues) (*Idle, []wakes) {
	t.Helper()
	counters := make([]wakes, cores)
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

// wakes is a parker that counts, so that one goroutine can play all parts.
type wakes int

func (*wakes) Park()     {}
func (n *wakes) Unpark() { *n++ }

// work is a host with tasks.
type work struct {
	injected int
	queues   map[int]bool
	look     func() // if there is one, it is called once, when a worker begins to look
}

func (q *work) Injected() int {
	if look := q.look; look != nil {
		q.look = nil
		look()
	}
	return q.injected
}

func (q *work) Stealable(core int) bool { return q.queues[core] }

// block takes a worker's steps of Park up to where it blocks.
func (i *Idle) block(core int) {
	i.push(core)
	i.discharge(&i.nodes[core])
	i.nodes[core].parking.Store(true)
}

// leave takes a worker's steps of Park after it was chosen.
func (i *Idle) leave(core int) {
	n := &i.nodes[core]
	n.parking.Store(false)
	n.chosen.Store(false)
	n.duty = n.sent.Get()
}

// Sleepers are popped in the reverse order, whatever their number.
func TestStack(t *testing.T) {
	for _, cores := range []int{1, 2, 64, 65, 1024} {
		i, _ := newIdle(t, cores, new(work))
		for round := range 3 {
			for core := range cores {
				if got := word(i.ctl.Load()).released(); int(got) != cores-core {
					t.Fatalf("%d of %d cores are pushed, and %d are released", core, cores, got)
				}
				if !i.push(core) {
					t.Fatalf("round %d: core %d could not be pushed", round, core)
				}
			}
			if cores > 1 && i.popSelf(0) {
				t.Fatal("a core took itself from below another one")
			}
			if !i.popSelf(cores-1) || !i.push(cores-1) {
				t.Fatal("the core on top could not take itself")
			}
			for core := cores - 1; core >= 0; core-- {
				if got, ok := i.pop(); !ok || got != core {
					t.Fatalf("round %d: core %d is popped, want %d", round, got, core)
				}
			}
			if core, ok := i.pop(); ok || i.popSelf(0) {
				t.Fatalf("core %d was popped from an empty stack", core)
			}
		}
	}
}

// A pop that was decided on before the top was popped and pushed again, above
// another node, fails.
func TestStaleSwap(t *testing.T) {
	i, _ := newIdle(t, 3, new(work))
	i.push(0)
	i.push(1)
	stale := word(i.ctl.Load()) // 1 above 0
	i.pop()
	i.pop()
	i.push(2)
	i.push(1)
	if now := word(i.ctl.Load()); now.top() != stale.top() || now.released() != stale.released() {
		t.Fatalf("the word is %x, and was %x: they should differ in the version only", now, stale)
	}
	if i.swap(stale, stale.popped(1)) {
		t.Error("node 2, which is in the stack, was cut off")
	}
}
