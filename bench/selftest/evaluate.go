package selftest

import (
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/bench/audit"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/stats/compare"
)

// Evaluate makes the evidence from the launches so far. It refuses a design that is not
// that of the run.
func Evaluate(d Design, run record.Run) (Evidence, error) {
	if err := d.validate(run.Plan); err != nil {
		return Evidence{}, fmt.Errorf("the self-test's design: %w", err)
	}
	e := Evidence{State: run.State, Config: slices.Concat([]record.Pair{}, run.Config), Time: run.Plan.Time, Launches: len(run.Recorded), Failed: len(run.Failures)}
	for _, l := range run.Recorded {
		if len(l.Invalid) > 0 {
			e.Invalid++
		}
	}
	var err error
	valid := run
	if e.Valid, err = d.view(run); err != nil {
		return Evidence{}, err
	}
	e.All = e.Valid
	if e.Invalid > 0 {
		run.Recorded = slices.Clone(run.Recorded)
		for i := range run.Recorded {
			run.Recorded[i].Invalid = nil
		}
		if e.All, err = d.view(run); err != nil {
			return Evidence{}, err
		}
	}
	if d.Audit != nil {
		if e.Audit, err = audited(*d.Audit, valid, run); err != nil {
			return Evidence{}, err
		}
	}
	if e.Ways, err = compareWays(d, valid); err == nil && !slices.ContainsFunc(e.Ways, func(w Way) bool { return w.Hi > 0 }) {
		e.Ways, err = compareWays(d, run)
	}
	if err != nil {
		return Evidence{}, err
	}
	e.claim(d)
	e.Statements = e.statements(d)
	return e, nil
}

// audited evaluates the audit by valid launches, or by all launches if there are too few
// valid ones for any interval.
func audited(d evidence.Design, valid, all record.Run) ([]evidence.Result, error) {
	e, err := audit.Evaluate(d, valid)
	if err == nil && !slices.ContainsFunc(e.Results, func(r evidence.Result) bool { return r.Hi > 0 }) {
		e, err = audit.Evaluate(d, all)
	}
	return slices.DeleteFunc(e.Results, func(r evidence.Result) bool { return !r.Primary }), err
}

// view judges a run in blocks and in halves.
func (d Design) view(run record.Run) (v View, err error) {
	table := compare.FromRun(run)
	table.Warnings = nil
	rows := make(map[string]bool) // the other cells belong to the audit
	for _, c := range d.rowCells() {
		rows[c.Name()] = true
	}
	table.Series = slices.DeleteFunc(table.Series, func(s compare.Series) bool {
		return s.Unit != table.Primary[s.Workload] || !rows[s.Name]
	})
	if v.Blocks, err = d.level(table, d.Block); err != nil {
		return v, err
	}
	v.Halves, err = d.level(table, d.Block*d.Blocks/2)
	return v, err
}

// A trial is a comparison in one block, or half.
type trial struct {
	percent       int     // of the delay; 0 for A/A
	injected      float64 // the delay as a share of the baseline's p50
	alone, family compare.Comparison
}

// level judges each group of a number of consecutive rounds.
func (d Design) level(table compare.Table, rounds int) (Level, error) {
	groups := d.Rounds() / rounds
	l := Level{Rounds: rounds, Delays: make([]Seen, len(percents))}
	for i, p := range percents {
		l.Delays[i].Percent = p
	}
	trials := make([]map[string]trial, groups) // by name of the cell
	var all []trial
	for g := range groups {
		part := within(table, g*rounds, (g+1)*rounds)
		byName, inOrder, err := d.trials(part)
		if err != nil {
			return Level{}, err
		}
		trials[g] = byName
		all = append(all, inOrder...)
		l.Family = max(l.Family, len(inOrder))
		if any, wrong := familyOf(inOrder); any {
			l.Families.add(wrong)
		}
	}
	for g := range groups / 2 {
		for name, first := range trials[g] {
			if second, ok := trials[g+groups/2][name]; ok {
				l.Agreement.add(first.alone.Verdict, second.alone.Verdict)
				l.AgreementInFamily.add(first.family.Verdict, second.family.Verdict)
			}
		}
	}
	l.count(all)
	for _, c := range l.counts() {
		*c = newCount(c.Of, c.N)
	}
	return l, nil
}

// within returns the table of the rounds from lo to hi, without hi.
func within(t compare.Table, lo, hi int) compare.Table {
	t.Series = slices.Clone(t.Series)
	for i := range t.Series {
		t.Series[i].Observations = slices.DeleteFunc(slices.Clone(t.Series[i].Observations), func(o compare.Observation) bool {
			return o.Round < lo || o.Round >= hi
		})
	}
	return t
}

// trials judges every comparison in a table, alone and in the family of all of them.
func (d Design) trials(t compare.Table) (byName map[string]trial, inOrder []trial, err error) {
	delays := make(map[string]Delay)
	for _, r := range d.Rows {
		for i, cell := range (Design{Impl: d.Impl, Rows: []Row{r}}).rowCells()[2:] {
			delays[cell.Name()] = r.Delays[i]
		}
	}
	family, err := compare.Compare(t, d.Impl, judged)
	if err != nil {
		return nil, nil, err
	}
	byName = make(map[string]trial)
	for _, c := range family.Comparisons {
		if c.Pairs+c.Dropped == 0 {
			continue // not measured before the run was interrupted
		}
		two := t
		two.Series = slices.DeleteFunc(slices.Clone(t.Series), func(s compare.Series) bool {
			return s.Row != c.Row || s.Column != d.Impl && s.Column != c.New.Column
		})
		alone, err := compare.Compare(two, d.Impl, judged)
		if err != nil {
			return nil, nil, err
		}
		trial := trial{alone: alone.Comparisons[0], family: c}
		if delay, ok := delays[c.New.Name]; ok {
			trial.percent = delay.Percent
			if c.Old.Summary != nil {
				trial.injected = float64(delay.Time) / c.Old.Summary.Center
			}
		}
		byName[c.New.Name] = trial
		inOrder = append(inOrder, trial)
	}
	return byName, inOrder, nil
}

// possible reports whether there could be a verdict.
func possible(c compare.Comparison) bool { return c.Effect != nil && c.Effect.Interval != nil }

// margin is that of equivalence.
const margin = 0.02

// judged has the options with which a report judges by default.
var judged = compare.Options{Alpha: limit, Margin: margin}

// wrong reports whether a verdict is not the truth.
func (t trial) wrong(v compare.Verdict) bool {
	switch {
	case v == compare.Better:
		return true
	case t.percent == 0:
		return v == compare.Worse
	}
	return v == compare.Equivalent && t.injected > 2*margin
}

// familyOf reports whether a verdict was possible in a family, and whether one is
// wrong.
func familyOf(trials []trial) (any, wrong bool) {
	for _, t := range trials {
		any = any || possible(t.family)
		wrong = wrong || t.wrong(t.family.Verdict)
	}
	return any, wrong
}

// count counts the verdicts of the trials.
func (l *Level) count(trials []trial) {
	var detectable, inFamily []float64
	injected, estimated := make(map[int][]float64), make(map[int][]float64)
	for _, t := range trials {
		if t.alone.MDE != nil {
			detectable = append(detectable, *t.alone.MDE)
		}
		if t.family.MDE != nil {
			inFamily = append(inFamily, *t.family.MDE)
		}
		if t.percent == 0 {
			if possible(t.alone) {
				l.AA.add(t.wrong(t.alone.Verdict))
			}
			continue
		}
		seen := &l.Delays[slices.Index(percents[:], t.percent)]
		found := t.alone.Verdict == compare.Worse
		seen.Found.add(found)
		seen.FoundInFamily.add(t.family.Verdict == compare.Worse)
		if !possible(t.alone) {
			continue
		}
		seen.Reversed.add(t.alone.Verdict == compare.Better)
		injected[t.percent] = append(injected[t.percent], t.injected)
		estimated[t.percent] = append(estimated[t.percent], t.alone.Effect.Ratio-1)
		// Below the margin equivalent is a correct verdict.
		if t.alone.MDE != nil && t.injected >= math.Max(*t.alone.MDE, 2*margin) {
			l.Promised.add(found)
		}
	}
	for i := range l.Delays {
		if p := l.Delays[i].Percent; len(injected[p]) > 0 {
			l.Delays[i].Injected, l.Delays[i].Estimated = compare.Median(injected[p]), compare.Median(estimated[p])
		}
	}
	if len(detectable) > 0 {
		m := compare.Median(detectable)
		l.Detectable = &m
	}
	if len(inFamily) > 0 {
		m := compare.Median(inFamily)
		l.DetectableInFamily = &m
	}
}

// add counts a pair of verdicts.
func (a *Agreement) add(first, second compare.Verdict) {
	a.Pairs++
	switch {
	case first == compare.Unresolved || second == compare.Unresolved:
		a.Unresolved++
	case first == second:
		a.Agree++
	case first == compare.Equivalent || second == compare.Equivalent:
		a.Differ++
	default:
		a.Contradict++
	}
}
