package workload

import "github.com/idlebench/idlebench/loadgen/latency"

// LagMetrics returns how far the threads of a load were behind their schedule; nothing
// for a load without a schedule. It allocates a lot, so call it after the measurement.
func (t Totals) LagMetrics() []Metric {
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
