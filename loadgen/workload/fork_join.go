package workload

import (
	"fmt"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

var forkJoin = Workload{
	Name:  "fork_join",
	About: "Fibonacci numbers by recursion, with a task for each call above a cutoff",
	Doc: "The oldest benchmark of work stealing (Cilk's fib; Blumofe and Leiserson). A call of fib(n) forks " +
		"fib(n-1) and fib(n-2); the last child to end continues the parent, so no worker blocks. Calls " +
		"below the cutoff are computed in place. An operation is one computation; its result is checked. " +
		"There are no latency samples. Lower bound: the serial time divided by the number of workers. What " +
		"separates a manager from it is how soon sleeping workers join at the start, when there is one " +
		"task, and how soon they stop searching at the end.",
	Submits: "One goroutine submits the first task and blocks until the last has run. The pool's own workers " +
		"submit everything else, so what submits the first task matters little.",
	Primary: "ns/op",
	Params: []Param{
		{Name: "n", About: "which Fibonacci number", Default: "25", Parse: count(2, 40)},
		{Name: "cutoff", About: "below this no tasks are forked", Default: "10", Parse: count(2, 40)},
		submitterParam(Block),
	},
	MinWorkers: 2,
	Full:       true,
	New: func(v Values) Load {
		l := new(fibLoad)
		l.want = fib(v.Int("n"))
		l.root = l.tree(nil, v.Int("n"), v.Int("cutoff"))
		return l
	},
}

type fibLoad struct {
	g    *Generator
	root *fibTask
	size int // tasks in the tree
	want int64

	again prim.Bool // a call ended more than once
}

// A fibTask is a call. The tree of calls is always the same, so it is built once.
type fibTask struct {
	load     *fibLoad
	parent   *fibTask
	children [2]*fibTask // nil below the cutoff
	n        int
	pending  prim.Int32 // children that have not ended
	result   prim.Int64
}

func (l *fibLoad) tree(parent *fibTask, n, cutoff int) *fibTask {
	t := &fibTask{load: l, parent: parent, n: n}
	l.size++
	if n >= cutoff && n >= 2 {
		t.children = [2]*fibTask{l.tree(t, n-1, cutoff), l.tree(t, n-2, cutoff)}
	}
	return t
}

func (l *fibLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	return g.Repeat(limit, l.size, l.op)
}

func (l *fibLoad) op() (int64, error) {
	l.g.own().arrive()
	start := l.g.Now()
	if err := l.g.Submit(start, l.root); err != nil {
		return 0, err
	}
	took := l.g.Finish(start)
	if got := l.root.result.Load(); got != l.want || l.again.Load() {
		return 0, fmt.Errorf("workload fork_join: fib(%d) returned %d, want %d: a task ran twice, or not at all", l.root.n, got, l.want)
	}
	return took, nil
}

func (t *fibTask) Run(w host.Worker) {
	if t.children[0] == nil {
		t.result.Store(fib(t.n))
		t.end()
		return
	}
	t.pending.Store(2)
	for _, child := range t.children {
		child.result.Store(notYet)
	}
	w.Spawn(t.children[0])
	w.Spawn(t.children[1])
}

// end continues the parent if this was its last child, and so on up.
func (t *fibTask) end() {
	for p := t.parent; p != nil; p = p.parent {
		if pending := p.pending.Add(-1); pending != 0 {
			if pending < 0 {
				t.load.again.Store(true)
			}
			return
		}
		p.result.Store(p.children[0].result.Load() + p.children[1].result.Load())
	}
	t.load.g.Done()
}

// notYet is the result of a call that has not ended. It spoils every sum.
const notYet = -1 << 40

func fib(n int) int64 {
	if n < 2 {
		return int64(n)
	}
	return fib(n-1) + fib(n-2)
}
