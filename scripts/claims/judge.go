package main

import (
	"context"
	"fmt"
	"math"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/scripts/claims/published"
	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/stats/compare"
)

// results is what was measured.
type results struct {
	config     []record.Pair // of the machine and the build
	cpus       int
	rounds     int
	run        record.Run
	operations opsRecord
	simulated  []published.Simulated
}

// measure measures everything that is left to measure.
func (m measurement) measure(ctx context.Context, claims []published.Claim) (r results, err error) {
	l, err := layOut(claims, m.cpus)
	if err != nil {
		return r, err
	}
	r.cpus, r.rounds = m.cpus, m.rounds
	m.progress("simulations")
	if r.simulated, err = pairs.Simulate[published.Simulated](ctx, m.folder, "./scripts/claims/simulated", m.seeds); err != nil {
		return r, err
	}
	if r.operations, err = m.measureOperations(ctx, claims); err != nil {
		return r, err
	}
	if r.run, err = m.measureCells(ctx, l); err != nil {
		return r, err
	}
	r.config = r.run.Config
	return r, nil
}

// A verdict on a claim.
type verdict string

const (
	confirmed verdict = "confirmed"
	refuted   verdict = "refuted"
	undecided verdict = "not decidable here"
)

// A finding is what was found about a claim.
type finding struct {
	published.Claim
	verdict   verdict
	why       string          // it is undecided
	effect    *compare.Effect // the ratio; nil if there is none
	pairs     int             // rounds that count
	simulated []spread
}

// A spread is the ratios of a simulation with several seeds.
type spread struct {
	cpus, seeds       int
	lo, median, hi    float64
	holds, contradict bool // all of them are on the claim's side, or none
}

// The columns of the table that is judged.
const (
	oldSide = "old"
	newSide = "new"
)

// judge judges all claims that were measured, as one family.
func judge(claims []published.Claim, r results) (all []finding, err error) {
	var t compare.Table
	for _, c := range claims {
		if c.Test == nil || r.cpus < c.MinCPUs {
			continue
		}
		old, new, err := r.observations(c)
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", c.ID, err)
		}
		for i := range old {
			old[i].Value *= c.Limit
		}
		t.Series = append(t.Series, series(c, oldSide, old), series(c, newSide, new))
	}
	byID := map[string]compare.Comparison{}
	if len(t.Series) > 0 {
		// No difference from a limit is too small to count.
		family, err := compare.Compare(t, oldSide, compare.Options{Margin: 1e-9})
		if err != nil {
			return nil, err
		}
		for _, c := range family.Comparisons {
			byID[c.Row] = c
		}
	}
	for _, c := range claims {
		f := finding{Claim: c, verdict: undecided, simulated: spreads(c, r.simulated)}
		judged, measured := byID[c.ID]
		switch {
		case c.Test == nil:
			f.why = c.Untested
		case r.cpus < c.MinCPUs:
			f.why = fmt.Sprintf("it takes %d CPUs, and here are %d", c.MinCPUs, r.cpus)
			if c.Untested != "" {
				f.why += ": " + c.Untested
			}
		case !measured:
			f.why = "no round had valid launches of both sides"
		default:
			f.take(judged)
		}
		all = append(all, f)
	}
	return all, nil
}

// take takes over a comparison of the ratio with the limit.
func (f *finding) take(c compare.Comparison) {
	f.pairs = c.Pairs
	if c.Effect != nil {
		e := compare.Effect{Ratio: c.Effect.Ratio * f.Limit}
		if i := c.Effect.Interval; i != nil {
			e.Interval = &compare.Interval{Lo: i.Lo * f.Limit, Hi: i.Hi * f.Limit, Confidence: i.Confidence}
		}
		f.effect = &e
	}
	switch {
	case c.Verdict == compare.Better && f.Side == published.Below, c.Verdict == compare.Worse && f.Side == published.Above:
		f.verdict = confirmed
	case c.Verdict == compare.Better, c.Verdict == compare.Worse:
		f.verdict = refuted
	case c.Wide():
		f.why = "the interval includes the limit"
	default:
		f.why = c.Reason
	}
}

func series(c published.Claim, column string, o []compare.Observation) compare.Series {
	s := compare.Series{Row: c.ID, Column: column, Name: c.ID + " " + column, Workload: c.ID, Unit: "ns/op", Better: record.Lower, Clock: "rounds"}
	s.Observations = o
	return s
}

// observations returns a claim's value on each side in each round.
func (r results) observations(c published.Claim) (old, new []compare.Observation, err error) {
	switch test := c.Test.(type) {
	case published.Operations:
		for round, v := range r.operations.Rounds[c.ID][:min(r.rounds, len(r.operations.Rounds[c.ID]))] {
			at := int64(round)
			old = append(old, compare.Observation{Round: round, At: at, Value: v.Old})
			new = append(new, compare.Observation{Round: round, At: at, Value: v.New})
		}
		return old, new, nil
	case published.Cells:
		for round := range r.run.Plan.Rounds {
			o, n := geometricMean{}, geometricMean{}
			for _, p := range test.Pairs {
				if err := o.add(r, p.Old, round, test.Unit); err != nil {
					return nil, nil, err
				}
				if err := n.add(r, p.New, round, test.Unit); err != nil {
					return nil, nil, err
				}
			}
			old, new = append(old, o.observation(round)), append(new, n.observation(round))
		}
		return old, new, nil
	}
	return nil, nil, fmt.Errorf("a test of type %T", c.Test)
}

// A geometricMean is that of the launches of some cells in one round. It is invalid if one
// of them is.
type geometricMean struct {
	logs               float64
	n                  int
	invalid, saturated bool
}

// add adds the launch of a cell in a round.
func (g *geometricMean) add(r results, c published.Cell, round int, unit string) error {
	cell, err := toRecord(c, r.cpus)
	if err != nil {
		return err
	}
	g.n++
	value, ok := 0.0, false
	for _, l := range r.run.Recorded {
		if l.Round != round || len(l.Invalid) > 0 || l.Cell.Name() != cell.Name() {
			continue
		}
		for _, metric := range l.Metrics {
			if metric.Unit == unit {
				value, ok = metric.Value, true
			}
		}
		g.saturated = g.saturated || l.Saturated()
	}
	if !ok || !(value > 0) {
		g.invalid = true
		return nil
	}
	g.logs += math.Log(value)
	return nil
}

func (g geometricMean) observation(round int) compare.Observation {
	o := compare.Observation{Round: round, At: int64(round), Invalid: g.invalid, Saturated: g.saturated}
	if !g.invalid {
		o.Value = math.Exp(g.logs / float64(g.n))
	}
	return o
}

// spreads sums up a claim's simulations, by the number of CPUs.
func spreads(c published.Claim, all []published.Simulated) (list []spread) {
	if c.Simulation == nil {
		return nil
	}
	for _, cpus := range c.Simulation.CPUs {
		var ratios []float64
		s := spread{cpus: cpus, lo: math.Inf(1), hi: math.Inf(-1), holds: true, contradict: true}
		for _, v := range all {
			if v.Claim != c.ID || v.CPUs != cpus {
				continue
			}
			ratios = append(ratios, v.Ratio)
			s.lo, s.hi = min(s.lo, v.Ratio), max(s.hi, v.Ratio)
			s.holds, s.contradict = s.holds && c.Holds(v.Ratio), s.contradict && !c.Holds(v.Ratio)
		}
		if s.seeds = len(ratios); s.seeds > 0 {
			s.median = compare.Median(ratios)
			list = append(list, s)
		}
	}
	return list
}
