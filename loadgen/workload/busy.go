package workload

import (
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
)

// stallTime is how long a background task keeps its CPU, but for what the kernel
// wants it for: it yields to other threads all the time, as Tokio's does.
const stallTime = 10 * time.Microsecond

var spawnManyRemoteBusy1 = Workload{
	Name:  "spawn_many_remote_busy1",
	About: "like spawn_many_remote_idle, while tasks that yield keep all workers busy",
	Doc: "Tokio's benchmark of the same name (benches/rt_multi_threaded.rs): 10,000 tasks from outside, " +
		"awaited by their handles, while two tasks for each worker yield and stall for 10 µs, over and over; 4 " +
		"workers. An operation is the batch. A sample is the time from a task's submission until it runs, " +
		"for every 8th task. No worker ever sleeps, so the manager should cost next to nothing; what bounds a " +
		"good value is how soon a worker looks at the injection queue between two stalls. CPU time includes " +
		"the background tasks.",
	Submits: "A batch is submitted by one goroutine, which then blocks until the pool is done, as block_on does. A " +
		"thread that spins instead (submitter=spin) keeps the CPU on which Go's runtime would wake the workers; poll " +
		"begins each batch in the network poller.",
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
		"awaited by their handles, while one task for each worker stalls for 10 µs and spawns its successor, " +
		"over and over; 4 workers. An operation is the batch. A sample is the time from a task's submission " +
		"until it runs, for every 8th task. The successor goes ahead of everything else on its core, so what " +
		"bounds a good value is the host, not the manager: a worker takes one task from outside for every 61 " +
		"that it runs, some 600 µs; Tokio adapts that number to the time tasks take. CPU time includes the " +
		"background tasks.",
	Submits: "A batch is submitted by one goroutine, which then blocks until the pool is done, as block_on does. A " +
		"thread that spins instead (submitter=spin) keeps the CPU on which Go's runtime would wake the workers; poll " +
		"begins each batch in the network poller.",
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

// busyLoad is handlesLoad with tasks in the background.
type busyLoad struct {
	*handlesLoad
	perWorker  int
	again      func(host.Worker, host.Task) // how a background task goes on
	background []stallTask
	stop       atomic.Bool
	live       atomic.Int32
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
		g.Wait() // for the last of the background
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
