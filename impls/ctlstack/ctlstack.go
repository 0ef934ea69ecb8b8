package ctlstack

import (
	"fmt"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:     "ctlstack",
	About:    "ForkJoinPool: one word for a versioned stack of sleepers and their count; a wake-up in flight per queue",
	New:      func(c impls.Config) impls.Idle { return New(c) },
	Lockless: true,
	Spins:    true,
}

// maxCores is how many nodes fit into the fields of ctl.
const maxCores = 1<<16 - 1

// An Idle keeps the sleepers in a stack.
type Idle struct {
	tied.Base
	nodes   []node // by core
	pending []mark // by queue: the run queues by core, then the injection queue
	pauses  int    // least number of looks at chosen before a worker blocks; a power of 2

	_   [impls.CacheLine]byte // every publisher and parker writes ctl
	ctl prim.Uint64
	_   [impls.CacheLine]byte
}

var _ impls.Idle = (*Idle)(nil)

// A node is a core with its worker, as the stack has it. Its line belongs to the
// worker, except while that is being woken.
type node struct {
	next    prim.Uint32   // below it in the stack: a core's number plus 1; 0: nothing
	chosen  prim.Bool     // another took it from the stack; the worker has not noticed yet
	parking prim.Bool     // the worker blocks, or will look at chosen again before it does
	sent    prim.Var[int] // the queue it was chosen for, or nowhere; ordered by chosen
	worker  int           // ordered by the push
	duty    int           // of its worker alone: a queue, nowhere or everywhere
	random  uint32        // of its worker alone; never 0
	_       [impls.CacheLine]byte
}

// Values of duty and sent other than a queue. A worker whose duty is not nowhere has
// to look into every queue when it next finds a task or parks.
const (
	nowhere    = -1
	everywhere = -2
)

// A mark says that a worker was woken for a queue, and has neither found a task nor
// joined the stack since. It is read at each push, and so is on lines of its own.
type mark struct {
	prim.Bool
	_ [impls.CacheLine]byte
}

// New returns a manager of c's cores. It panics if there are more than 65,535.
func New(c impls.Config) *Idle {
	if len(c.Cores) > maxCores {
		panic(fmt.Sprintf("ctlstack: %d cores, at most %d are possible", len(c.Cores), maxCores))
	}
	i := &Idle{
		Base:    tied.New(c),
		nodes:   make([]node, len(c.Cores)),
		pending: make([]mark, len(c.Cores)+1),
		pauses:  16, // the least length of ForkJoinPool's array of queues
	}
	for i.pauses < 2*len(c.Cores) { // a queue for each worker, and as many for submitters
		i.pauses *= 2
	}
	for n := range i.nodes {
		i.nodes[n].duty = nowhere
		i.nodes[n].random = uint32(n + 1)
	}
	i.ctl.Store(uint64(emptyStack(len(c.Cores))))
	return i
}

// Shutdown closes the manager and wakes every sleeper.
func (i *Idle) Shutdown() []*impls.Core { return i.ShutdownBy(i.releaseAll) }

// releaseAll empties the stack.
func (i *Idle) releaseAll() {
	for {
		core, ok := i.pop()
		if !ok {
			return
		}
		i.choose(core, nowhere)
	}
}
