// Package tied is what idle managers share in whose schedulers a thread and the right
// to run are one, as in most schedulers but Tokio's alternative one and Go's.
//
// # The model
//
// A worker takes a core when it starts, and keeps it in Park: a sleeper and its core
// are available together, and taking the sleeper takes both. A worker that finds
// no core left at its start sleeps until the shutdown.
//
// # What each such design has to show
//
// Each has one step at which a sleeper is taken, a compare-and-swap or a section
// under a lock. The taker alone then has the sleeper and its core, so S1 and S6 hold
// if it wakes the sleeper once. Choose and Sleep do that for designs that need no more
// than a flag: Choose writes Core.Look, marks the sleeper as chosen and unparks it.
//
// Most of these designs need no note (L5): each worker looks into all queues, in the
// order that rule M1 asks for, before it sleeps (AnyWork), so a publisher that finds no
// sleeper knows that every worker will look. A thief that leaves tasks in its own run
// queue looks again in Found (M2), and wakes another worker if it sees any task. This
// relay also makes up for batches that move without a notification (M3), and continues
// a ramp that NotifyMult began (L6). A design that does without such a look has a note
// instead, or names the race.
package tied

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// A Base is embedded by a manager of this kind.
type Base struct {
	impls.Config
	// Core has each worker's core, written by the worker when it starts.
	Core []*impls.Core

	taken   prim.Int32 // how many cores were taken, and attempts beyond them
	closed  prim.Bool
	chosen  []prim.Bool // by worker: it was taken from among the sleepers
	surplus []prim.Bool // by worker: it has no core
}

// New returns the base of a manager with this configuration.
func New(c impls.Config) Base {
	return Base{
		Config:  c,
		Core:    make([]*impls.Core, c.Workers),
		chosen:  make([]prim.Bool, c.Workers),
		surplus: make([]prim.Bool, c.Workers),
	}
}

// Enter is Park for a worker that starts. It looks at closed after it is visible
// as a surplus worker, and Shutdown in the opposite order.
func (b *Base) Enter(w int) (*impls.Core, impls.Reason) {
	if c := b.takeCore(); c != nil {
		b.Core[w] = c
		if b.closed.Load() {
			return c, impls.Closed
		}
		return c, impls.Kept
	}
	b.surplus[w].Store(true)
	for !b.closed.Load() {
		b.Parkers[w].Park()
	}
	return nil, impls.Closed
}

// Closed reports whether the manager is closed.
func (b *Base) Closed() bool { return b.closed.Load() }

// takeCore returns a core that no worker has taken yet, or nil.
func (b *Base) takeCore() *impls.Core {
	if n := int(b.taken.Add(1)); n <= len(b.Cores) {
		return b.Cores[n-1]
	}
	return nil
}

// Taken returns how many cores have been taken by workers: those with the lowest
// numbers.
func (b *Base) Taken() int { return min(int(b.taken.Load()), len(b.Cores)) }

// AnyWork looks into all queues, the injection queue first (M1).
func (b *Base) AnyWork() bool {
	if b.Queues.Injected() > 0 {
		return true
	}
	for core := range b.Cores {
		if b.Queues.Stealable(core) {
			return true
		}
	}
	return false
}

// Search lets every worker search.
func (b *Base) Search(c *impls.Core) bool {
	c.Searching = true
	return true
}

// Choose wakes a sleeper that the caller has taken from among the others.
func (b *Base) Choose(w int, look *impls.Core) {
	b.Core[w].Look = look
	b.chosen[w].Store(true)
	b.Parkers[w].Unpark()
}

// Chosen reports whether w was chosen and has not yet returned from Sleep. It is for
// tests, which play a worker that does not sleep.
func (b *Base) Chosen(w int) bool { return b.chosen[w].Load() }

// Sleep blocks until w is chosen.
func (b *Base) Sleep(w int) {
	for !b.chosen[w].Swap(false) {
		b.Parkers[w].Park()
	}
}

// Leave returns from Park with the worker's own core.
func (b *Base) Leave(c *impls.Core, why impls.Reason) (*impls.Core, impls.Reason) {
	if b.closed.Load() {
		return c, impls.Closed
	}
	c.Searching = true
	return c, why
}

// ShutdownBy closes the manager, wakes the sleepers by means of wakeAll, and takes
// the cores that no worker has taken. A worker that becomes a sleeper looks at
// closed afterwards, so either it sees that or wakeAll sees the worker.
func (b *Base) ShutdownBy(wakeAll func()) (cores []*impls.Core) {
	if !b.closed.CompareAndSwap(false, true) {
		return nil
	}
	wakeAll()
	for w := range b.surplus {
		if b.surplus[w].Load() {
			b.Parkers[w].Unpark()
		}
	}
	for c := b.takeCore(); c != nil; c = b.takeCore() {
		cores = append(cores, c)
	}
	return cores
}

// The words of the stacks have the top of the stack, a worker's number plus 1, in
// the lowest 16 bits and a version in the upper half.
const (
	TopMask = 1<<16 - 1
	version = 1 << 32
)

// WithTop returns word with another top and the next version. The version keeps a
// compare-and-swap from succeeding when the same worker is on top again with
// another one below it (ABA).
func WithTop(word, top uint64) uint64 { return word&^TopMask + version | top }
