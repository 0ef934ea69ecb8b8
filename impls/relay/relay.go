package relay

import (
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation is the entry of the catalogue.
var Implementation = impls.Implementation{
	Name:  "relay",
	About: "an atomic bitmap of idle workers; a wake-up in flight per queue, passed on; spinners are handed an address",
	New:   func(c impls.Config) impls.Idle { return New(c) },
	Spins: true,
}

// Free is the same design on the host's injection queue without a lock.
var Free = impls.Implementation{
	Name:  "relayfree",
	About: "as relay, with an injection queue without a lock, for more than 16 workers",
	New: func(c impls.Config) impls.Idle {
		c.Lock = nil // it releases none
		return New(c)
	},
	Lockless: true,
	Spins:    true,
}

// An Idle chooses the workers to wake. Its own fields are only read.
type Idle struct {
	tied.Base
	nodes []node // by core
	marks []mark // by queue: the run queues by core, then the injection queue
	idle  idleSet
}

var (
	_ impls.Idle        = (*Idle)(nil)
	_ impls.Snapshotter = (*Idle)(nil)
)

// A node is a core with its worker. Whoever claims the core writes the errand and
// chosen, once; all else is written by the worker.
type node struct {
	chosen  prim.Bool        // it was claimed, and has not left Park yet
	blocked prim.Bool        // the worker sleeps, or will look at chosen again before it does
	errand  prim.Var[errand] // ordered by chosen
	worker  int              // ordered by the core's bit in idle

	// Used by the worker alone.
	duty  int // what it has to end by a look into all queues: a queue, nowhere or everywhere
	spin  budget
	pause pacer

	_ [impls.CacheLine]byte
}

// An errand is what a worker was claimed for.
type errand struct {
	queue int           // with work, or nowhere
	more  int           // workers to claim before it looks for work itself
	at    time.Duration // when it was claimed, if it was asleep
}

// What stands in for a queue.
const (
	nowhere    = -1
	everywhere = -2
)

// A mark says that a worker was claimed for a queue, and will look into all queues after
// it has cleared the mark. Its line is written twice for each wake-up, and read at each
// push by the worker that owns the queue.
type mark struct {
	prim.Bool
	_ [impls.CacheLine]byte
}

// New returns a manager of c's cores.
func New(c impls.Config) *Idle {
	i := &Idle{
		Base:  tied.New(c),
		nodes: make([]node, len(c.Cores)),
		marks: make([]mark, len(c.Cores)+1),
		idle:  newIdleSet(len(c.Cores)),
	}
	for n := range i.nodes {
		i.nodes[n].duty = nowhere
		i.nodes[n].spin = newBudget()
		i.nodes[n].pause = newPacer()
	}
	return i
}

// injection is the number of the injection queue among the queues.
func (i *Idle) injection() int { return len(i.nodes) }

// Snapshot overwrites dst with the cores of idle workers, and those that no worker has
// taken yet.
func (i *Idle) Snapshot(dst *impls.Snapshot) {
	if len(dst.Words) != len(i.idle) {
		dst.Resize(len(i.Cores))
	}
	for word := range i.idle {
		dst.Words[word] = i.idle[word].idle.Load()
	}
	for core := i.Taken(); core < len(i.Cores); core++ {
		dst.Words[core/wordBits] |= 1 << (core % wordBits)
	}
}

// Shutdown closes the manager and claims every idle worker.
func (i *Idle) Shutdown() []*impls.Core {
	return i.ShutdownBy(func() {
		for core, ok := i.claim(0); ok; core, ok = i.claim(0) {
			i.choose(core, errand{queue: nowhere})
		}
	})
}
