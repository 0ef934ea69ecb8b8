package workload

import (
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

var trickle = Workload{
	Name:  "trickle",
	About: "an empty task arrives about every millisecond, and the CPU time used is what counts",
	Doc: "A server at night: rayon-rs/rayon#642, where one spawn a millisecond kept two CPUs busy because " +
		"idle threads kept searching before they slept. The primary unit is CPU time per second. Lower " +
		"bound: the floor, one wake and one park per task, plus Go's monitor thread, which polls every 20 " +
		"µs for a while after each wake-up and can be most of it. worker-cpu-ns/sec excludes that thread, " +
		"where the system reports it. A sample is the time from just before a task's submission to its " +
		"first instruction, after a rest of almost the whole period. What the pool does to others " +
		"is measured with -param victim=sibling, other or same: slowdown/piece.",
	Submits: "A goroutine that the network poller wakes for each arrival. Nothing spins, so the machine is as " +
		"idle as it is at night. With block and spin the generator sleeps in the kernel and spins for the " +
		"last 100 µs of each period.",
	Sample:  "task",
	Primary: "cost-ns/sec",
	Params: []Param{
		{
			Name:    "period",
			About:   "time from the arrival of one task to that of the next",
			Default: "1ms",
			Full:    []string{"1ms", "10ms"},
			Parse:   duration(time.Microsecond, 10*time.Second),
		},
		submitterParam(Poll),
	},
	OneTask:    true,
	MostlyIdle: true,
	Whole:      wholeQuiet,
	New: func(v Values) Load {
		return &trickleLoad{period: int64(v.Duration("period")), lag: latency.NewRecorder()}
	},
}

// trickleSpin is how long before an arrival the generator wakes: usually longer than
// the kernel's delay.
const trickleSpin = int64(100 * time.Microsecond)

type trickleLoad struct {
	period int64
	lag    *latency.Recorder
	g      *Generator
	start  int64
}

// Run keeps to the original periods: a late arrival delays no other.
func (l *trickleLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	l.lag.Reset()
	due := g.Now()
	t, err := g.Repeat(limit, 1, func() (int64, error) {
		due += l.period
		return l.op(due)
	})
	t.Lag = []*latency.Recorder{l.lag}
	return t, err
}

func (l *trickleLoad) op(due int64) (int64, error) {
	g := l.g
	const step = int64(100 * time.Millisecond)
	for {
		left := due - trickleSpin - g.Now()
		if left <= 0 {
			break
		}
		if g.How == Poll {
			g.Until(min(due, g.Now()+step))
		} else {
			g.Sleep(time.Duration(min(left, step)))
		}
		if err := g.Step(); err != nil {
			return 0, err
		}
	}
	g.Until(due)
	l.start = g.Now()
	if err := g.Submit(l.start, (*trickleTask)(l)); err != nil {
		return 0, err
	}
	took := g.Finish(l.start)
	l.lag.Record(l.start - due)
	return took, nil
}

// A trickleTask is the load as its task.
type trickleTask trickleLoad

// Run is the task.
func (t *trickleTask) Run(w host.Worker) {
	t.g.Sample(w, t.start)
	t.g.Done()
}
