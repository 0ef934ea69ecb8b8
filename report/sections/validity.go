package sections

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/placement"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

func (b *builder) validity() page.Section {
	s := page.Section{
		ID:    "validity",
		Title: "Validity",
		Lead:  "Whether to trust the numbers: the machine, disturbed launches, offered load, self-test, audit, and input that was not used.",
	}
	s.Blocks = append(s.Blocks, b.warnings()...)
	for _, in := range b.inputs {
		if len(b.inputs) > 1 {
			s.Blocks = append(s.Blocks, page.Heading(plot.Label(in.Name)))
		}
		s.Blocks = append(s.Blocks, b.launches(in)...)
		s.Blocks = append(s.Blocks, placed(in)...)
		s.Blocks = append(s.Blocks, b.offered(in))
		s.Blocks = append(s.Blocks, b.calibration(in))
		s.Blocks = append(s.Blocks, b.selftest(in)...)
		s.Blocks = append(s.Blocks, b.moves(in)...)
		var facts page.Facts
		for _, p := range in.Config {
			facts = append(facts, page.Fact{Name: p.Key, Value: p.Value})
		}
		if len(facts) > 0 {
			s.Blocks = append(s.Blocks, page.Details{Summary: "The machine and how it was set up", Paper: true, Blocks: []page.Block{facts}})
		} else {
			s.Blocks = append(s.Blocks, page.Missing{What: "The machine is not known: the file has no configuration lines."})
		}
	}
	s.Blocks = append(s.Blocks, b.notUsed())
	return s
}

// warnings are those of all inputs, without repetition, with the names of the inputs
// concerned unless that is all of them.
func (b *builder) warnings() (blocks []page.Block) {
	var all []string
	about := map[string][]string{}
	for _, in := range b.inputs {
		for _, w := range warnings(in) {
			all = addNew(all, w)
			about[w] = append(about[w], plot.Label(b.labels[in]))
		}
	}
	for _, w := range all {
		if len(about[w]) < len(b.inputs) {
			w = strings.Join(about[w], " and ") + ": " + w
		}
		blocks = append(blocks, page.Note{Kind: page.Warning, Text: w})
	}
	return blocks
}

// warnings are about the machine, from the configuration that was recorded.
func warnings(in *source.Input) (all []string) {
	if p := in.Partial(); p != "" {
		all = append(all, sentence(capital(p))+" The page shows what was measured until then.")
	}
	for _, doubt := range []struct {
		key  string
		bad  func(value string) bool
		text string
	}{
		{"virtualised", func(v string) bool { return strings.HasPrefix(v, "yes") },
			"The machine is virtual: wake-ups include the hypervisor's handling of idle CPUs, and the host may steal CPU time."},
		{"oversubscribed", func(v string) bool { return strings.HasPrefix(v, "yes") },
			"The machine was oversubscribed: there were more busy threads than CPUs, and latencies include waiting for a CPU."},
		{"pinned", func(v string) bool { return v != "yes" },
			"Threads were not pinned to CPUs and may have migrated."},
		{"clocksource", func(v string) bool { return v != "tsc" && v != "arch_sys_counter" && v != "unknown" },
			"The clock source is not the CPU's: reading it is slow, and each latency includes that."},
		{"cpu-limit", func(v string) bool { return v != "none" && v != "unknown" },
			"The process has a CPU quota and may have been throttled."},
	} {
		for _, v := range config(in, doubt.key) {
			if doubt.bad(v) {
				all = append(all, fmt.Sprintf("%s (%s: %s)", doubt.text, doubt.key, v))
			}
		}
	}
	return all
}

// launches counts the valid launches and explains the others.
func (b *builder) launches(in *source.Input) []page.Block {
	t := page.Table{
		ID: b.id("launches-table"), Caption: "Launches that were invalid or failed", Filter: true,
		Columns: []page.Column{{Title: "cell", Code: true}, {Title: "valid", Number: true}, {Title: "invalid", Number: true}, {Title: "failed", Number: true}, {Title: "reason"}},
	}
	invalid, reasons := 0, map[string]int{}
	for _, c := range in.Cells {
		mine, bad := map[string]int{}, 0
		for _, l := range c.Launches {
			if l.Valid() {
				continue
			}
			bad++
			for _, why := range l.Invalid {
				mine[why]++
				reasons[why]++
			}
		}
		invalid += bad
		if bad == 0 && len(c.Failures) == 0 && len(c.Launches) > 0 {
			continue
		}
		because := tally(mine)
		for _, f := range c.Failures {
			because = addNew(because, f.Error)
		}
		if len(c.Launches) == 0 && len(c.Failures) == 0 {
			because = append(because, "planned, but never launched")
		}
		tone := page.Plain
		if bad == len(c.Launches) {
			tone = page.Strong
		}
		valid := whole(len(c.Launches) - bad)
		valid.Tone = tone
		t.Rows = append(t.Rows, []page.Cell{{Text: c.Name}, valid, whole(bad), whole(len(c.Failures)), {Text: strings.Join(because, ", ")}})
	}
	if len(t.Rows) == 0 {
		if len(in.Launches) == 1 {
			return []page.Block{page.Text("The launch is valid.")}
		}
		return []page.Block{page.Text(fmt.Sprintf("All %d launches are valid.", len(in.Launches)))}
	}
	text := fmt.Sprintf("%d of %s are valid.", len(in.Launches)-invalid, phrase.Count(len(in.Launches), "launch"))
	if invalid > 0 {
		text += fmt.Sprintf(" The others exceeded a limit: %s. They are hollow in the figures of launches and excluded everywhere else.", strings.Join(tally(reasons), ", "))
	}
	blocks := []page.Block{page.Text(text)}
	if len(t.Rows) > shortTable {
		return append(blocks, page.Details{Summary: fmt.Sprintf("%s with such launches", phrase.Count(len(t.Rows), "cell")), Blocks: []page.Block{t}})
	}
	return append(blocks, t)
}

// placed says where threads ran, and which placements disturb launches.
func placed(in *source.Input) (blocks []page.Block) {
	s := placement.Of(in)
	if s.Where != "" {
		blocks = append(blocks, page.Text("Placement: "+s.Where))
	}
	for _, w := range s.Warnings {
		blocks = append(blocks, page.Note{Kind: page.Warning, Text: w})
	}
	return blocks
}

// tally writes what was counted, the most frequent first.
func tally(counts map[string]int) (texts []string) {
	keys := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(keys, func(a, b string) int { return counts[b] - counts[a] })
	for _, k := range keys {
		texts = append(texts, fmt.Sprintf("%s %d×", k, counts[k]))
	}
	return texts
}

// offered compares the offered with the achieved load.
func (b *builder) offered(in *source.Input) page.Block {
	t := page.Table{
		ID: b.id("offered"), Caption: "Offered and achieved load", Filter: true,
		Columns: []page.Column{{Title: "cell", Code: true}, {Title: "offered, tasks/s", Number: true}, {Title: "achieved, tasks/s", Number: true},
			{Title: "share", Number: true}, {Title: "unsent", Number: true}, {Title: "late", Number: true}, {Title: "p99 of the lag", Number: true}},
	}
	saturated := 0
	for _, c := range in.Cells {
		offered, got := c.Values("offered-tasks/sec"), c.Values("achieved-tasks/sec")
		if len(offered) == 0 || len(got) == 0 {
			continue
		}
		share := median(got) / median(offered)
		cell := page.Cell{Text: percent(share), Value: share}
		if c.Saturated() {
			saturated++
			cell.Tone = page.Strong
		}
		of := func(unit string, write func(float64) page.Cell) page.Cell {
			if v := c.Values(unit); len(v) > 0 {
				return write(median(v))
			}
			return none()
		}
		asPercent := func(v float64) page.Cell { return page.Cell{Text: percent(v), Value: v} }
		t.Rows = append(t.Rows, []page.Cell{{Text: c.Name}, number(median(offered), ""), number(median(got), ""), cell,
			of("unsent/arrival", asPercent), of("late/arrival", asPercent), of("p99-ns/lag", func(v float64) page.Cell { return markedCell(number(v, "ns"), c.AtMax("p99-ns/lag")) })})
	}
	if len(t.Rows) == 0 {
		return page.Missing{What: "No workload with an offered load was measured.", How: b.advise(b.inputs, "-workload", "poisson")}
	}
	if saturated == 0 {
		return page.Details{Summary: fmt.Sprintf("The offered load was achieved in all %s", phrase.Count(len(t.Rows), "cell")), Blocks: []page.Block{t}}
	}
	t.Caption += fmt.Sprintf(": %d of %s did not achieve 99 %%", saturated, phrase.Count(len(t.Rows), "cell"))
	if len(t.Rows) > shortTable {
		return page.Details{Summary: t.Caption, Blocks: []page.Block{t}}
	}
	return t
}

// calibration shows the machine without any implementation.
func (b *builder) calibration(in *source.Input) page.Block {
	t := page.Table{
		ID: b.id("calibration"), Caption: "The machine itself: limits for any implementation",
		Columns: []page.Column{{Title: "calibration"}, {Title: "unit", Code: true}, {Title: "median", Number: true}, {Title: "launches", Number: true}, {Title: "meaning"}},
	}
	for _, c := range in.Cells {
		if c.Role != record.Calibration {
			continue
		}
		for _, unit := range unitsOf(c) {
			if unit == "ns/op" {
				continue
			}
			values := c.Values(unit)
			if len(values) == 0 {
				continue
			}
			b.units[unit] = true
			t.Rows = append(t.Rows, []page.Cell{{Text: title(record.Cell{Workload: c.Parsed.Workload})}, {Text: unit}, markedCell(number(median(values), unit), c.AtMax(unit)), whole(len(values)), {Text: in.Unit(unit).About}})
		}
	}
	if len(t.Rows) == 0 {
		return page.Missing{What: "The machine was not calibrated: the resolution of its clock and the interruptions of a busy thread are not known.", How: b.advise(b.inputs, "-impl", "platform")}
	}
	return page.Details{Summary: "Calibration of the machine: its clock and its interruptions", Blocks: []page.Block{t}}
}

// unitsOf returns the units of a cell in their order.
func unitsOf(c *source.Cell) (units []string) {
	for _, l := range c.Launches {
		for _, m := range l.Metrics {
			if !slices.Contains(units, m.Unit) {
				units = append(units, m.Unit)
			}
		}
	}
	return units
}

// selftest shows the claims of the self-test and their outcomes.
func (b *builder) selftest(in *source.Input) []page.Block {
	if in.Selftest == nil {
		return []page.Block{page.Missing{What: "There is no self-test among the inputs: the false-positive rate and power on this machine were not checked.", How: b.bench(b.inputs, "selftest")}}
	}
	e := in.Selftest
	t := page.Table{ID: b.id("selftest"), Caption: fmt.Sprintf("Self-test: %s", e.Outcome),
		Columns: []page.Column{{Title: "claim"}, {Title: "outcome"}, {Title: "reason"}}}
	tones := map[string]page.Tone{"passed": page.Better, "failed": page.Worse, "unresolved": page.Unresolved}
	for _, c := range e.Claims {
		t.Rows = append(t.Rows, []page.Cell{{Text: c.Name}, {Text: string(c.Outcome), Tone: tones[string(c.Outcome)]}, {Text: c.Text}})
	}
	return []page.Block{t}
}

// notUsed lists what was not.
func (b *builder) notUsed() page.Block {
	if len(b.Source.NotUsed) == 0 {
		return page.Text("All of the input was used" + b.butFilter() + ".")
	}
	t := page.Table{ID: "not-used", Caption: "Not used", Columns: []page.Column{{Title: "where", Code: true}, {Title: "what"}, {Title: "why"}}}
	for _, n := range b.Source.NotUsed {
		where := n.File
		if n.Line > 0 {
			where = fmt.Sprintf("%s:%d", n.File, n.Line)
		}
		what := n.What
		if n.More > 0 {
			what += fmt.Sprintf(" (and %d more like it)", n.More)
		}
		t.Rows = append(t.Rows, []page.Cell{{Text: where}, {Text: what}, {Text: n.Why}})
	}
	return t
}

// butFilter names the filter, if there is one.
func (b *builder) butFilter() string {
	if b.Source.Filter == "" || b.Source.Filter == "*" {
		return ""
	}
	return " that the filter " + b.Source.Filter + " selects"
}

// capital makes the first letter one.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
