package workload

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/loadgen/latency"
)

func TestLag(t *testing.T) {
	a, b := latency.NewRecorder(), latency.NewRecorder()
	for range 98 {
		a.Record(30)
	}
	b.Record(500)
	b.Record(700)
	want := []Metric{{30, "p50-ns/lag"}, {500, "p99-ns/lag"}, {700, "max-ns/lag"}}
	got := Totals{Lag: []*latency.Recorder{a, b}}.lagMetrics()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (Totals{}).lagMetrics(); got != nil {
		t.Errorf("a load without a schedule is behind it: %v", got)
	}
}
