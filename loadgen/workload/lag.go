package workload

import "github.com/idlebench/idlebench/loadgen/latency"

// lag returns how far a generator was behind its schedule, as it recorded that at
// each submission.
func lag(recorders ...*latency.Recorder) []Metric {
	sum, _ := latency.Merge(recorders)
	return []Metric{
		{float64(sum.ValueAtQuantile(50)), "p50-ns/lag"},
		{float64(sum.ValueAtQuantile(99)), "p99-ns/lag"},
		{float64(sum.Max()), "max-ns/lag"},
	}
}
