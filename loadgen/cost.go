package loadgen

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A cost is CPU time that a user pays for.
type cost struct {
	name string
	time time.Duration
}

// costs divides what was used between two readings.
//
// The cost is all CPU time of the process but what the generator burnt by waiting
// for a time or for its tasks: the user pays for the rest, wherever it was used. A
// manager that leaves work to the submitter, or to other threads of the runtime,
// is charged for it.
//
// Parts of it are known where a thread does nothing else: of the workers if each
// has a thread, of the submitter if it has one. The runtime's part is the rest, so
// it is known if both are. The division is exact, but for the submitter's: what it
// burnt is known by the clock; see workload.Submitter.
func costs(before, after reading, how workload.How) []cost {
	burnt := after.burnt - before.burnt
	all := after.process.Sub(before.process).CPU - burnt
	costs := []cost{{"cost", all}}
	workers, known := after.workers-before.workers, before.workers > 0 && after.workers > 0
	if known {
		costs = append(costs, cost{"worker-cpu", workers})
	}
	if how.Goroutine() {
		return costs
	}
	submitter := after.generator.Sub(before.generator).CPU - burnt
	costs = append(costs, cost{"submitter-cpu", submitter})
	if known {
		costs = append(costs, cost{"runtime-cpu", all - workers - submitter})
	}
	return costs
}

// submissions returns the times of the submissions that were timed; nil if none was.
func (d *driver) submissions() *hdrhistogram.Histogram {
	if sum, _ := latency.Merge(d.generator.Submissions()); sum.TotalCount() > 0 {
		return sum
	}
	return nil
}
