package flags

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation is the entry of the catalogue.
var Implementation = impls.Implementation{
	Name:     "flags",
	About:    "a flag for each sleeper, counts of sleepers and searchers",
	New:      newFlags,
	Lockless: true,
}

// Flags follows cats-effect: each worker has a flag that says that it is parked, and
// to take a sleeper is to clear its flag. One word has the number of sleepers and
// the number of searchers.
//
//	publisher                          parker
//	1. the task is visible             1. sets its flag
//	2. if any worker searches, or      2. sleepers + 1, and searchers - 1 if it
//	   none sleeps: done                  was one, in one step
//	3. clears the flag of a sleeper    3. looks into all queues; if there is work,
//	4. searchers + 1, sleepers - 1,       clears its own flag, and searches
//	   wakes it                        4. sleeps until its flag was cleared
//
// A worker that finds a task leaves the searchers; if it was the last and there is
// more work, it does what a publisher does.
//
// # Why no wake-up is lost
//
// A publisher that returns in step 2 saw a searcher or no sleeper. The searcher
// leaves later, in Park or in Found. In Park it looks after it left. In Found
// the last to leave looks, and the others rely on it; a thief's tasks are visible
// before it leaves, so that last look sees them too. If no worker slept, each
// parker's step 2, and so its look, is later.
//
// In step 3 the publisher may find no flag, though it saw a sleeper in the count.
// Then that sleeper's flag was cleared, by another publisher or by itself, but it
// left the count only after this publisher had read it, and so after the task was
// visible. It was woken or searches after that, so it looks after that.
type flags struct {
	tied.Base
	state  prim.Int32  // sleepers in the upper half, searchers in the lower
	parked []prim.Bool // by worker
}

const (
	sleeper   = 1 << 16
	searchers = 1<<16 - 1
)

func newFlags(c impls.Config) impls.Idle {
	return &flags{Base: tied.New(c), parked: make([]prim.Bool, c.Workers)}
}

// claim clears a worker's flag, and counts it as a searcher.
func (f *flags) claim(w int) bool {
	if !f.parked[w].Load() || !f.parked[w].CompareAndSwap(true, false) {
		return false
	}
	f.state.Add(1 - sleeper)
	return true
}

func (f *flags) notify(look *impls.Core) {
	state := f.state.Load()
	if state&searchers > 0 || state < sleeper {
		return
	}
	for w := range f.parked {
		if f.claim(w) {
			f.Choose(w, look)
			return
		}
	}
}

func (f *flags) NotifyLocal(c *impls.Core) { f.notify(c) }
func (f *flags) NotifyRemote()             { f.notify(nil) }
func (f *flags) NotifyMult(int)            { f.notify(nil) } // searchers relay to the others

// Search allows half as many searchers as there are cores.
func (f *flags) Search(c *impls.Core) bool {
	if 2*int(f.state.Load()&searchers) >= len(f.Cores) {
		return false
	}
	f.state.Add(1)
	c.Searching = true
	return true
}

func (f *flags) Found(c *impls.Core) {
	c.Searching = false
	if f.state.Add(-1)&searchers == 0 && f.AnyWork() {
		f.notify(nil)
	}
}

func (f *flags) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		return f.Enter(w)
	}
	change := int32(sleeper)
	if c.Searching {
		c.Searching = false
		change--
	}
	f.parked[w].Store(true)
	f.state.Add(change)
	if (f.Closed() || f.AnyWork()) && f.claim(w) {
		return f.Leave(c, impls.Kept)
	}
	f.Sleep(w)
	return f.Leave(c, impls.Woken)
}

func (f *flags) Shutdown() []*impls.Core {
	return f.ShutdownBy(func() {
		for w := range f.parked {
			if f.claim(w) {
				f.Choose(w, nil)
			}
		}
	})
}
