package record

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// A Text is a file in the Go benchmark format, parsed once for everything that reads
// it: the journal of a run, the launches of a report, comparisons and tables.
//
// It can be any program's file, with whatever mistakes. Each line is judged separately:
// what cannot be used is in Lost, and the rest is not affected.
//
// Most lines of a file share their name, their units and the configuration in force.
// These are in a [Subject], once, so that a reader can decide once per subject what
// happens to its lines: whether a filter selects them and where they go in a table.
type Text struct {
	File     string
	Lines    []Line
	Subjects []*Subject               // in the order of their first lines
	Units    benchfmt.UnitMetadataMap // what Unit lines say
	Lost     []Loss                   // in the order of the lines

	// Mended says why other readers of the format do not read this file as it is, such as
	// that it is in UTF-16; "" if they do.
	Mended string

	// TooLong is the error with which other readers of the format stop reading this
	// file; nil if they do not.
	TooLong error
}

// A Subject is what benchmark lines have in common.
type Subject struct {
	Index  int    // in Text.Subjects
	Name   string // of the benchmark, without the prefix
	Cell   *Cell  // the name parsed; nil if it is not of the suite's form
	Units  []WrittenUnit
	Config []Pair // the configuration lines in force
	Lines  int    // how many lines have this subject

	results []benchfmt.Config // Config as benchproc has it, led by .file; shared
	next    *Subject          // one that differs only in units
	twice   string            // the base unit that two of the values share, "" if none do
	control error             // what is wrong with the characters of the name or a unit
}

// A WrittenUnit is a unit as it appears in a line.
type WrittenUnit struct {
	Name   string  // as it was written
	Base   string  // its base unit, without a prefix
	Factor float64 // of a value in the base unit

	// Scaled says that benchfmt converts the value, as it does whenever that makes a
	// difference: 5 ns/op to seconds, but not 0 ns/op and 5 B/op.
	Scaled bool
}

// Known is the name by which benchfmt, and so benchstat, knows the unit of the value.
func (u WrittenUnit) Known() string {
	if u.Scaled {
		return u.Base
	}
	return u.Name
}

// Value is the value as benchfmt has it.
func (u WrittenUnit) Value(written float64) float64 {
	if u.Scaled {
		return written * u.Factor
	}
	return written
}

// A Line is a benchmark line.
type Line struct {
	*Subject
	Number int // from 1
	N      int64
	Values []float64 // as written, in the order of Units
	Facts  *Facts    // of the comment before the line; nil if it has none

	// Comment says that the line is a comment because the launch is invalid. Other
	// readers of the format do not see it.
	Comment bool

	// Refused says that the line is not a usable launch; the reason is in Lost, or with
	// the reader of the folder. Other readers of the format see it.
	Refused bool
}

// Facts are what the comment before a benchmark line says about its launch. Absent ones
// are zero.
type Facts struct {
	Round, Attempt int
	Start          time.Time
	Duration       time.Duration
	Invalid        []string
	Conditions     []Pair

	hlog string // checksum of the launch's line in the cell's log
}

// Launch returns the line's launch, without its histogram. The metrics are as written.
func (l *Line) Launch() Launch {
	launch := Launch{N: l.N, Metrics: make([]Metric, len(l.Values))}
	if l.Cell != nil {
		launch.Cell = *l.Cell
	}
	if f := l.Facts; f != nil {
		launch.Round, launch.Attempt, launch.Start, launch.Duration = f.Round, f.Attempt, f.Start, f.Duration
		launch.Invalid, launch.Conditions = f.Invalid, f.Conditions
	}
	for i, v := range l.Values {
		launch.Metrics[i] = Metric{v, l.Units[i].Name}
	}
	return launch
}

// Results returns a function that turns a subject into the result that benchproc
// filters and projects, with file as the value of .file. It is valid until the next
// call. Each of its values is not a measurement but an index into Subject.Units, by
// which the unit can be found again after a filter has removed some.
func (t *Text) Results(file string) func(*Subject) *benchfmt.Result {
	var r *benchfmt.Result
	var of []benchfmt.Config
	return func(s *Subject) *benchfmt.Result {
		if r == nil || &of[0] != &s.results[0] {
			of = s.results
			r = &benchfmt.Result{Config: slices.Clone(of)}
			r.Config[0].Value = []byte(file)
		}
		r.Name, r.Iters = append(r.Name[:0], s.Name...), 1
		r.Values = r.Values[:0]
		for i, u := range s.Units {
			v := benchfmt.Value{Value: float64(i), Unit: u.Known()}
			if u.Scaled {
				v.OrigUnit = u.Name
			}
			r.Values = append(r.Values, v)
		}
		return r
	}
}

// BetterOf returns the direction in which a unit improves, by its Unit line or by the
// format's defaults. A time without either is better if lower.
func BetterOf(units benchfmt.UnitMetadataMap, unit string) Better {
	_, base := benchunit.Tidy(1, unit)
	switch units.GetBetter(base) {
	case +1:
		return Higher
	case -1:
		return Lower
	}
	if units.Get(base, "better") == nil && IsTime(base) {
		return Lower
	}
	return Neither
}

// IsTime reports whether a base unit measures time: p99-sec/op, but not tasks/sec.
func IsTime(base string) bool {
	numerator, _, _ := strings.Cut(base, "/")
	return slices.Contains(strings.Split(numerator, "-"), "sec")
}
