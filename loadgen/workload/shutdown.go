package workload

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

var shutdown = Workload{
	Name:  "shutdown",
	About: "a scheduler at rest is closed; measured until every worker has returned",
	Doc: "Short-lived pools, as in tests and command-line tools, and the end of every program. An operation " +
		"starts a scheduler, lets it come to rest, waits for the gap, and closes it; only the close is " +
		"timed. A sample is the time from the call of Close until the last worker has returned from its " +
		"loop and the last core is shut down; the threads end later. idle-ns/op is the part from " +
		"Idle.Shutdown on: everything except the check whether the pool is at rest. Lower bound: the floor " +
		"of wake for one worker, plus one wake call for each other. Memory grows with the number of " +
		"operations, since each has a scheduler of its own.",
	Submits:       "A thread with a CPU of its own, which sleeps in the kernel while it waits. It closes the scheduler; there is nothing to submit.",
	Sample:        "shutdown",
	Primary:       "p50-ns/shutdown",
	Params:        []Param{shutdownGapParam},
	Hosted:        true,
	OwnSchedulers: true,
	Whole:         wholeOwn,
	New:           func(v Values) Load { return &shutdownLoad{gap: v.Duration("gap")} },
}

var shutdownGapParam = Param{
	Name:    "gap",
	About:   "time from when the scheduler is at rest, or the producers are running, until it is closed",
	Default: "200us",
	Parse:   duration(0, 10*time.Second),
}

// wholeOwn is why loads that start their own schedulers measure in one go.
const wholeOwn = "each operation has a scheduler of its own, so there is no pool that could rest between slices"

// closePatience is how long a close may take before the load gives up.
const closePatience = 10 * time.Second

type shutdownLoad struct {
	gap  time.Duration
	g    *Generator
	idle int64 // ns from Idle.Shutdown on, in all operations of a run
}

func (l *shutdownLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g, l.idle = g, 0
	t, err := g.Repeat(limit, 0, func() (int64, error) {
		s, err := g.StartScheduler()
		if err != nil {
			return 0, err
		}
		g.Spin(s.AtRest)
		g.Sleep(l.gap)
		return l.close(s)
	})
	t.Figures = []Figure{Ratio(float64(l.idle), float64(t.Ops), "idle-ns/op")}
	return t, err
}

// close closes a scheduler and returns how long that took.
func (l *shutdownLoad) close(s *host.Scheduler) (int64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		return 0, err
	}
	e := s.Ending()
	took := e.Returned - e.Called
	l.g.Note(took)
	l.idle += e.Returned - e.Shutdown
	return took, nil
}

var stormShutdown = Workload{
	Name:  "storm_shutdown",
	About: "a scheduler is closed while threads outside the pool keep submitting",
	Doc: "A server that stops while its clients do not. Here the original could lose a core, because a " +
		"notification chose a worker that had just left for good. An operation starts a scheduler, and its " +
		"producers submit empty tasks until it refuses them. From then until the last worker has returned, " +
		"each producer notifies the idle manager of a non-existent task every 10 µs. A sample is the time " +
		"from the call of Close until then: to run what was accepted, at most 100 tasks per producer, to " +
		"come to rest, and to shut down. idle-ns/op is the part from Idle.Shutdown on. The load checks that " +
		"every accepted task ran and that every core was shut down once. Compare with shutdown, which has " +
		"no producers. With fewer CPUs than workers plus producers it measures the kernel's time slices.",
	Submits: "A thread with a CPU of its own, which sleeps in the kernel while it waits. It closes the scheduler; the producers are threads outside the pool that submit without a pause.",
	Sample:  "shutdown",
	Primary: "p50-ns/shutdown",
	Params: []Param{
		{
			Name:    "producers",
			About:   "threads that submit",
			Default: "2",
			Full:    []string{"1", "2", "8"},
			Parse:   count(1, 256),
		},
		shutdownGapParam,
	},
	Hosted:        true,
	OwnSchedulers: true,
	Whole:         wholeOwn,
	Threads:       func(v Values, _ int) int { return v.Int("producers") },
	MinWorkers:    2,
	Full:          true,
	New: func(v Values) Load {
		return &stormLoad{
			shutdownLoad: shutdownLoad{gap: v.Duration("gap")},
			producers:    make([]stormProducer, v.Int("producers")),
		}
	},
}

// nudgePause is the time between two notifications without a task. Without the pause
// the workers would hardly come to rest, which the close waits for.
const nudgePause = 10 * time.Microsecond

// stormAhead is how many tasks of one producer may be in flight. It bounds what the
// close has to wait for.
const stormAhead = 100

type stormLoad struct {
	shutdownLoad
	producers []stormProducer
}

// A stormProducer is a thread that submits, and also the task that it submits over and
// over.
type stormProducer struct {
	accepted prim.Int64
	ran      prim.Int64

	_ [128 - 16]byte // each producer has its own cache line
}

// Run is the task.
func (p *stormProducer) Run(host.Worker) { p.ran.Add(1) }

func (l *stormLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g, l.idle = g, 0
	var accepted int64
	t, err := g.Repeat(limit, 0, func() (int64, error) {
		ns, n, err := l.op()
		accepted += n
		return ns, err
	})
	t.Tasks = accepted
	t.Figures = []Figure{Ratio(float64(l.idle), float64(t.Ops), "idle-ns/op")}
	return t, err
}

func (l *stormLoad) op() (took, accepted int64, err error) {
	s, err := l.g.StartScheduler()
	if err != nil {
		return 0, 0, err
	}
	l.g.Spin(s.AtRest)
	var closed prim.Bool
	err = l.g.Beside(1+len(l.producers), func(i int, by *Submitter) error {
		if i > 0 {
			return l.producers[i-1].produce(by, s, &closed)
		}
		defer closed.Store(true)
		for i := range l.producers {
			p := &l.producers[i]
			l.g.Spin(func() bool { return p.accepted.Load() > 0 })
		}
		l.g.Sleep(l.gap)
		took, err = l.close(s)
		return err
	})
	for i := range l.producers {
		p := &l.producers[i]
		n := p.accepted.Swap(0)
		if ran := p.ran.Swap(0); ran != n {
			err = errors.Join(err, fmt.Errorf("workload: %d tasks were accepted before the close, %d have run", n, ran))
		}
		accepted += n
	}
	return took, accepted, err
}

// produce submits until the scheduler refuses, and then notifies without a task until
// the last worker has returned.
func (p *stormProducer) produce(by *Submitter, s *host.Scheduler, closed *prim.Bool) error {
	for !closed.Load() {
		by.Spin(func() bool { return p.accepted.Load()-p.ran.Load() < stormAhead || closed.Load() })
		// Count first: otherwise the task could run before it was counted.
		p.accepted.Add(1)
		err := s.Submit(p)
		if err == nil {
			continue
		}
		p.accepted.Add(-1)
		if !errors.Is(err, host.ErrClosed) {
			return err
		}
		s.Nudge()
		by.SpinUntil(by.g.Now() + int64(nudgePause))
	}
	return nil
}
