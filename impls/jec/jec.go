package jec

import (
	"fmt"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:     "jec",
	About:    "rayon's: a jobs-event counter that tells a sleepy worker of new work; who finds a task wakes two",
	New:      func(c impls.Config) impls.Idle { return New(c) },
	Lockless: true,
	Races: []impls.Race{ // see the package documentation
		{Name: "rollover", In: []impls.Situation{impls.Fork, impls.ForkTwo, impls.Busy}},
	},
	Spins: true,
}

// roundsUntilSleepy is how many times a worker yields and looks before it becomes
// sleepy. Rayon's value.
const roundsUntilSleepy = 32

// An Idle is the manager.
type Idle struct {
	tied.Base

	// The word is written when workers become idle, sleep, or find work. What is
	// around it is read all the time, and not written.
	_    [impls.CacheLine]byte
	word prim.Uint64 // a counters
	_    [impls.CacheLine]byte

	workers []worker
}

// A worker has its own cache lines, as in the original: publishers that look for a
// sleeper lock one after the other.
type worker struct {
	lock    impls.Mutex
	blocked bool // it sleeps, or is about to; guarded by the lock

	_ [impls.CacheLine]byte
}

// New returns a manager of c's cores, all of them available.
func New(c impls.Config) *Idle {
	if c.Workers > threads {
		panic(fmt.Sprintf("jec: %d workers; there can be %d", c.Workers, threads))
	}
	i := &Idle{Base: tied.New(c), workers: make([]worker, c.Workers)}
	if prim.HasFutex {
		// Rust's mutex on Linux is one: see impls.Mutex.
		for w := range i.workers {
			i.workers[w].lock.Kind = impls.FutexMutex
		}
	}
	return i
}

// load returns the counters.
func (i *Idle) load() counters { return counters(i.word.Load()) }

// swap changes the counters from one value to another, unless they have changed
// meanwhile.
func (i *Idle) swap(from, to counters) bool {
	return i.word.CompareAndSwap(uint64(from), uint64(to))
}

// add adds to the counters, and returns the sum.
func (i *Idle) add(n counters) counters {
	c := counters(i.word.Add(uint64(n)))
	if invariants.Enabled && !c.valid(len(i.workers)) {
		panic(fmt.Sprintf("jec: the counters are %#x (S4)", uint64(c)))
	}
	return c
}

// sub subtracts from the counters, and returns the difference.
func (i *Idle) sub(n counters) counters { return i.add(-n) }
