package workload

import (
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

var wake = Workload{
	Name:  "wake",
	About: "the pool is idle; after each gap one task arrives from outside",
	Doc: "The basic question to an idle manager: how long from the arrival of a task until a worker that " +
		"slept runs it? A sample is the time from just before the submission to the task's first " +
		"instruction. The gap counts from the end of the previous task, so it is the time that the worker " +
		"has to fall asleep. After a short gap the worker is still searching; after a long one the CPU is " +
		"in a deeper sleep state or, on a virtual machine, descheduled by the host. How late the generator " +
		"was after the gap is in lag, not in the samples. Lower bound: the floor, a bare futex between two " +
		"pinned threads. With -stages a sample is split where its path crosses from the scheduler into the " +
		"idle manager, into the parker, and back.",
	Submits: "A goroutine that is busy until the task is due, submits it and blocks until it has run, as the " +
		"handler of a request does. A thread that spins before and after (submitter=spin) leaves the " +
		"goroutine that it readied in its run queue until another thread steals it, which takes longer than " +
		"everything else. With poll the network poller wakes the goroutine for each arrival, after it has " +
		"slept for the gap.",
	Sample:  "wake",
	Primary: "p50-ns/wake",
	Params: []Param{
		{
			Name:    "gap",
			About:   "time from the end of a task to the arrival of the next",
			Default: "200us",
			Sweep:   []string{"20us", "200us", "2ms"},
			Parse:   duration(time.Microsecond, 10*time.Second),
		},
		submitterParam(Block, Spin, Poll),
	},
	OneTask: true,
	Staged:  true,
	New:     func(v Values) Load { return &wakeLoad{gap: int64(v.Duration("gap")), lag: latency.NewRecorder()} },
}

type wakeLoad struct {
	gap  int64
	last int64 // when the previous task was seen to have run
	lag  *latency.Recorder

	g     *Generator
	start int64
}

func (l *wakeLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	l.lag.Reset()
	l.last = g.Now()
	op := l.op
	if g.Stages != nil {
		g.Stages.Reset()
		op = l.stagedOp
	}
	t, err := g.Repeat(limit, 1, op)
	t.Lag = []*latency.Recorder{l.lag}
	return t, err
}

func (l *wakeLoad) op() (int64, error) { return l.send((*wakeTask)(l)) }

func (l *wakeLoad) stagedOp() (int64, error) {
	ns, err := l.send((*stagedTask)(l))
	if err == nil {
		l.g.Stages.Wake(l.start)
	}
	return ns, err
}

func (l *wakeLoad) send(task host.Task) (int64, error) {
	g := l.g
	due := l.last + l.gap
	g.Until(due)
	l.start = g.Now()
	if err := g.Submit(l.start, task); err != nil {
		return 0, err
	}
	took := g.Finish(l.start)
	l.last = g.Now()
	l.lag.Record(l.start - due)
	return took, nil
}

// A wakeTask is the load as its task.
type wakeTask wakeLoad

func (t *wakeTask) Run(w host.Worker) {
	t.g.Sample(w, t.start)
	t.g.Done()
}

// A stagedTask is the load as its task when stages are recorded.
type stagedTask wakeLoad

func (t *stagedTask) Run(w host.Worker) {
	now := t.g.Now()
	t.g.Record(w, now-t.start)
	t.g.Stages.Ran(w.ID(), now)
	t.g.Done()
}
