package rendezvous

import (
	"fmt"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation is the entry of the catalogue.
var Implementation = impls.Implementation{
	Name:     "rendezvous",
	About:    "a spinner that is handed the work without a system call, behind it a stack of sleepers",
	New:      func(c impls.Config) impls.Idle { return New(c) },
	Lockless: true,
	Spins:    true,
}

const (
	// The fields of ctl; the package documentation explains them.
	searcher  = 1 << 16
	searchers = maxWorkers * searcher

	// claimed is set in the slot when its spinner was chosen.
	claimed = 1 << 16

	maxWorkers = 1<<16 - 1
)

// An Idle chooses the workers to wake. The fields before the words are only read.
type Idle struct {
	tied.Base
	seats []seat // by worker

	_    [impls.CacheLine]byte
	ctl  prim.Uint64
	_    [impls.CacheLine]byte
	slot prim.Uint32
	_    [impls.CacheLine]byte
}

// A seat has what is written by one worker, on cache lines of its own.
type seat struct {
	below  prim.Uint32 // the next sleeper's number plus 1; 0: there is none
	budget budget      // used by the worker alone

	_ [impls.CacheLine]byte
}

var _ impls.Idle = (*Idle)(nil)

// New returns a manager without spinners and sleepers.
func New(c impls.Config) *Idle {
	if c.Workers > maxWorkers {
		panic(fmt.Sprintf("rendezvous: %d workers; the limit is %d", c.Workers, maxWorkers))
	}
	i := &Idle{Base: tied.New(c), seats: make([]seat, c.Workers)}
	for w := range i.seats {
		i.seats[w].budget = budget(maxBudget)
	}
	return i
}

// push makes a worker a sleeper, and takes it off the searchers if it was one. It
// reports whether no searcher is left.
func (i *Idle) push(w int, searching bool) (last bool) {
	for {
		ctl := i.ctl.Load()
		i.seats[w].below.Store(uint32(ctl & tied.TopMask))
		asleep := tied.WithTop(ctl, uint64(w+1))
		if searching {
			asleep -= searcher
		}
		if i.ctl.CompareAndSwap(ctl, asleep) {
			return asleep&searchers == 0
		}
	}
}

// pop takes a sleeper from the stack and makes it a searcher.
func (i *Idle) pop() (w int, ok bool) {
	for {
		ctl := i.ctl.Load()
		top := int(ctl & tied.TopMask)
		if top == 0 {
			return 0, false
		}
		below := uint64(i.seats[top-1].below.Load())
		if i.ctl.CompareAndSwap(ctl, tied.WithTop(ctl, below)+searcher) {
			return top - 1, true
		}
	}
}

// leave takes a worker off the searchers, and reports whether it was the last.
func (i *Idle) leave() (last bool) { return i.ctl.Add(^uint64(searcher-1))&searchers == 0 }

// quiet reports whether no worker searches.
func (i *Idle) quiet() bool { return i.ctl.Load()&searchers == 0 }
