package bitmap

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// What each repair changes, and that without it the original's step is taken.
func TestRepairs(t *testing.T) {
	for _, test := range []struct {
		name   string
		repair Repairs
		play   func(*testing.T, Repairs) (note bool)
	}{
		{"B4: a batch that wakes too few workers leaves a note", B4, func(t *testing.T, r Repairs) bool {
			i := newRepaired(r, 4, 4, noWork{})
			for w := range 2 {
				asleep(i, w)
			}
			i.lock.Lock()
			i.NotifyMult(3)
			return i.needsSearching.Load()
		}},
		{"B9: a last look without a core leaves a note", B9, func(t *testing.T, r Repairs) bool {
			q := &looks{}
			i := newRepaired(r, 1, 2, q)
			q.stealable = func() bool {
				i.TryAcquireAvailableCore() // by another worker
				return true
			}
			parkSearching(t, i, q)
			return i.needsSearching.Load()
		}},
		{"B10: a last look includes the injection queue", B10, func(t *testing.T, r Repairs) bool {
			q := &looks{injected: 1}
			return parkSearching(t, newRepaired(r, 1, 1, q), q) == impls.Kept
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.play(t, 0) {
				t.Error("the original does so, too")
			}
			if !test.play(t, test.repair) {
				t.Error("it does not")
			}
		})
	}
}

// B2, repaired: a publisher that finds no idle core and no note leaves one, and
// nothing stays counted. TestFailedClaim of package verify and the scenarios there
// show that the note is left under the lock, and B11.
func TestNoteWhenBusy(t *testing.T) {
	i := newRepaired(B2|B11, 1, 1, noWork{})
	i.lock.Lock()
	i.TryAcquireAvailableCore()
	i.lock.Unlock()
	for range 2 { // without a note, and with one
		i.NotifyLocal(nil)
		if n := i.numSearching.Load(); !i.needsSearching.Load() || n != 0 {
			t.Fatalf("note: %v, searchers: %d", i.needsSearching.Load(), n)
		}
	}
}

// newRepaired returns a manager whose workers end when they would sleep: the first
// of them that does closes it.
func newRepaired(r Repairs, cores, workers int, q impls.Queues) *Idle {
	c := impls.Config{Workers: workers, Lock: new(impls.Mutex), Queues: q}
	for n := range cores {
		c.Cores = append(c.Cores, &impls.Core{Index: n})
	}
	closer := new(closer)
	for range workers {
		c.Parkers = append(c.Parkers, closer)
	}
	closer.idle = NewRepaired(c, r)
	return closer.idle
}

type closer struct{ idle *Idle }

func (c *closer) Park()   { c.idle.Shutdown() }
func (c *closer) Unpark() {}

// parkSearching parks a worker that searches, with the first core.
func parkSearching(t *testing.T, i *Idle, q *looks) impls.Reason {
	t.Helper()
	core, _ := i.Park(0, nil)
	if !i.Search(core) {
		t.Fatal("it may not search")
	}
	q.lock = i.lock
	_, why := i.Park(0, core)
	return why
}

// looks is a host with work that only the last look can see: the one look in Park
// that does not have the lock.
type looks struct {
	lock      *impls.Mutex // nil until a worker parks
	injected  int
	stealable func() bool // called with the lock
}

// last takes the lock if this is the last look.
func (l *looks) last() bool { return l.lock != nil && l.lock.TryLock() }

func (l *looks) Injected() int {
	if !l.last() {
		return 0
	}
	defer l.lock.Unlock()
	return l.injected
}

func (l *looks) Stealable(int) bool {
	if !l.last() {
		return false
	}
	defer l.lock.Unlock()
	return l.stealable != nil && l.stealable()
}
