// Package designs has five idle managers that keep little or no lock, each after a
// scheduler that is in use. It is test material: they show that the contract in
// package impls fits designs of their kinds. They are not offered by the command,
// and nothing here is tuned.
//
//	ctl-stack           java.util.concurrent.ForkJoinPool
//	eventcount          Eigen's EventCount (unsupported/Eigen/CXX11/src/ThreadPool, 2019)
//	waking-token        zap's ThreadPool (kprotty/zap), folly's ThrottledLifoSem
//	flags               cats-effect's WorkStealingThreadPool, and before it Tokio
//	rendezvous-spinner  hand-off to a spinning worker, with a locked stack behind it
//
// # What they have in common
//
// In these schedulers a thread and the right to run are one. So here a worker takes
// a core when it starts, and keeps it in Park: a sleeper and its core are
// available together, and taking the sleeper takes both. A worker that finds no
// core left at its start sleeps until the shutdown.
//
// Each design has one step at which a sleeper is taken, a compare-and-swap or
// a section under the lock. The taker alone then has the sleeper and its core. It
// writes Core.Look, marks the sleeper as chosen and unparks it, so S1 and S6 hold.
//
// Each worker looks into all queues, in the order that rule M1 asks for, when it is
// about to sleep. A thief that leaves tasks in its own run queue looks again in
// Found (M2), and wakes another worker if it sees any task. This relay also makes
// up for batches that move without a notification (M3), and continues a ramp that
// NotifyMult began (L6). So no design here needs the note of L5 as such: a
// publisher that finds no sleeper knows that every worker will look before it
// sleeps.
package designs

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// All returns the designs. All of them are work-conserving.
func All() []impls.Implementation { return append(Lockless(), Rendezvous) }

// Lockless returns the designs that keep no lock.
func Lockless() []impls.Implementation {
	return []impls.Implementation{
		{Name: "ctl-stack", About: "one versioned stack of sleepers", New: newCtlStack, Lockless: true},
		{Name: "eventcount", About: "sleepers announce themselves, look, and commit", New: newEventcount, Lockless: true},
		{Name: "waking-token", About: "one worker wakes at a time and passes the token on", New: newWakingToken, Lockless: true},
		{Name: "flags", About: "a flag for each sleeper, counts of sleepers and searchers", New: newFlags, Lockless: true},
	}
}

// Locked returns a design without a lock as one for a host with a lock: it drops
// the lock first in each notification. So it looks at an injection queue from
// which batches move.
func Locked(i impls.Implementation) impls.Implementation {
	original := i.New
	i.Name += "-locked"
	i.Lockless = false
	i.New = func(c impls.Config) impls.Idle { return locked{original(c), c.Lock} }
	return i
}

type locked struct {
	impls.Idle
	lock *impls.Mutex
}

func (l locked) NotifyRemote() {
	l.lock.Unlock()
	l.Idle.NotifyRemote()
}

func (l locked) NotifyMult(n int) {
	l.lock.Unlock()
	l.Idle.NotifyMult(n)
}

// A base is what the designs share.
type base struct {
	impls.Config
	core    []*impls.Core // by worker; written by the worker when it starts
	taken   prim.Int32    // how many cores were taken, and attempts beyond them
	closed  prim.Bool
	chosen  []prim.Bool // by worker: it was taken from among the sleepers
	surplus []prim.Bool // by worker: it has no core
}

func newBase(c impls.Config) base {
	return base{
		Config:  c,
		core:    make([]*impls.Core, c.Workers),
		chosen:  make([]prim.Bool, c.Workers),
		surplus: make([]prim.Bool, c.Workers),
	}
}

// enter is Park for a worker that starts. It looks at closed after it is visible
// as a surplus worker, and Shutdown in the opposite order.
func (b *base) enter(w int) (*impls.Core, impls.Reason) {
	if c := b.takeCore(); c != nil {
		b.core[w] = c
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

// takeCore returns a core that no worker has taken yet, or nil.
func (b *base) takeCore() *impls.Core {
	if n := int(b.taken.Add(1)); n <= len(b.Cores) {
		return b.Cores[n-1]
	}
	return nil
}

// anyWork looks into all queues, the injection queue first (M1).
func (b *base) anyWork() bool {
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
func (b *base) Search(c *impls.Core) bool {
	c.Searching = true
	return true
}

// choose wakes a sleeper that the caller has taken from among the others.
func (b *base) choose(w int, look *impls.Core) {
	b.core[w].Look = look
	b.chosen[w].Store(true)
	b.Parkers[w].Unpark()
}

// sleep blocks until w is chosen.
func (b *base) sleep(w int) {
	for !b.chosen[w].Swap(false) {
		b.Parkers[w].Park()
	}
}

// leave returns from Park with the worker's own core.
func (b *base) leave(c *impls.Core, why impls.Reason) (*impls.Core, impls.Reason) {
	if b.closed.Load() {
		return c, impls.Closed
	}
	c.Searching = true
	return c, why
}

// shutdown closes the manager, wakes the sleepers by means of wakeAll, and takes
// the cores that no worker has taken. A worker that becomes a sleeper looks at
// closed afterwards, so either it sees that or wakeAll sees the worker.
func (b *base) shutdown(wakeAll func()) (cores []*impls.Core) {
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
	topMask = 1<<16 - 1
	version = 1 << 32
)

// withTop returns word with another top and the next version. The version keeps a
// compare-and-swap from succeeding when the same worker is on top again with
// another one below it (ABA).
func withTop(word, top uint64) uint64 { return word&^topMask + version | top }
