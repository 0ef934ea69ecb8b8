package calibrate

import (
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/workload"
)

var platformHiccup = workload.Workload{
	Name:  "platform_hiccup",
	About: "how often, and for how long, a busy pinned thread does not run",
	Doc: "A calibration of the machine. A thread on the first worker's CPU polls the clock; an operation is " +
		"one reading. Two consecutive readings more than 1 µs apart, between which the thread was not " +
		"switched out, have a hiccup between them: an interrupt or the hypervisor. Samples are the hiccups. " +
		"Per second, lost-ns/sec is the time that they took, preempted-ns/sec the time in which another " +
		"thread had the CPU, and runtime-ns/sec the time in which Go's runtime had preempted the thread. A " +
		"latency tail that is no longer than the longest hiccup, and no more frequent, comes from the " +
		"machine.",
	Sample:  "hiccup",
	Primary: "lost-ns/sec",
	OneTask: true,
	Whole:   wholeMachine,
	New:     func(workload.Values) workload.Load { return new(hiccupLoad) },
}

// hiccupAfter is the time between two readings from which on it counts as a gap. A
// reading takes some 50 ns, an interrupt at least a microsecond.
const hiccupAfter = int64(time.Microsecond)

type hiccupLoad struct {
	g    *workload.Generator
	stop atomic.Bool
	done atomic.Bool
	seen gaps // the task's until done
}

func (l *hiccupLoad) Run(g *workload.Generator, limit time.Duration) (workload.Totals, error) {
	l.g = g
	l.stop.Store(false)
	l.done.Store(false)
	if err := g.Pool.Submit((*hiccupTask)(l)); err != nil {
		return workload.Totals{}, err
	}
	err := l.wait(limit)
	l.stop.Store(true)
	g.Spin(l.done.Load)
	return l.seen.totals(), err
}

// wait sleeps in the kernel, so that it does not interrupt the task.
func (l *hiccupLoad) wait(limit time.Duration) error {
	const step = 100 * time.Millisecond // how soon the load notices that it should stop
	for ; limit > 0; limit -= step {
		l.g.Sleep(min(limit, step))
		if err := l.g.Step(); err != nil {
			return err
		}
	}
	return nil
}

// A hiccupTask is the load as its task.
type hiccupTask hiccupLoad

func (l *hiccupTask) Run(w host.Worker) {
	l.seen = gaps{}
	usage, _ := cpu.ThreadUsage() // zero where the system does not report it
	l.seen.counted = usage.Voluntary > 0
	start := latency.Now()
	last := start
	for !l.stop.Load() {
		now := latency.Now()
		l.seen.looks++
		if gap := now - last; gap > hiccupAfter {
			then, _ := cpu.ThreadUsage()
			if l.seen.add(gap, then.Sub(usage)) {
				l.g.Record(w, gap)
			}
			usage = then
			now = latency.Now()
		}
		last = now
	}
	l.seen.looks++ // the reading at which it stopped
	l.seen.time = max(1, last-start)
	l.done.Store(true)
}

// Gaps counts where the time of a thread went that wanted to run.
type gaps struct {
	time    int64 // ns in total
	looks   int64
	counted bool // whether the system counts context switches

	hiccups   int64
	lost      int64 // ns in hiccups
	preempted int64 // ns in which another thread had the CPU
	runtime   int64 // ns in which the thread blocked
}

// add accounts for a gap, given the thread's usage in it, and reports whether it was a
// hiccup.
func (s *gaps) add(ns int64, used cpu.Usage) bool {
	switch {
	case used.Voluntary > 0:
		s.runtime += ns
	case used.Involuntary > 0:
		s.preempted += ns
	default:
		s.hiccups++
		s.lost += ns
		return true
	}
	return false
}

func (s *gaps) totals() workload.Totals {
	perSecond := func(n int64, unit string) workload.Figure {
		return workload.Ratio(float64(n), time.Duration(s.time).Seconds(), unit)
	}
	t := workload.Totals{
		Ops:  s.looks,
		Time: time.Duration(s.time),
		Figures: []workload.Figure{
			perSecond(s.hiccups, "hiccups/sec"),
			perSecond(s.lost, "lost-ns/sec"),
		},
	}
	if s.counted {
		t.Figures = append(t.Figures,
			perSecond(s.preempted, "preempted-ns/sec"),
			perSecond(s.runtime, "runtime-ns/sec"),
		)
	}
	return t
}
