package compare

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/record"
	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
	"golang.org/x/perf/benchunit"
)

// A File is text in the Go benchmark format.
type File struct {
	Name string // the value of the key .file; unique
	Text io.Reader
}

// FromBenchmarks makes a table of benchmark files, whoever wrote them.
//
// Filter selects the results, and column is the key by which they are compared;
// both are in the language of golang.org/x/perf/benchproc/syntax. "*" selects
// everything. Within one file the column is usually /impl; between two it is
// .file, with the name of the old file as the baseline. The row is what remains
// of the benchmark name.
//
// The round of a line is that in the comment before it, as the bench.txt of a
// result folder has it. In a file without such comments the lines of a
// benchmark are its rounds, one by one. Nothing is sorted. Whether launches
// were interleaved is told by the times in the comments, or else by the order of
// the lines of one file: ten lines of one benchmark and then ten of another are
// [Apart]. Between two files without times it is [Assumed].
//
// The direction of a unit is that of its Unit line, or of the format's defaults;
// of other times lower is better. Benchmarks without the column's key are
// [Unmatched]. Lines that are malformed become warnings; so
// do configuration lines with several values, as from different machines.
func FromBenchmarks(filter, column string, files ...File) (Table, error) {
	r, err := newBenchReader(filter, column)
	if err != nil {
		return Table{}, err
	}
	names := map[string]bool{}
	for _, f := range files {
		if names[f.Name] {
			return Table{}, fmt.Errorf("two files are named %q: .file has to tell them apart", f.Name)
		}
		names[f.Name] = true
		if err := r.read(f); err != nil {
			return Table{}, err
		}
	}
	return r.table(), nil
}

// A benchReader reads files into series.
type benchReader struct {
	filter  *benchproc.Filter
	column  *benchproc.Projection
	row     *benchproc.Projection
	residue *benchproc.Projection // the configuration
	reader  benchfmt.Reader       // one for all files, since it collects the units
	series  []*benchSeries
	byKey   map[benchKey]*benchSeries
	lines   map[[2]benchproc.Key]int // so far, of a row's column
	configs []benchproc.Key
	units   map[string]string // as first written, by base unit

	unmatched []Unmatched // without the column's key
	warnings  []string
}

// benchKey identifies a series.
type benchKey struct {
	column, row benchproc.Key
	unit        string // base unit
}

// A benchSeries is a series on its way into a table: its unit is the base unit,
// and the observations have no values yet.
type benchSeries struct {
	Series
	file   string
	values []benchfmt.Value
}

func newBenchReader(filter, column string) (*benchReader, error) {
	r := &benchReader{
		byKey: map[benchKey]*benchSeries{},
		lines: map[[2]benchproc.Key]int{},
		units: map[string]string{},
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

// read reads a file to its end.
func (r *benchReader) read(f File) error {
	text, err := io.ReadAll(f.Text)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	launches, err := launchComments(f.Name, text)
	if err != nil {
		return err
	}
	r.reader.Reset(bytes.NewReader(text), f.Name, ".file", f.Name)
	for r.reader.Scan() {
		switch rec := r.reader.Result().(type) {
		case *benchfmt.SyntaxError:
			r.warnings = append(r.warnings, rec.Error())
		case *benchfmt.Result:
			if err := r.add(rec, f.Name, launches); err != nil {
				_, line := rec.Pos()
				return fmt.Errorf("%s:%d: %w", f.Name, line, err)
			}
		}
	}
	return r.reader.Err()
}

// A launchComment is what the comment before a benchmark line says.
type launchComment struct {
	round int
	start int64         // nanoseconds; 0 if it is not said
	facts []record.Pair // those that a launch is asked for
}

// asked are the facts of a launch that its values are read by.
var asked = []string{"saturated", "samples", "quantile-is-max"}

// launchComments returns the comments by the line that they belong to.
func launchComments(file string, text []byte) (map[int]launchComment, error) {
	comments := map[int]launchComment{}
	line := 0
	for l := range bytes.Lines(text) {
		line++
		facts, ok := strings.CutPrefix(string(l), "# round=")
		if !ok {
			continue
		}
		fields := strings.Fields(facts)
		if len(fields) == 0 {
			return nil, fmt.Errorf("%s:%d: round= without a number", file, line)
		}
		round, err := strconv.Atoi(fields[0])
		if err != nil || round < 0 {
			return nil, fmt.Errorf("%s:%d: round=%s: not a number from 0 on", file, line, fields[0])
		}
		c := launchComment{round: round}
		for _, fact := range fields[1:] {
			if value, ok := strings.CutPrefix(fact, "start="); ok {
				start, err := time.Parse(time.RFC3339Nano, value)
				if err != nil {
					return nil, fmt.Errorf("%s:%d: %w", file, line, err)
				}
				c.start = start.UnixNano()
			}
			if key, value, _ := strings.Cut(fact, "="); slices.Contains(asked, key) {
				c.facts = append(c.facts, record.Pair{Key: key, Value: value})
			}
		}
		comments[line+1] = c
	}
	return comments, nil
}

var errNoRound = errors.New("the line before has no round=…, as others in the file have: take the file as it was written, or all comments out of it")

// add takes up one benchmark line.
func (r *benchReader) add(rec *benchfmt.Result, file string, launches map[int]launchComment) error {
	name := rec.Name.String() // in full: a filter on units leaves the name alone
	if ok, err := r.filter.Apply(rec); err != nil {
		return err
	} else if !ok {
		return nil
	}
	column, row := r.column.Project(rec), r.row.Project(rec)
	field := r.column.Fields()[0]
	cell := [2]benchproc.Key{column, row}
	if column.Get(field) == "" {
		if r.lines[cell]++; r.lines[cell] == 1 {
			r.unmatched = append(r.unmatched, Unmatched{Row: name})
		}
		return nil
	}
	if config := r.residue.Project(rec); !slices.Contains(r.configs, config) {
		r.configs = append(r.configs, config)
	}
	_, line := rec.Pos()
	o, clock := Observation{Round: r.lines[cell], At: int64(line)}, "lines of "+file
	r.lines[cell]++
	of := record.Launch{}
	for _, v := range rec.Values {
		of.Metrics = append(of.Metrics, record.Metric{Value: v.Value, Unit: v.Unit})
	}
	if len(launches) > 0 {
		launch, ok := launches[line]
		if !ok {
			return errNoRound
		}
		o.Round, of.Conditions = launch.round, launch.facts
		if launch.start != 0 {
			o.At, clock = launch.start, "time"
		}
	}
	o.Saturated = of.Saturated()
	seen := map[string]bool{}
	for _, v := range rec.Values {
		_, base := benchunit.Tidy(v.Value, v.Unit) // a value of 0 is not tidied by the reader
		if seen[base] {
			return fmt.Errorf("the unit %s is there twice", base)
		}
		seen[base] = true
		if _, ok := r.units[base]; !ok && v.OrigUnit != "" {
			r.units[base] = v.OrigUnit
		}
		s, err := r.find(benchKey{column, row, base}, name, file, clock)
		if err != nil {
			return err
		}
		o.AtMax = of.AtMax(v.Unit)
		s.Observations = append(s.Observations, o)
		s.values = append(s.values, v)
	}
	return nil
}

// find returns the series to which a line belongs.
func (r *benchReader) find(key benchKey, name, file, clock string) (*benchSeries, error) {
	s := r.byKey[key]
	if s == nil {
		s = &benchSeries{file: file, Series: Series{
			Row:      key.row.Get(r.row.Fields()[0]),
			Column:   key.column.Get(r.column.Fields()[0]),
			Name:     name,
			Workload: workload(name),
			Unit:     key.unit,
			Clock:    clock,
		}}
		r.byKey[key] = s
		r.series = append(r.series, s)
	}
	if s.file != file {
		return nil, fmt.Errorf("%s of %s was in %s too, and rounds of two runs are not one series: compare by .file", s.Row, s.Column, s.file)
	}
	if s.Clock != clock {
		s.Clock = "" // some launches have a time and others have not
	}
	return s, nil
}

// workload returns the key of Table.Primary for a benchmark name.
func workload(name string) string {
	if cell, err := record.ParseName(name); err == nil {
		return cell.Workload
	}
	return string(benchfmt.Name(name).Base())
}

// table returns what was read.
func (r *benchReader) table() Table {
	t := Table{Warnings: r.warnings, Unmatched: r.unmatched}
	for _, f := range benchproc.NonSingularFields(r.configs) {
		var values []string
		for _, c := range r.configs {
			if v := strconv.Quote(c.Get(f)); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		t.Warnings = append(t.Warnings, fmt.Sprintf("the configuration line %s has several values: %s", f.Name, strings.Join(values, ", ")))
	}
	units := r.reader.Units()
	for _, s := range r.series {
		base := s.Unit
		s.Better = direction(units, base)
		if m := units.Get(base, "better"); m != nil {
			s.Unit = m.OrigUnit
		} else if written, ok := r.units[base]; ok {
			s.Unit = written
		}
		for i, v := range s.values {
			s.Observations[i].Value = in(s.Unit, v)
		}
		t.Series = append(t.Series, s.Series)
	}
	return t
}

// in returns a value in the unit, which is one of its own kind.
func in(unit string, v benchfmt.Value) float64 {
	if v.OrigUnit == unit {
		return v.OrigValue // no rounding
	}
	factor, _ := benchunit.Tidy(1, unit)
	value, _ := benchunit.Tidy(v.Value, v.Unit)
	return value / factor
}

// direction returns in which direction a unit improves.
func direction(units benchfmt.UnitMetadataMap, base string) record.Better {
	switch units.GetBetter(base) {
	case +1:
		return record.Higher
	case -1:
		return record.Lower
	}
	if units.Get(base, "better") == nil && isTime(base) {
		return record.Lower
	}
	return record.Neither
}

// isTime reports whether a base unit is of time: p99-sec/op, but not tasks/sec.
func isTime(base string) bool {
	numerator, _, _ := strings.Cut(base, "/")
	return slices.Contains(strings.Split(numerator, "-"), "sec")
}
