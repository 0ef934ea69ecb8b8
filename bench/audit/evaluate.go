package audit

import (
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/stats/compare"
)

const (
	margin     = 0.10
	confidence = 0.95

	cost        = "cost-ns/task" // CPU time of a workload
	costPerTime = "cost-ns/sec"  // CPU time of a workload without tasks
)

// Evaluate makes the evidence from the launches so far. It refuses a design that is not
// that of the run.
func Evaluate(d evidence.Design, run record.Run) (evidence.Evidence, error) {
	if err := d.Check(run.Plan); err != nil {
		return evidence.Evidence{}, err
	}
	e := evidence.Evidence{
		State:      run.State,
		Start:      run.Start,
		Whole:      d.Whole,
		Rounds:     run.Plan.Rounds,
		Launches:   len(run.Recorded),
		Failed:     len(run.Failures),
		Config:     run.Config,
		Baseline:   d.Baseline,
		Margin:     margin,
		Confidence: confidence,
		Properties: d.Properties,
		Results:    []evidence.Result{},
	}
	for _, l := range run.Recorded {
		if len(l.Invalid) > 0 {
			e.Invalid++
		}
	}
	m := measured{run: run, series: make(map[key]compare.Series)}
	for _, s := range compare.FromRun(run).Series {
		m.series[key{s.Name, s.Unit}] = s
	}
	moves := append(m.values(d), m.ratios(d)...)
	if len(moves) == 0 {
		return e, nil
	}
	alone, err := effects(moves, 1-confidence)
	if err != nil {
		return e, err
	}
	together, err := effects(moves, (1-confidence)/float64(len(moves)))
	if err != nil {
		return e, err
	}
	for i, move := range moves {
		r := move.Result
		c := alone[i]
		r.Pairs, r.Reason = c.Pairs, c.Reason
		r.Status, r.Ratio, r.Lo, r.Hi = judge(c.Effect)
		status, _, _, _ := judge(together[i].Effect)
		r.Jointly = status == evidence.Moved
		if r.Reason == "" && r.Unit != cost && saturated(c) {
			r.Reason = Saturated
		}
		e.Results = append(e.Results, r)
	}
	return e, nil
}

// Saturated is the reason of a result whose latencies say only that the load was too
// high.
const Saturated = "saturated: the pool did not keep up with the offered load, as usual or with the property"

// A move is a result before it is judged: the two series to compare.
type move struct {
	evidence.Result
	usual, varied compare.Series
}

type key struct{ name, unit string }

// measured has the values of a run.
type measured struct {
	run    record.Run
	series map[key]compare.Series
}

// units returns the units in which a workload is audited: the primary one, and the cost
// if that is another one.
func (m measured) units(workload string) []string {
	primary := m.run.Primary[workload]
	if primary == "" {
		return []string{costPerTime} // there are no tasks
	}
	if strings.HasPrefix(primary, "cost-") {
		return []string{primary}
	}
	for _, c := range m.run.Plan.Cells {
		if _, ok := m.series[key{c.Name(), cost}]; ok && c.Workload == workload {
			return []string{primary, cost}
		}
	}
	return []string{primary}
}

// values returns the moves of values.
func (m measured) values(d evidence.Design) (moves []move) {
	for _, s := range d.Subjects {
		for _, unit := range m.units(s.Cell.Workload) {
			for _, v := range s.Variations {
				moves = append(moves, move{
					Result: evidence.Result{
						Kind:     evidence.Value,
						Workload: s.Cell.Workload,
						Property: v.Property,
						Unit:     unit,
						Primary:  unit == m.run.Primary[s.Cell.Workload],
						Cell:     s.Cell,
						Varied:   v.Cell,
					},
					usual:  m.series[key{s.Cell.Name(), unit}],
					varied: m.series[key{v.Cell.Name(), unit}],
				})
			}
		}
	}
	return moves
}

// ratios returns the moves of verdicts.
func (m measured) ratios(d evidence.Design) (moves []move) {
	for _, s := range d.Subjects {
		against, ok := opponent(d, s)
		if !ok {
			continue
		}
		for _, unit := range m.units(s.Cell.Workload) {
			for _, p := range d.Properties {
				cell, varies := s.With(p.Name)
				other, otherVaries := against.With(p.Name)
				if !varies && !otherVaries {
					continue
				}
				of := func(c record.Cell) compare.Series { return m.series[key{c.Name(), unit}] }
				moves = append(moves, move{
					Result: evidence.Result{
						Kind:          evidence.Ratio,
						Workload:      s.Cell.Workload,
						Property:      p.Name,
						Unit:          unit,
						Primary:       unit == m.run.Primary[s.Cell.Workload],
						Cell:          s.Cell,
						Varied:        cell,
						Against:       &against.Cell,
						VariedAgainst: &other,
					},
					usual:  quotient(of(s.Cell), of(against.Cell)),
					varied: quotient(of(cell), of(other)),
				})
			}
		}
	}
	return moves
}

// opponent returns the subject to compare with. For an implementation or reference it is
// the baseline on the same parker, or else on the baseline's first. For the baseline it is
// the baseline on a futex, or else on its first parker.
func opponent(d evidence.Design, s evidence.Subject) (other evidence.Subject, ok bool) {
	park := s.Cell.Park
	if s.Cell.Impl == d.Baseline {
		park = "futex"
	}
	for _, o := range d.Subjects {
		c := o.Cell
		if c.Impl != d.Baseline || question(c) != question(s.Cell) {
			continue
		}
		if c.Park == park {
			other, ok = o, true
			break
		}
		if !ok {
			other, ok = o, true
		}
	}
	return other, ok && !s.Floor && other.Cell.Name() != s.Cell.Name()
}

// question names what subjects have in common that a report compares.
func question(c record.Cell) string {
	c.Impl, c.Park = "any", "any"
	return c.Name()
}

// quotient divides two series round by round. A round without a valid launch in one of
// them is invalid.
func quotient(a, b compare.Series) compare.Series {
	q := compare.Series{Unit: a.Unit, Better: a.Better}
	over := valid(b)
	for round, x := range valid(a) {
		o := compare.Observation{Round: round, Invalid: true}
		if y, ok := over[round]; ok {
			o.Invalid = false
			// Zero means that there is no ratio; package compare then says so.
			if x.Value > 0 && y.Value > 0 {
				o.Value = x.Value / y.Value
			}
			o.Saturated = x.Saturated || y.Saturated
		}
		q.Observations = append(q.Observations, o)
	}
	slices.SortFunc(q.Observations, func(x, y compare.Observation) int { return x.Round - y.Round })
	return q
}

// valid returns the launch that counts in each round, the last valid one.
func valid(s compare.Series) map[int]compare.Observation {
	rounds := make(map[int]compare.Observation)
	for _, o := range s.Observations {
		if !o.Invalid {
			rounds[o.Round] = o
		}
	}
	return rounds
}

// effects compares each move on its own, with intervals at a level.
func effects(moves []move, level float64) ([]compare.Comparison, error) {
	const usual, varied = "usual", "varied"
	// Comparisons outside the family have their own interval at alpha.
	t := compare.Table{Primary: map[string]string{"": "nothing"}}
	for i, m := range moves {
		for column, s := range map[string]compare.Series{usual: m.usual, varied: m.varied} {
			s.Row, s.Column, s.Workload, s.Unit = strconv.Itoa(i), column, "", m.Unit
			t.Series = append(t.Series, s)
		}
	}
	f, err := compare.Compare(t, usual, compare.Options{Alpha: level, Margin: margin})
	if err != nil {
		return nil, err
	}
	return f.Comparisons, nil
}

// judge reads the status from an interval.
func judge(e *compare.Effect) (status evidence.Status, ratio, lo, hi float64) {
	switch {
	case e == nil:
		return evidence.Undecided, 0, 0, 0
	case e.Interval == nil:
		return evidence.Undecided, e.Ratio, 0, 0
	}
	lo, hi = e.Interval.Lo, e.Interval.Hi
	switch {
	case lo > 1+margin, hi < 1/(1+margin):
		status = evidence.Moved
	case lo >= 1/(1+margin) && hi <= 1+margin:
		status = evidence.Steady
	default:
		status = evidence.Undecided
	}
	return status, e.Ratio, lo, hi
}

// saturated reports whether a side did not sustain an open loop's load in half of its
// launches or more.
func saturated(c compare.Comparison) bool {
	for _, s := range []compare.Side{c.Old, c.New} {
		if s.Saturated > 0 && 2*s.Saturated >= s.Valid {
			return true
		}
	}
	return false
}
