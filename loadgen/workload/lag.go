package workload

import "github.com/idlebench/idlebench/loadgen/latency"

// lagMetrics returns how far the threads of a load were behind their schedule; nothing
// for a load without a schedule.
func (t Totals) lagMetrics() []Metric {
	if t.Lag == nil {
		return nil
	}
	sum, _ := latency.Merge(t.Lag)
	return []Metric{
		{float64(sum.ValueAtQuantile(50)), "p50-ns/lag"},
		{float64(sum.ValueAtQuantile(99)), "p99-ns/lag"},
		{float64(sum.Max()), "max-ns/lag"},
	}
}
