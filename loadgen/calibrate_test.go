package loadgen_test

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/calibrate"
)

// Every calibration runs on the platform, and says what it is for.
func TestCalibrations(t *testing.T) {
	for _, w := range calibrate.Workloads() {
		t.Run(w.Name, func(t *testing.T) {
			m, err := loadgen.Measure(t.Context(), loadgen.Spec{
				Workload: w,
				Subject:  loadgen.Platform(),
				Workers:  1,
				Measure:  5 * time.Millisecond,
			})
			if err != nil {
				t.Fatal(err)
			}
			got := make(map[string]float64)
			for _, metric := range m.Metrics {
				if metric.Value < 0 {
					t.Errorf("%v %s", metric.Value, metric.Unit)
				}
				got[metric.Unit] = metric.Value
			}
			if _, ok := got[w.Primary]; !ok || m.Ops < 1 || got["ns/op"] <= 0 {
				t.Errorf("%d operations, %v; want %s and ns/op", m.Ops, got, w.Primary)
			}
		})
	}
}
