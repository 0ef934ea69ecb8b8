package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/record"
	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
	"golang.org/x/perf/benchunit"
)

// A File is a benchmark file that was parsed.
type File struct {
	Name string // the value of the key .file; unique
	Text *record.Text
}

// FromBenchmarks makes a table of benchmark files from any program.
//
// Filter selects the results, and column is the key by which they are compared;
// both are in the language of golang.org/x/perf/benchproc/syntax. "*" selects
// everything. Within one file the column is usually /impl; between two it is
// .file, with the name of the old file as the baseline. The row is what remains
// of the benchmark name.
//
// The round of a line is the one in the comment before it, as in the bench.txt of a
// result folder. In a file without such comments the lines of a benchmark are its
// rounds, in order. Nothing is sorted. The times in the comments, or else the order of
// the lines of one file, show whether launches were interleaved: ten lines of one
// benchmark and then ten of another are [Apart]. Between two files without times it is
// [Assumed].
//
// The direction of a unit is that of its Unit line, or of the format's defaults;
// of other times lower is better. Benchmarks without the column's key are
// [Unmatched]. Lines that the text refuses, and those of invalid launches, are left
// out. Configuration lines with several values, as from different machines, become
// warnings.
func FromBenchmarks(filter, column string, files ...File) (Table, error) {
	r, err := newBenchReader(filter, column)
	if err != nil {
		return Table{}, err
	}
	for i, f := range files {
		if slices.ContainsFunc(files[:i], func(before File) bool { return before.Name == f.Name }) {
			return Table{}, fmt.Errorf("two files are named %q, so .file cannot tell them apart", f.Name)
		}
		if err := r.arrange(f); err != nil {
			return Table{}, err
		}
	}
	r.chooseUnits()
	for i, f := range files {
		r.fill(f, r.plans[i])
	}
	return r.table(), nil
}

// A benchReader turns files into series: it first arranges the subjects of all lines;
// then it knows the units and fills the series with the launches.
type benchReader struct {
	filter  *benchproc.Filter
	column  *benchproc.Projection
	row     *benchproc.Projection
	residue *benchproc.Projection // the configuration

	plans   [][]*plan // by file and subject; nil for subjects without a line that is used
	series  []*benchSeries
	byKey   map[benchKey]*benchSeries
	rounds  map[cellKey]*int // lines so far
	configs map[benchproc.Key]bool
	ordered []benchproc.Key          // the same, in the order they appear
	facts   benchfmt.UnitMetadataMap // what the Unit lines of all files say
	units   map[string]string        // as first written, by base unit

	unmatched []Unmatched // without the column's key
	warnings  []string
}

// cellKey identifies a cell.
type cellKey struct{ column, row benchproc.Key }

// benchKey identifies a series.
type benchKey struct {
	cellKey
	unit string // base unit
}

// A benchSeries is a series on its way into a table: its unit is the base unit until
// the units are chosen.
type benchSeries struct {
	Series
	file  string
	lines int // at most this many observations
}

// A plan says what becomes of the lines of a subject.
type plan struct {
	values []valuePlan // those that the filter selects
	rounds *int        // lines of the cell so far
}

// A valuePlan says what becomes of a value.
type valuePlan struct {
	at     int // index of the value
	unit   record.WrittenUnit
	series *benchSeries
	factor float64 // by which the written value is multiplied ...
	divide float64 // ... and divided; both 0 if it stays as it is
}

func newBenchReader(filter, column string) (*benchReader, error) {
	r := &benchReader{
		byKey:   map[benchKey]*benchSeries{},
		rounds:  map[cellKey]*int{},
		configs: map[benchproc.Key]bool{},
		facts:   benchfmt.UnitMetadataMap{},
		units:   map[string]string{},
	}
	var err error
	if r.filter, err = benchproc.NewFilter(filter); err != nil {
		return nil, fmt.Errorf("filter %q: %w", filter, err)
	}
	var p benchproc.ProjectionParser
	if r.column, err = p.Parse(column, r.filter); err != nil {
		return nil, fmt.Errorf("column %q: %w", column, err)
	}
	if f := r.column.Fields(); len(f) != 1 || f[0].IsTuple {
		return nil, fmt.Errorf("column %q: it has to be one key, such as /impl or .file", column)
	}
	if r.row, err = p.Parse(".fullname", r.filter); err != nil {
		return nil, err
	}
	r.residue = p.Residue()
	return r, nil
}

// used reports whether a line is of a launch that counts.
func used(l *record.Line) bool { return !l.Refused && !l.Comment }

// arrange plans what becomes of a file's lines.
func (r *benchReader) arrange(f File) error {
	for key, m := range f.Text.Units {
		if before, ok := r.facts[key]; !ok {
			r.facts[key] = m
		} else if before.Value != m.Value {
			file, line := m.Pos()
			r.warnings = append(r.warnings, fmt.Sprintf("%s:%d: metadata %s of unit %s already set to %s", file, line, m.Key, m.OrigUnit, before.Value))
		}
	}
	slices.Sort(r.warnings) // a map has no order
	result := f.Text.Results(f.Name)
	plans := make([]*plan, len(f.Text.Subjects))
	r.plans = append(r.plans, plans)
	for i := range f.Text.Lines {
		l := &f.Text.Lines[i]
		if !used(l) || plans[l.Index] != nil {
			continue
		}
		p, err := r.plan(result(l.Subject), l.Subject, f.Name)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", f.Name, l.Number, err)
		}
		plans[l.Index] = p
	}
	return nil
}

// plan plans what becomes of a subject's lines.
func (r *benchReader) plan(rec *benchfmt.Result, s *record.Subject, file string) (*plan, error) {
	p := &plan{}
	if ok, err := r.filter.Apply(rec); err != nil || !ok {
		return p, err
	}
	cell := cellKey{r.column.Project(rec), r.row.Project(rec)}
	if p.rounds = r.rounds[cell]; p.rounds == nil {
		p.rounds = new(int)
		r.rounds[cell] = p.rounds
		if cell.column.Get(r.column.Fields()[0]) == "" {
			r.unmatched = append(r.unmatched, Unmatched{Row: s.Name})
		}
	}
	if cell.column.Get(r.column.Fields()[0]) == "" {
		return p, nil
	}
	if config := r.residue.Project(rec); !r.configs[config] {
		r.configs[config] = true
		r.ordered = append(r.ordered, config)
	}
	for _, v := range rec.Values {
		at := int(v.Value)
		unit := s.Units[at]
		if _, ok := r.units[unit.Base]; !ok && unit.Scaled {
			r.units[unit.Base] = unit.Name
		}
		series, err := r.find(benchKey{cell, unit.Base}, s, file)
		if err != nil {
			return nil, err
		}
		series.lines += s.Lines
		p.values = append(p.values, valuePlan{at: at, unit: unit, series: series})
	}
	return p, nil
}

// find returns the series to which a subject's lines belong.
func (r *benchReader) find(key benchKey, of *record.Subject, file string) (*benchSeries, error) {
	s := r.byKey[key]
	if s == nil {
		s = &benchSeries{file: file, Series: Series{
			Row:      key.row.Get(r.row.Fields()[0]),
			Column:   key.column.Get(r.column.Fields()[0]),
			Name:     of.Name,
			Workload: workload(of),
			Unit:     key.unit,
		}}
		r.byKey[key] = s
		r.series = append(r.series, s)
	}
	if s.file != file {
		return nil, fmt.Errorf("%s of %s was in %s too, and rounds of two runs are not one series: compare by .file", s.Row, s.Column, s.file)
	}
	return s, nil
}

// workload returns the key of Table.Primary for a subject.
func workload(s *record.Subject) string {
	if s.Cell != nil {
		return s.Cell.Workload
	}
	return string(benchfmt.Name(s.Name).Base())
}

// chooseUnits gives each series the unit that its values have in the table: that of the
// Unit line, or else as first written.
func (r *benchReader) chooseUnits() {
	for _, s := range r.series {
		base := s.Unit
		s.Better = record.BetterOf(r.facts, base)
		if m := r.facts.Get(base, "better"); m != nil {
			s.Unit = m.OrigUnit
		} else if written, ok := r.units[base]; ok {
			s.Unit = written
		}
		s.Observations = make([]Observation, 0, s.lines)
	}
	for _, plans := range r.plans {
		for _, p := range plans {
			if p == nil {
				continue
			}
			for i := range p.values {
				if v := &p.values[i]; v.unit.Name != v.series.Unit { // no rounding of one that is the same
					v.factor = v.unit.Factor
					v.divide, _ = benchunit.Tidy(1, v.series.Unit)
				}
			}
		}
	}
}

// fill adds a file's launches to the series.
func (r *benchReader) fill(f File, plans []*plan) {
	lines := "lines of " + f.Name
	var of record.Launch
	for i := range f.Text.Lines {
		l := &f.Text.Lines[i]
		p := plans[l.Index]
		if !used(l) || p == nil || len(p.values) == 0 {
			continue
		}
		o, clock := Observation{Round: *p.rounds, At: int64(l.Number)}, lines
		*p.rounds++
		of.Conditions, of.Metrics = nil, of.Metrics[:0]
		for _, v := range p.values {
			of.Metrics = append(of.Metrics, record.Metric{Value: l.Values[v.at], Unit: v.unit.Name})
		}
		if l.Facts != nil {
			o.Round, of.Conditions = l.Facts.Round, l.Facts.Conditions
			if !l.Facts.Start.IsZero() {
				o.At, clock = l.Facts.Start.UnixNano(), "time"
			}
		}
		o.Saturated = of.Saturated()
		for _, v := range p.values {
			s := v.series
			if len(s.Observations) == 0 {
				s.Clock = clock
			} else if s.Clock != clock {
				s.Clock = "" // some launches have a time and others have not
			}
			o.Value = l.Values[v.at]
			if v.divide != 0 {
				o.Value = o.Value * v.factor / v.divide
			}
			o.AtMax = of.AtMax(v.unit.Name)
			s.Observations = append(s.Observations, o)
		}
	}
}

// table returns the series with the warnings about the files.
func (r *benchReader) table() Table {
	t := Table{Warnings: r.warnings, Unmatched: r.unmatched, Series: make([]Series, 0, len(r.series))}
	for _, f := range benchproc.NonSingularFields(r.ordered) {
		seen := map[string]bool{}
		var values []string
		for _, c := range r.ordered {
			if v := strconv.Quote(c.Get(f)); !seen[v] {
				seen[v] = true
				values = append(values, v)
			}
		}
		t.Warnings = append(t.Warnings, fmt.Sprintf("the configuration line %s has several values: %s", f.Name, strings.Join(values, ", ")))
	}
	for _, s := range r.series {
		t.Series = append(t.Series, s.Series)
	}
	return t
}
