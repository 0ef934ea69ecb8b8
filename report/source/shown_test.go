package source_test

import (
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/source/sourcetest"
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
		if got := source.Reported(metrics); got != test.want {
			t.Errorf("of %q: %q, want %q", test.units, got, test.want)
		}
	}
}

func TestShown(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := sourcetest.RecordCells("run", sourcetest.Submitted(), 1, nil); err != nil {
		t.Fatal(err)
	}
	s, err := source.Open("", "run")
	if err != nil {
		t.Fatal(err)
	}
	in := s.Inputs[0]
	for _, c := range in.Cells {
		unit, judged := in.Shown(c)
		want, wantJudged := map[string]string{"wake": "p50-ns/wake", "yield_many": "ns/op", "idle": "cost-ns/sec"}[c.Parsed.Workload], c.Parsed.Workload != "idle"
		if unit != want || judged != wantJudged {
			t.Errorf("%s: %s, judged %t", c.Name, unit, judged)
		}
	}
	if unit, judged := in.Shown(&source.Cell{Name: "Foreign/x=1"}); unit != "ns/op" || !judged {
		t.Errorf("one that no run has: %s, judged %t", unit, judged)
	}
}
