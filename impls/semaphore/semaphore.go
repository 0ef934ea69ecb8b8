package semaphore

import (
	"fmt"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:     "semaphore",
	About:    ".NET's thread pool: one request at a time, and a LIFO semaphore whose spinners absorb signals",
	New:      func(c impls.Config) impls.Idle { return New(c) },
	Lockless: true,
	Spins:    true,
}

// maxCores is how many workers fit into the words.
const maxCores = 1<<16 - 1

// budget is how long a worker spins before it blocks.
const budget = 20 * time.Microsecond

// An Idle keeps the workers that do not work on a semaphore. Each of its words is on
// lines of its own: publishers look at requested at every push, and that line is written
// only when a request is made or taken.
type Idle struct {
	tied.Base
	nodes []node // by core

	_         [impls.CacheLine]byte
	requested prim.Bool
	_         [impls.CacheLine]byte
	working   prim.Uint32
	_         [impls.CacheLine]byte
	counts    prim.Uint64
	_         [impls.CacheLine]byte
	blocked   prim.Uint64
	_         [impls.CacheLine]byte
}

var _ impls.Idle = (*Idle)(nil)

// A node is a core with its worker.
type node struct {
	next   prim.Uint32 // below it in the stack: a core's number plus 1; 0: nothing
	chosen prim.Bool   // it was popped; its worker has not noticed yet
	worker int         // ordered by the push
	asked  bool        // its worker took a request, and has found no task since
	_      [impls.CacheLine]byte
}

// New returns a manager of c's cores. It panics if there are more than 65,535.
func New(c impls.Config) *Idle {
	if len(c.Cores) > maxCores {
		panic(fmt.Sprintf("semaphore: %d cores, at most %d are possible", len(c.Cores), maxCores))
	}
	i := &Idle{Base: tied.New(c), nodes: make([]node, len(c.Cores))}
	i.working.Store(uint32(len(c.Cores)))
	return i
}

// Shutdown closes the manager, with a signal for every worker that waits or will.
func (i *Idle) Shutdown() []*impls.Core {
	return i.ShutdownBy(func() { i.release(len(i.nodes)) })
}
