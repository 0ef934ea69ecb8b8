package workload

import (
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

// tokioWorkers is the number of workers in Tokio's rt_multi_threaded
// benchmarks.
const tokioWorkers = 4

// sampleEvery is how many tasks of a batch share one latency sample: reading the clock
// costs about as much as submitting an empty task.
const sampleEvery = 8

// One of every timeEvery tasks of a batch is timed as it is submitted: number timedOne.
// It is not the first, which is the one that wakes a worker.
const (
	timeEvery = 8 * sampleEvery
	timedOne  = timeEvery / 2
)

// submitSampled submits the i-th task of a batch, which has a latency sample, and times
// one in eight of these.
func (s *Submitter) submitSampled(i int, start int64, t host.Task) error {
	if i%timeEvery == timedOne {
		return s.Submit(start, t)
	}
	return s.g.Pool.Submit(t)
}

func spawnCount(def string) Param {
	return Param{
		Name:    "tasks",
		About:   "tasks in one batch",
		Default: def,
		Parse:   count(1, 10_000_000),
	}
}

var spawnManyRemoteIdle = Workload{
	Name:  "spawn_many_remote_idle",
	About: "a thread outside submits many empty tasks and waits for each in turn",
	Doc: "Tokio's benchmark of the same name (benches/rt_multi_threaded.rs): 10,000 tasks spawned from " +
		"outside the runtime, then awaited by their handles; 4 workers. An operation is the batch. A sample " +
		"is the time from a task's submission until it runs, for every 8th task. The lock around the " +
		"injection queue and the notifications under it set the pace; a manager that wakes a worker for " +
		"every task pays for it here.",
	Submits: "One goroutine submits a batch and then blocks until the pool is done, as block_on does. A thread " +
		"that spins instead (submitter=spin) occupies the CPU on which Go's runtime would wake the workers. " +
		"With poll each batch begins in the network poller.",
	Sample:     "task",
	Primary:    "ns/op",
	Params:     []Param{spawnCount("10000"), submitterParam(Block, Spin)},
	Workers:    tokioWorkers,
	MinWorkers: tokioWorkers,
	New:        func(v Values) Load { return newHandlesLoad(v.Int("tasks")) },
}

// handlesLoad submits tasks and waits for each by its handle.
type handlesLoad struct {
	g     *Generator
	tasks []handleTask
}

// A handleTask is an empty task and the handle by which it is waited for.
type handleTask struct {
	load    *handlesLoad
	start   int64
	sampled bool
	state   prim.Int32
}

const (
	handlePending = iota // the task has not ended; the generator is not waiting for it yet
	handleAwaited        // the task has not ended; the generator waits for it
	handleDone           // the task has ended
)

func newHandlesLoad(tasks int) *handlesLoad {
	l := &handlesLoad{tasks: make([]handleTask, tasks)}
	for i := range l.tasks {
		l.tasks[i].load = l
		l.tasks[i].sampled = i%sampleEvery == 0
	}
	return l
}

func (l *handlesLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	return g.Repeat(limit, len(l.tasks), l.op)
}

func (l *handlesLoad) op() (int64, error) {
	g := l.g
	g.own().prepare(func() {
		for i := range l.tasks {
			l.tasks[i].state.Store(handlePending)
		}
	})
	g.own().arrive()
	start := g.Now()
	for i := range l.tasks {
		t := &l.tasks[i]
		if !t.sampled {
			if err := g.Pool.Submit(t); err != nil {
				return 0, err
			}
			continue
		}
		t.start = g.Now()
		if err := g.own().submitSampled(i, t.start, t); err != nil {
			return 0, err
		}
	}
	for i := range l.tasks {
		if l.tasks[i].state.CompareAndSwap(handlePending, handleAwaited) {
			g.Wait()
		}
	}
	return g.Now() - start, nil
}

// Run is the task.
func (t *handleTask) Run(w host.Worker) {
	if t.sampled {
		t.load.g.Sample(w, t.start)
	}
	if t.state.Swap(handleDone) == handleAwaited {
		t.load.g.Wake()
	}
}

var spawnManyLocal = Workload{
	Name:  "spawn_many_local",
	About: "a thread outside submits many empty tasks; the last one to run wakes it",
	Doc: "Tokio's benchmark of the same name (benches/rt_multi_threaded.rs): 10,000 tasks spawned in " +
		"block_on. Its thread is not a worker, so they take the remote path in spite of the name; 4 " +
		"workers. An operation is the batch. A sample is the time from a task's submission until it runs, " +
		"for every 8th task. Unlike in spawn_many_remote_idle, the tasks contend for one counter and only " +
		"the last one wakes the submitter.",
	Submits: "One goroutine submits a batch and then blocks until the pool is done, as block_on does. A thread " +
		"that spins instead (submitter=spin) occupies the CPU on which Go's runtime would wake the workers. " +
		"With poll each batch begins in the network poller.",
	Sample:     "task",
	Primary:    "ns/op",
	Params:     []Param{spawnCount("10000"), submitterParam(Block)},
	Workers:    tokioWorkers,
	MinWorkers: tokioWorkers,
	Full:       true,
	New:        func(v Values) Load { return newCountdownLoad(v.Int("tasks")) },
}

// countdownLoad submits tasks and waits until the last has run.
type countdownLoad struct {
	g         *Generator
	tasks     []countdownTask
	remaining prim.Int64
}

type countdownTask struct {
	load    *countdownLoad
	start   int64
	sampled bool
}

func newCountdownLoad(tasks int) *countdownLoad {
	l := &countdownLoad{tasks: make([]countdownTask, tasks)}
	for i := range l.tasks {
		l.tasks[i].load = l
		l.tasks[i].sampled = i%sampleEvery == 0
	}
	return l
}

func (l *countdownLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	all := func() error { return l.submit(g.own(), 0, len(l.tasks)) }
	return g.Repeat(limit, len(l.tasks), func() (int64, error) { return l.op(all) })
}

// op calls submit, which submits all tasks, and waits for the last.
func (l *countdownLoad) op(submit func() error) (int64, error) {
	l.remaining.Store(int64(len(l.tasks)))
	l.g.own().arrive()
	start := l.g.Now()
	if err := submit(); err != nil {
		return 0, err
	}
	return l.g.Finish(start), nil
}

// submit submits the tasks from one to another.
func (l *countdownLoad) submit(by *Submitter, from, to int) error {
	for i := from; i < to; i++ {
		t := &l.tasks[i]
		if !t.sampled {
			if err := l.g.Pool.Submit(t); err != nil {
				return err
			}
			continue
		}
		t.start = l.g.Now()
		if err := by.submitSampled(i, t.start, t); err != nil {
			return err
		}
	}
	return nil
}

// Run is the task.
func (t *countdownTask) Run(w host.Worker) {
	if t.sampled {
		t.load.g.Sample(w, t.start)
	}
	if t.load.remaining.Add(-1) == 0 {
		t.load.g.Done()
	}
}
