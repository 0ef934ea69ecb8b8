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
// The cost is all CPU time of the process except what the generator used to wait for a
// time or for its tasks. The user pays for the rest, wherever it was spent. So a
// manager that shifts work to the submitter, or to other threads of the runtime, is
// charged for it.
//
// Its parts are known where a thread does nothing else: the workers' part if each has a
// thread, the submitter's if it has one. The runtime's part is the remainder, so it is
// known if both are. The division is exact except for the submitter's waiting, which is
// measured by the clock; see workload.Submitter.
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

// submissions returns the times of the timed submissions; nil if there are none.
func (d *driver) submissions() *hdrhistogram.Histogram {
	if sum, _ := latency.Merge(d.generator.Submissions()); sum.TotalCount() > 0 {
		return sum
	}
	return nil
}
