package workload

import (
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
)

// stallTime is how long a background task occupies its CPU. Like Tokio's, it yields to
// other threads all the time, so the kernel can still use the CPU.
const stallTime = 10 * time.Microsecond

var spawnManyRemoteBusy1 = Workload{
	Name:  "spawn_many_remote_busy1",
	About: "like spawn_many_remote_idle, while tasks that yield keep all workers busy",
	Doc: "Tokio's benchmark of the same name (benches/rt_multi_threaded.rs): 10,000 tasks from outside, " +
		"awaited by their handles, while two background tasks per worker alternate between yielding and " +
		"stalling for 10 µs; 4 workers. An operation is the batch. A sample is the time from a task's " +
		"submission until it runs, for every 8th task. No worker ever sleeps, so the manager should cost " +
		"next to nothing. The bound is how soon a worker checks the injection queue between two stalls. CPU " +
		"time includes the background tasks.",
	Submits: "One goroutine submits a batch and then blocks until the pool is done, as block_on does. A thread " +
		"that spins instead (submitter=spin) occupies the CPU on which Go's runtime would wake the workers. " +
		"With poll each batch begins in the network poller.",
	Sample:     "task",
	Primary:    "ns/op",
	Params:     []Param{spawnCount("10000"), submitterParam(Block)},
	Workers:    tokioWorkers,
	MinWorkers: tokioWorkers,
	Full:       true,
	New: func(v Values) Load {
		return &busyLoad{handlesLoad: newHandlesLoad(v.Int("tasks")), perWorker: 2, again: host.Worker.Yield}
	},
}

var spawnManyRemoteBusy2 = Workload{
	Name:  "spawn_many_remote_busy2",
	About: "like spawn_many_remote_idle, while tasks that spawn their successors keep all workers busy",
	Doc: "Tokio's benchmark of the same name (benches/rt_multi_threaded.rs): 1,000 tasks from outside, " +
		"awaited by their handles, while one background task per worker stalls for 10 µs and spawns its " +
		"successor, over and over; 4 workers. An operation is the batch. A sample is the time from a task's " +
		"submission until it runs, for every 8th task. The successor runs before everything else on its " +
		"core, so the bound is set by the host, not by the manager: a worker takes one task from outside " +
		"for every 61 that it runs, or about every 600 µs; Tokio adapts that interval to how long tasks " +
		"take, and so does the host with interval.tuned. CPU time includes the background tasks.",
	Submits: "One goroutine submits a batch and then blocks until the pool is done, as block_on does. A thread " +
		"that spins instead (submitter=spin) occupies the CPU on which Go's runtime would wake the workers. " +
		"With poll each batch begins in the network poller.",
	Sample:     "task",
	Primary:    "ns/op",
	Params:     []Param{spawnCount("1000"), submitterParam(Block)},
	Workers:    tokioWorkers,
	MinWorkers: tokioWorkers,
	Full:       true,
	New: func(v Values) Load {
		return &busyLoad{handlesLoad: newHandlesLoad(v.Int("tasks")), perWorker: 1, again: host.Worker.Spawn}
	},
}

// busyLoad is handlesLoad plus background tasks.
type busyLoad struct {
	*handlesLoad
	perWorker  int
	again      func(host.Worker, host.Task) // how a background task continues
	background []stallTask
	stop       prim.Bool
	live       prim.Int32
}

func (l *busyLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	if l.background == nil {
		l.background = make([]stallTask, l.perWorker*g.Workers)
	}
	l.g = g
	l.stop.Store(false)
	l.live.Store(int32(len(l.background)))
	for i := range l.background {
		l.background[i].load = l
		if err := g.Pool.Submit(&l.background[i]); err != nil {
			return Totals{}, err
		}
	}
	t, err := g.Repeat(limit, len(l.tasks), l.op)
	l.stop.Store(true)
	if err == nil {
		g.Wait() // for the last background task
	}
	return t, err
}

type stallTask struct{ load *busyLoad }

func (t *stallTask) Run(w host.Worker) {
	l := t.load
	if l.stop.Load() {
		if l.live.Add(-1) == 0 {
			l.g.Wake()
		}
		return
	}
	for end := l.g.Now() + int64(stallTime); l.g.Now() < end; {
		cpu.Yield()
	}
	l.again(w, t)
}
