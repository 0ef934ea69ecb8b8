package main

import (
	"math"

	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/stats/compare"
)

// The targets.
const (
	nearBest = 1.05 // of the best peer's median, on wake
	meanGain = 1.5  // geometric mean over Tokio's seven
)

// A field is a candidate against a peer in a row and a unit.
type field struct {
	compare.Comparison
	measured bool
	cost     float64 // CPU time for each task, ours to theirs; NaN if unknown
	workers  float64 // that of the workers' threads alone, which decides nothing
}

func (f field) ratio() float64 {
	if !f.measured || f.Effect == nil {
		return math.NaN()
	}
	return f.Effect.Ratio
}

// ahead reports whether ours is significantly better, at no more CPU time.
func (f field) ahead() bool { return f.measured && f.Verdict == compare.Better && f.cost <= 1 }

// near reports whether ours takes at most nearBest times as long, at no more CPU time.
func (f field) near() bool { return f.ratio() <= nearBest && f.cost <= 1 }

// An outcome is all fields.
type outcome struct {
	pairs.Outcome
	judged map[string]compare.Comparison
	values pairs.Values
}

func (o outcome) field(r row, c candidate, peer, unit string) (f field) {
	f.Comparison, f.measured = o.judged[id(r, c, peer, unit)]
	f.measured = f.measured && f.Effect != nil
	ratio := func(unit string) float64 {
		ours, ok := o.values.Median(r.ours(c), unit)
		theirs, ok2 := o.values.Median(r.theirs(peer), unit)
		if ok && ok2 && theirs > 0 {
			return ours / theirs
		}
		return math.NaN()
	}
	f.cost, f.workers = ratio(cost), ratio(workerCost)
	return f
}

// A score is how a candidate did on a target.
type score struct {
	met, all int
	worst    float64 // ratio to a peer, of all fields; NaN if nothing was measured
	row      string  // that has it
}

func (s *score) add(f field, met bool, name string) {
	if !f.measured {
		return
	}
	s.all++
	if met {
		s.met++
	}
	if math.IsNaN(s.worst) || f.ratio() > s.worst {
		s.worst, s.row = f.ratio(), name
	}
}

// score counts the fields of some rows in a unit in which a target is met.
func (o outcome) score(rows []row, c candidate, unit string, met func(field) bool) score {
	s := score{worst: math.NaN()}
	for _, r := range rows {
		for _, p := range peers {
			f := o.field(r, c, p, unit)
			s.add(f, met(f), r.name+" against "+p)
		}
	}
	return s
}

// gain is the geometric mean of theirs to ours over Tokio's seven, with side for our cells.
func (o outcome) gain(c candidate, peer string, side func(row, candidate) pairs.Cell) (mean float64, rows int) {
	logs := 0.0
	for _, r := range tokioSeven() {
		ours, ok := o.values.Median(side(r, c), pace)
		theirs, ok2 := o.values.Median(r.theirs(peer), pace)
		if !ok || !ok2 {
			continue
		}
		logs += math.Log(theirs / ours)
		rows++
	}
	return math.Exp(logs / float64(rows)), rows
}

// total is how many fields of all targets a candidate meets.
func (o outcome) total(c candidate) int {
	return o.score(wakes(), c, p50, field.near).met + o.score(wakes(), c, tail, field.ahead).met + o.score(tokioSeven(), c, pace, field.ahead).met
}

// best is the candidate that meets most.
func (o outcome) best() candidate {
	best := candidates[0]
	for _, c := range candidates[1:] {
		if o.total(c) > o.total(best) {
			best = c
		}
	}
	return best
}
