package relay

import (
	"sync/atomic"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
)

// awaited is how many children a parent waits for, one after the other. A worker that
// was woken for the parent may still search when the first is spawned. When the others
// are, the one that ran the child before is about to park, and must be woken again.
const awaited = 4

// family is the number of tasks in a visit of the pattern Fork: a parent, those that it
// waits for, and one more.
const family = 1 + awaited + 1

// A parent spawns children. Each drives the one before from the host's slot, which may
// be private, into the run queue, where it can be stolen.
type parent struct {
	*side
	parker  impls.Parker // where the parent waits; nil if it does not
	started atomic.Int32 // children of this visit
}

func newParent(c Config, s *side) *parent {
	p := &parent{side: s}
	switch {
	case len(c.Idle.RacesIn(impls.Fork)) > 0:
	case c.Idle.Parker != "":
		p.parker = park.NewChan()
	default:
		p.parker = c.Parker.New()
	}
	return p
}

// Run implements host.Task.
func (p *parent) Run(w host.Worker) {
	p.started.Store(0) // those of the visit before have all run
	w.Spawn(child{p})
	for n := range int32(awaited) {
		w.Spawn(child{p})
		for p.parker != nil && p.started.Load() <= n {
			p.parker.Park()
		}
	}
	p.ran()
}

// A child lets its parent go on.
type child struct{ *parent }

// Run implements host.Task.
func (c child) Run(host.Worker) {
	c.started.Add(1)
	if c.parker != nil {
		c.parker.Unpark()
	}
	c.ran()
}
