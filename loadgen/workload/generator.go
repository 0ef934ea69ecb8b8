package workload

import (
	"errors"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/stages"
)

// ErrStopped is returned by loads whose generator was stopped.
var ErrStopped = errors.New("workload: stopped")

// A Generator is the thread that drives a load, as the load sees it.
type Generator struct {
	Pool Pool

	// Now is the clock: latency.Now except in tests. A load takes and waits for all
	// times by it.
	Now func() int64

	// Workers is the number of the pool's workers. They are threads of their own if
	// Held is set, and goroutines on any thread otherwise.
	Workers int
	Held    bool

	// Host is the pool if it is the host scheduler with an idle manager, for loads that
	// need its internals; nil for references.
	Host *host.Scheduler

	// StartScheduler starts another scheduler like Host, with its workers on the same
	// CPUs. The load has to close it. Only loads that are Hosted call it.
	StartScheduler func() (*host.Scheduler, error)

	// Stages records the stages of wakes, for loads that are Staged; nil if they are
	// not recorded, or the pool has none.
	Stages *stages.Recorder

	// Seed determines the load's random schedule. It is recorded with the results.
	Seed uint64

	// Recorders has one recorder per worker, by worker number, followed by the
	// generator's own; nil for one that has recorded nothing.
	Recorders []*latency.Recorder

	// How says what submits.
	How How

	// Wait blocks until Wake is called, once for each call, from anywhere; if it has
	// been called already, Wait returns at once. It waits in the submitter's manner: a
	// thread polls, a goroutine blocks on a channel.
	Wait, Wake func()

	// Sleep puts the thread to sleep for about that long: in the kernel on Linux, in
	// Go's runtime on other systems. It is for times in which nothing is to happen, not
	// for pacing: it wakes 50 µs or more too late.
	Sleep func(time.Duration)

	// Pause is called between two polls of a spinning load. It does nothing unless
	// Shares is set: the generator or a further submitting thread then shares its CPU,
	// and Pause lets the others run.
	Pause  func()
	Shares bool

	// Pin pins the calling thread, the i-th of Beside, to its CPU.
	Pin func(i int) error

	// Stop is set by the driver when the load should end early.
	Stop prim.Bool

	// Progress counts steps of the load, so that the driver's watchdog can see that it
	// does not hang.
	Progress prim.Int64

	used      func() usage // replaces usage in tests
	submitter *Submitter   // own; nil until it is used
	beside    beside
	ended     prim.Int64 // when the last task of an operation called Done
}

// Step is called by loads at least once a second. It reports progress, and returns
// ErrStopped if the load should end.
func (g *Generator) Step() error {
	g.Progress.Add(1)
	if g.Stop.Load() {
		return ErrStopped
	}
	return nil
}

// ends waits until a task that was submitted has run.
func (g *Generator) ends(underWay *prim.Bool) error {
	if !underWay.Load() {
		return nil
	}
	g.Spin(func() bool { return !underWay.Load() })
	return g.Step()
}

// Repeat runs operations of the given number of tasks until the limit has passed, at
// least one. An operation returns how long it took, in nanoseconds.
func (g *Generator) Repeat(limit time.Duration, tasks int, op func() (int64, error)) (t Totals, err error) {
	for end := g.Now() + int64(limit); ; {
		ns, err := op()
		if err != nil {
			return t, err
		}
		t.Ops++
		t.Time += time.Duration(ns)
		t.Tasks += int64(tasks)
		if err := g.Step(); err != nil {
			return t, err
		}
		if g.Now() >= end {
			return t, nil
		}
	}
}

// Sample records, from within a task, the time from start until now. The start
// is a reading of Now.
func (g *Generator) Sample(w host.Worker, start int64) { g.Record(w, g.Now()-start) }

// Record records, from within a task, a time in nanoseconds.
func (g *Generator) Record(w host.Worker, ns int64) { g.record(w.ID(), ns) }

// Note records, on the generator's thread, a time in nanoseconds.
func (g *Generator) Note(ns int64) { g.record(len(g.Recorders)-1, ns) }

func (g *Generator) record(i int, ns int64) {
	r := &g.Recorders[i]
	if *r == nil {
		*r = latency.NewRecorder()
	}
	(*r).Record(ns)
}
