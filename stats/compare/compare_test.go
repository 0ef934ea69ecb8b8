package compare

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
)

// ten returns n values around 100, all different.
func ten(n int) []float64 {
	var v []float64
	for i := range n {
		v = append(v, 100+float64(i))
	}
	return v
}

// What cannot be compared is unresolved and says why; nothing panics, and the
// result can always be written down.
func TestNoRatio(t *testing.T) {
	with := func(i int, x float64) []float64 {
		v := ten(12)
		v[i] = x
		return v
	}
	for _, c := range []struct {
		name     string
		old, new []float64
		reason   string
	}{
		{"zero", ten(12), with(3, 0), "in round 3 old is 103 and new is 0"},
		{"zeros on both sides", make([]float64, 12), make([]float64, 12), "in round 0 old is 0 and new is 0"},
		{"negative", with(0, -1), ten(12), "in round 0 old is -1"},
		{"NaN", ten(12), with(11, math.NaN()), "in round 11"},
		{"infinite", ten(12), with(11, math.Inf(1)), "in round 11"},
		{"infinite on both sides", with(2, math.Inf(1)), with(2, math.Inf(1)), "in round 2"},
		{"too far apart", with(5, 1e-200), with(5, 1e200), "too far apart"},
		{"nothing", nil, nil, "no round in which both"},
		{"one side only", nil, ten(12), "no round in which both"},
		{"one pair", ten(1), ten(1), "1 pair is too few: at least 6 are needed"},
		{"five pairs", ten(5), ten(5), "5 pairs are too few: at least 6 are needed"},
		{"too many", ten(maxPairs + 1), ten(maxPairs + 1), "501 pairs are more than the 500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Compare(Table{Series: []Series{series("old", record.Lower, c.old...), series("new", record.Lower, c.new...)}}, "old", Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := f.Comparisons[0]
			if got.Verdict != Unresolved || !strings.Contains(got.Reason, c.reason) {
				t.Errorf("%s: %q, want one with %q", got.Verdict, got.Reason, c.reason)
			}
			if strings.Contains(c.reason, "too few") != (got.Effect != nil) || got.MDE != nil || got.Needed != 6 {
				t.Errorf("effect %v, MDE %v, needed %d", got.Effect, got.MDE, got.Needed)
			}
			if _, err := json.Marshal(f); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPair(t *testing.T) {
	type o = Observation
	for _, c := range []struct {
		name     string
		clocks   [2]string
		old, new []o
		d        []float64 // rounded
		dropped  int
		pairing  Pairing
	}{
		{
			"interleaved, in either order", [2]string{"c", "c"},
			[]o{{0, 1, 0, false, false, false}, {1, 1, 3, false, false, false}}, []o{{0, math.E, 1, false, false, false}, {1, 1, 2, false, false, false}},
			[]float64{1, 0}, 0, Interleaved,
		},
		{
			"one after the other", [2]string{"c", "c"},
			[]o{{0, 1, 0, false, false, false}, {1, 1, 1, false, false, false}}, []o{{0, 1, 2, false, false, false}, {1, 1, 3, false, false, false}},
			[]float64{0, 0}, 0, Apart,
		},
		{
			"a clock that was set back", [2]string{"c", "c"},
			[]o{{0, 1, 10, false, false, false}, {1, 1, 20, false, false, false}, {2, 1, 5, false, false, false}}, []o{{0, 1, 11, false, false, false}, {1, 1, 21, false, false, false}, {2, 1, 6, false, false, false}},
			[]float64{0, 0, 0}, 0, Apart,
		},
		{"different clocks", [2]string{"a", "b"}, []o{{0, 1, 0, false, false, false}}, []o{{0, 1, 0, false, false, false}}, []float64{0}, 0, Assumed},
		{"no clocks", [2]string{}, []o{{0, 1, 0, false, false, false}}, []o{{0, 1, 0, false, false, false}}, []float64{0}, 0, Assumed},
		{
			"rounds with a launch on one side, or an invalid one", [2]string{"c", "c"},
			[]o{{0, 1, 0, false, false, false}, {1, 1, 2, true, false, false}, {2, 1, 4, false, false, false}, {4, 1, 8, false, false, false}},
			[]o{{0, 1, 1, false, false, false}, {1, 1, 3, false, false, false}, {3, 1, 7, false, false, false}, {4, 1, 9, false, false, false}},
			[]float64{0, 0}, 3, Interleaved,
		},
		{
			"the last valid launch of a round counts", [2]string{"c", "c"},
			[]o{{0, 7, 0, true, false, false}, {0, 1, 1, false, false, false}, {1, 7, 3, false, false, false}, {1, 1, 4, false, false, false}, {1, 9, 5, true, false, false}},
			[]o{{0, math.E, 2, false, false, false}, {1, math.E, 6, false, false, false}},
			[]float64{1, 1}, 0, Interleaved,
		},
		{
			"rounds in any order", [2]string{"c", "c"},
			[]o{{5, math.E, 4, false, false, false}, {2, 1, 0, false, false, false}}, []o{{2, math.E, 1, false, false, false}, {5, 1, 5, false, false, false}},
			[]float64{1, -1}, 0, Interleaved,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := pair(prepared(c.clocks[0], c.old), prepared(c.clocks[1], c.new))
			for i := range got.d {
				got.d[i] = math.Round(got.d[i]*1e9) / 1e9
			}
			if !slices.Equal(got.d, c.d) || got.dropped != c.dropped || got.pairing != c.pairing || got.reason != "" {
				t.Errorf("got %+v, want %v, %d dropped, %s", got, c.d, c.dropped, c.pairing)
			}
		})
	}
}

func TestApartIsNotJudged(t *testing.T) {
	old, new := scaled(2)
	a, b := series("old", record.Lower, old...), series("new", record.Lower, new...)
	other := series("other", record.Lower, new...)
	for i := range b.Observations {
		b.Observations[i].At += 1000
	}
	f, err := Compare(Table{Series: []Series{a, b, other}}, "old", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c := f.Comparisons[0]; c.Verdict != Unresolved || c.Pairing != Apart || !strings.Contains(c.Reason, "not interleaved") || c.AdjustedP != 1 || c.Effect == nil {
		t.Errorf("apart: %+v", c)
	}
	// It does not count as found either, so that the other one has half of alpha.
	if c := f.Comparisons[1]; c.Verdict != Worse || c.Effect.Interval.Confidence != 1-0.05/1.5 {
		t.Errorf("interleaved: %+v %+v", c, c.Effect.Interval)
	}

	f, err = Compare(Table{Series: []Series{a, other}}, "old", Options{NotJudged: "two machines"})
	if err != nil {
		t.Fatal(err)
	}
	if c := f.Comparisons[0]; c.Verdict != Unresolved || c.Reason != "two machines" || c.Effect == nil {
		t.Errorf("not judged: %+v", c)
	}
}

func TestFamily(t *testing.T) {
	old, new := scaled(1.1)
	in := func(s Series, row, workload, unit string) Series {
		s.Row, s.Workload, s.Unit = row, workload, unit
		return s
	}
	a, b, c := series("old", record.Lower, old...), series("new", record.Lower, new...), series("third", record.Lower, new...)
	table := Table{
		Primary: map[string]string{"wake": "p50-ns/wake", "strange": "y"},
		Series: []Series{
			in(a, "Wake", "wake", "p50-ns/wake"), in(b, "Wake", "wake", "p50-ns/wake"), in(c, "Wake", "wake", "p50-ns/wake"),
			in(a, "Wake", "wake", "ns/op"), in(b, "Wake", "wake", "ns/op"),
			in(b, "Wake", "wake", "allocs/op"),
			in(a, "Other", "other", "ns/op"), in(c, "Other", "other", "ns/op"), // the default unit
			in(a, "Strange", "strange", "x"), in(b, "Strange", "strange", "x"), // without its primary unit
			in(a, "Gone", "gone", "ns/op"),
			in(b, "Added", "added", "ns/op"), in(c, "Added", "added", "ns/op"),
		},
		Warnings: []string{"first"},
	}
	f, err := Compare(table, "old", Options{Alpha: 0.1, Margin: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range f.Comparisons {
		s := c.Row + " " + c.New.Column + " " + c.Unit
		if c.Judged {
			s += " judged"
		}
		if c.Judged != (c.Verdict != "") || c.Judged != (c.MDE != nil) || c.Old.Column != "old" {
			t.Errorf("%s: %+v", s, c)
		}
		got = append(got, s)
		if !c.Judged && c.Effect.Interval.Confidence != 0.9 {
			t.Errorf("%s: interval %+v, want one at alpha", s, *c.Effect.Interval)
		}
		if s := c.New.Summary; s == nil || s.Interval == nil || s.Center < s.Interval.Lo || s.Center > s.Interval.Hi {
			t.Errorf("%s: summary %+v", c.Row, s)
		}
	}
	want := []string{"Wake new p50-ns/wake judged", "Wake new ns/op", "Wake third p50-ns/wake judged", "Other third ns/op judged", "Strange new x"}
	if !slices.Equal(got, want) {
		t.Errorf("comparisons %q, want %q", got, want)
	}
	if f.Size != 3 || f.Alpha != 0.1 || f.Margin != 0.01 || f.Baseline != "old" {
		t.Errorf("family %+v", f)
	}
	unmatched := []Unmatched{
		{"Wake", "new", "allocs/op"}, {"Wake", "old", "ns/op"}, {"Gone", "old", ""}, {"Added", "new", ""}, {"Added", "third", ""},
	}
	if !slices.Equal(f.Unmatched, unmatched) {
		t.Errorf("unmatched %v, want %v", f.Unmatched, unmatched)
	}
	if len(f.Warnings) != 2 || f.Warnings[0] != "first" || !strings.HasSuffix(f.Warnings[1], "both sides: Strange") {
		t.Errorf("warnings %q", f.Warnings)
	}
}

func TestCompareErrors(t *testing.T) {
	good := Table{Series: []Series{series("a", record.Lower, ten(9)...), series("b", record.Lower, ten(9)...)}}
	for _, c := range []struct {
		name     string
		table    Table
		baseline string
		options  Options
		err      string
	}{
		{"no baseline", good, "bitmap", Options{}, "choose a baseline from a, b"},
		{"nothing", Table{}, "a", Options{}, "nothing to compare"},
		{"twice", Table{Series: append(good.Series, good.Series[0])}, "a", Options{}, "in the table twice"},
		{"alpha", good, "a", Options{Alpha: 0.6}, "alpha is 0.6"},
		{"alpha", good, "a", Options{Alpha: math.NaN()}, "alpha is NaN"},
		{"margin", good, "a", Options{Margin: -0.1}, "margin of equivalence is -0.1"},
	} {
		if _, err := Compare(c.table, c.baseline, c.options); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.err)
		}
	}
}

// The unit and the order of the launches do not matter, and neither side is
// preferred. What is given is not changed.
func TestInvariance(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 12))
	one := func(a, b Series) Comparison {
		t.Helper()
		f, err := Compare(Table{Series: []Series{a, b}}, a.Column, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return f.Comparisons[0]
	}
	close := func(a, b float64) bool { return math.Abs(a/b-1) < 1e-9 }
	for range 50 {
		var old, new, oldUnit, newUnit []float64
		for range 6 + rng.IntN(10) {
			a, b := 100*math.Exp(rng.NormFloat64()), 150*math.Exp(rng.NormFloat64())
			old, new = append(old, a), append(new, b)
			oldUnit, newUnit = append(oldUnit, a*1024), append(newUnit, b*1024)
		}
		a, b := series("old", record.Lower, old...), series("new", record.Lower, new...)
		want := one(a, b)
		for i, o := range a.Observations {
			if o.Value != old[i] || o.Round != i {
				t.Fatal("the series was sorted or changed")
			}
		}

		got := one(series("old", record.Lower, oldUnit...), series("new", record.Lower, newUnit...))
		if got.Verdict != want.Verdict || got.P != want.P || !close(got.Effect.Ratio, want.Effect.Ratio) || !close(*got.MDE, *want.MDE) {
			t.Errorf("in another unit %+v, want %+v", got, want)
		}

		rng.Shuffle(len(a.Observations), func(i, j int) { a.Observations[i], a.Observations[j] = a.Observations[j], a.Observations[i] })
		if got := one(a, b); got.Verdict != want.Verdict || got.P != want.P || *got.Effect.Interval != *want.Effect.Interval || *got.MDE != *want.MDE {
			t.Errorf("in another order %+v, want %+v", got, want)
		}

		back := one(b, a)
		verdict := map[Verdict]Verdict{Better: Worse, Worse: Better}[want.Verdict]
		if verdict == "" {
			verdict = want.Verdict
		}
		if back.Verdict != verdict || back.P != want.P || !close(back.Effect.Ratio, 1/want.Effect.Ratio) ||
			!close(back.Effect.Interval.Lo, 1/want.Effect.Interval.Hi) {
			t.Errorf("with the sides exchanged %+v, want the opposite of %+v", back, want)
		}
	}
}

func prepared(clock string, all []Observation) *measured {
	m := &measured{Series: Series{Clock: clock, Observations: all}}
	m.prepare()
	return m
}
