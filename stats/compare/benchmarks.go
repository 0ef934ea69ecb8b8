package compare

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
	"golang.org/x/perf/benchunit"
)

// A File is a benchmark file that was parsed.
type File struct {
	Name string // the value of the key .file; unique
	Text *record.Text
}

// A Selection says what is compared of benchmark files, in the language of
// golang.org/x/perf/benchproc/syntax, with the meaning that benchstat's flags of the same
// names have.
type Selection struct {
	Filter string // "" selects everything
	Col    string // the keys by which results are compared, such as /impl or .file
	Row    string // the keys that make a row; "" is .fullname
	Ignore string // configuration keys that may differ within a row
}

// FromBenchmarks makes a table of benchmark files from any program.
//
// Within one file the column is usually /impl; between two it is .file, with the name of
// the old file as the baseline. Any benchstat key will do, such as /gomaxprocs, and
// several.
//
// A row is the benchmark name without the column's part, and the configuration: two
// packages with a benchmark of the same name are two rows, and so are two CPUs in one
// file. These keys are not part of it:
//
//   - what the column or the selection names
//   - facts of the moment, such as the date (package environ)
//   - other facts, of the machine and the build, that have one value in each file: files
//     of two commits are compared, and it is for the caller not to judge files from two
//     machines
//
// What then differs within a row becomes a warning, and so do benchmarks that a row puts
// together.
//
// The round of a line is the one in the comment before it, as in the bench.txt of a
// result folder. In a file without such comments the lines of a benchmark are its
// rounds, in order. Nothing is sorted. The times in the comments, or else the order of
// the lines of one file, show whether launches were interleaved: ten lines of one
// benchmark and then ten of another are [Apart]. Between two files without times it is
// [Assumed].
//
// The direction of a unit is that of its Unit line, or of the format's defaults;
// of other times lower is better. Benchmarks without the column's keys are
// [Unmatched]. Lines that the text refuses, and those of invalid launches, are left
// out.
func FromBenchmarks(o Selection, files ...File) (Table, error) {
	r, err := newBenchReader(o, files)
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
	r.name()
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
	config  *benchproc.Projection // that is part of a row
	ignored *benchproc.Projection // that is not
	residue *benchproc.Projection // of the name, if the row leaves something of it out

	plans   [][]*plan // by file and subject; nil for subjects without a line that is used
	series  []*benchSeries
	byKey   map[benchKey]*benchSeries
	cells   map[cellKey]*benchCell
	ordered []*benchCell             // the same, in the order they appear
	differ  keySet                   // what is ignored
	facts   benchfmt.UnitMetadataMap // what the Unit lines of all files say
	units   map[string]string        // as first written, by base unit

	warnings []string
}

// cellKey identifies a cell.
type cellKey struct{ column, row, config benchproc.Key }

// A benchCell is what the series of a cell have in common.
type benchCell struct {
	cellKey
	column string // "" if it has none of the column's keys
	row    string // with the configuration
	config string // what tells the row from others of the same name
	rounds int    // lines so far
	names  keySet // what the row leaves out of the benchmarks' names
}

// pooled reports whether the row puts several benchmarks together.
func (c *benchCell) pooled() bool { return len(c.names.ordered) > 1 }

// A keySet is a set in the order in which its members came.
type keySet struct {
	has     map[benchproc.Key]bool
	ordered []benchproc.Key
}

func (s *keySet) add(k benchproc.Key) {
	if s.has == nil {
		s.has = map[benchproc.Key]bool{}
	}
	if !s.has[k] {
		s.has[k] = true
		s.ordered = append(s.ordered, k)
	}
}

// benchKey identifies a series.
type benchKey struct {
	cell *benchCell
	unit string // base unit
}

// A benchSeries is a series on its way into a table: its unit is the base unit until
// the units are chosen.
type benchSeries struct {
	Series
	cell  *benchCell
	file  string
	lines int // at most this many observations
}

// A plan says what becomes of the lines of a subject.
type plan struct {
	values []valuePlan // those that the filter selects
	cell   *benchCell
}

// A valuePlan says what becomes of a value.
type valuePlan struct {
	at     int // index of the value
	unit   record.WrittenUnit
	series *benchSeries
	factor float64 // by which the written value is multiplied ...
	divide float64 // ... and divided; both 0 if it stays as it is
}

func newBenchReader(o Selection, files []File) (*benchReader, error) {
	r := &benchReader{
		byKey: map[benchKey]*benchSeries{},
		cells: map[cellKey]*benchCell{},
		facts: benchfmt.UnitMetadataMap{},
		units: map[string]string{},
	}
	var err error
	filter := cmp.Or(o.Filter, "*")
	if r.filter, err = benchproc.NewFilter(filter); err != nil {
		return nil, fmt.Errorf("filter %q: %w", filter, err)
	}
	// The order of these does not matter to the parser: .config and .fullname are without
	// the keys that are named elsewhere.
	var p benchproc.ProjectionParser
	ignore := strings.Join(append(passing(o, files), o.Ignore), ",")
	for _, of := range []struct {
		what, keys string
		to         **benchproc.Projection
	}{
		{"column", o.Col, &r.column},
		{"row", cmp.Or(o.Row, ".fullname"), &r.row},
		{"ignored key", strings.Trim(ignore, ","), &r.ignored},
		{"configuration", ".config", &r.config},
	} {
		if *of.to, err = p.Parse(of.keys, r.filter); err != nil {
			return nil, fmt.Errorf("%s %q: %w", of.what, of.keys, err)
		}
	}
	if f := r.column.Fields(); len(f) == 0 || slices.ContainsFunc(f, func(f *benchproc.Field) bool { return f.IsTuple }) {
		return nil, fmt.Errorf("column %q: it has to be one or more keys, such as /impl or .file", o.Col)
	}
	r.residue = p.Residue()
	return r, nil
}

// Identity returns the configuration keys that tell benchmarks of a file apart: those
// with several values in it, without facts of the moment.
func Identity(t *record.Text) map[string]bool {
	scopes := environ.Scopes()
	keys := map[string]bool{}
	var before []record.Pair
	for i, s := range t.Subjects {
		if i > 0 && !slices.Equal(before, s.Config) {
			for _, p := range slices.Concat(before, s.Config) {
				same := func(q record.Pair) bool { return p.Key == q.Key && environ.Same(p.Key, p.Value, q.Value) }
				if !slices.ContainsFunc(before, same) || !slices.ContainsFunc(s.Config, same) {
					keys[p.Key] = true
				}
			}
		}
		before = s.Config
	}
	maps.DeleteFunc(keys, func(key string, _ bool) bool { scope, known := scopes[key]; return known && scope == environ.Moment })
	return keys
}

// passing returns the keys that are not part of a row, as FromBenchmarks says.
func passing(o Selection, files []File) (keys []string) {
	identity := map[string]bool{}
	for _, f := range files {
		maps.Copy(identity, Identity(f.Text))
	}
	named := strings.FieldsFunc(o.Col+" "+o.Row+" "+o.Ignore, func(r rune) bool { return strings.ContainsRune(" ,@()", r) })
	for _, key := range slices.Sorted(maps.Keys(environ.Scopes())) {
		if !identity[key] && !slices.Contains(named, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// gomaxprocs is the key of the number that package testing appends to a name: it leaves
// 1 out.
const gomaxprocs = "/gomaxprocs"

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
	key := cellKey{r.column.Project(rec), r.row.Project(rec), r.config.Project(rec)}
	cell := r.cells[key]
	if cell == nil {
		cell = &benchCell{cellKey: key, column: text(key.column), row: text(key.row)}
		if f := r.column.Fields(); len(f) == 1 && f[0].Name == gomaxprocs && cell.column == "" {
			cell.column = "1"
		}
		r.cells[key] = cell
		r.ordered = append(r.ordered, cell)
	}
	if p.cell = cell; cell.column == "" {
		return p, nil
	}
	r.differ.add(r.ignored.Project(rec))
	cell.names.add(r.residue.Project(rec))
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
		s = &benchSeries{cell: key.cell, file: file, Series: Series{
			Column:   key.cell.column,
			Name:     of.Name,
			Workload: workload(of),
			Unit:     key.unit,
		}}
		r.byKey[key] = s
		r.series = append(r.series, s)
	}
	if s.file != file {
		return nil, fmt.Errorf("%s of %s was in %s too, and rounds of two runs are not one series: compare by .file", key.cell.row, s.Column, s.file)
	}
	return s, nil
}

// text returns the values of a key that are there.
func text(k benchproc.Key) string {
	var values []string
	for _, f := range k.Projection().FlattenedFields() {
		if v := k.Get(f); v != "" {
			values = append(values, v)
		}
	}
	return strings.Join(values, " ")
}

// name completes the names of the rows by the configuration that tells them apart, in
// the language of filters.
func (r *benchReader) name() {
	var configs keySet
	for _, c := range r.ordered {
		configs.add(c.cellKey.config)
	}
	fields := benchproc.NonSingularFields(configs.ordered)
	for _, c := range r.ordered {
		var words []string
		for _, f := range fields {
			if v := c.cellKey.config.Get(f); v != "" {
				words = append(words, record.Pair{Key: f.Name, Value: v}.Query())
			}
		}
		c.config = strings.Join(words, " ")
		c.row = strings.TrimSpace(c.row + " " + c.config)
	}
	for _, s := range r.series {
		s.Row, s.Config = s.cell.row, s.cell.config
	}
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
		o, clock := Observation{Round: p.cell.rounds, At: int64(l.Number)}, lines
		p.cell.rounds++
		of.Conditions, of.Metrics = nil, of.Metrics[:0]
		for _, v := range p.values {
			of.Metrics = append(of.Metrics, record.Metric{Value: l.Values[v.at], Unit: v.unit.Name})
		}
		if l.Facts != nil {
			of.Conditions = l.Facts.Conditions
			if !p.cell.pooled() {
				o.Round = l.Facts.Round
			}
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
	t := Table{Warnings: r.warnings, Series: make([]Series, 0, len(r.series))}
	for _, f := range benchproc.NonSingularFields(r.differ.ordered) {
		var values []string
		for _, c := range r.differ.ordered {
			if v := c.Get(f); v != "" && !slices.ContainsFunc(values, func(w string) bool { return environ.Same(f.Name, v, w) }) {
				values = append(values, v)
			}
		}
		if len(values) < 2 { // it is not known of the others
			continue
		}
		for i, v := range values {
			values[i] = strconv.Quote(v)
		}
		t.Warnings = append(t.Warnings, fmt.Sprintf("the configuration line %s has several values: %s", f.Name, strings.Join(values, ", ")))
	}
	var pooled, by []string
	for _, c := range r.ordered {
		if c.column == "" {
			t.Unmatched = append(t.Unmatched, Unmatched{Row: c.row})
		}
		if !c.pooled() {
			continue
		}
		pooled = append(pooled, c.row)
		for _, f := range benchproc.NonSingularFields(c.names.ordered) {
			if !slices.Contains(by, f.Name) {
				by = append(by, f.Name)
			}
		}
	}
	if len(pooled) > 0 {
		slices.Sort(pooled)
		t.Warnings = append(t.Warnings, fmt.Sprintf("rows have several benchmarks, which vary in %s: %s", strings.Join(by, ", "), strings.Join(slices.Compact(pooled), ", ")))
	}
	for _, s := range r.series {
		t.Series = append(t.Series, s.Series)
	}
	return t
}
