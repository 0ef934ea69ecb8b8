package calibrate

import (
	"math"
	"time"

	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/workload"
)

var platformClock = workload.Workload{
	Name:  "platform_clock",
	About: "the cost of reading the clock, and its resolution",
	Doc: "A calibration of the machine. An operation is one reading of the monotonic clock, as for " +
		"latencies. now-ns/op is its cost and wall-ns/op that of time.Now, each in the least interrupted " +
		"batch of 256. min-ns/step is the least non-zero difference between two consecutive readings. 20 to " +
		"60 ns are good; a microsecond means that each reading is a system call (see bench doctor, clock).",
	Primary: "now-ns/op",
	OneTask: true,
	Whole:   wholeMachine,
	New:     func(workload.Values) workload.Load { return clockLoad{} },
}

// clockBatch is how many readings are timed together: some 10 µs.
const clockBatch = 256

type clockLoad struct{}

func (clockLoad) Run(g *workload.Generator, limit time.Duration) (workload.Totals, error) {
	const never = int64(math.MaxInt64)
	step, now, wall := never, never, never
	t, err := g.Repeat(limit, 0, func() (int64, error) {
		start := latency.Now()
		last := start
		for range clockBatch {
			next := latency.Now()
			if d := next - last; d > 0 && d < step {
				step = d
			}
			last = next
		}
		var read time.Time
		for range clockBatch {
			read = time.Now()
		}
		_ = read
		now = min(now, last-start)
		wall = min(wall, latency.Now()-last)
		return last - start, nil
	})
	t.Ops *= clockBatch
	t.Figures = []workload.Figure{
		workload.AtLeast(float64(now)/clockBatch, "now-ns/op"),
		workload.AtLeast(float64(wall)/clockBatch, "wall-ns/op"),
	}
	if step < never {
		t.Figures = append(t.Figures, workload.AtLeast(float64(step), "min-ns/step"))
	}
	return t, err
}
