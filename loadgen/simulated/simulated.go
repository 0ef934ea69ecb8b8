//go:build simulate

// Package simulated runs a workload on an idle manager on a machine that need not
// exist. It is the counterpart of package loadgen, which does so on this one: the
// same idle managers, parkers, host and workloads, built with the tag simulate.
package simulated

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/simulate"
)

// A Spec says what is to run on what.
type Spec struct {
	Machine *simulate.Machine // all CPUs that may be used
	Seed    uint64            // of the machine, the host and the load

	Impl    impls.Implementation
	Parker  park.Kind
	Options host.Options

	Workload workload.Workload
	Values   workload.Values

	// Workers is the number of workers and of cores. They and the threads that submit are
	// on the CPUs on which they would be on a real machine.
	Workers int

	WarmUp, Length time.Duration // in the machine's time

	// Window is how many intervals of the CPUs' states to record, from the first measured
	// operation on.
	Window int
}

// A Result is what a workload did, without its warm-up.
type Result struct {
	workload.Totals
	Counters host.Counters
	Samples  *hdrhistogram.Histogram // in nanoseconds
	Submits  *hdrhistogram.Histogram // the times of submissions, in nanoseconds
	Stats    simulate.Stats

	// CPUs is how many CPUs were used. In Window, CPU 0 is that of the thread that
	// submits; those of the workers follow.
	CPUs int

	Start, End simulate.Time       // of the measured operations
	Spent      simulate.Spent      // by the workers' CPUs, together
	Submitter  simulate.Spent      // by the CPU of the thread that submits; nothing if a worker is there, too
	Lines      []simulate.LineUse  // of memory, the dearest first
	Window     []simulate.Interval // of all CPUs
}

// Run runs a workload. Errors are the workload's, the host's, and those of the
// simulation.
func Run(spec Spec) (r Result, err error) {
	beside := 0
	if threads := spec.Workload.Threads; threads != nil {
		beside = threads(spec.Values, spec.Workers)
	}
	p, err := place(spec.Machine, spec.Workers, beside)
	if err == nil {
		var ran error
		r.CPUs = len(p.machine.CPUs)
		r.Stats, err = simulate.Run(p.machine, spec.Seed, func() { ran = spec.run(p, &r) })
		if err == nil {
			err = ran
		}
	}
	if err != nil {
		err = fmt.Errorf("%s of %s with %s, %d workers on %s: %w",
			spec.Workload.Name, spec.Impl.Name, spec.Parker.Name, spec.Workers, spec.Machine.Name, err)
	}
	return r, err
}

func (spec Spec) run(p placement, r *Result) error {
	simulate.Pin(0)
	s, err := spec.start(p)
	if err != nil {
		return err
	}
	g := spec.generator(s, p)
	var started []*host.Scheduler // by the load
	g.StartScheduler = func() (*host.Scheduler, error) {
		s, err := spec.start(p)
		started = append(started, s)
		return s, err
	}
	load := spec.Workload.New(spec.Values)
	if scheduled, ok := load.(workload.Scheduled); ok {
		scheduled.Seek(0)
	}
	if spec.WarmUp > 0 {
		if _, err := load.Run(g, spec.WarmUp); err != nil {
			return err
		}
	}
	for _, recorder := range slices.Concat(recorders(g), g.Submissions()) {
		recorder.Reset()
	}
	before := s.Counters()
	simulate.ClearUse()
	workers, submitter := p.spent()
	r.Start = simulate.Time(latency.Now()) * simulate.Nanosecond
	simulate.Trace(spec.Window)
	if r.Totals, err = load.Run(g, spec.Length); err != nil {
		return err
	}
	r.End = simulate.Time(latency.Now()) * simulate.Nanosecond
	r.Window = slices.Clone(simulate.Traced())
	r.Spent, r.Submitter = p.spent()
	r.Spent, r.Submitter = r.Spent.Sub(workers), r.Submitter.Sub(submitter)
	nameLines(s, started, load, g)
	r.Lines = simulate.Hottest(mostLines)
	if err := s.Settle(context.Background()); err != nil {
		return err
	}
	r.Counters = s.Counters().Sub(before)
	r.Samples, _ = latency.Merge(recorders(g))
	r.Submits, _ = latency.Merge(g.Submissions())
	return s.Close(context.Background())
}

// recorders returns those of a generator that have recorded something.
func recorders(g *workload.Generator) []*latency.Recorder {
	return slices.DeleteFunc(slices.Clone(g.Recorders), func(r *latency.Recorder) bool { return r == nil })
}

// mostLines is how many names of lines a result has.
const mostLines = 12

// spent returns how long the CPUs of the workers, and that of the thread that submits,
// have been in each state so far.
func (p placement) spent() (workers, submitter simulate.Spent) {
	for _, c := range slices.Compact(slices.Sorted(slices.Values(p.workers))) {
		workers = workers.Add(simulate.SpentBy(c))
	}
	if !slices.Contains(p.workers, 0) {
		submitter = simulate.SpentBy(0)
	}
	return workers, submitter
}

func (spec Spec) start(p placement) (*host.Scheduler, error) {
	return host.Start(host.Config{
		Cores:     spec.Workers,
		Workers:   spec.Workers,
		Idle:      spec.Impl,
		NewParker: spec.Parker.New,
		OnStart: func(worker int) error {
			simulate.Pin(p.worker(worker))
			return nil
		},
		Seed:    spec.Seed,
		Options: spec.Options,
	})
}

func (spec Spec) generator(s *host.Scheduler, p placement) *workload.Generator {
	g := &workload.Generator{
		Pool:      s,
		Host:      s,
		Now:       latency.Now,
		Workers:   spec.Workers,
		Held:      true,
		Recorders: make([]*latency.Recorder, spec.Workers+spec.Options.Spare+1),
		How:       spec.Workload.How(spec.Values),
		Sleep:     func(d time.Duration) { simulate.Sleep(simulate.FromDuration(d)) },
		Pause:     func() {},
		Pin: func(i int) error {
			simulate.Pin(p.beside[(i-1)%len(p.beside)])
			return nil
		},
		Seed: spec.Seed,
	}
	if p.shares() {
		g.Pause, g.Shares = cpu.Yield, true
	}
	switch g.How {
	case workload.Spin:
		var done prim.Bool
		look := func() bool { return done.Load() }
		g.Wait, g.Wake = func() { g.Spin(look); done.Store(false) }, func() { done.Store(true) }
	case workload.Thread:
		sleep := park.NewFutex()
		g.Wait, g.Wake = sleep.Park, sleep.Unpark
	default:
		sleep := park.NewChan()
		g.Wait, g.Wake = sleep.Park, sleep.Unpark
	}
	return g
}
