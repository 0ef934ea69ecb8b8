package source

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// A benchFile is a benchmark file whose launches are put into the model.
type benchFile struct {
	*Source
	in       *Input
	filter   *benchproc.Filter
	result   func(*record.Subject) *benchfmt.Result
	selected []*selection // by subject; nil if it has no launch so far
	cells    cells
	units    map[string]bool // in in.Units, by base unit
	config   map[record.Pair]bool
	identity map[string]bool // the configuration keys that tell cells apart

	launches []Launch        // spare ones: those of many lines are allocated at once
	metrics  []record.Metric // likewise
}

// A selection is what the filter leaves of a subject.
type selection struct {
	values []int // indices
	cell   *Cell // nil if it leaves nothing
}

// benchmarks reads a file in the Go benchmark format.
func (s *Source) benchmarks(in *Input, data []byte, filter *benchproc.Filter) {
	text := record.ReadText(in.File, data)
	in.Text = text
	f := &benchFile{
		Source:   s,
		in:       in,
		filter:   filter,
		result:   text.Results(in.Column()),
		selected: make([]*selection, len(text.Subjects)),
		cells:    newCells(in),
		units:    map[string]bool{},
		config:   map[record.Pair]bool{},
		identity: compare.Identity(text),
	}
	lost := text.Lost // not reported yet
	report := func(until int) {
		for len(lost) > 0 && lost[0].Line < until {
			s.lose(lost[0])
			lost = lost[1:]
		}
	}
	for i := range text.Lines {
		l := &text.Lines[i]
		report(l.Number)
		if !l.Refused {
			f.add(l)
		}
	}
	report(math.MaxInt)
	if len(text.Lines) == 0 && len(text.Lost) == 0 {
		s.skip(in.File, 0, "the file", "there is no benchmark line in it: look whether the benchmarks ran")
	}
	for i, u := range in.Units {
		in.Units[i].Better = record.BetterOf(text.Units, u.Name)
	}
	in.Primary = primary(text.Units)
	f.cells.finish(s)
}

// add takes a benchmark line into the model, as far as the filter selects it.
func (f *benchFile) add(line *record.Line) {
	f.Measured++
	selected := f.selected[line.Index]
	if selected == nil {
		selected = f.choose(line.Subject)
		f.selected[line.Index] = selected
	}
	if selected.cell == nil {
		return
	}
	if len(f.launches) == 0 {
		f.launches = make([]Launch, 256)
	}
	l := &f.launches[0]
	f.launches = f.launches[1:]
	l.Name, l.Line, l.N = line.Name, line.Number, line.N
	if facts := line.Facts; facts != nil {
		l.Rounded = true
		l.Round, l.Attempt, l.Start, l.Duration = facts.Round, facts.Attempt, facts.Start, facts.Duration
		l.Invalid, l.Conditions = facts.Invalid, facts.Conditions
	}
	l.Metrics = f.room(len(selected.values))
	for _, i := range selected.values {
		m := record.Metric{Value: line.Values[i], Unit: line.Units[i].Name}
		if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
			f.skip(f.in.File, line.Number, fmt.Sprintf("the value %v of %s", m.Value, m.Unit), "it is not a finite number")
			continue
		}
		l.Metrics = append(l.Metrics, m)
	}
	f.cells.addTo(selected.cell, l)
}

// room returns an empty list with room for n metrics.
func (f *benchFile) room(n int) []record.Metric {
	if len(f.metrics) < n {
		f.metrics = make([]record.Metric, max(n, 1024))
	}
	room := f.metrics[:0:n]
	f.metrics = f.metrics[n:]
	return room
}

// choose applies the filter to a subject.
func (f *benchFile) choose(s *record.Subject) *selection {
	selected := &selection{}
	rec := f.result(s)
	if ok, err := f.filter.Apply(rec); err != nil || !ok {
		return selected
	}
	for _, v := range rec.Values {
		at := int(v.Value)
		selected.values = append(selected.values, at)
		f.unit(s.Units[at])
	}
	for _, p := range s.Config {
		if !f.config[p] {
			f.config[p] = true
			f.in.Config = append(f.in.Config, p)
		}
	}
	selected.cell = f.cells.get(s.Name, f.configOf(s))
	selected.cell.Launches = slices.Grow(selected.cell.Launches, s.Lines)
	return selected
}

// configOf is what tells a subject's cell from others, as in Cell.Config.
func (f *benchFile) configOf(s *record.Subject) string {
	var words []string
	for _, p := range s.Config {
		if f.identity[p.Key] {
			words = append(words, p.Query())
		}
	}
	return strings.Join(words, " ")
}

// unit remembers a unit as it was first written.
func (f *benchFile) unit(u record.WrittenUnit) {
	if !f.units[u.Base] {
		f.units[u.Base] = true
		f.in.Units = append(f.in.Units, record.Unit{Name: u.Name, About: about[u.Base]})
	}
}

// about describes the suite's own units, by base unit.
var about = func() map[string]string {
	m := map[string]string{}
	for _, u := range record.Units() {
		_, base := benchunit.Tidy(1, u.Name)
		m[base] = u.About
	}
	return m
}()

// primary returns what the Unit lines say about the units in which workloads are
// judged, as in record.Manifest; nil if they say nothing of it.
func primary(units benchfmt.UnitMetadataMap) map[string]string {
	m := map[string]string{}
	inOrder := slices.SortedFunc(maps.Values(units), func(a, b *benchfmt.UnitMetadata) int { return strings.Compare(a.Unit, b.Unit) })
	for _, u := range inOrder {
		record.UnitPrimary(m, cmp.Or(u.OrigUnit, u.Unit), u.Key, u.Value)
	}
	if len(m) == 0 {
		return nil
	}
	return m
}
