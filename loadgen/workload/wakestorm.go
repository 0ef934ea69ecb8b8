package workload

import (
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
)

var wakestorm = Workload{
	Name:  "wakestorm",
	About: "many tiny tasks, published in ways that swamp a scheduler that wakes a worker for each",
	Doc: "The patterns in which Julia's scheduler woke every thread for every spawned task and was more than " +
		"100 times slower (JuliaLang/julia#61826). tight: submitted one by one, awaited at the end. sync: " +
		"each awaited before the next. bursty: in 40 batches with a pause of 20 µs between them. nested: " +
		"each of a few tasks from outside spawns a share of the others. An operation is all tasks. A sample " +
		"is the time from a task's publication until it runs, for every 8th task. wakes/task and " +
		"noop-wakes/wake explain the time. Lower bound: publishing and running that many empty tasks, " +
		"without a wake. A pool of one worker shows the cost of an unneeded notification, but not which " +
		"workers it wakes.",
	Submits: "One goroutine submits a batch and then blocks until the pool is done, as block_on does. A thread " +
		"that spins instead (submitter=spin) occupies the CPU on which Go's runtime would wake the workers. " +
		"With poll each batch begins in the network poller.",
	Sample:  "task",
	Primary: "ns/op",
	Params: []Param{
		{Name: "shape", About: "how the tasks are published", Default: "tight", Full: shapes, Parse: oneOf(shapes...)},
		{Name: "tasks", About: "tasks in one operation", Default: "4000", Parse: count(1, 10_000_000)},
		submitterParam(Block, Spin),
	},
	MinWorkers: 2,
	New: func(v Values) Load {
		return &wakestormLoad{countdownLoad: newCountdownLoad(v.Int("tasks")), shape: shapes[v.Int("shape")]}
	},
}

var shapes = []string{"tight", "sync", "bursty", "nested"}

const (
	batches    = 40
	batchPause = 20 * time.Microsecond
)

type wakestormLoad struct {
	*countdownLoad
	shape string
	nests []nest
}

func (l *wakestormLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	n := len(l.tasks)
	if l.shape == "nested" && l.nests == nil {
		l.nests = make([]nest, min(n, 2*g.Workers))
		for i := range l.nests {
			l.nests[i] = nest{l, n * i / len(l.nests), n * (i + 1) / len(l.nests)}
		}
	}
	op := l.tight
	switch l.shape {
	case "sync":
		op = l.sync
	case "bursty":
		op = l.bursty
	case "nested":
		op = l.nested
	}
	return g.Repeat(limit, n, op)
}

func (l *wakestormLoad) tight() (int64, error) {
	return l.op(func() error { return l.submit(l.g.own(), 0, len(l.tasks)) })
}

func (l *wakestormLoad) bursty() (int64, error) {
	return l.op(func() error {
		n := len(l.tasks)
		for b := range min(batches, n) {
			if b > 0 {
				l.g.Until(l.g.Now() + int64(batchPause))
			}
			if err := l.submit(l.g.own(), n*b/min(batches, n), n*(b+1)/min(batches, n)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *wakestormLoad) nested() (int64, error) {
	return l.op(func() error {
		for i := range l.nests {
			if err := l.g.Submit(l.g.Now(), &l.nests[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// sync waits for each task before it submits the next.
func (l *wakestormLoad) sync() (int64, error) {
	l.g.own().arrive()
	start := l.g.Now()
	for i := range l.tasks {
		l.remaining.Store(1)
		if err := l.submit(l.g.own(), i, i+1); err != nil {
			return 0, err
		}
		l.g.Wait()
	}
	return l.g.Now() - start, nil
}

// A nest is a task that spawns a range of the tasks.
type nest struct {
	load     *wakestormLoad
	from, to int
}

func (n *nest) Run(w host.Worker) {
	for i := n.from; i < n.to; i++ {
		t := &n.load.tasks[i]
		if t.sampled {
			t.start = n.load.g.Now()
		}
		w.Spawn(t)
	}
}
