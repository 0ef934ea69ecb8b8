package workload

import (
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
)

var chainedSpawn = Workload{
	Name:  "chained_spawn",
	About: "a task spawns the next, and so on",
	Doc: "Tokio's benchmark of the same name (benches/rt_multi_threaded.rs): one task starts a chain of " +
		"1,000, each of which spawns the next and ends; 4 workers. An operation is all 1,001. There are no " +
		"latency samples. Only one task exists at any time, so waking any second worker is wasted: see " +
		"wakes/task and noop-wakes/wake. Lower bound: the time to run one empty task, times their number.",
	Submits: "One goroutine submits the first task and blocks until the last has run. The pool's own workers " +
		"submit everything else, so what submits the first task matters little.",
	Primary: "ns/op",
	Params: []Param{
		{Name: "depth", About: "length of the chain after the first task", Default: "1000", Parse: count(1, 10_000_000)},
		submitterParam(Block),
	},
	Workers:    tokioWorkers,
	MinWorkers: tokioWorkers,
	Full:       true,
	New:        func(v Values) Load { return &chainLoad{depth: v.Int("depth")} },
}

type chainLoad struct {
	g     *Generator
	depth int
	left  int // links to come; the task that runs owns it
}

func (l *chainLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	return g.Repeat(limit, l.depth+1, l.op)
}

func (l *chainLoad) op() (int64, error) {
	l.left = l.depth
	l.g.own().arrive()
	start := l.g.Now()
	if err := l.g.Submit(start, (*chainTask)(l)); err != nil {
		return 0, err
	}
	return l.g.Finish(start), nil
}

// A chainTask is the load as each of its tasks.
type chainTask chainLoad

func (t *chainTask) Run(w host.Worker) {
	if t.left == 0 {
		t.g.Done()
		return
	}
	t.left--
	w.Spawn(t)
}
