package main

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/advice"
)

var (
	old    = advice.Candidate{Design: "bitmap", Parker: "futex"}
	better = advice.Candidate{Design: "relay", Parker: "futex"}
)

// made is a run in which one candidate takes a factor of the other's time.
func made(seed uint64, factor float64) advice.Data {
	rng := rand.New(rand.NewPCG(seed, 0))
	d := advice.Data{Rounds: 24}
	for _, c := range []advice.Candidate{old, better} {
		v := advice.Values{Situation: advice.Situation{Workload: "wake", Params: []record.Param{{Name: "gap", Value: "20us"}}, Workers: 1}, Candidate: c}
		for range d.Rounds {
			value := 1000 * math.Exp(0.02*rng.NormFloat64())
			if c == better {
				value *= factor
			}
			v.Latency, v.CPU = append(v.Latency, value), append(v.CPU, value)
		}
		d.Cells = append(d.Cells, v)
	}
	return d
}

func TestOutcome(t *testing.T) {
	for _, c := range []struct {
		name           string
		advised, fresh float64
		want, headline string
	}{
		{"holds", 0.8, 0.8, "as promised: within the interval", "> Use relay/futex"},
		{"does not hold", 0.8, 1, "**not as promised**: outside the interval", "> Use relay/futex"},
		{"nothing better", 1.2, 1.2, "| `bitmap/futex` to `relay/futex` | |", "> Keep bitmap/futex"},
	} {
		a, err := advice.Advise(made(1, c.advised), advice.Balanced, old)
		if err != nil {
			t.Fatal(err)
		}
		text := outcome(a, made(2, c.fresh), "one machine", "another")
		if !strings.Contains(text, c.want) || !strings.Contains(text, c.headline) {
			t.Errorf("%s: want %q and %q in\n%s", c.name, c.headline, c.want, text)
		}
	}
}

// The choice is held against what else was in the fresh run, too.
func TestFixed(t *testing.T) {
	a, err := advice.Advise(made(1, 0.8), advice.Balanced, old)
	if err != nil {
		t.Fatal(err)
	}
	fresh := made(2, 0.8)
	third := made(3, 0.5).Cells[1]
	third.Candidate.Design = "third"
	fresh.Cells = append(fresh.Cells, third)
	if text := outcome(a, fresh, "", ""); !strings.Contains(text, "| `relay/futex` to `third/futex` | |") || !strings.Contains(text, "**the choice is worse**") {
		t.Errorf("the better third candidate is not in\n%s", text)
	}
}

func TestCandidates(t *testing.T) {
	a := advice.Advice{Current: old, Choice: better, Rivals: []advice.Candidate{old, {Design: "relay", Parker: "spin-futex-20us"}}}
	if got := strings.Join(candidates(a), " "); got != "-impl bitmap,relay -park futex,spin-futex-20us" {
		t.Errorf("flags %q", got)
	}
}
