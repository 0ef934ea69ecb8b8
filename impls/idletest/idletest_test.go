package idletest

import (
	"errors"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
)

// A model is a correct manager, the simplest there is, with one fault at will.
type model struct {
	c         impls.Config
	fault     fault
	searching int
	needs     bool
	closed    bool
	sleepers  []int
	available []*impls.Core
	assigned  []*impls.Core
}

// A fault is what is wrong with a model.
type fault int

const (
	sound fault = iota
	forgetsUnpark
	unparksTwice
	keepsWhatItAssigns  // the core stays available, too
	losesCoreAtShutdown // the last available core is not returned
	sleepsAfterShutdown // B1: among the sleepers, though closed
	leaksSearcher       // counts one more searcher than there is, once no worker searches
	lastDoesNotRelay    // Found wakes no worker
	lastDoesNotLook     // the last searcher parks without looking at the run queues
	ignoresInjected     // parks without looking at the injection queue
	wakesOneOfMany      // NotifyMult wakes one and leaves no note
	leavesNoNote        // a publisher that could wake no worker leaves no note
	shutsDownTwice      // the second Shutdown returns the cores again
	tellsNobody         // Shutdown wakes no worker
	staleSnapshot       // the snapshot is never updated
	believesAnyWake     // a wake-up for no reason is taken for a real one
	keepsTheLock        // NotifyRemote returns with the lock held
	searchesUnasked     // Search says no and sets Searching
	wakesAfterShutdown  // NotifyRemote assigns a core though closed
	registersTwice      // a spurious wake puts the worker among the sleepers again
)

func (m *model) NotifyLocal(*impls.Core) {
	m.c.Lock.Lock()
	if m.searching > 0 {
		m.c.Lock.Unlock()
		return
	}
	m.wake()
}

func (m *model) NotifyRemote() { m.wake() }

func (m *model) NotifyMult(n int) {
	if m.fault == wakesOneOfMany {
		w, ok := m.assign(false)
		m.c.Lock.Unlock()
		if ok {
			m.c.Parkers[w].Unpark()
		}
		return
	}
	for ; n > 1; n-- {
		m.wake()
		m.c.Lock.Lock()
	}
	m.wake()
}

// wake is called with the lock held and releases it.
func (m *model) wake() {
	w, ok := m.assign(true)
	if !ok && m.fault != leavesNoNote {
		m.needs = true
	}
	if m.fault != keepsTheLock {
		m.c.Lock.Unlock()
	}
	if ok && m.fault != forgetsUnpark {
		m.c.Parkers[w].Unpark()
		if m.fault == unparksTwice {
			m.c.Parkers[w].Unpark()
		}
	}
}

func (m *model) assign(search bool) (int, bool) {
	if len(m.sleepers) == 0 || len(m.available) == 0 {
		return 0, false
	}
	w := m.sleepers[len(m.sleepers)-1]
	m.sleepers = m.sleepers[:len(m.sleepers)-1]
	c := m.available[len(m.available)-1]
	if m.fault != keepsWhatItAssigns {
		m.available = m.available[:len(m.available)-1]
	}
	if search {
		m.startSearching(c)
	}
	m.assigned[w] = c
	return w, true
}

func (m *model) startSearching(c *impls.Core) {
	c.Searching = true
	m.searching++
	m.needs = false
}

func (m *model) stopSearching(c *impls.Core) bool {
	c.Searching = false
	m.searching--
	if m.searching == 0 && m.fault == leaksSearcher {
		m.searching = 1
		return true
	}
	return m.searching == 0
}

func (m *model) Search(c *impls.Core) bool {
	m.c.Lock.Lock()
	defer m.c.Lock.Unlock()
	if 2*m.searching >= len(m.c.Cores)-len(m.available) {
		if m.fault == searchesUnasked {
			c.Searching = true
		}
		return false
	}
	m.startSearching(c)
	return true
}

func (m *model) Found(c *impls.Core) {
	m.c.Lock.Lock()
	if m.stopSearching(c) && m.fault != lastDoesNotRelay {
		m.wake()
		return
	}
	m.c.Lock.Unlock()
}

func (m *model) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	m.c.Lock.Lock()
	defer m.c.Lock.Unlock()
	switch {
	case c == nil && len(m.available) > 0 && !m.closed:
		c = m.available[0]
		m.available = m.available[1:]
		return c, impls.Kept
	case c != nil:
		if m.c.Queues.Injected() > 0 && m.fault != ignoresInjected {
			return c, impls.Kept
		}
		if !c.Searching && m.needs {
			m.startSearching(c)
			return c, impls.Kept
		}
		last := c.Searching && m.stopSearching(c)
		if m.closed {
			return c, impls.Closed
		}
		if last && m.fault != lastDoesNotLook {
			for i := range m.c.Cores {
				if m.c.Queues.Stealable(i) {
					m.startSearching(c)
					return c, impls.Kept
				}
			}
		}
		m.available = append(m.available, c)
	}
	return m.sleep(w)
}

func (m *model) sleep(w int) (*impls.Core, impls.Reason) {
	if m.closed && m.fault != sleepsAfterShutdown {
		return nil, impls.Closed
	}
	m.sleepers = append(m.sleepers, w)
	for {
		if m.fault == sleepsAfterShutdown && m.closed {
			return nil, impls.Closed
		}
		m.c.Lock.Unlock()
		m.c.Parkers[w].Park()
		m.c.Lock.Lock()
		c := m.assigned[w]
		m.assigned[w] = nil
		switch {
		case m.closed:
			if c != nil && c.Searching {
				m.stopSearching(c)
			}
			return c, impls.Closed
		case c != nil, m.fault == believesAnyWake:
			return c, impls.Woken
		case m.fault == registersTwice:
			m.sleepers = append(m.sleepers, w)
		}
	}
}

func (m *model) Shutdown() []*impls.Core {
	m.c.Lock.Lock()
	defer m.c.Lock.Unlock()
	if m.closed && m.fault != shutsDownTwice {
		return nil
	}
	m.closed = true
	if m.fault != tellsNobody {
		for _, w := range m.sleepers {
			m.c.Parkers[w].Unpark()
		}
	}
	if m.fault != wakesAfterShutdown {
		m.sleepers = nil
	}
	if m.fault == sleepsAfterShutdown {
		// As in the original, the cores are taken in a second section.
		m.c.Lock.Unlock()
		time.Sleep(10 * time.Microsecond)
		m.c.Lock.Lock()
	}
	cores := m.available
	switch m.fault {
	case shutsDownTwice, wakesAfterShutdown:
	case losesCoreAtShutdown:
		if len(cores) > 0 {
			cores = cores[1:]
		}
		m.available = nil
	default:
		m.available = nil
	}
	return cores
}

// A snapshotModel can tell which cores are available.
type snapshotModel struct{ *model }

func (m snapshotModel) Snapshot(dst *impls.Snapshot) {
	m.c.Lock.Lock()
	defer m.c.Lock.Unlock()
	dst.Resize(len(m.c.Cores))
	if m.fault == staleSnapshot {
		return
	}
	for _, c := range m.available {
		dst.Words[c.Index/64] |= 1 << (c.Index % 64)
	}
}

func implementation(f fault) impls.Implementation {
	return impls.Implementation{
		Name: "model",
		New: func(c impls.Config) impls.Idle {
			return snapshotModel{&model{
				c: c, fault: f,
				available: append([]*impls.Core(nil), c.Cores...),
				assigned:  make([]*impls.Core, c.Workers),
			}}
		},
	}
}

// What no manager breaks is no violation, in hosts of all sizes with one parker, and in
// small ones with the others: how workers sleep and how many there are has nothing to do
// with each other.
func TestSoundModel(t *testing.T) {
	test := Test
	for _, kind := range park.Kinds() {
		if kind.Missing != "" || kind.Spins {
			continue // more than a hundred workers cannot spin at once
		}
		check := test
		test = Brief
		t.Run(kind.Name, func(t *testing.T) {
			if err := check(implementation(sound), kind.New); err != nil {
				t.Error(err)
			}
		})
	}
}

// Each broken manager is caught, and for the right reason.
func TestBrokenModels(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault fault
		want  []string // invariants; which is found first depends on the schedule
	}{
		{"forgets to unpark", forgetsUnpark, []string{"L1"}},
		{"unparks twice", unparksTwice, []string{"S6"}},
		{"keeps what it assigns", keepsWhatItAssigns, []string{"S1", "D3"}},
		{"loses a core at shutdown", losesCoreAtShutdown, []string{"D3"}},
		{"sleeps after the shutdown", sleepsAfterShutdown, []string{"S1", "D3", "D6", "S6"}},
		{"the last searcher does not look", lastDoesNotLook, []string{"L3", "L4", "L5"}},
		{"leaks a searcher", leaksSearcher, []string{"L3", "L4", "L5"}},
		{"the last searcher does not relay", lastDoesNotRelay, []string{"L4"}},
		// A task that is left in the injection queue is missed as what it was submitted as.
		{"does not look at the injection queue", ignoresInjected, []string{"L1", "L3", "L6"}},
		{"wakes one of many", wakesOneOfMany, []string{"L6"}},
		{"leaves no note", leavesNoNote, []string{"L5", "L3"}},
		{"shuts down twice", shutsDownTwice, []string{"D3", "D1"}},
		{"wakes no worker at the shutdown", tellsNobody, []string{"D2"}},
		{"has a stale snapshot", staleSnapshot, []string{"S2"}},
		{"believes any wake-up", believesAnyWake, []string{"S6"}},
		{"keeps the lock", keepsTheLock, []string{"lock"}},
		{"searches unasked", searchesUnasked, []string{"S4"}},
		{"wakes after the shutdown", wakesAfterShutdown, []string{"S1", "D3", "D6", "S6"}},
		{"registers twice", registersTwice, []string{"S3", "S6", "S1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			err := check(implementation(test.fault), park.Kinds()[0].New, impatient, everySize)
			var v *Violation
			if !errors.As(err, &v) {
				t.Fatalf("not caught: %v", err)
			}
			t.Logf("%s in %q after %v", v.Invariant, v.Scenario, time.Since(start))
			for _, want := range test.want {
				if v.Invariant == want {
					return
				}
			}
			t.Errorf("caught for %s, want one of %v: %v", v.Invariant, test.want, err)
		})
	}
}

// impatient is thorough, for managers that are known to be broken.
var impatient = effort{time.Second, thorough.rounds, thorough.small, thorough.large}

// A manager without a note misses every task if workers park without a search. If its
// race says so, workers are allowed to search, and misses are rare.
func TestUnsearchedRace(t *testing.T) {
	for _, unsearched := range []bool{false, true} {
		impl := implementation(leavesNoNote)
		impl.Races = []impls.Race{{Name: "no note", In: impls.Situations(), Unsearched: unsearched}}
		excused := newTally(impl)
		var err error
		for seed := uint64(1); err == nil && seed <= 4; seed++ {
			h := newHost(impl, park.Kinds()[0].New, 2, 2, seed)
			h.patience = brief.patience
			h.excused = excused
			err = h.playOut(scenario{"note", note})
		}
		if missed := err != nil; missed == unsearched {
			t.Errorf("unsearched: %v: got %v", unsearched, err)
		}
	}
}
