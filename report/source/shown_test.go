package source_test

import (
	"testing"

	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

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
