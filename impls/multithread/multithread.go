package multithread

import (
	"fmt"
	"slices"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:  "multithread",
	About: "Tokio's multi_thread scheduler: one word of counts, a stack of sleepers under the lock",
	New:   func(c impls.Config) impls.Idle { return New(c) },
	Races: []impls.Race{ // see the package documentation
		{Name: "no note", In: impls.Situations(), Unsearched: true},
		{Name: "queues first", In: []impls.Situation{impls.Outside, impls.Batch}},
	},
}

var _ impls.Idle = (*Idle)(nil)

// An Idle counts sleepers and searchers, and wakes sleepers.
//
// The word has no cache line of its own, as in the original. A thread that reads
// another field has just changed the word, so it has the line already.
type Idle struct {
	tied.Base
	state    state
	workers  int   // those with a core; the others sleep until the shutdown
	sleepers []int // stack, guarded by the lock
}

// New returns a manager of c's cores.
func New(c impls.Config) *Idle {
	workers := len(c.Cores)
	if workers > maxWorkers {
		panic(fmt.Sprintf("multithread: %d cores: the word counts up to %d", workers, maxWorkers))
	}
	i := &Idle{Base: tied.New(c), workers: workers, sleepers: make([]int, 0, workers)}
	i.state.word.Store(uint64(workers) * unparked)
	return i
}

// NotifyLocal wakes a searcher, unless a worker searches or none sleeps.
func (i *Idle) NotifyLocal(*impls.Core) { i.notify() }

// NotifyRemote does the same. The caller holds the lock; NotifyRemote releases it
// first, since the original decides in another section than the one in which it
// publishes.
func (i *Idle) NotifyRemote() {
	i.Lock.Unlock()
	i.notify()
}

// NotifyMult wakes one searcher for all tasks: each that finds one wakes the next.
func (i *Idle) NotifyMult(int) { i.NotifyRemote() }

// notify wakes the sleeper that went to sleep last.
func (i *Idle) notify() {
	if !i.state.wantsSearcher(i.workers) {
		return
	}
	i.Lock.Lock()
	// Another publisher may have woken one meanwhile.
	if !i.state.wantsSearcher(i.workers) {
		i.Lock.Unlock()
		return
	}
	worker := i.choose()
	i.Lock.Unlock()
	i.Parkers[worker].Unpark()
}

// choose takes the top of the stack of sleepers, which the caller unparks. There is
// one, and the caller holds the lock.
func (i *Idle) choose() (worker int) {
	n := len(i.sleepers) - 1
	worker = i.sleepers[n]
	i.sleepers = i.sleepers[:n]
	i.state.wake()
	i.check()
	return worker
}

// Search lets the worker search, unless half of all workers do.
func (i *Idle) Search(c *impls.Core) bool {
	c.Searching = i.state.trySearch(i.workers)
	return c.Searching
}

// Found ends the search of a worker that has found work. The last searcher wakes
// another, for the publishers that woke none because of it (L4).
func (i *Idle) Found(c *impls.Core) {
	c.Searching = false
	if i.state.found() {
		i.notify()
	}
}

// check panics if the word disagrees with the sleepers. The caller holds the lock.
func (i *Idle) check() {
	if !invariants.Enabled {
		return
	}
	prim.Peek(func() {
		if awake(i.state.word.Load())+len(i.sleepers) != i.workers {
			panic("multithread: the number of workers that are awake is wrong (S2)")
		}
		for n, worker := range i.sleepers {
			if slices.Contains(i.sleepers[:n], worker) {
				panic("multithread: a worker is among the sleepers twice (S3)")
			}
		}
	})
}
