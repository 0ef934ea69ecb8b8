package host

import (
	"math"

	"github.com/idlebench/idlebench/loadgen/latency"
)

// An interval is after how many tasks the injection queue comes first. It adapts to the
// time that tasks take, as in both of Tokio's schedulers (1.44.2 and 1.54.1,
// runtime/scheduler/multi_thread/stats.rs): to look every 200 µs, so that a task from
// outside waits no longer behind tasks of 10 µs than behind many short ones. It is the
// worker's own.
type interval struct {
	tasks   int     // after which the injection queue comes first
	average float64 // ns for a task, a moving average

	// The stretch in which the worker has run tasks since it last searched, or since the
	// last maintenance:
	since int64
	ran   int // that count (Ticks): others are part of the one that published them
}

const (
	intervalTarget = 200_000 // ns from one look to the next
	intervalLeast  = 2
	intervalMost   = 127
	intervalStep   = 2   // a change that is no larger is none
	intervalWeight = 0.1 // of one task in the average
)

func newInterval() interval {
	return interval{tasks: globalInterval, average: intervalTarget / globalInterval}
}

// begin begins a stretch, and end takes it into the average. Both read the clock.
func (i *interval) begin() { i.since, i.ran = latency.Now(), 0 }

func (i *interval) end() {
	if i.ran > 0 {
		i.add(float64(latency.Now()-i.since), i.ran)
		i.ran = 0
	}
}

// add takes n tasks into the average, which took that long together.
func (i *interval) add(took float64, n int) {
	old := math.Pow(1-intervalWeight, float64(n))
	i.average = old*i.average + (1-old)*took/float64(n)
}

// tune adapts the interval to the average.
func (i *interval) tune() {
	tasks := intervalMost
	if i.average > 0 {
		tasks = int(min(intervalMost, max(intervalLeast, intervalTarget/i.average)))
	}
	if tasks < i.tasks-intervalStep || tasks > i.tasks+intervalStep {
		i.tasks = tasks
	}
}
