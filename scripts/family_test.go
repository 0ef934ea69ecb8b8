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
func TestFamiliesAreThoseOfTheReport(t *testing.T) {
	const folder = "../results/sample"
	run, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	f := engine.FamiliesOf(run.Plan, run.Primary)
	s, err := source.Open("", folder)
	if err != nil {
		t.Fatal(err)
	}
	group := verdict.Of(s, verdict.Options{})[0]
	if group.Parkers == nil {
		t.Fatal("the report judges no parkers")
	}
	for _, tt := range []struct {
		what      string
		announced engine.Family
		judged    verdict.Group
	}{{"managers", f.Managers, group}, {"parkers", f.Parkers, *group.Parkers}} {
		judged := 0
		for _, c := range tt.judged.Family.Comparisons {
			if c.Judged {
				judged++
			}
		}
		if judged == 0 || tt.announced.Comparisons != judged || tt.announced.Baseline != tt.judged.Family.Baseline {
			t.Errorf("%s: %d comparisons with %s announced, %d with %s judged",
				tt.what, tt.announced.Comparisons, tt.announced.Baseline, judged, tt.judged.Family.Baseline)
		}
	}
}
