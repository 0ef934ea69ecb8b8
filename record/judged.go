package record

import "strings"

// NotJudged takes the place of a verdict where a workload has no unit in which it is
// judged.
const NotJudged = "reported, not judged"

// Reported returns the unit in which a workload without a primary unit is shown: of
// those it was measured in, the median of a latency, or else CPU time, or else the time
// of an operation; "" if it has none of these.
func Reported(metrics []Metric) string {
	rank := func(unit string) int {
		switch {
		case strings.HasPrefix(unit, "p50-ns/") && unit != "p50-ns/submit" && unit != "p50-ns/lag":
			return 4
		case unit == "cost-ns/sec", unit == "cpu-ns/sec":
			return 3
		case unit == "cost-ns/task":
			return 2
		case unit == "ns/op":
			return 1
		}
		return 0
	}
	best := ""
	for _, m := range metrics {
		if rank(m.Unit) > rank(best) {
			best = m.Unit
		}
	}
	return best
}
