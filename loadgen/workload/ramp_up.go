package workload

import (
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

var rampUp = Workload{
	Name:  "ramp_up",
	About: "a burst for an idle pool, and the time until every worker is running",
	Doc: "A frame, a query, a parallel loop that begins while all workers sleep: async-executor's users " +
		"asked for more than one wake at a time (smol-rs/async-executor#100), and Julia turned waking into " +
		"a tree because one after the other took too long (JuliaLang/julia#57649). An operation is a burst " +
		"of one task per worker; each task stays until all have begun. active1-, active2-, active4- … and " +
		"all-ns/op are the times until 1, 2, 4 … and all workers are active; each worker's time is a " +
		"sample. Lower bounds: for the first, the floor of wake; for all, one wake per worker if a single " +
		"thread does them, or the logarithm of their number if woken workers help. A burst that has not " +
		"reached all workers after 100 ms counts as 100 ms, and in stuck/op. The workload needs a CPU for " +
		"each worker; the generator sleeps meanwhile. With fewer (oversubscribed: yes) it measures the " +
		"kernel's time slices.",
	Submits: "A thread with a CPU of its own, which sleeps in the kernel while it waits. It must not compete " +
		"with the workers, each of which needs a CPU.",
	Sample:     "task",
	Primary:    "all-ns/op",
	Params:     []Param{rampSubmitParam, rampGapParam},
	MinWorkers: 2,
	Full:       true,
	New: func(v Values) Load {
		return &rampUpLoad{submit: v["submit"], gap: v.Duration("gap")}
	},
}

// rampPatience is how long the tasks of a burst wait for all to begin.
const rampPatience = int64(100 * time.Millisecond)

var rampSubmitParam = Param{
	Name:    "submit",
	About:   "how tasks are submitted: all in one call, each in its own, or spawned by the first task",
	Default: "all",
	Full:    []string{"all", "each", "spawn"},
	Parse:   oneOf("all", "each", "spawn"),
}

// rampSpawn is a third way to submit, after submitAll and submitEach.
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
	began []int64 // of one burst, in order
	times []int64 // by number of active workers minus one: time until then, summed over a run
	stuck int64   // bursts of a run that did not reach all workers
}

func (l *rampUpLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.burst.init(g)
	l.began, l.times, l.stuck = make([]int64, g.Workers), make([]int64, g.Workers), 0
	tasks := len(l.burst.tasks)
	if l.submit == rampSpawn {
		tasks++
	}
	t, err := g.Repeat(limit, tasks, l.op)
	t.Figures = l.figures(t.Ops)
	return t, err
}

// figures returns the mean times for 1, 2, 4 … and all workers.
func (l *rampUpLoad) figures(ops int64) (all []Figure) {
	mean := func(sum int64, unit string) Figure { return Ratio(float64(sum), float64(ops), unit) }
	for n := 1; n < len(l.times); n *= 2 {
		all = append(all, mean(l.times[n-1], fmt.Sprintf("active%d-ns/op", n)))
	}
	return append(all, mean(l.times[len(l.times)-1], "all-ns/op"), mean(l.stuck, "stuck/op"))
}

func (l *rampUpLoad) op() (int64, error) {
	b := &l.burst
	g := b.g
	g.Sleep(l.gap)
	b.atRest()
	if err := b.begin(l.submit); err != nil {
		return 0, err
	}
	g.Wait()
	took := b.end.Load() - b.start
	for i := range b.began {
		l.began[i] = b.began[i].Load()
	}
	slices.Sort(l.began) // a worker may read the clock before another, and count itself after it
	for i, ns := range l.began {
		g.Note(ns)
		l.times[i] += min(ns, rampPatience)
	}
	if b.stuck.Load() {
		l.stuck++
	}
	return took, nil
}

// A rampBurst has one task per worker; each task stays until all have begun, or
// rampPatience is over.
type rampBurst struct {
	g     *Generator
	tasks []host.Task
	start int64

	begun prim.Int32   // tasks that have begun
	began []prim.Int64 // when each began, after start; by the number that it got from begun
	stuck prim.Bool    // a task gave up waiting for the others
	ended prim.Int32   // tasks that have ended
	end   prim.Int64   // when the last one ended; 0 until then

	leave func(host.Worker) // unless nil, called by each task before it ends
}

func (b *rampBurst) init(g *Generator) {
	if b.tasks != nil {
		return
	}
	b.g = g
	b.tasks = make([]host.Task, g.Workers)
	b.began = make([]prim.Int64, g.Workers)
	for i := range b.tasks {
		b.tasks[i] = (*rampTask)(b)
	}
}

// atRest waits until all workers are idle, where that can be observed: a worker that is
// still on its way to sleep would be active at once.
func (b *rampBurst) atRest() {
	if host := b.g.Host; host != nil {
		b.g.Spin(host.AtRest)
	}
}

// begin submits the burst. Its last task wakes the generator.
func (b *rampBurst) begin(submit int64) error {
	b.begun.Store(0)
	b.ended.Store(0)
	b.end.Store(0)
	b.stuck.Store(false)
	b.start = b.g.Now()
	switch submit {
	case submitAll:
		return b.g.own().SubmitAll(b.start, b.tasks)
	case rampSpawn:
		return b.g.Submit(b.start, (*rampSpawner)(b))
	}
	for _, t := range b.tasks {
		if err := b.g.Submit(b.g.Now(), t); err != nil {
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
	now := b.g.Now()
	n := b.begun.Add(1)
	b.began[n-1].Store(now - b.start)
	for int(b.begun.Load()) < len(b.tasks) && !b.stuck.Load() {
		if b.g.Now()-b.start > rampPatience {
			b.stuck.Store(true)
		}
	}
	if b.leave != nil {
		b.leave(w)
	}
	if int(b.ended.Add(1)) == len(b.tasks) {
		b.end.Store(b.g.Now())
		b.g.Wake()
	}
}
