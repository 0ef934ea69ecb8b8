package workload

import (
	"fmt"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

var skynet = Workload{
	Name:  "skynet",
	About: "a tree of tasks, each with ten children, that sums up its leaves",
	Doc: "The skynet benchmark (github.com/atemerev/skynet): a task spawns ten, and so on down to a million " +
		"leaves, whose numbers are summed on the way back up; the sum is checked. An operation is the tree. " +
		"There are no latency samples. Lower bound: spawning and running 1.1 million tasks on all workers. " +
		"It shows the cost of a notification that is not needed, as nearly all of them are not.",
	Submits: "One goroutine submits the first task and blocks until the last has run. The pool's own workers " +
		"submit everything else, so what submits the first task matters little.",
	Primary: "ns/op",
	Params: []Param{
		{Name: "depth", About: "levels below the root; 10 to this power is the number of leaves", Default: "6", Parse: count(1, 7)},
		submitterParam(Block),
	},
	MinWorkers: 2,
	Full:       true,
	New: func(v Values) Load {
		l := &skynetLoad{leaves: 1}
		nodes := 1
		for range v.Int("depth") {
			l.leaves *= 10
			nodes += l.leaves
		}
		l.nodes = make([]skynetTask, nodes)
		for i := range l.nodes {
			l.nodes[i].load = l
		}
		return l
	},
}

// skynetLoad holds the tree in one slice: the children of node i begin at 10i+1.
type skynetLoad struct {
	g      *Generator
	leaves int
	nodes  []skynetTask
}

type skynetTask struct {
	load    *skynetLoad
	index   int32
	pending prim.Int32
	sum     prim.Int64
}

func (l *skynetLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	for i := range l.nodes {
		l.nodes[i].index = int32(i)
	}
	return g.Repeat(limit, len(l.nodes), l.op)
}

func (l *skynetLoad) op() (int64, error) {
	l.g.own().arrive()
	start := l.g.Now()
	if err := l.g.Submit(start, &l.nodes[0]); err != nil {
		return 0, err
	}
	took := l.g.Finish(start)
	want := int64(l.leaves) * int64(l.leaves-1) / 2
	if got := l.nodes[0].sum.Load(); got != want {
		return 0, fmt.Errorf("workload skynet: the sum is %d, want %d: a task ran twice, or not at all", got, want)
	}
	return took, nil
}

func (t *skynetTask) Run(w host.Worker) {
	l := t.load
	child := 10*int(t.index) + 1
	if child >= len(l.nodes) {
		// A leaf: its number is its place among the leaves.
		t.end(int64(int(t.index) - (len(l.nodes) - l.leaves)))
		return
	}
	t.sum.Store(0)
	t.pending.Store(10)
	for i := range 10 {
		w.Spawn(&l.nodes[child+i])
	}
}

// end adds to the parent, and continues with it if this was its last child.
func (t *skynetTask) end(sum int64) {
	t.sum.Store(sum)
	for t.index > 0 {
		p := &t.load.nodes[(t.index-1)/10]
		p.sum.Add(sum)
		if p.pending.Add(-1) > 0 {
			return
		}
		t, sum = p, p.sum.Load()
	}
	t.load.g.Done()
}
