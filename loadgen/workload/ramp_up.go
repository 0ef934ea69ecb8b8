package workload

import (
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

var rampUp = Workload{
	Name:  "ramp_up",
	About: "a burst for an idle pool, and the time until every worker is at work",
	Stands: "A frame, a query, a parallel loop that begins when all sleep: async-executor's users asked for more " +
		"than one wake at a time (smol-rs/async-executor#100), and Julia made waking a tree because one after " +
		"the other took too long (JuliaLang/julia#57649). An operation is a burst of as many tasks as workers; " +
		"each stays until all have begun. first-, half- and all-ns/op are the times until 1, half and all " +
		"workers are active; a sample is that of each. Bounded below by the floor of wake for the first; for " +
		"all, by as many wakes as there are workers if one thread does them, and by the logarithm of that if " +
		"those woken help. A burst that has not got all workers after 100 ms counts as that, and in stuck/op. " +
		"It needs a CPU for each worker, and the generator sleeps meanwhile; with fewer (oversubscribed: yes) " +
		"the kernel's time slices are measured.",
	Sample:  "task",
	Primary: "all-ns/op",
	Params:  []Param{rampSubmitParam, rampGapParam},
	Needs:   3,
	Full:    true,
	New: func(v Values) Load {
		return &rampUpLoad{submit: v["submit"], gap: v.Duration("gap")}
	},
}

// rampPatience is how long the tasks of a burst wait for all to begin.
const rampPatience = int64(100 * time.Millisecond)

var rampSubmitParam = Param{
	Name:    "submit",
	About:   "how: all with one call, each by itself, or spawned by the first, a task",
	Default: "all",
	Full:    []string{"all", "each", "spawn"},
	Parse:   oneOf("all", "each", "spawn"),
}

// rampSpawn is the third way to submit, beside submitAll and submitEach.
const rampSpawn = submitEach + 1

var rampGapParam = Param{
	Name:    "gap",
	About:   "time between the end of a burst and the next, in which the generator sleeps",
	Default: "1ms",
	Parse:   duration(0, 10*time.Second),
}

type rampUpLoad struct {
	submit int64
	gap    time.Duration

	burst rampBurst
	times struct{ first, half, all, stuck int64 } // sums over the operations of a run
}

func (l *rampUpLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.burst.init(g)
	l.times = struct{ first, half, all, stuck int64 }{}
	tasks := len(l.burst.tasks)
	if l.submit == rampSpawn {
		tasks++
	}
	t, err := g.Repeat(limit, tasks, l.op)
	mean := func(sum int64) float64 { return float64(sum) / float64(t.Ops) }
	t.Metrics = []Metric{
		{mean(l.times.first), "first-ns/op"},
		{mean(l.times.half), "half-ns/op"},
		{mean(l.times.all), "all-ns/op"},
		{mean(l.times.stuck), "stuck/op"},
	}
	return t, err
}

func (l *rampUpLoad) op() (int64, error) {
	b := &l.burst
	g := b.g
	g.Sleep(l.gap)
	if err := b.begin(l.submit); err != nil {
		return 0, err
	}
	g.Wait()
	took := b.end.Load() - b.start
	k := len(b.began)
	for i := range b.began {
		g.Note(b.began[i].Load())
	}
	l.times.first += b.began[0].Load()
	l.times.half += b.began[(k+1)/2-1].Load()
	if b.stuck.Load() {
		l.times.stuck++
		l.times.all += rampPatience
	} else {
		l.times.all += b.began[k-1].Load()
	}
	return took, nil
}

// A rampBurst is as many tasks as there are workers; each stays until all have
// begun, or rampPatience is over.
type rampBurst struct {
	g     *Generator
	tasks []host.Task
	start int64

	begun atomic.Int32   // tasks that have begun
	began []atomic.Int64 // when the first, second, … did, after start
	stuck atomic.Bool    // one gave up waiting for the others
	ended atomic.Int32   // tasks that have ended
	end   atomic.Int64   // when the last did; 0 until then

	leave func(host.Worker) // unless nil, called by each task before it ends
}

func (b *rampBurst) init(g *Generator) {
	if b.tasks != nil {
		return
	}
	b.g = g
	b.tasks = make([]host.Task, g.Workers)
	b.began = make([]atomic.Int64, g.Workers)
	for i := range b.tasks {
		b.tasks[i] = (*rampTask)(b)
	}
}

// begin submits the burst. Its last task wakes the generator.
func (b *rampBurst) begin(submit int64) error {
	b.begun.Store(0)
	b.ended.Store(0)
	b.end.Store(0)
	b.stuck.Store(false)
	b.start = latency.Now()
	switch submit {
	case submitAll:
		return b.g.Pool.SubmitAll(b.tasks)
	case rampSpawn:
		return b.g.Pool.Submit((*rampSpawner)(b))
	}
	for _, t := range b.tasks {
		if err := b.g.Pool.Submit(t); err != nil {
			return err
		}
	}
	return nil
}

// A rampSpawner is a burst as the task that spawns the others.
type rampSpawner rampBurst

// Run is the task.
func (b *rampSpawner) Run(w host.Worker) {
	for _, t := range b.tasks {
		w.Spawn(t)
	}
}

// A rampTask is a burst as each of its tasks.
type rampTask rampBurst

// Run is the task.
func (b *rampTask) Run(w host.Worker) {
	now := latency.Now()
	n := b.begun.Add(1)
	b.began[n-1].Store(now - b.start)
	for int(b.begun.Load()) < len(b.tasks) && !b.stuck.Load() {
		if latency.Now()-b.start > rampPatience {
			b.stuck.Store(true)
		}
	}
	if b.leave != nil {
		b.leave(w)
	}
	if int(b.ended.Add(1)) == len(b.tasks) {
		b.end.Store(latency.Now())
		b.g.Wake()
	}
}
