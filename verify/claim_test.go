//go:build explore

package verify

import (
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
)

// B11. A publisher counts a searcher, and finds no sleeper. It leaves the note
// before it leaves the count, as in the original. In between another worker takes
// the note, takes the publisher's task, leaves the searchers, not as the last, and
// publishes a task of its own, without a notification because of the count. A third
// worker is about to sleep, reads no note, and sleeps, with a core. Some schedule
// must show this in package bitmap, and none if it is repaired.
func TestFailedClaim(t *testing.T) {
	if options.strategy != "bounded" || options.schedule != "" {
		t.Skip("once is enough")
	}
	const (
		others = bitmap.B2 | bitmap.B4 | bitmap.B9 | bitmap.B10
		all    = others | bitmap.B11
	)
	for _, test := range []struct {
		name    string
		repairs bitmap.Repairs
		bound   int
		shows   bool
	}{
		{"bitmap", 0, 4, true},
		{"with the others repaired", others, 3, true}, // B2's repair makes it easier
		{"with all repaired", all, 3, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := explore.Run(func() { failedClaim(test.repairs) }, explore.Bounded(test.bound), explore.Limits{})
			switch {
			case test.shows && (r.Failure == nil || !lostParallelism(r.Failure)):
				t.Errorf("no deadlock: %v", r)
			case !test.shows && (r.Failure != nil || !r.Complete):
				t.Error(r, r.Failure)
			}
		})
	}
}

// failedClaim plays a parent that waits for a child that waits for a grandchild, in
// as few steps as that takes: the child is taken by one worker only, and whoever
// takes the grandchild ends everything.
func failedClaim(repairs bitmap.Repairs) {
	const parent, child, idler = 0, 1, 2 // workers
	queues := make(queues, 3)
	c := impls.Config{Workers: 3, Queues: queues, Lock: new(impls.Mutex)}
	for i := range queues {
		c.Cores = append(c.Cores, &impls.Core{Index: i})
		c.Parkers = append(c.Parkers, park.NewChan())
	}
	m := bitmap.NewRepaired(c, repairs)
	var cores [3]*impls.Core
	for w := range cores {
		cores[w], _ = m.Park(w, nil)
	}
	parents, childs := cores[parent].Index, cores[child].Index
	over := prim.MakeChan[struct{}](4)
	end := func() {
		m.Shutdown()
		prim.Send(over, struct{}{})
		prim.Send(over, struct{}{})
	}

	prim.Go(func() {
		core := cores[idler]
		for {
			var why impls.Reason
			if core, why = m.Park(idler, core); why == impls.Closed {
				return
			}
			if (core.Searching || m.Search(core)) && (queues.take(childs) || queues.take(parents)) {
				m.Found(core)
				end()
				return
			}
		}
	})
	prim.Go(func() {
		core := cores[child]
		if !m.Search(core) || !queues.take(parents) {
			end()
			return
		}
		m.Found(core)
		queues[childs].Store(1)
		m.NotifyLocal(core)
		prim.Recv(over)
	})
	queues[parents].Store(1)
	m.NotifyLocal(cores[parent])
	prim.Recv(over)
}

// queues has a task or none in the run queue of each core.
type queues []prim.Uint32

func (queues) Injected() int          { return 0 }
func (q queues) Stealable(c int) bool { return q[c].Load() != 0 }
func (q queues) take(core int) bool   { return q[core].CompareAndSwap(1, 0) }
