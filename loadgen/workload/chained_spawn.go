package workload

import (
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

var chainedSpawn = Workload{
	Name:  "chained_spawn",
	About: "a task spawns the next, and so on",
	Stands: "Tokio's benchmark of the same name (benches/rt_multi_threaded.rs): a chain of 1,000 tasks of " +
		"which each spawns the next and ends; 4 workers. An operation is the chain. There are no latency " +
		"samples. Only one task exists at any time, so every worker but one that is woken is woken for " +
		"nothing: wakes/task and noop-wakes/wake tell. It is bounded by one run of an empty task, times the " +
		"depth.",
	Primary: "ns/op",
	Params: []Param{
		{Name: "depth", About: "length of the chain", Default: "1000", Parse: count(1, 10_000_000)},
	},
	Workers: tokioWorkers,
	Needs:   5,
	Full:    true,
	New:     func(v Values) Load { return &chainLoad{depth: v.Int("depth")} },
}

type chainLoad struct {
	g     *Generator
	depth int
	left  int // the task that runs owns it
}

func (l *chainLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	return g.Repeat(limit, l.depth, l.op)
}

func (l *chainLoad) op() (int64, error) {
	l.left = l.depth
	start := latency.Now()
	if err := l.g.Pool.Submit((*chainTask)(l)); err != nil {
		return 0, err
	}
	l.g.Wait()
	return latency.Now() - start, nil
}

// A chainTask is the load as each of its tasks.
type chainTask chainLoad

func (t *chainTask) Run(w host.Worker) {
	if t.left--; t.left > 0 {
		w.Spawn(t)
		return
	}
	t.g.Wake()
}
