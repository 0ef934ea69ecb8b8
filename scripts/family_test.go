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
	s, err := source.Open("", folder)
	if err != nil {
		t.Fatal(err)
	}
	group := verdict.Of(s, verdict.Options{})[0]
	families := engine.FamiliesOf(run.Plan, run.Primary)
	if len(families) != 2 {
		t.Fatalf("announced: %+v, want implementations and parkers", families)
	}
	for i, g := range []*verdict.Group{&group, group.Parkers} {
		judged := 0
		for _, c := range g.Family.Comparisons {
			if c.Judged {
				judged++
			}
		}
		if f := families[i]; judged == 0 || f.Comparisons != judged || f.Baseline != g.Family.Baseline || f.Column != g.Column {
			t.Errorf("announced: %+v; judged: %d comparisons by %s with %s", f, judged, g.Column, g.Family.Baseline)
		}
	}
}
