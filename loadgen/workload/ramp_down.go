package workload

import (
	"errors"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
)

var rampDown = Workload{
	Name:  "ramp_down",
	About: "all workers are busy, then the work runs out: how soon and at what cost they come to rest",
	Doc: "The counterpart of ramp_up, where idle managers trade CPU for latency: Kotlin's and rayon's " +
		"workers kept searching too long after the last task (Kotlin/kotlinx.coroutines#840, " +
		"rayon-rs/rayon#642). An operation is a burst of one task per worker; the tasks end when all have " +
		"begun. A sample is the time from the end of the last task until the generator, which polls, sees " +
		"every worker in Park. It counts only if none of them leaves Park within the next 200 µs. Lower " +
		"bound: one search that finds nothing, a few µs. rest-cpu-ns/op is the CPU time of the workers, " +
		"each from the end of its task until the next burst. What a worker does inside Park before it " +
		"sleeps counts in rest-cpu-ns/op only. With fewer CPUs than workers plus generator, the generator " +
		"looks too late.",
	Submits: "A thread with a CPU of its own, which sleeps in the kernel while it waits. It polls the pool until " +
		"all workers are at rest, so it cannot be a goroutine that blocks.",
	Sample:     "rest",
	Primary:    "p50-ns/rest",
	Params:     []Param{rampGapParam},
	Hosted:     true,
	MinWorkers: 2,
	Full:       true,
	New:        func(v Values) Load { return &rampDownLoad{gap: v.Duration("gap")} },
}

type rampDownLoad struct {
	gap time.Duration

	g     *Generator
	burst rampBurst
	used  []threadUse // by worker
}

// A threadUse is the CPU time of a worker's thread when its task ended.
type threadUse struct {
	thread int
	cpu    time.Duration
	err    error
}

func (l *rampDownLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	l.burst.init(g)
	l.burst.leave = l.leave
	l.used = make([]threadUse, len(g.Recorders)-1) // as many as there are workers
	var used time.Duration
	var usedErr error
	t, err := g.Repeat(limit, len(l.burst.tasks), func() (int64, error) {
		ns, err := l.op()
		d, useErr := l.usedSince()
		used += d
		usedErr = errors.Join(usedErr, useErr)
		return ns, err
	})
	if usedErr == nil && g.Held {
		t.Figures = []Figure{Ratio(float64(used), float64(t.Ops), "rest-cpu-ns/op")}
	}
	return t, err
}

// leave is called on a worker when its task is about to end.
func (l *rampDownLoad) leave(w host.Worker) {
	u := &l.used[w.ID()]
	u.thread = cpu.ThreadID()
	u.cpu, u.err = cpu.ThreadTime(u.thread)
}

func (l *rampDownLoad) op() (int64, error) {
	g := l.g
	clear(l.used)
	if err := l.burst.begin(submitAll); err != nil {
		return 0, err
	}
	g.Spin(func() bool { return l.burst.end.Load() != 0 })
	took := l.rest() - l.burst.end.Load()
	g.Wait() // consumes the token that the last task left
	g.Note(took)
	g.Sleep(l.gap)
	return took, nil
}

// restStays is how long every worker has to stay in Park before the pool counts as at
// rest: a worker can be in Park for less than a microsecond, or with a wake-up in
// flight, which takes about ten.
const restStays = int64(200 * time.Microsecond)

// rest waits until the pool stays at rest, and returns when that rest began.
func (l *rampDownLoad) rest() int64 {
	g := l.g
	for {
		var phases uint64
		g.Spin(func() bool {
			phases = g.Host.Phases()
			return g.Host.AtRest()
		})
		since := g.Now()
		left := func() bool { return g.Host.Phases() != phases }
		g.Spin(func() bool { return left() || g.Now()-since >= restStays })
		if !left() {
			return since
		}
	}
}

// usedSince returns the CPU time of the workers since their tasks ended.
func (l *rampDownLoad) usedSince() (sum time.Duration, err error) {
	for _, u := range l.used {
		if u.err != nil {
			return 0, u.err
		}
		if u.thread == 0 {
			continue // the burst was stuck, so another worker ran this one's task
		}
		now, err := cpu.ThreadTime(u.thread)
		if err != nil {
			return 0, err
		}
		sum += now - u.cpu
	}
	return sum, nil
}
