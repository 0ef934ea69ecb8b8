package workload

import (
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

var yieldMany = Workload{
	Name:  "yield_many",
	About: "tasks that do nothing but yield",
	Doc: "Tokio's benchmark of the same name (benches/rt_multi_threaded.rs): 200 tasks that yield 1,000 " +
		"times each; 4 workers. An operation is all of it. The last task to end wakes the submitter; " +
		"Tokio's receives a message from each. There are no latency samples; a task counts once for each " +
		"time it runs. There is always work, so every park and every wake is wasted. Lower bound: the cost " +
		"of a notification that no worker needs.",
	Submits: "One goroutine submits a batch and then blocks until the pool is done, as block_on does. A thread " +
		"that spins instead (submitter=spin) occupies the CPU on which Go's runtime would wake the workers. " +
		"With poll each batch begins in the network poller.",
	Primary: "ns/op",
	Params: []Param{
		{Name: "tasks", About: "tasks that yield", Default: "200", Parse: count(1, 1_000_000)},
		{Name: "yields", About: "how often each of them yields", Default: "1000", Parse: count(1, 1_000_000)},
		submitterParam(Block),
	},
	Workers:    tokioWorkers,
	MinWorkers: tokioWorkers,
	New: func(v Values) Load {
		return &yieldLoad{yields: v.Int("yields"), tasks: make([]yieldTask, v.Int("tasks"))}
	},
}

type yieldLoad struct {
	g         *Generator
	yields    int
	tasks     []yieldTask
	remaining prim.Int64
}

func (l *yieldLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	return g.Repeat(limit, len(l.tasks)*(l.yields+1), l.op)
}

func (l *yieldLoad) op() (int64, error) {
	l.remaining.Store(int64(len(l.tasks)))
	l.g.own().prepare(func() {
		for i := range l.tasks {
			l.tasks[i] = yieldTask{load: l, left: l.yields}
		}
	})
	l.g.own().arrive()
	start := l.g.Now()
	for i := range l.tasks {
		if i%timeEvery == timedOne {
			if err := l.g.Submit(l.g.Now(), &l.tasks[i]); err != nil {
				return 0, err
			}
			continue
		}
		if err := l.g.Pool.Submit(&l.tasks[i]); err != nil {
			return 0, err
		}
	}
	return l.g.Finish(start), nil
}

type yieldTask struct {
	load *yieldLoad
	left int
}

func (t *yieldTask) Run(w host.Worker) {
	if t.left > 0 {
		t.left--
		w.Yield(t)
		return
	}
	if t.load.remaining.Add(-1) == 0 {
		t.load.g.Done()
	}
}
