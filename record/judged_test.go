package record_test

import (
	"testing"

	"github.com/idlebench/idlebench/record"
)

func TestReported(t *testing.T) {
	for _, test := range []struct {
		units []string
		want  string
	}{
		{nil, ""}, {[]string{"wakes/task"}, ""}, {[]string{"ns/op", "cost-ns/sec", "worker-cpu-ns/sec"}, "cost-ns/sec"}, {[]string{"cpu-ns/sec", "ns/op"}, "cpu-ns/sec"},
		{[]string{"p50-ns/lag", "p50-ns/submit", "cost-ns/task", "ns/op"}, "cost-ns/task"}, {[]string{"ns/op", "p50-ns/task", "cost-ns/sec"}, "p50-ns/task"},
	} {
		var metrics []record.Metric
		for _, u := range test.units {
			metrics = append(metrics, record.Metric{Value: 1, Unit: u})
		}
		if got := record.Reported(metrics); got != test.want {
			t.Errorf("of %q: %q, want %q", test.units, got, test.want)
		}
	}
}
