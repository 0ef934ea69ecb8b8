package verdict_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/report/source/sourcetest"
	"github.com/idlebench/idlebench/report/verdict"
)

// designs is the group of a made-up run, see sourcetest.Designs.
func designs(t *testing.T, factors ...float64) verdict.Group {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := sourcetest.Designs("run", 20, factors...); err != nil {
		t.Fatal(err)
	}
	return groups(t, verdict.Options{}, "run")[0]
}

// The ranking is by what is won and lost, then by the mean ratio, with the baseline at its
// place.
func TestRanking(t *testing.T) {
	g := designs(t, 2, 0.5, 1, 3, 0.25, 1, 1)
	if !g.Ranked() {
		t.Error("seven designs besides the baseline are not ranked")
	}
	var order []string
	for _, r := range g.Ranking {
		order = append(order, fmt.Sprintf("%s %d/%d/%d/%d", r.Column, r.Better, r.Worse, r.Equivalent+r.Unresolved, r.Missing))
		if r.Ratio == nil {
			t.Errorf("%s has no mean ratio", r.Column)
		}
	}
	got := strings.Join(order, ", ")
	// What is equal to the baseline has a ratio a little above or below 1.
	if !strings.HasPrefix(got, "design5 1/0/1/0, design2 1/0/1/0, ") || !strings.HasSuffix(got, ", design1 0/1/1/0, design4 0/1/1/0") ||
		!strings.Contains(got, ", bitmap 0/0/0/0, ") {
		t.Error(got)
	}
	if mean := *g.Ranking[0].Ratio; mean < 0.49 || mean > 0.51 { // of 0.25 and 1
		t.Errorf("the mean of 0.25 and 1 is %v", mean)
	}
	want := "No manager is best: of 7 compared with bitmap, 2 are better more often than worse" +
		" (design5: better in 1 of 2 comparisons, worse in 0; design2: better in 1 of 2 comparisons, worse in 0) and 2 are worse more often"
	if !strings.HasPrefix(g.Headline.Subject, want) {
		t.Errorf("%q, want it to begin with %q", g.Headline.Subject, want)
	}
	if g := designs(t, 2, 0.5, 1, 3, 0.25, 1); g.Ranked() {
		t.Error("six designs besides the baseline do not fit side by side")
	}
}
