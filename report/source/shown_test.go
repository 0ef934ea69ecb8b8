package source_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	// A copy of bench.txt alone says the same.
	text, err := os.ReadFile("run/bench.txt")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("copy.txt", text, 0o666); err != nil {
		t.Fatal(err)
	}
	plain, err := source.Open("", "copy.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in.Primary, plain.Inputs[0].Primary); diff != "" {
		t.Errorf("primary units of the folder and of its bench.txt: %s", diff)
	}
	if unit, judged := in.Shown(&source.Cell{Name: "Foreign/x=1"}); unit != "ns/op" || !judged {
		t.Errorf("one that no run has: %s, judged %t", unit, judged)
	}
}
