package scripts_test

import (
	"testing"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
)

// What a run says before it begins, how many comparisons will be judged, is what its
// report judges.
func TestFamilyIsThatOfTheReport(t *testing.T) {
	const folder = "../results/sample"
	run, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	f := engine.FamilyOf(run.Plan, run.Primary)
	s, err := source.Open("", folder)
	if err != nil {
		t.Fatal(err)
	}
	groups := verdict.Of(s, verdict.Options{})
	judged := 0
	for _, c := range groups[0].Family.Comparisons {
		if c.Judged {
			judged++
		}
	}
	if judged == 0 || f.Comparisons != judged || f.Baseline != groups[0].Family.Baseline {
		t.Errorf("%d comparisons with %s announced, %d with %s judged", f.Comparisons, f.Baseline, judged, groups[0].Family.Baseline)
	}
}
