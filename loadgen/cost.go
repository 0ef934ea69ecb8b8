package loadgen

import (
	"time"

	"github.com/idlebench/idlebench/loadgen/workload"
)

// A cost is CPU time that a user pays for.
type cost struct {
	name string
	time time.Duration
}

// costs divides what was used.
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
func costs(u used, how workload.How) []cost {
	all := u.process.CPU - u.burnt
	costs := []cost{{"cost", all}}
	if !u.workersUnknown {
		costs = append(costs, cost{"worker-cpu", u.workers})
	}
	if how.Goroutine() {
		return costs
	}
	submitter := u.generator.CPU - u.burnt
	costs = append(costs, cost{"submitter-cpu", submitter})
	if !u.workersUnknown {
		costs = append(costs, cost{"runtime-cpu", all - u.workers - submitter})
	}
	return costs
}
