package source

import (
	"cmp"
	"strings"

	"github.com/idlebench/idlebench/record"
)

// NotJudged is what stands in place of a verdict where a workload has no unit in
// which it is judged.
const NotJudged = "reported, not judged"

// Reported returns the unit that stands for a workload that is reported and not
// judged: of the units it was measured in, the median of a latency, or else CPU
// time, or else the time of an operation; "" if it has none of these.
func Reported(metrics []record.Metric) string {
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

// Shown returns the unit in which a cell is shown, and whether it is judged in it.
func (in *Input) Shown(c *Cell) (unit string, judged bool) {
	workload, _, _ := strings.Cut(c.Name, "/")
	if c.Parsed != nil {
		workload = c.Parsed.Workload
	}
	if unit, known := in.Primary[workload]; unit != "" || !known {
		return cmp.Or(unit, "ns/op"), true
	}
	for _, l := range c.Launches {
		if unit := Reported(l.Metrics); unit != "" {
			return unit, false
		}
	}
	return "ns/op", false
}
