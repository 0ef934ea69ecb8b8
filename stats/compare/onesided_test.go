package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/record"
)

// One-sided, a comparison has the bounds that belong to one-sided tests at alpha divided
// by the number of comparisons, whatever became of the others, and those at alpha for itself.
func TestOneSided(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 21))
	effects := []float64{0.2, -0.2, 0}
	d := machines()[0].duel(rng, 16, effects)
	o, err := Options{OneSided: true}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Compare(tableOf(d), Old, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range f.Comparisons {
		s := newSignedRank(d[i])
		for _, bound := range []struct {
			name     string
			interval *Interval
			level    float64
		}{{"in the family", c.Effect.Interval, 2 * o.Alpha / 3}, {"alone", c.Alone, 2 * o.Alpha}} {
			lo, hi := s.interval(bound.level)
			if math.Abs(math.Log(bound.interval.Lo)-lo) > 1e-9 || math.Abs(math.Log(bound.interval.Hi)-hi) > 1e-9 || bound.interval.Confidence != 1-bound.level {
				t.Errorf("%d %s: %+v, want %.4f to %.4f", i, bound.name, bound.interval, math.Exp(lo), math.Exp(hi))
			}
		}
		want := Unresolved
		if effects[i] > 0 {
			want = Worse
		}
		if c.Verdict != want {
			t.Errorf("%d is %s, want %s", i, c.Verdict, want)
		}
		if found := c.Verdict == Worse; found != (c.AdjustedP <= o.Alpha && c.Effect.Ratio > 1) {
			t.Errorf("%d is %s with an adjusted p of %v", i, c.Verdict, c.AdjustedP)
		}
		if got, want := c.AloneAtMost(), c.Alone.Hi-1; got != want {
			t.Errorf("%d is at most %v worse, want %v", i, got, want)
		}
	}
	if two, err := Compare(tableOf(d), Old, Options{}); err != nil || two.Comparisons[0].Alone != nil || !math.IsInf(two.Comparisons[0].AloneAtMost(), 1) {
		t.Errorf("two-sided: %+v, %v", two.Comparisons[0].Alone, err)
	}
}

// Where more is better, the lower bound says how much worse it is at most.
func TestAloneAtMost(t *testing.T) {
	c := Comparison{Better: record.Higher, Alone: &Interval{Lo: 0.8, Hi: 1.1}}
	if got := c.AloneAtMost(); math.Abs(got-0.25) > 1e-12 {
		t.Errorf("%v worse at most, want 0.25", got)
	}
	c.Better = record.Neither
	if got := c.AloneAtMost(); !math.IsInf(got, 1) {
		t.Errorf("without a direction: %v", got)
	}
}

// A gate's schedule spends all of alpha, begins where it can exclude something, and ends
// within bounds.
func TestGateSchedule(t *testing.T) {
	for _, c := range []struct {
		m, affordable int
		rounds        []int
		least         int
	}{
		{15, 17, []int{10, 16, 26, 41, 66, 105, 136}, 10},
		{15, 42, []int{10, 16, 26, 41, 66, 105, 168, 268, 336}, 10},
		{1, 3600, []int{10, 16, 26, 41, 66, 105, 168, 268, 400}, 6},
		{100, 1, []int{10, 12}, 12},
		{1000, 0, []int{10, 16}, 16},
		{0, 0, []int{10}, 6},
	} {
		s, least := GateSchedule(0.05, c.m, c.affordable)
		var rounds []int
		sum := 0.0
		for _, l := range s.Looks {
			rounds = append(rounds, l.Rounds)
			sum += l.Share
		}
		if !slices.Equal(rounds, c.rounds) || least != c.least || math.Abs(sum-1) > 1e-9 || s.validate() != nil {
			t.Errorf("%d comparisons, %d rounds: %v from %d on with %v of alpha, want %v from %d on", c.m, c.affordable, rounds, least, sum, c.rounds, c.least)
		}
	}
}

// The last look at a run that ends between two looks has all that is left of alpha, and is
// the last. The folders lead to the same result.
func TestFinal(t *testing.T) {
	s, _ := GateSchedule(0.05, 2, 17)
	s.ToEnd = true
	d := machines()[0].duel(rand.New(rand.NewPCG(22, 22)), 20, []float64{0, 0})
	o := Options{OneSided: true}
	never := func(Comparison) bool { return false }
	q, err := NewSequence(s, Old, o, never)
	if err != nil {
		t.Fatal(err)
	}
	table := tableOf(d)
	for range 2 { // after 10 and 16 rounds
		l, _ := q.Next()
		if _, err := q.Look(table.upTo(l.Rounds)); err != nil {
			t.Fatal(err)
		}
	}
	f, err := q.Final(table)
	if err != nil {
		t.Fatal(err)
	}
	left := 1 - 2*s.Looks[0].Share
	for i, c := range f.Comparisons {
		if want := 1 - 2*0.05*left; math.Abs(c.Alone.Confidence-want) > 1e-12 || c.Pairs != 20 || f.Look != f.Looks {
			t.Errorf("%d: %d pairs at look %d of %d, alone %+v, want a confidence of %v", i, c.Pairs, f.Look, f.Looks, c.Alone, want)
		}
	}
	if _, err := q.Final(table); err == nil {
		t.Error("it was judged once more")
	}
	again, err := Replay(s, table, Old, o, never)
	if err != nil || fmt.Sprint(again.Comparisons[0].Alone, again.Look) != fmt.Sprint(f.Comparisons[0].Alone, f.Look) {
		t.Errorf("judged again: look %d, %+v, %v", again.Look, again.Comparisons[0].Alone, err)
	}
	// At a look, the run may have ended because of what was seen there.
	again, err = Replay(s, table.upTo(16), Old, o, never)
	if err != nil || again.Look != 2 || again.Comparisons[0].Alone.Confidence != 1-2*0.05*s.Looks[1].Share {
		t.Errorf("a run that ended at a look: look %d, %+v, %v", again.Look, again.Comparisons[0].Alone, err)
	}
}
