package advice

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/family"
)

// Version is that of an Advice's JSON.
const Version = 1

// Rates and sizes, as the package documentation has them.
const (
	level       = 0.0025 // of the tests of the choice, one-sided
	worthwhile  = 0.02   // the least estimated gain
	shown       = 0.05   // level of intervals that are only shown
	chooseShare = 3      // one in so many rounds chooses
)

// LeastConfirming is how many rounds have to confirm.
var LeastConfirming = compare.LeastPairs(2 * level)

// An Advice is a choice with what is known about it.
type Advice struct {
	Version   int       `json:"version"`
	Keep      bool      `json:"keep"` // Choice is Current
	Why       string    `json:"why"`  // one sentence
	Objective Objective `json:"objective"`
	Current   Candidate `json:"current"`
	Choice    Candidate `json:"choice"`
	Spin      string    `json:"spin,omitempty"` // the spin budget of the choice

	// Best is the candidate that the rounds which choose prefer to the current one, and
	// its ratio in the rounds that confirm; nil if there is none.
	Best *Candidate `json:"best"`
	Gain *Ratio     `json:"gain"`

	Rivals []Candidate `json:"rivals"` // of the choice, not shown to be worse
	Points []Point     `json:"points"` // one for each candidate
	Places []Place     `json:"places"` // one for each situation
	Worst  *Place      `json:"worst"`  // that with the largest regret; nil if none is known
	Flips  []string    `json:"flips"`  // where another candidate is better, by parameter

	Choosing   int      `json:"choosing"`   // rounds
	Confirming int      `json:"confirming"` // rounds
	Notes      []string `json:"notes"`
}

// A Ratio is a quantity of one candidate divided by that of another; below 1 is better.
type Ratio struct {
	Ratio float64           `json:"ratio"`
	In    *compare.Interval `json:"interval"` // nil if there are too few rounds

	// Noise is the change that equal candidates' spread hides: one that is smaller is found
	// in less than 80 % of such runs. It is nil if there are too few rounds.
	Noise  *float64 `json:"noise"`
	Rounds int      `json:"rounds"`

	verdict compare.Verdict
}

// A Point is a candidate's latency and CPU time, as ratios to the current one.
type Point struct {
	Candidate
	Latency *Ratio `json:"latency"` // nil if no situation has one
	CPU     *Ratio `json:"cpu"`
	Pareto  bool   `json:"pareto"` // by the estimates no other is better in both
}

// A Place is what the choice loses in one situation to the candidate that is best there.
type Place struct {
	Situation string    `json:"situation"`
	Best      Candidate `json:"best"`
	Regret    *Ratio    `json:"regret"` // nil if the choice is the best
	Better    bool      `json:"better"` // Best beats the choice here, uncorrected

	of Situation
}

// An UnknownError says that the current candidate was not measured.
type UnknownError struct {
	Current Candidate
	There   []Candidate
}

func (e UnknownError) Error() string {
	return fmt.Sprintf("%s was not measured; there are %s", e.Current, names(e.There))
}

// Advise chooses. Current is the candidate to keep if nothing is proven to be better; if it
// is zero, the baseline of the run. An error says why there can be no advice.
func Advise(d Data, o Objective, current Candidate) (Advice, error) {
	t := newTable(d, o)
	if len(t.candidates) == 0 {
		return Advice{}, fmt.Errorf("no workload was measured in all that the objective %s needs", o.String())
	}
	if current == (Candidate{}) {
		current = t.baseline()
	}
	if !slices.Contains(t.candidates, current) {
		return Advice{}, UnknownError{current, t.candidates}
	}
	t.restrict(current)
	a := Advice{Version: Version, Objective: o, Current: current, Choice: current, Rivals: []Candidate{}, Flips: []string{}, Notes: append([]string{}, d.Notes...)}
	if len(t.candidates) < 2 {
		return Advice{}, fmt.Errorf("there is nothing to choose from: %s is the only design and parker in all %d situations", current, len(t.situations))
	}
	if len(t.missing) > 0 {
		a.Notes = append(a.Notes, "Not considered, since they lack situations of "+current.String()+": "+names(t.missing)+".")
	}
	if len(t.left) > 0 {
		a.Notes = append(a.Notes, "Left out, since they lack latency or CPU time: "+strings.Join(t.left, "; ")+".")
	}
	var rounds []int
	for r := range d.Rounds {
		if t.any(r) {
			rounds = append(rounds, r)
		}
	}
	choose, confirm := split(rounds)
	a.Choosing, a.Confirming = len(choose), len(confirm)
	if len(confirm) < LeastConfirming {
		return Advice{}, fmt.Errorf("too few rounds: %d choose and %d confirm, and at least %d have to confirm; measure %d rounds or more, as with -count %[4]d",
			len(choose), len(confirm), LeastConfirming, leastRounds())
	}
	best, ok := t.best(t.situations, current, choose)
	if ok && best != current {
		a.Best = &best
		a.Gain = t.ratio(t.situations, o, current, best, confirm, 2*level)
	}
	a.decide()
	a.Spin = a.Choice.Spin()
	for _, c := range t.candidates {
		if c == a.Choice {
			continue
		}
		if r := t.ratio(t.situations, o, a.Choice, c, confirm, 2*level); r == nil || r.verdict != compare.Worse {
			a.Rivals = append(a.Rivals, c)
		}
	}
	a.pareto(t, slices.Sorted(slices.Values(slices.Concat(choose, confirm))))
	a.regret(t, choose, confirm)
	return a, nil
}

// Between compares one candidate with another one in the situations that both have, over all
// rounds, with a 95 % interval; nil if no round has both.
func Between(d Data, o Objective, old, new Candidate) *Ratio {
	t := newTable(d, o)
	t.restrict(old)
	t.candidates = []Candidate{old, new}
	t.situations = slices.DeleteFunc(t.situations, func(s Situation) bool { _, ok := t.cells[s.Name()][new]; return !ok })
	rounds := make([]int, d.Rounds)
	for r := range rounds {
		rounds[r] = r
	}
	return t.ratio(t.situations, o, old, new, rounds, shown)
}

// split parts the rounds into those that choose, which come first, and those that confirm.
func split(rounds []int) (choose, confirm []int) {
	n := len(rounds) / chooseShare
	return rounds[:n], rounds[n:]
}

// leastRounds is how many rounds leave enough to confirm.
func leastRounds() int {
	for n := 1; ; n++ {
		if _, confirm := split(make([]int, n)); len(confirm) >= LeastConfirming {
			return n
		}
	}
}

// decide changes the choice if the gain is confirmed.
func (a *Advice) decide() {
	a.Keep = true
	switch g := a.Gain; {
	case a.Best == nil:
		a.Why = "no other candidate looked better"
	case g == nil || g.In == nil:
		a.Why = fmt.Sprintf("too few rounds have both %s and %s", a.Current, a.Best)
	case g.verdict == compare.Better && g.Ratio <= 1/(1+worthwhile):
		a.Keep, a.Choice = false, *a.Best
		a.Why = fmt.Sprintf("%s is better than %s in rounds that had no part in choosing it", a.Best, a.Current)
	case g.In.Lo < 1/(1+worthwhile):
		a.Why = fmt.Sprintf("nothing is proven to be better; %s looked best, and up to %s better is not excluded", a.Best, percent(1-g.In.Lo))
	default:
		a.Why = fmt.Sprintf("nothing is better by an amount that matters; %s looked best", a.Best)
	}
}

// pareto fills the points.
func (a *Advice) pareto(t *table, rounds []int) {
	for _, c := range t.candidates {
		p := Point{Candidate: c}
		for _, of := range []struct {
			o  Objective
			to **Ratio
		}{{Objective{1, 0}, &p.Latency}, {Objective{0, 1}, &p.CPU}} {
			if c != a.Current {
				*of.to = t.ratio(t.situations, of.o, a.Current, c, rounds, shown)
			} else {
				*of.to = &Ratio{Ratio: 1, Rounds: len(rounds)}
			}
		}
		a.Points = append(a.Points, p)
	}
	for i := range a.Points {
		p := &a.Points[i]
		p.Pareto = p.Latency != nil && p.CPU != nil && !slices.ContainsFunc(a.Points, func(q Point) bool {
			return q.Latency != nil && q.CPU != nil && q.Latency.Ratio <= p.Latency.Ratio && q.CPU.Ratio <= p.CPU.Ratio &&
				(q.Latency.Ratio < p.Latency.Ratio || q.CPU.Ratio < p.CPU.Ratio)
		})
	}
}

// regret fills the places, and says where the best changes.
func (a *Advice) regret(t *table, choose, confirm []int) {
	for _, s := range t.situations {
		p := Place{Situation: s.Name(), Best: a.Choice, of: s}
		if best, ok := t.best([]Situation{s}, a.Choice, choose); ok && best != a.Choice {
			r := t.ratio([]Situation{s}, a.Objective, best, a.Choice, confirm, shown)
			p.Best, p.Regret = best, r
			p.Better = r != nil && r.verdict == compare.Worse
		}
		a.Places = append(a.Places, p)
	}
	for i := range a.Places {
		if p := &a.Places[i]; p.Regret != nil && (a.Worst == nil || p.Regret.Ratio > a.Worst.Regret.Ratio) {
			a.Worst = p
		}
	}
	for i, p := range a.Places {
		for _, q := range a.Places[:i] {
			param, x, y, ok := differ(q.of, p.of)
			if !ok || p.Better == q.Better && p.Best == q.Best || !p.Better && !q.Better {
				continue
			}
			a.Flips = append(a.Flips, fmt.Sprintf("%s, %s: %s at %s, %s at %s", p.of.Workload, param, a.where(q), x, a.where(p), y))
		}
	}
}

// where names the candidate to prefer in a place.
func (a *Advice) where(p Place) string {
	if p.Better {
		return p.Best.String()
	}
	return a.Choice.String()
}

// differ returns the one parameter in which two situations of a workload differ.
func differ(s, t Situation) (param, x, y string, ok bool) {
	if s.Workload != t.Workload || len(s.Params) != len(t.Params) {
		return "", "", "", false
	}
	n := 0
	if s.Workers != t.Workers {
		n, param, x, y = 1, "workers", fmt.Sprint(s.Workers), fmt.Sprint(t.Workers)
	}
	for i, p := range s.Params {
		if q := t.Params[i]; p != q {
			n++
			param, x, y = p.Name, p.Value, q.Value
		}
	}
	return param, x, y, n == 1
}

func names(all []Candidate) string {
	var text []string
	for _, c := range all {
		text = append(text, c.String())
	}
	return strings.Join(text, ", ")
}

// A table has the values of data by situation, candidate and round.
type table struct {
	o          Objective
	rounds     int
	situations []Situation
	candidates []Candidate
	missing    []Candidate // that lack a situation
	left       []string    // situations that lack a quantity
	cells      map[string]map[Candidate]Values
}

func newTable(d Data, o Objective) *table {
	t := &table{o: o, rounds: d.Rounds, cells: map[string]map[Candidate]Values{}}
	for _, v := range d.Cells {
		name := v.Situation.Name()
		if !usable(v, o) {
			if t.cells[name] == nil && !slices.Contains(t.left, name) {
				t.left = append(t.left, name)
			}
			continue
		}
		if t.cells[name] == nil {
			t.cells[name] = map[Candidate]Values{}
			t.situations = append(t.situations, v.Situation)
		}
		t.cells[name][v.Candidate] = v
		if !slices.Contains(t.candidates, v.Candidate) {
			t.candidates = append(t.candidates, v.Candidate)
		}
	}
	t.left = slices.DeleteFunc(t.left, func(name string) bool { return t.cells[name] != nil })
	return t
}

// usable reports whether a cell has any round with what the objective needs.
func usable(v Values, o Objective) bool {
	for r := range v.Latency {
		if _, ok := v.score(o, r); ok {
			return true
		}
	}
	return false
}

// baseline is the candidate that the suite compares others with, or else the one that is in
// most situations. If the number of workers can be chosen, it has the most.
func (t *table) baseline() Candidate {
	var usual Candidate
	for _, c := range t.candidates {
		if c.Design == family.Canonical && c.Parker == family.UsualPark && c.Workers >= usual.Workers {
			usual = c
		}
	}
	if usual != (Candidate{}) {
		return usual
	}
	count := map[Candidate]int{}
	for _, cells := range t.cells {
		for c := range cells {
			count[c] += 2
			if c.Design == family.Canonical {
				count[c]++ // decides between equals
			}
		}
	}
	most := t.candidates[0]
	for _, c := range t.candidates {
		if count[c] > count[most] {
			most = c
		}
	}
	return most
}

// restrict leaves the situations of the current candidate, and the candidates that have them
// all.
func (t *table) restrict(current Candidate) {
	has := func(s Situation, c Candidate) bool { _, ok := t.cells[s.Name()][c]; return ok }
	t.situations = slices.DeleteFunc(t.situations, func(s Situation) bool { return !has(s, current) })
	all := t.candidates
	t.candidates = nil
	for _, c := range all {
		if slices.ContainsFunc(t.situations, func(s Situation) bool { return !has(s, c) }) {
			t.missing = append(t.missing, c)
		} else {
			t.candidates = append(t.candidates, c)
		}
	}
}

// any reports whether anything was measured in a round.
func (t *table) any(r int) bool {
	return slices.ContainsFunc(t.situations, func(s Situation) bool {
		return slices.ContainsFunc(t.candidates, func(c Candidate) bool { _, ok := t.cells[s.Name()][c].score(t.o, r); return ok })
	})
}

// score is the candidate's weighted logarithm in a round.
func (v Values) score(o Objective, r int) (float64, bool) {
	sum := 0.0
	for _, of := range []struct{ weight, value float64 }{{o.Latency, v.Latency[r]}, {o.CPU, v.CPU[r]}} {
		if of.weight == 0 {
			continue
		}
		if !(of.value > 0) {
			return 0, false
		}
		sum += of.weight * math.Log(of.value)
	}
	return sum, true
}

// differences are those of two candidates' scores in the rounds in which half of it or
// more was measured. A situation that lacks a round has the median of its other rounds there. They are
// nil if a situation has no round with both.
func (t *table) differences(in []Situation, o Objective, old, new Candidate, rounds []int) (d []float64) {
	per := map[string]int{}
	for _, s := range in {
		per[s.Workload]++
	}
	sum := make([]float64, len(rounds))
	measured := make([]float64, len(rounds)) // weight
	for _, s := range in {
		weight := 1 / float64(per[s.Workload]*len(per))
		cells := t.cells[s.Name()]
		var there []float64
		values := make([]float64, len(rounds))
		for i, r := range rounds {
			before, ok := cells[old].score(o, r)
			after, ok2 := cells[new].score(o, r)
			values[i] = math.NaN()
			if ok && ok2 {
				values[i] = after - before
				there = append(there, values[i])
				measured[i] += weight
			}
		}
		if len(there) == 0 {
			return nil
		}
		middle := compare.Median(there)
		for i, v := range values {
			if math.IsNaN(v) {
				v = middle
			}
			sum[i] += weight * v
		}
	}
	for i, weight := range measured {
		if weight > 0.499 { // half, but for rounding
			d = append(d, sum[i])
		}
	}
	return d
}

// best is the candidate with the lowest median difference to another one. It is not ok if
// no candidate has a difference.
func (t *table) best(in []Situation, to Candidate, rounds []int) (best Candidate, ok bool) {
	lowest := 0.0
	best = to
	for _, c := range t.candidates {
		d := t.differences(in, t.o, to, c, rounds)
		if len(d) == 0 || c == to {
			continue
		}
		ok = true
		if m := compare.Median(d); m < lowest {
			best, lowest = c, m
		}
	}
	return best, ok
}

// ratio compares a candidate with another one by the test of package compare; nil if they
// have nothing to compare. The pairs are the differences, as ratios to 1.
func (t *table) ratio(in []Situation, o Objective, old, new Candidate, rounds []int, alpha float64) *Ratio {
	const row, unit = "advice", "score"
	before := compare.Series{Row: row, Column: old.String(), Name: old.String(), Workload: row, Unit: unit, Better: record.Lower, Clock: "rounds"}
	after := before
	after.Column, after.Name = new.String(), new.String()
	for i, d := range t.differences(in, o, old, new, rounds) {
		at := compare.Observation{Round: i, At: int64(i), Value: 1}
		before.Observations = append(before.Observations, at)
		at.Value = math.Exp(d)
		after.Observations = append(after.Observations, at)
	}
	f, err := compare.Compare(compare.Table{Series: []compare.Series{before, after}, Primary: map[string]string{row: unit}}, old.String(), compare.Options{Alpha: alpha, Margin: worthwhile})
	if err != nil || len(f.Comparisons) != 1 || f.Comparisons[0].Effect == nil {
		return nil
	}
	c := f.Comparisons[0]
	return &Ratio{Ratio: c.Effect.Ratio, In: c.Effect.Interval, Noise: c.MDE, Rounds: c.Pairs, verdict: c.Verdict}
}
