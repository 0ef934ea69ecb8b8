package eventcount

import (
	"fmt"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:     "eventcount",
	About:    "Eigen's: sleepers announce themselves, look, and commit; each push wakes one while any waits",
	New:      func(c impls.Config) impls.Idle { return New(c) },
	Lockless: true,
	Spins:    true,
}

// spinTime is how long the spinner looks for work in Park: about as long as Eigen's
// 5000/n passes over n run queues.
const spinTime = 12 * time.Microsecond

// An Idle is the manager.
type Idle struct {
	tied.Base

	// What is above is read all the time and not written after the start. The word
	// would take its line from the readers.
	_        [impls.CacheLine]byte
	word     prim.Uint64 // a state
	spinning prim.Bool   // there is a spinner; on the word's line, as in the original
	_        [impls.CacheLine]byte

	waiters []waiter // by worker
	spinner []flag   // by core: its holder is the spinner
}

// A waiter is what the manager knows of a worker.
type waiter struct {
	// next is the top of the stack that the worker found when it pushed itself. It
	// is atomic because a publisher that is about to pop the worker may be so late
	// that the worker is pushing itself again. Its compare-and-swap fails then.
	next prim.Uint64

	// epoch is that of the worker's next push. Only the worker uses it.
	epoch state

	// chosen is set by the one that popped the worker, before it unparks it.
	chosen prim.Bool

	_ [impls.CacheLine]byte
}

// A flag is used by the holder of a core.
type flag struct {
	set bool
	_   [impls.CacheLine - 1]byte
}

// New returns a manager of c's cores, all of them available.
func New(c impls.Config) *Idle {
	if c.Workers > limit {
		panic(fmt.Sprintf("eventcount: %d workers; there can be %d", c.Workers, limit))
	}
	i := &Idle{
		Base:    tied.New(c),
		waiters: make([]waiter, c.Workers),
		spinner: make([]flag, len(c.Cores)),
	}
	i.word.Store(uint64(nobody))
	return i
}

// load returns the state.
func (i *Idle) load() state { return state(i.word.Load()) }

// swap changes the state from one to another, unless it has changed meanwhile.
func (i *Idle) swap(from, to state) bool {
	if invariants.Enabled && !to.valid(len(i.waiters)) {
		panic(fmt.Sprintf("eventcount: the state %#x cannot become %#x (S2)", uint64(from), uint64(to)))
	}
	return i.word.CompareAndSwap(uint64(from), uint64(to))
}
