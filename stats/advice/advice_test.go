package advice_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/advice"
)

var (
	old  = advice.Candidate{Design: "bitmap", Parker: "futex"}
	spin = advice.Candidate{Design: "bitmap", Parker: "spin-futex-20us"}
	none = advice.Candidate{}
)

// made has two gaps of wake and an idle load, with factors of latency and CPU time for spin.
func made(rounds int, latency, cpu func(gap string) float64) advice.Data {
	d := advice.Data{Rounds: rounds}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, gap := range []string{"20us", "2ms"} {
		for _, c := range []advice.Candidate{old, spin} {
			v := advice.Values{Situation: advice.Situation{Workload: "wake", Params: []record.Param{{Name: "gap", Value: gap}}, Workers: 1}, Candidate: c}
			for range rounds {
				l, p := 1000*math.Exp(0.01*rng.NormFloat64()), 5000*math.Exp(0.01*rng.NormFloat64())
				if c == spin {
					l, p = l*latency(gap), p*cpu(gap)
				}
				v.Latency, v.CPU = append(v.Latency, l), append(v.CPU, p)
			}
			d.Cells = append(d.Cells, v)
		}
	}
	return d
}

func always(f float64) func(string) float64 { return func(string) float64 { return f } }

func TestAdvise(t *testing.T) {
	for _, c := range []struct {
		name      string
		data      advice.Data
		objective string
		current   advice.Candidate
		want      advice.Candidate
		text      string // in the advice
	}{
		{"better in latency", made(21, always(0.5), always(1.5)), "latency", old, spin, "with a spin budget of 20us"},
		{"which costs CPU", made(21, always(0.5), always(1.5)), "cpu", old, old, "no other candidate looked better"},
		{"balanced", made(21, always(0.5), always(1.5)), "balanced", old, spin, "(13 % to 14 %, noise"},
		{"weights", made(21, always(0.5), always(1.5)), "latency=1,cpu=9", old, old, "Keep bitmap/futex"},
		{"the usual one is current", made(21, always(0.5), always(1)), "latency", none, spin, "better than bitmap/futex"},
		{"the current one is the best", made(21, always(0.5), always(1)), "latency", spin, spin, "Keep bitmap/spin-futex-20us"},
		{"too little", made(21, always(0.99), always(1)), "latency", old, old, "nothing is"},
		{"the gap decides", made(21, func(gap string) float64 { return map[string]float64{"20us": 0.3, "2ms": 1.5}[gap] }, always(1)),
			"latency", old, spin, "wake, gap: bitmap/spin-futex-20us at 20us, bitmap/futex at 2ms"},
		{"few rounds of noise", made(13, always(1), always(1)), "balanced", old, old, "Keep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var o advice.Objective
			if err := o.Set(c.objective); err != nil {
				t.Fatal(err)
			}
			a, err := advice.Advise(c.data, o, c.current)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := a.Write(&b, 200); err != nil {
				t.Fatal(err)
			}
			if a.Choice != c.want || a.Keep != (c.want == a.Current) || !strings.Contains(b.String(), c.text) {
				t.Errorf("chose %s, want %s with %q in\n%s", a.Choice, c.want, c.text, b.String())
			}
		})
	}
}

// The values of the rounds that choose have no part in the gain: where they alone show one,
// nothing is confirmed.
func TestConfirmedOnOtherRounds(t *testing.T) {
	d := made(21, always(1), always(1))
	for _, v := range d.Cells {
		for r := range 7 {
			if v.Candidate == spin {
				v.Latency[r] /= 10
			}
		}
	}
	a, err := advice.Advise(d, advice.Objective{Latency: 1}, old)
	if err != nil {
		t.Fatal(err)
	}
	if a.Best == nil || *a.Best != spin || !a.Keep || a.Gain.Ratio < 0.95 {
		t.Errorf("best %v, keep %v, gain %v: want spin chosen and not confirmed", a.Best, a.Keep, a.Gain)
	}
}

// A launch that is missing costs its situation one round, and no other situation.
func TestMissingLaunches(t *testing.T) {
	d := made(14, always(0.5), always(1))
	for r := range d.Rounds { // one in each round, in turn
		d.Cells[r%4].Latency[r] = 0
	}
	a, err := advice.Advise(d, advice.Balanced, old)
	if err != nil {
		t.Fatal(err)
	}
	if a.Keep || a.Choice != spin || a.Gain.Rounds != a.Confirming {
		t.Errorf("keep %v, %s, %d of %d rounds: %s", a.Keep, a.Choice, a.Gain.Rounds, a.Confirming, a.Headline())
	}
	for _, v := range d.Cells[:2] {
		clear(v.Latency) // nothing of one situation
	}
	if a, err := advice.Advise(d, advice.Balanced, old); err != nil || len(a.Places) != 1 {
		t.Errorf("%d places, %v: want the other situation", len(a.Places), err)
	}
}

func TestNoAdvice(t *testing.T) {
	one := made(21, always(1), always(1))
	one.Cells = []advice.Values{one.Cells[0], one.Cells[2]}
	empty := made(21, always(1), always(0))
	for _, c := range []struct {
		name    string
		data    advice.Data
		current advice.Candidate
		want    string
	}{
		{"one candidate", one, none, "nothing to choose from"},
		{"few rounds", made(9, always(1), always(1)), none, "too few rounds: 3 choose and 6 confirm, and at least 9 have to confirm; measure 13 rounds"},
		{"unknown", made(21, always(1), always(1)), advice.Candidate{Design: "nosuch", Parker: "futex"}, "nosuch/futex was not measured; there are bitmap/futex"},
		{"no data", advice.Data{Rounds: 21}, none, "no workload was measured"},
		{"without CPU time", empty, none, "nothing to choose from"},
	} {
		if a, err := advice.Advise(c.data, advice.Balanced, c.current); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %q", c.name, a.Choice, err, c.want)
		}
	}
}

func TestObjective(t *testing.T) {
	for text, want := range map[string]string{
		"latency": "latency", "cpu": "cpu", "balanced": "balanced", "latency=2,cpu=2": "balanced", "latency=1": "latency", "latency=0.7,cpu=0.3": "latency=0.7,cpu=0.3",
		"": "", "speed": "", "latency=-1": "", "latency=0,cpu=0": "", "latency=1,latency=2": "", "latency=NaN": "", "cpu=Inf": "", "latency=1e308,cpu=1e308": "",
	} {
		var o advice.Objective
		err := o.Set(text)
		if (err != nil) != (want == "") || err == nil && o.String() != want {
			t.Errorf("%q: %s, %v; want %q", text, &o, err, want)
		}
	}
}

func TestParseCandidate(t *testing.T) {
	for text, ok := range map[string]bool{"a/b": true, "a": false, "/b": false, "a/": false, "a/b/c": false, "a/b/0": false, "a/b/4": true, "a/b/4/5": false, "": false} {
		if c, err := advice.ParseCandidate(text); (err == nil) != ok || ok && c.String() != text {
			t.Errorf("%q: %v, %v", text, c, err)
		}
	}
}

// With the same numbers of workers everywhere, their number is chosen.
func TestWorkersAreChosen(t *testing.T) {
	run := record.Run{Manifest: record.Manifest{Units: record.Units(), Primary: map[string]string{"wake": "p50-ns/wake", "idle": "cost-ns/sec"},
		Plan: record.Plan{Rounds: 14}}}
	for _, workload := range []string{"wake", "burst"} {
		for _, workers := range []int{1, 2} {
			c := record.Cell{Workload: workload, Impl: "bitmap", Park: "futex", Workers: workers}
			run.Plan.Cells = append(run.Plan.Cells, c)
			for r := range 14 {
				run.Recorded = append(run.Recorded, record.Launch{Cell: c, Round: r,
					Metrics: []record.Metric{{Value: 1000/float64(workers) + float64(r), Unit: "p50-ns/wake"}, {Value: 7, Unit: "cost-ns/task"}}})
			}
		}
	}
	run.Primary["burst"] = "p50-ns/wake"
	advise := func() advice.Advice {
		d, err := advice.FromRun(run)
		if err != nil {
			t.Fatal(err)
		}
		a, err := advice.Advise(d, advice.Balanced, advice.Candidate{Design: "bitmap", Parker: "futex", Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := advise(); a.Choice.Workers != 2 || !strings.Contains(a.Headline(), "Use bitmap/futex/2: ") || !strings.Contains(a.Headline(), "with 2 workers") {
		t.Errorf("chose %s: %s", a.Choice, a.Headline())
	}
	run.Plan.Cells = run.Plan.Cells[:3] // burst with one number only
	d, err := advice.FromRun(run)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range d.Cells {
		if v.Candidate.Workers != 0 || v.Situation.Workers == 0 {
			t.Errorf("%s of %s: the number of workers is chosen, though workloads differ in it", v.Candidate, v.Situation.Name())
		}
	}
}

// The page has each field of the JSON.
func TestFieldsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/advice.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []any{advice.Advice{}, advice.Candidate{}, advice.Ratio{}, advice.Point{}, advice.Place{}, advice.Objective{}} {
		kind := reflect.TypeOf(of)
		for i := range kind.NumField() {
			name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			if name != "" && !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("%s has the field %q, which docs/advice.md has not", kind, name)
			}
		}
	}
}

func TestFromRun(t *testing.T) {
	cell := func(impl, park string) record.Cell {
		return record.Cell{Workload: "wake", Impl: impl, Park: park, Workers: 1}
	}
	run := record.Run{Manifest: record.Manifest{State: record.Interrupted, Units: record.Units(), Primary: map[string]string{"wake": "p50-ns/wake"},
		Plan: record.Plan{Rounds: 4, Looks: []record.Look{{Rounds: 3}, {Rounds: 4}}, Cells: []record.Cell{cell("bitmap", "futex"), cell("floor", "futex")}}}}
	for r := range 4 {
		l := record.Launch{Cell: cell("bitmap", "futex"), Round: r, Metrics: []record.Metric{{Value: float64(10 + r), Unit: "p50-ns/wake"}, {Value: 7, Unit: "cost-ns/task"}}}
		if r == 1 {
			l.Invalid = []string{"steal"}
		}
		run.Recorded = append(run.Recorded, l)
	}
	d, err := advice.FromRun(run)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(d.Rounds, len(d.Cells), d.Cells[0].Latency, d.Cells[0].CPU, len(d.Notes)), "3 1 [10 0 12] [7 0 7] 2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	run.Plan.Cells = run.Plan.Cells[1:]
	if _, err := advice.FromRun(run); !errors.Is(err, advice.ErrPeers) {
		t.Errorf("floors only: %v", err)
	}
	run.Config = []record.Pair{{Key: record.SimulatedKey, Value: "epyc"}}
	if _, err := advice.FromRun(run); !errors.Is(err, advice.ErrSimulated) {
		t.Errorf("simulated: %v", err)
	}
}
