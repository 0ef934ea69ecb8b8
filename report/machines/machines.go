// Package machines makes the page of a machine that can be simulated: the lines between
// its CPUs as a heat map, wake-ups by how long the sleeper had slept, and each constant
// with its source.
package machines

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/simulate"
	"github.com/idlebench/idlebench/simulate/machine"
)

// Document lays out the page of a machine.
func Document(f *machine.File) page.Document {
	d := page.Document{
		Title: f.Name,
		Lead:  f.Title,
		Facts: page.Facts{
			{Name: "CPUs", Value: f.Topology.String()},
			{Name: "Sources", Value: counts(f)},
		},
	}
	if f.Description != "" {
		d.Headline = page.Statements{{Text: f.Description, Link: page.Link{Text: "Constants", ID: "constants"}}}
	}
	if c := f.Calibration; c != nil {
		d.Sections = append(d.Sections, lines(c), wakes(c))
	}
	d.Sections = append(d.Sections, constants(f), sources(f))
	if c := f.Calibration; c != nil {
		d.Sections = append(d.Sections, measuredOn(c))
	}
	return d
}

// counts says how many figures have a source of each kind.
func counts(f *machine.File) (text string) {
	n := f.Count()
	for i, kind := range machine.Kinds() {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%d %s", n[kind], kind)
	}
	return text
}

func ns(ps int64) float64 { return float64(ps) / float64(simulate.Nanosecond) }

func lines(c *machine.Calibration) page.Section {
	s := page.Section{ID: "lines", Title: "Lines between CPUs", Lead: "How far CPUs are from each other, by the time that a cache line takes."}
	if len(c.Lines) < 2 {
		s.Blocks = []page.Block{page.Missing{What: "The file has no times between pairs of CPUs.", How: []string{"bench calibrate"}}}
		return s
	}
	names := make([]string, len(c.CPUs))
	values := make([][]float64, len(c.CPUs))
	for i, cpu := range c.CPUs {
		names[i] = strconv.Itoa(cpu)
		for _, v := range c.Lines[i] {
			values[i] = append(values[i], ns(v))
		}
	}
	s.Blocks = []page.Block{page.Figure{
		Figure: plot.Matrix(plot.Caption{ID: "matrix", Title: "Half a round trip of a line"}, "CPU",
			plot.Quantity{Name: "half a round trip", Unit: "ns"}, names, values),
		How: "Two CPUs at a time compare-and-swap one line in turn. Light blocks along the diagonal are CPUs that share a cache; the darkest cells are sockets apart.",
	}}
	return s
}

func wakes(c *machine.Calibration) page.Section {
	s := page.Section{ID: "wakes", Title: "Wake-ups", Lead: "What a wake-up through a futex takes, by how long the sleeper had slept."}
	if len(c.Wakes) == 0 {
		s.Blocks = []page.Block{page.Missing{What: "The file has no wake-ups.", How: []string{"bench calibrate"}}}
		return s
	}
	waker, sleeper := plot.Curve{Name: "the waker's call"}, plot.Curve{Name: "until the sleeper runs"}
	for _, w := range c.Wakes {
		waker.Points = append(waker.Points, point(w.Gap, w.Waker))
		sleeper.Points = append(sleeper.Points, point(w.Gap, w.Sleeper))
	}
	s.Blocks = []page.Block{page.Figure{
		Figure: plot.GapCurve(plot.Caption{ID: "gaps", Title: "A wake-up by the time slept"}, plot.Quantity{Name: "time slept", Unit: "ns"},
			plot.Facet{Y: plot.Quantity{Name: "time", Unit: "ns"}, Curves: []plot.Curve{waker, sleeper}}),
		How: "A point is the median of the batches, the interval is from the 10th to the 90th percentile. Where the upper curve rises, the CPU had entered a deeper idle state.",
	}}
	return s
}

func point(gap int64, v machine.Constant) plot.Point {
	return plot.Point{X: ns(gap), Y: ns(v.Value), Lo: ns(v.Low), Hi: ns(v.High)}
}

// unit writes a quantity of a file as figures do.
var unit = strings.NewReplacer(" us", "\u00a0µs", " ns", "\u00a0ns", " ms", "\u00a0ms", " %", "\u00a0%").Replace

func constants(f *machine.File) page.Section {
	t := page.Table{
		ID: "costs", Caption: "What operations cost",
		Columns: []page.Column{{Title: "constant", Code: true}, {Title: "value"}, {Title: "spread"}, {Title: "source"}, {Title: "what it is"}},
	}
	for _, r := range f.Rows() {
		t.Rows = append(t.Rows, []page.Cell{{Text: r.Key}, {Text: unit(r.Value)}, {Text: unit(r.Spread)}, {Text: fmt.Sprintf("%s: %s", r.Kind, r.Source)}, {Text: r.About}})
	}
	idle := page.Table{
		ID: "idle", Caption: "States of an idle CPU",
		Columns: []page.Column{{Title: "state"}, {Title: "after"}, {Title: "exit"}, {Title: "source"}},
	}
	for _, r := range f.IdleRows() {
		idle.Rows = append(idle.Rows, []page.Cell{{Text: r.Name}, {Text: unit(r.After)}, {Text: unit(r.Exit)}, {Text: fmt.Sprintf("%s: %s", r.Kind, r.Source)}})
	}
	s := page.Section{ID: "constants", Title: "Constants", Lead: "What the simulator is given.", Blocks: []page.Block{t}}
	if len(idle.Rows) > 0 {
		s.Blocks = append(s.Blocks, idle)
	}
	return s
}

func sources(f *machine.File) page.Section {
	t := page.Table{ID: "origins", Caption: "Where figures come from", Columns: []page.Column{{Title: "name", Code: true}, {Title: "kind"}, {Title: "source"}}}
	for _, key := range slices.Sorted(maps.Keys(f.Sources)) {
		t.Rows = append(t.Rows, []page.Cell{{Text: key}, {Text: string(f.Sources[key].Kind)}, {Text: f.Sources[key].Text}})
	}
	return page.Section{ID: "sources", Title: "Sources", Blocks: []page.Block{t}}
}

func measuredOn(c *machine.Calibration) page.Section {
	var facts page.Facts
	for _, key := range slices.Sorted(maps.Keys(c.Facts)) {
		facts = append(facts, page.Fact{Name: key, Value: c.Facts[key]})
	}
	return page.Section{ID: "machine", Title: "Measured on", Blocks: []page.Block{facts}}
}
