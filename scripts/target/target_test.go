package main

import (
	"math"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
)

func TestJudged(t *testing.T) {
	for _, test := range []struct {
		workload, primary, unit string
		want                    bool
	}{
		{"wake", "p50-ns/wake", "p50-ns/wake", true},
		{"wake", "p50-ns/wake", "tail-ns/wake", true},
		{"wake", "p50-ns/wake", "cost-ns/task", true},
		{"wake", "p50-ns/wake", "ns/op", false},
		{"wake", "p50-ns/wake", "p50-ns/submit", false},
		{"wake", "p50-ns/wake", "p99-ns/wake", false},
		{"fork_join", "ns/op", "ns/op", true},
		{"fork_join", "ns/op", "wakes/task", false},
		{"ramp_up", "all-ns/op", "all-ns/op", true},
		{"ramp_up", "all-ns/op", "ns/op", false},
		{"idle", "", "cost-ns/sec", true},
		{"idle", "", "cost-ns/task", false},
		{"trickle", "cost-ns/sec", "p50-ns/task", true},
	} {
		if got := judged(test.workload, test.primary, test.unit); got != test.want {
			t.Errorf("%s in %s: %v", test.workload, test.unit, got)
		}
	}
}

// ratio is a comparison of the family, in which the design is the baseline.
func ratio(workload, park, impl, unit string, ratio float64, v compare.Verdict, median float64) compare.Comparison {
	cell := record.Cell{Workload: workload, Impl: impl, Park: park, Workers: 2}
	return compare.Comparison{
		Workload: workload, Unit: unit, Judged: true, Verdict: v,
		New:    compare.Side{Name: cell.Name(), Summary: &compare.Summary{Center: median}},
		Effect: &compare.Effect{Ratio: ratio, Interval: &compare.Interval{Lo: ratio / 2, Hi: ratio * 2}},
	}
}

func TestScore(t *testing.T) {
	o := &outcome{floor: map[string]float64{"wake workers=2": 100}}
	for _, c := range []struct {
		compare.Comparison
		primary string
	}{
		{ratio("fork_join", "futex", "bitmap", "ns/op", 2, compare.Worse, 1), "ns/op"},              // won
		{ratio("skynet", "futex", "bitmap", "ns/op", 2, compare.Unresolved, 1), "ns/op"},            // open
		{ratio("skynet", "futex", "bitmap", "cost-ns/task", 0.5, compare.Better, 1), "ns/op"},       // lost, beside
		{ratio("wake", "futex", "bitmap", "p50-ns/wake", 4, compare.Worse, 105), "p50-ns/wake"},     // at the floor
		{ratio("wake", "go-cond", "bitmap", "p50-ns/wake", 4, compare.Worse, 106), "p50-ns/wake"},   // won
		{ratio("wake", "futex", "gosched", "p50-ns/wake", 1, compare.Equivalent, 1), "p50-ns/wake"}, // of another
	} {
		if err := o.add(c.Comparison, c.primary); err != nil {
			t.Fatal(err)
		}
	}
	s := o.score("bitmap")
	if s.better != 2 || s.all != 3 {
		t.Errorf("better in %d of %d rows, want 2 of 3", s.better, s.all)
	}
	if len(s.worse) != 1 || !strings.Contains(s.worse[0], "skynet workers=2 futex in cost-ns/task") {
		t.Errorf("worse in %q", s.worse)
	}
	if math.Abs(s.mean-0.5) > 1e-9 {
		t.Errorf("the mean of ns/op is %v, want 0.5", s.mean)
	}
	for text, want := range map[string]int{
		"| `bitmap` | 1: **missed** | 2 of 3 rows: met | 0.50: met |": 1,
		"**0.50 [0.25, 1.00]**": 1, // fork_join: the interval of 2 [1, 4], turned around
		"! 2.00 [1.00, 4.00]":   1,
	} {
		if got := strings.Count(o.text(), text); got != want {
			t.Errorf("%q is there %d times, want %d:\n%s", text, got, want, o.text())
		}
	}
}

// Two runs are one family. The sample has no design of this name, but others.
func TestJudge(t *testing.T) {
	s, err := source.Open("", "../../results/sample")
	if err != nil {
		t.Fatal(err)
	}
	o, err := judge(s.Inputs, "mutexonly")
	if err != nil {
		t.Fatal(err)
	}
	mains, paces, units := map[string]int{}, 0, map[string]bool{}
	for _, r := range o.rows {
		if _, ok := r.against["bitmap"]; !ok {
			continue
		}
		units[strings.Fields(r.name)[0]+" "+r.unit] = true
		if r.main {
			mains[r.name]++
		}
		if r.pace {
			paces++
		}
	}
	for name, n := range mains {
		if n != 1 {
			t.Errorf("%s has %d units in which it is won", name, n)
		}
	}
	for _, want := range []string{"wake p50-ns/wake", "wake tail-ns/wake", "wake cost-ns/task", "yield_many ns/op", "idle cost-ns/sec", "trickle cost-ns/sec"} {
		if !units[want] {
			t.Errorf("not judged: %s", want)
		}
	}
	floors := 0
	for name := range mains {
		place, _, _ := cutLast(name)
		if f, ok := o.floor[place]; ok && f > 0 {
			floors++
		}
	}
	score := o.score("bitmap")
	if len(mains) == 0 || paces == 0 || floors == 0 || score.all == 0 || math.IsNaN(score.mean) || score.mean <= 0 {
		t.Errorf("%d rows, %d of them with a pace and %d with a floor; score %+v", len(mains), paces, floors, score)
	}
	if o.size < 2*len(mains) {
		t.Errorf("a family of %d for %d rows", o.size, len(mains))
	}
}
