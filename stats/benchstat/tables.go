package benchstat

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchproc"

	"github.com/idlebench/idlebench/record"
)

// Options are the command's flags of the same names. An empty one is the
// command's default.
type Options struct {
	Filter string // which lines to take
	Table  string // what has a table of its own
	Row    string
	Col    string
	Ignore string // what may differ within a table
}

// Command returns the words that start the command anywhere, in the version of the
// package that is linked here: it is a tool of this module, and not of other modules.
func Command() []string {
	version := "latest"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "golang.org/x/perf" {
				version = cmp.Or(m.Version, version)
			}
		}
	}
	return []string{"go", "run", "golang.org/x/perf/cmd/benchstat@" + version}
}

// Args returns the options as flags, those that are not the defaults.
func (o Options) Args() (args []string) {
	for _, f := range []struct{ name, value, usual string }{
		{"-filter", o.Filter, "*"}, {"-table", o.Table, ".config"}, {"-row", o.Row, ".fullname"}, {"-col", o.Col, ".file"}, {"-ignore", o.Ignore, ""},
	} {
		if f.value != "" && f.value != f.usual {
			args = append(args, f.name, f.value)
		}
	}
	return args
}

// A File is a benchmark file that was parsed. The name is the value of .file.
type File struct {
	Name string
	Text *record.Text
}

// Text returns what the command prints to its standard output. The error is for an
// invalid option, an [OptionError], or for a file that the command rejects too.
func Text(o Options, files ...File) (string, error) {
	b, err := newBuilder(o)
	if err != nil {
		return "", err
	}
	if err := Readable(files...); err != nil {
		return "", err
	}
	for _, f := range files {
		b.add(f)
	}
	return b.text(), nil
}

// Readable returns the error of a file that the command refuses.
func Readable(files ...File) error {
	for _, f := range files {
		if f.Text.TooLong != nil {
			return f.Text.TooLong
		}
	}
	return nil
}

// An OptionError is for an invalid option.
type OptionError struct {
	Option, Value string
	Err           error
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("-%s %q: %v", e.Option, e.Value, e.Err)
}

func (e *OptionError) Unwrap() error { return e.Err }

// Check returns the error of an option that makes no sense.
func (o Options) Check() error {
	_, err := newBuilder(o)
	return err
}

// A builder puts results into tables.
type builder struct {
	filter                   *benchproc.Filter
	table, row, col, residue *benchproc.Projection
	unit                     *benchproc.Field
	units                    benchfmt.UnitMetadataMap // of all files
	tables                   map[benchproc.Key]*table

	// omit says which values are left out, as the package documentation says.
	omit func(float64) bool
}

// A table has the values of one unit.
type table struct {
	unit       string
	rows, cols []benchproc.Key
	cells      map[place]*cell
}

type place struct{ row, col benchproc.Key }

// A cell has the values of one row and column, and what becomes of them.
type cell struct {
	values  []float64
	residue map[benchproc.Key]bool

	sample  *benchmath.Sample
	summary benchmath.Summary
	base    *cell // in the first column; nil if there is none, or it is this one
	versus  benchmath.Comparison
}

func newBuilder(o Options) (*builder, error) {
	b := &builder{units: benchfmt.UnitMetadataMap{}, tables: map[benchproc.Key]*table{}, omit: math.IsNaN}
	var err error
	query := cmp.Or(o.Filter, "*")
	if b.filter, err = benchproc.NewFilter(query); err != nil {
		return nil, &OptionError{"filter", query, err}
	}
	var parser benchproc.ProjectionParser
	table := cmp.Or(o.Table, ".config")
	if b.table, b.unit, err = parser.ParseWithUnit(table, b.filter); err != nil {
		return nil, &OptionError{"table", table, err}
	}
	var ignored *benchproc.Projection
	for _, p := range []struct {
		option, value string
		to            **benchproc.Projection
	}{{"row", cmp.Or(o.Row, ".fullname"), &b.row}, {"col", cmp.Or(o.Col, ".file"), &b.col}, {"ignore", o.Ignore, &ignored}} {
		if *p.to, err = parser.Parse(p.value, b.filter); err != nil {
			return nil, &OptionError{p.option, p.value, err}
		}
	}
	b.residue = parser.Residue()
	return b, nil
}

// A target says where one of a subject's values goes. The cell is made when it gets its
// first value.
type target struct {
	at   int // index of the value
	unit record.WrittenUnit
	key  benchproc.Key // of the table
	cell *cell
}

// A plan says where the values of a subject go.
type plan struct {
	place
	residue benchproc.Key
	targets []target
}

// add adds a file. Lines that the command does not read as benchmark lines, such as
// those of invalid launches, are left out; lines that it reads are included, even if
// other readers reject them.
func (b *builder) add(f File) {
	for key, m := range f.Text.Units {
		if _, ok := b.units[key]; !ok {
			b.units[key] = m
		}
	}
	result := f.Text.Results(f.Name)
	plans := make([]*plan, len(f.Text.Subjects))
	for i := range f.Text.Lines {
		l := &f.Text.Lines[i]
		if l.Comment {
			continue
		}
		p := plans[l.Index]
		if p == nil {
			p = b.plan(result(l.Subject), l.Subject)
			plans[l.Index] = p
		}
		for j := range p.targets {
			t := &p.targets[j]
			value := t.unit.Value(l.Values[t.at])
			if b.omit(value) {
				continue
			}
			if t.cell == nil {
				t.cell = b.cell(t.key, p.place, l.Lines)
				t.cell.residue[p.residue] = true
			}
			t.cell.values = append(t.cell.values, value)
		}
	}
}

// plan plans where the values of a subject go: nowhere if the filter leaves it out.
func (b *builder) plan(rec *benchfmt.Result, s *record.Subject) *plan {
	p := &plan{}
	if ok, err := b.filter.Apply(rec); err != nil || !ok {
		return p
	}
	p.place = place{b.row.Project(rec), b.col.Project(rec)}
	p.residue = b.residue.Project(rec)
	for i, key := range b.table.ProjectValues(rec) {
		at := int(rec.Values[i].Value)
		p.targets = append(p.targets, target{at: at, unit: s.Units[at], key: key})
	}
	return p
}

// cell returns a cell, with room for some values if it is new.
func (b *builder) cell(key benchproc.Key, at place, room int) *cell {
	t := b.tables[key]
	if t == nil {
		t = &table{unit: key.Get(b.unit), cells: map[place]*cell{}}
		b.tables[key] = t
	}
	c := t.cells[at]
	if c == nil {
		c = &cell{values: make([]float64, 0, room), residue: map[benchproc.Key]bool{}}
		t.cells[at] = c
	}
	return c
}

// text computes and prints all tables.
func (b *builder) text() string {
	keys := keysOf(b.tables)
	texts := make([]string, len(keys))
	var wg sync.WaitGroup
	limit := make(chan bool, runtime.GOMAXPROCS(0))
	for i, key := range keys {
		wg.Add(1)
		limit <- true
		go func() {
			defer func() { <-limit; wg.Done() }()
			t := b.tables[key]
			t.compute(b.units.GetAssumption(t.unit))
			texts[i] = t.text()
		}()
	}
	wg.Wait()

	var out strings.Builder
	for i, key := range keys {
		if i > 0 {
			out.WriteByte('\n')
		}
		for _, f := range key.Projection().FlattenedFields() {
			if f.Name == ".unit" {
				continue // it is in the table
			}
			if value := key.Get(f); i == 0 || value != keys[i-1].Get(f) {
				fmt.Fprintf(&out, "%s: %s\n", f.Name, value)
			}
		}
		out.WriteString(texts[i])
	}
	return out.String()
}

// keysOf returns the keys of a map in the order of their projection.
func keysOf[V any](m map[benchproc.Key]V) []benchproc.Key {
	keys := make([]benchproc.Key, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	benchproc.SortKeys(keys)
	return keys
}

// compute fills in the rows, the columns and what becomes of the values.
func (t *table) compute(assume benchmath.Assumption) {
	rows, cols := map[benchproc.Key]bool{}, map[benchproc.Key]bool{}
	for at, c := range t.cells {
		rows[at.row], cols[at.col] = true, true
		c.sample = benchmath.NewSample(c.values, &benchmath.DefaultThresholds)
	}
	t.rows, t.cols = keysOf(rows), keysOf(cols)
	for at, c := range t.cells {
		c.summary = assume.Summary(c.sample, 0.95)
		if at.col != t.cols[0] {
			if c.base = t.cells[place{at.row, t.cols[0]}]; c.base != nil {
				c.versus = assume.Compare(c.base.sample, c.sample)
			}
		}
		if vary := benchproc.NonSingularFields(keysOf(c.residue)); len(vary) > 0 {
			var names []string
			for _, f := range vary {
				names = append(names, f.Name)
			}
			c.sample.Warnings = append(c.sample.Warnings, errors.New("benchmarks vary in "+strings.Join(names, ", ")))
		}
	}
}

// A mean is the last line of a column.
type mean struct {
	center, ratio float64 // NaN if there is none
	warnings      []error
}

// mean returns the geometric means of a column, of its values and of their ratios
// to the first column.
func (t *table) mean(col benchproc.Key) mean {
	var centers, ratios []float64
	bases, byZero := 0, false
	for _, row := range t.rows {
		if t.cells[place{row, t.cols[0]}] != nil {
			bases++
		}
		c := t.cells[place{row, col}]
		if c == nil {
			continue
		}
		centers = append(centers, c.summary.Center)
		if c.base == nil {
			continue
		}
		switch old := c.base.summary.Center; {
		case c.summary.Center == old:
			ratios = append(ratios, 1) // also if both are zero
		case old == 0:
			byZero = true
			ratios = append(ratios, 0)
		default:
			ratios = append(ratios, c.summary.Center/old)
		}
	}
	first := col == t.cols[0]
	m := mean{center: geometric(centers), ratio: math.NaN()}
	if !first && bases != len(ratios) {
		m.warnings = append(m.warnings, errors.New("benchmark set differs from baseline; geomeans may not be comparable"))
	}
	if math.IsNaN(m.center) {
		m.warnings = append(m.warnings, errors.New("summaries must be >0 to compute geomean"))
	}
	if !first && !byZero {
		if m.ratio = geometric(ratios); math.IsNaN(m.ratio) {
			m.warnings = append(m.warnings, errors.New("ratios must be >0 to compute geomean"))
		}
	}
	return m
}

// geometric returns the geometric mean, NaN if it does not exist.
func geometric(values []float64) float64 {
	if len(values) == 0 || slices.ContainsFunc(values, func(v float64) bool { return v <= 0 }) {
		return math.NaN()
	}
	mean := 0.0
	for i, v := range values {
		mean += (math.Log(v) - mean) / float64(i+1)
	}
	return math.Exp(mean)
}
