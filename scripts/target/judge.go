package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/family"
)

// A rival is a design to beat, and by what factor in the geometric mean of ns/op.
type rival struct {
	name string
	mean float64
}

var rivals = []rival{{"bitmap", 0.8}, {"multithread", 0.9}, {"gosched", 0.9}}

// nearFloor is how far from the floor a rival may be, so that it cannot be beaten by much.
const nearFloor = 1.05

// An outcome is what became of the comparisons.
type outcome struct {
	rows  []row
	floor map[string]float64 // by row of a comparison: the floor's median in its main unit
	size  int                // of the family
}

// A row is a cell of the design in one unit.
type row struct {
	name    string // the cell, without the implementation
	unit    string
	main    bool // this unit decides whether the row is won
	pace    bool // it counts for the geometric mean
	against map[string]comparison
}

// A comparison is the design's ratio to a rival.
type comparison struct {
	ratio, low, high float64 // the interval is 0, 0 without one
	verdict          compare.Verdict
	saturated        bool    // a side did not sustain the load, so there is no verdict
	rival            float64 // the rival's median
}

// judged says whether a workload is judged in a unit.
func judged(workload, primary, unit string) bool {
	if workload == "idle" || workload == "trickle" {
		return unit == "cost-ns/sec" || workload == "trickle" && latency(unit)
	}
	return latency(unit) || unit == "cost-ns/task" || pace(primary, unit)
}

func pace(primary, unit string) bool { return unit == primary && strings.HasSuffix(unit, "ns/op") }

// latency reports whether a unit is the median or the tail of a workload's samples.
func latency(unit string) bool {
	kind, per, ok := strings.Cut(unit, "-ns/")
	return ok && (kind == "p50" || kind == "tail") && slices.Contains([]string{"wake", "task", "rest", "shutdown"}, per)
}

// mainUnit is the unit in which a row is won.
func mainUnit(workload, primary string) string {
	switch workload {
	case "idle":
		return "cost-ns/sec"
	case "burst":
		return "tail-ns/task"
	}
	return primary
}

// judge compares a design with all others, as one family.
func judge(inputs []*source.Input, design string) (*outcome, error) {
	var all compare.Table
	primary := map[string]string{}
	floor := map[string]float64{}
	for _, in := range inputs {
		t, _ := family.Split(compare.FromRun(*in.Run))
		for _, s := range t.Series {
			primary[s.Workload] = in.Run.Primary[s.Workload]
			if judged(s.Workload, primary[s.Workload], s.Unit) {
				all.Series = append(all.Series, s)
				all.Units = append(all.Units, s.Unit)
			}
		}
		all.Warnings = append(all.Warnings, t.Warnings...)
		for _, c := range in.Cells {
			if c.Parsed != nil && c.Role == record.Floor && c.Parsed.Park == "futex" {
				unit := mainUnit(c.Parsed.Workload, in.Run.Primary[c.Parsed.Workload])
				floor[where(*c.Parsed)] = compare.Median(c.Values(unit))
			}
		}
	}
	f, err := compare.Compare(all, design, compare.Options{})
	if err != nil {
		return nil, err
	}
	o := &outcome{floor: floor, size: f.Size}
	for _, c := range f.Comparisons {
		if c.Judged {
			if err := o.add(c, primary[c.Workload]); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

// where names a cell without its implementation and parker.
func where(c record.Cell) string {
	text := fmt.Sprintf("%s workers=%d", c.Workload, c.Workers)
	for _, p := range c.Params {
		text += " " + p.Name + "=" + p.Value
	}
	return text
}

// add turns a comparison around: the family's baseline is the design.
func (o *outcome) add(c compare.Comparison, primary string) error {
	cell, err := record.ParseName(c.New.Name)
	if err != nil {
		return err
	}
	name := where(cell) + " " + cell.Park
	n := slices.IndexFunc(o.rows, func(r row) bool { return r.name == name && r.unit == c.Unit })
	if n < 0 {
		n = len(o.rows)
		o.rows = append(o.rows, row{
			name: name, unit: c.Unit, against: map[string]comparison{},
			main: c.Unit == mainUnit(c.Workload, primary), pace: pace(primary, c.Unit),
		})
	}
	turned := comparison{ratio: math.NaN(), verdict: c.Verdict, saturated: strings.HasPrefix(c.Reason, "saturated:"), rival: math.NaN()}
	if c.New.Summary != nil {
		turned.rival = c.New.Summary.Center
	}
	if c.Effect != nil {
		turned.ratio = 1 / c.Effect.Ratio
		if i := c.Effect.Interval; i != nil {
			turned.low, turned.high = 1/i.Hi, 1/i.Lo
		}
	}
	switch c.Verdict {
	case compare.Better:
		turned.verdict = compare.Worse
	case compare.Worse:
		turned.verdict = compare.Better
	}
	o.rows[n].against[cell.Impl] = turned
	return nil
}

// A score is how the design did against one rival.
type score struct {
	worse       []string // rows and units in which it is significantly worse
	better, all int      // rows won, of those in which the rival is not at the floor
	mean        float64  // geometric, of the ratios of ns/op
}

func (o *outcome) score(rival string) (s score) {
	logs, n := 0.0, 0
	for _, r := range o.rows {
		c, ok := r.against[rival]
		if !ok {
			continue
		}
		if c.verdict == compare.Worse {
			s.worse = append(s.worse, fmt.Sprintf("%s in %s", r.name, r.unit))
		}
		if r.pace && !math.IsNaN(c.ratio) {
			logs, n = logs+math.Log(c.ratio), n+1
		}
		if !r.main {
			continue
		}
		place, _, _ := cutLast(r.name)
		if floor, ok := o.floor[place]; ok && c.rival <= nearFloor*floor {
			continue
		}
		s.all++
		if c.verdict == compare.Better {
			s.better++
		}
	}
	s.mean = math.Exp(logs / float64(n))
	return s
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// text is the outcome as it stands in the page.
func (o *outcome) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| against | worse in | better in | geometric mean of ns/op |\n|---|---|---|---|\n")
	for _, r := range rivals {
		s := o.score(r.name)
		fmt.Fprintf(&b, "| `%s` | %d: %s | %d of %d rows: %s | %.2f: %s |\n", r.name,
			len(s.worse), met(len(s.worse) == 0), s.better, s.all, met(2*s.better >= s.all), s.mean, met(s.mean <= r.mean))
	}
	for _, r := range rivals {
		worse := o.score(r.name).worse
		if len(worse) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\nSignificantly worse than `%s`:\n\n", r.name)
		for _, w := range worse {
			fmt.Fprintf(&b, "- %s\n", w)
		}
	}
	fmt.Fprintf(&b, "\n### The Pareto front\n\nEach design's geometric mean over all rows with a parker, as a ratio to `%s`. A design is behind if "+
		"another is at least as good in every column, and better in one. These are means of measured medians, without intervals.\n", rivals[0].name)
	for _, parker := range []string{"futex", "go-cond"} {
		b.WriteString(o.frontText(parker))
	}
	fmt.Fprintf(&b, "\n### All rows\n\nThe family has %d comparisons. Each field is the ratio of `%s` to the other design, with its interval; "+
		"significantly better is bold, worse is marked with !. Saturated: in half of the launches or more one side did not sustain the load, so the ratio has no verdict.\n\n| row | unit |", o.size, design)
	for _, r := range rivals {
		fmt.Fprintf(&b, " %s |", r.name)
	}
	b.WriteString("\n|---|---|---|---|---|\n")
	for _, r := range o.rows {
		fmt.Fprintf(&b, "| %s | %s |", r.name, r.unit)
		for _, rival := range rivals {
			c, ok := r.against[rival.name]
			fmt.Fprintf(&b, " %s |", c.text(ok))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	return b.String()
}

func met(ok bool) string {
	if ok {
		return "met"
	}
	return "**missed**"
}

func (c comparison) text(ok bool) string {
	if !ok || math.IsNaN(c.ratio) {
		return "–"
	}
	text := fmt.Sprintf("%.2f", c.ratio)
	if c.high > 0 {
		text += fmt.Sprintf(" [%.2f, %.2f]", c.low, c.high)
	}
	if c.saturated {
		text += ", saturated"
	}
	switch c.verdict {
	case compare.Better:
		return "**" + text + "**"
	case compare.Worse:
		return "! " + text
	}
	return text
}
