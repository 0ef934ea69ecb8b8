package compare

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/record"
)

// Options says how to judge. The zero value is what most want.
type Options struct {
	// Alpha is the probability that some verdict of the family is wrong, above 0 and at
	// most 0.5; 0 means 0.05.
	Alpha float64

	// Margin is the size below which a difference counts as none, such as 0.02; 0 means
	// 0.02.
	Margin float64

	// OneSided asks of each comparison only whether new is worse, and how much worse it
	// is at most, as a gate does; see the package documentation. Nothing is Better then.
	OneSided bool

	// NotJudged, if it is not empty, is the reason why nothing is judged: that
	// the two were measured on different machines. Everything is Unresolved
	// then.
	NotJudged string
}

// withDefaults returns the options with zeros replaced.
func (o Options) withDefaults() (Options, error) {
	if o.Alpha == 0 {
		o.Alpha = 0.05
	}
	if o.Margin == 0 {
		o.Margin = 0.02
	}
	if !(o.Alpha > 0 && o.Alpha <= 0.5) {
		return o, fmt.Errorf("alpha is %v: it has to be above 0 and at most 0.5", o.Alpha)
	}
	if !(o.Margin > 0 && o.Margin < 1) {
		return o, fmt.Errorf("the margin of equivalence is %v: it has to be between 0 and 1, such as 0.02", o.Margin)
	}
	return o, nil
}

// Compare compares every column of the table with the baseline, another column, in
// every row and unit that both have. That is one family: all judged comparisons of the
// table share its alpha.
func Compare(t Table, baseline string, o Options) (Family, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Family{}, err
	}
	f, contrasts, err := o.contrasts(t, baseline)
	if err != nil {
		return Family{}, err
	}
	o.judge(judged(contrasts), 1, f.Size, 0)
	f.take(contrasts)
	return f, nil
}

// judged returns the contrasts that are judged.
func judged(all []*contrast) []*contrast {
	var judged []*contrast
	for _, c := range all {
		if c.Judged {
			judged = append(judged, c)
		}
	}
	return judged
}

// take appends the finished comparisons.
func (f *Family) take(contrasts []*contrast) {
	finished := make([]Comparison, len(contrasts))
	each(len(contrasts), func(i int) { finished[i] = contrasts[i].finish() })
	f.Comparisons = append(f.Comparisons, finished...)
}

// contrasts makes the family without its comparisons, and these up to the
// judgement.
func (o Options) contrasts(t Table, baseline string) (Family, []*contrast, error) {
	f := Family{
		Baseline:    baseline,
		Alpha:       o.Alpha,
		Margin:      o.Margin,
		Comparisons: []Comparison{},
		Unmatched:   append([]Unmatched{}, t.Unmatched...),
		Warnings:    append([]string{}, t.Warnings...),
	}
	rows, err := t.rows()
	if err != nil {
		return f, nil, err
	}
	if columns := t.Columns(); !slices.Contains(columns, baseline) {
		if len(columns) == 0 {
			return f, nil, errors.New("there is nothing to compare: no measurement was found, or the filter leaves none")
		}
		return f, nil, fmt.Errorf("there is no %s to compare with: choose a baseline from %s", baseline, strings.Join(columns, ", "))
	}
	type outcome struct {
		contrasts []*contrast
		unmatched []Unmatched
	}
	outcomes := make([]outcome, len(rows))
	each(len(rows), func(i int) { outcomes[i].contrasts, outcomes[i].unmatched = o.row(t, rows[i], baseline) })
	var all []*contrast
	var saturated, unjudged []string // rows
	for i, r := range rows {
		contrasts := outcomes[i].contrasts
		all = append(all, contrasts...)
		f.Unmatched = append(f.Unmatched, outcomes[i].unmatched...)
		if unit, known := t.Primary[r.workload]; len(contrasts) > 0 && len(judged(contrasts)) == 0 && (unit != "" || !known) {
			unjudged = append(unjudged, r.name)
		}
		if slices.ContainsFunc(contrasts, func(c *contrast) bool { return c.Judged && c.saturated() != "" }) {
			saturated = append(saturated, r.name)
		}
	}
	if len(unjudged) > 0 {
		f.Warnings = append(f.Warnings, "not judged, since the primary unit was not measured on both sides: "+strings.Join(unjudged, ", "))
	}
	if len(saturated) > 0 {
		f.Warnings = append(f.Warnings, "saturated: at least one side did not sustain the offered load, so latencies are not judged: "+strings.Join(saturated, ", "))
	}
	f.Size = len(judged(all))
	return f, all, nil
}

// A row is the part of a table that is comparable.
type row struct {
	name, workload string
	columns, units []string // as they appear
	series         map[[2]string]*measured
}

// A measured is a series with everything computed from it alone, once for all
// comparisons.
type measured struct {
	Series
	rounds []Observation // those that count, as of Series.rounds
	side   *Side         // nil if it was not needed yet
}

// rows returns the rows in the order in which they appear.
func (t Table) rows() ([]*row, error) {
	var rows []*row
	byName := map[string]*row{}
	for _, s := range t.Series {
		r := byName[s.Row]
		if r == nil {
			r = &row{name: s.Row, workload: s.Workload, series: map[[2]string]*measured{}}
			byName[s.Row] = r
			rows = append(rows, r)
		}
		key := [2]string{s.Column, s.Unit}
		if _, ok := r.series[key]; ok {
			return nil, fmt.Errorf("%s: %s of %s is in the table twice", s.Row, s.Unit, s.Column)
		}
		r.series[key] = &measured{Series: s}
		if !slices.Contains(r.columns, key[0]) {
			r.columns = append(r.columns, key[0])
		}
		if !slices.Contains(r.units, key[1]) {
			r.units = append(r.units, key[1])
		}
	}
	return rows, nil
}

// Columns returns the columns in the order in which they appear.
func (t Table) Columns() (columns []string) {
	seen := map[string]bool{}
	for _, s := range t.Series {
		if !seen[s.Column] {
			seen[s.Column] = true
			columns = append(columns, s.Column)
		}
	}
	return columns
}

// perOp is the unit of package testing.
const perOp = "ns/op"

// judges returns the base units in which a row is judged, as of Table.Primary.
func (t Table) judges(r *row) (units []string) {
	if unit, ok := t.Primary[r.workload]; ok {
		if unit != "" {
			units = append(units, baseUnit(unit))
		}
		return units
	}
	for _, unit := range t.Units {
		units = append(units, baseUnit(unit))
	}
	if units != nil {
		return units
	}
	for key, s := range r.series {
		switch base := baseUnit(key[1]); {
		case base == baseUnit(perOp):
			return []string{base}
		case s.Better != record.Neither && !slices.Contains(units, base):
			units = append(units, base)
		}
	}
	return units
}

// row pairs every column of a row with the baseline. Comparisons that are not judged
// have their interval at alpha.
func (o Options) row(t Table, r *row, baseline string) (contrasts []*contrast, unmatched []Unmatched) {
	has := slices.Contains(r.columns, baseline)
	if has && len(r.columns) == 1 {
		return nil, []Unmatched{{Row: r.name, Column: baseline}}
	}
	judges := t.judges(r)
	for _, column := range r.columns {
		switch {
		case column == baseline:
			continue
		case !has:
			unmatched = append(unmatched, Unmatched{Row: r.name, Column: column})
			continue
		}
		for _, unit := range r.units {
			old, inOld := r.series[[2]string{baseline, unit}]
			new, inNew := r.series[[2]string{column, unit}]
			switch {
			case inOld && inNew:
				c := newContrast(old, new)
				if c.Judged = slices.Contains(judges, baseUnit(unit)); c.Judged {
					if reason := o.bar(c); reason != "" {
						c.Barred, c.Reason = true, reason
					}
				} else {
					c.estimate(o.Alpha)
					c.d, c.rank = nil, signedRank{} // there is nothing else to compute of them
				}
				contrasts = append(contrasts, c)
			case inOld:
				unmatched = append(unmatched, Unmatched{r.name, baseline, old.Unit})
			case inNew:
				unmatched = append(unmatched, Unmatched{r.name, column, new.Unit})
			}
		}
	}
	return contrasts, unmatched
}

func newContrast(old, new *measured) *contrast {
	old.prepare()
	new.prepare()
	p := pair(old, new)
	c := &contrast{
		Comparison: Comparison{
			Row:       new.Row,
			Config:    new.Config,
			Workload:  new.Workload,
			Unit:      new.Unit,
			Better:    new.Better,
			Old:       *old.side,
			New:       *new.side,
			Pairing:   p.pairing,
			Pairs:     len(p.d),
			Dropped:   p.dropped,
			P:         1,
			AdjustedP: 1,
			Reason:    p.reason,
		},
		d: p.d,
	}
	if p.reason == "" {
		c.rank = newSignedRank(p.d)
		c.P = c.rank.p()
		c.AdjustedP = c.P
		c.Effect = &Effect{Ratio: math.Exp(c.rank.center())}
	}
	return c
}

// prepare computes what a comparison needs, if that was not done before.
func (m *measured) prepare() {
	if m.side != nil {
		return
	}
	m.rounds = m.Series.rounds()
	side := Side{Column: m.Column, Name: m.Name}
	for _, o := range m.Observations {
		if o.Invalid {
			side.Invalid++
		}
	}
	values := make([]float64, 0, len(m.rounds))
	for _, o := range m.rounds {
		if o.Invalid {
			continue
		}
		values = append(values, o.Value)
		if o.Saturated {
			side.Saturated++
		}
		if o.AtMax {
			side.AtMax++
		}
	}
	side.Valid, side.Summary = len(values), summarize(values)
	m.side = &side
}

// baseUnit is the unit by which two spellings of it are known to be the same:
// ns/op and sec/op.
func baseUnit(unit string) string {
	_, base := benchunit.Tidy(1, unit)
	return base
}

// each calls f for 0 to n-1, on all CPUs. Comparisons are independent of each other
// except for their correction.
func each(n int, f func(int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	workers.Wait()
}
