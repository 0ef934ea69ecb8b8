package main

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/stats/compare"
)

// All cells of our own exist, and each is in one group only.
func TestRows(t *testing.T) {
	c := catalog.Default()
	seen := map[string]bool{}
	for _, group := range groups() {
		for _, cell := range group {
			name, err := cell.Name()
			if err != nil {
				t.Fatal(err)
			}
			if seen[name] {
				t.Errorf("%s is measured twice", name)
			}
			seen[name] = true
			parsed, err := record.ParseName(name)
			if err != nil {
				t.Fatal(err)
			}
			if record.IsPeer(parsed) {
				if !slices.Contains(peers, parsed.Impl) {
					t.Errorf("%s is no peer", parsed.Impl)
				}
				continue
			}
			if _, err := matrix.Spec(c, parsed, nil); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, contest := range contests() {
		for _, side := range []pairs.Cell{contest.Old, contest.New} {
			if name, _ := side.Name(); !seen[name] {
				t.Errorf("%s is compared, but not measured", name)
			}
		}
	}
}

// made is a run in which a cell has a value in a unit, by its name.
func made(t *testing.T, rounds int, values func(c pairs.Cell, unit string) float64) record.Run {
	t.Helper()
	r := record.Run{}
	r.Units = record.Units()
	r.Primary = map[string]string{}
	for round := range rounds {
		for _, cell := range slices.Concat(groups()...) {
			name, _ := cell.Name()
			parsed, err := record.ParseName(name)
			if err != nil {
				t.Fatal(err)
			}
			if round == 0 {
				r.Plan.Cells = append(r.Plan.Cells, parsed)
			}
			l := record.Launch{Cell: parsed, Round: round, N: 1}
			for _, u := range []string{p50, tail, pace, cost} {
				l.Metrics = append(l.Metrics, record.Metric{Value: values(cell, u) * (1 + float64(round)/1000), Unit: u})
			}
			r.Recorded = append(r.Recorded, l)
		}
	}
	return r
}

func TestTargets(t *testing.T) {
	one := func(c pairs.Cell, unit string) float64 {
		switch {
		case c.Park == "":
			return 100 // peers
		case c.Impl == "relay" && unit == cost:
			return 100
		case c.Impl == "relay":
			return 40
		}
		return 104
	}
	in := pairs.Outcome{Run: made(t, 15, one)}
	judged, err := pairs.Judge(in.Run, contests())
	if err != nil {
		t.Fatal(err)
	}
	o := outcome{in, judged, pairs.ValuesOf(in.Run)}
	relay, jec := candidates[0], candidates[1]
	if o.best() != relay {
		t.Errorf("the best is %v", o.best())
	}
	all := len(wakes()) * len(peers)
	if s := o.score(wakes(), relay, p50, field.near); s.met != all || s.all != all || math.Abs(s.worst-0.4) > 1e-9 {
		t.Errorf("relay: %v", s)
	}
	// Near enough in time, but at more CPU time.
	if s := o.score(wakes(), jec, p50, field.near); s.met != 0 || s.all != all {
		t.Errorf("jec: %v", s)
	}
	if mean, n := o.gain(relay, "tokio", row.ours); n != len(tokioSeven()) || math.Abs(mean-2.5) > 1e-9 {
		t.Errorf("the mean is %v in %d rows", mean, n)
	}
	text, err := write(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Our best is `relay`", "met: 36 of 36", "met: 2.5 in 7 rows (preallocated 2.5 in 7)", "**missed**: 0.962"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%.3000s", want, text)
		}
	}
	if strings.Contains(text, "Where it is behind") {
		t.Errorf("it is behind nowhere:\n%s", text[strings.Index(text, "## Where"):])
	}
}

func TestField(t *testing.T) {
	f := func(v compare.Verdict, ratio, cost float64) field {
		return field{compare.Comparison{Verdict: v, Effect: &compare.Effect{Ratio: ratio}}, true, cost, cost}
	}
	for _, test := range []struct {
		field
		isNear, isAhead bool
	}{
		{f(compare.Better, 0.5, 0.9), true, true},
		{f(compare.Better, 0.5, 1.1), false, false},
		{f(compare.Unresolved, 1.04, 1), true, false},
		{f(compare.Worse, 1.06, 0.5), false, false},
		{f(compare.Better, 0.5, math.NaN()), false, false},
		{field{}, false, false},
	} {
		if test.near() != test.isNear || test.ahead() != test.isAhead {
			t.Errorf("%v at %v of the CPU time: near %v, ahead %v", test.ratio(), test.cost, test.near(), test.ahead())
		}
	}
}

// Without results the outcome says so.
func TestWriteNothing(t *testing.T) {
	text, err := write(pairs.Outcome{})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text, "not measured"); n != (3+len(peers))*len(candidates) {
		t.Errorf("%d targets are not measured:\n%s", n, text)
	}
}

// Each reason is about a field that there is, and one that no reason is known for is said to
// have none.
func TestReasons(t *testing.T) {
	for i, known := range reasons {
		fits := false
		for _, r := range append(wakes(), tokioSeven()...) {
			for _, p := range peers {
				fits = fits || why(r, p) == known.why
			}
		}
		if !fits {
			t.Errorf("reason %d is about no field, or all of its have one before it: %s", i, known.why)
		}
	}
	if got := why(row{name: "tea"}, "milk"); got != unexplained {
		t.Errorf("tea against milk: %s", got)
	}
}
