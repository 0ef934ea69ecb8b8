package sections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

func (b *builder) verdicts() page.Section {
	s := page.Section{
		ID:    "verdicts",
		Title: "Verdicts",
		Lead:  "What the sentences at the top are based on: each judged comparison, the significant ones first.",
	}
	if note := b.Simulated(); note != "" {
		s.Blocks = append(s.Blocks, page.Note{Kind: page.Warning, Text: note})
	}
	for _, g := range b.Groups {
		if len(b.Groups) > 1 {
			s.Blocks = append(s.Blocks, page.Heading(groupTitle(g)))
		}
		s.Blocks = append(s.Blocks, b.group(g)...)
	}
	if len(b.Groups) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{
			What: "There is nothing to compare: none of the inputs has measurements, or the filter leaves none.",
			How:  b.advise(b.inputs, "-quick"),
		})
	}
	if b.BenchstatError != "" {
		s.Blocks = append(s.Blocks, page.Note{Kind: page.Warning, Text: sentence("No benchstat tables: " + b.BenchstatError)})
	}
	for _, in := range b.inputs {
		s.Blocks = append(s.Blocks, b.beside(in)...)
	}
	s.Blocks = append(s.Blocks, b.benchstat()...)
	return s
}

// benchstat shows its tables: open where they are all there is.
func (b *builder) benchstat() []page.Block {
	if b.Benchstat == "" {
		return nil
	}
	tables := []page.Block{
		page.Commands{About: "Printed by:", Lines: []string{b.anywhere(b.BenchstatCommand)}},
		page.Output{Name: "benchstat's tables", Text: b.Benchstat},
	}
	if !b.judgesAnything() {
		return append([]page.Block{page.Heading("benchstat's tables")}, tables...)
	}
	about := page.Text("benchstat's view of the same lines. It compares medians, treats launches as unpaired and makes no family-wise correction, so its p-values and the verdicts above may disagree.")
	return []page.Block{page.Details{Summary: "benchstat's tables", Paper: strings.Count(b.Benchstat, "\n") <= printedLines, Blocks: append([]page.Block{about}, tables...)}}
}

// printedLines is how many lines of benchstat's tables are printed on paper: those of a
// default run fill thirty sheets. The command for them is always printed.
const printedLines = 150

// judgesAnything reports whether the page has a verdict.
func (b *builder) judgesAnything() bool {
	return slices.ContainsFunc(b.Groups, func(g verdict.Group) bool { return g.None == "" && g.Family.Size > 0 })
}

func groupTitle(g verdict.Group) string {
	var inputs []string
	for _, in := range g.Inputs {
		inputs = append(inputs, plot.Label(in))
	}
	return strings.Join(inputs, " and ")
}

// group shows the result for a group: the parkers of the baseline, then the comparisons
// of the group. Three sentences of it go into the head of the page.
func (b *builder) group(g verdict.Group) (blocks []page.Block) {
	var parkers, managers []page.Block
	var of ends
	if g.Parkers != nil {
		parkers, of.parkers = b.judgement(*g.Parkers)
	}
	if g.None == "" {
		managers, of.managers = b.judgement(g)
	}
	b.headlined(g, of.managers, of.parkers)
	if parkers != nil {
		blocks = append(blocks, page.Heading("Parkers of "+plot.Label(g.Parkers.Impl)))
		blocks = append(blocks, parkers...)
	}
	if g.None != "" {
		kind := page.Remark
		if g.Failed {
			kind = page.Warning
		}
		return append(blocks, page.Note{Kind: kind, Text: sentence("Nothing is compared: " + g.None)})
	}
	if g.Column == "/impl" {
		blocks = append(blocks, page.Heading("Managers"))
	}
	f := g.Family
	blocks = append(blocks, managers...)
	for _, w := range f.Warnings {
		blocks = append(blocks, page.Note{Kind: page.Warning, Text: sentence(w)})
	}
	blocks = append(blocks, b.audit(g)...)
	if more := b.others(g); more != nil {
		blocks = append(blocks, page.Details{
			Summary: "Other metrics, not judged",
			Blocks: []page.Block{
				page.Text("These intervals are not corrected: each holds with 95 %, so one in twenty may be wrong. A difference in this table is a question for the next run, not a verdict."),
				*more,
			},
		})
	}
	if len(f.Unmatched) > 0 {
		t := page.Table{ID: b.id("unmatched"), Caption: "Without a counterpart", Filter: true,
			Columns: []page.Column{{Title: "row", Code: true}, {Title: "column", Code: true}, {Title: "unit", Code: true}}}
		for _, u := range f.Unmatched {
			column := page.Cell{Text: u.Column}
			if u.Column == "" {
				column = page.Cell{Text: "no " + g.Column, Tone: page.Weak}
			}
			t.Rows = append(t.Rows, []page.Cell{{Text: u.Row}, column, {Text: u.Unit}})
		}
		blocks = append(blocks, page.Details{Summary: fmt.Sprintf("What has no counterpart and is not compared: %d", len(f.Unmatched)), Blocks: []page.Block{t}})
	}
	return append(blocks, b.whoSubmits(g)...)
}

// ends are the IDs of the tables of verdicts.
type ends struct{ parkers, managers string }

// judgement shows the comparisons of a family: the summary, what is significant as a table
// and a forest plot, and folded the rest, and every comparison with its reasons. It
// returns the ID of the table that has the significant rows, or all.
func (b *builder) judgement(g verdict.Group) (blocks []page.Block, table string) {
	judged, all := b.judged(g)
	blocks = append(blocks, summary(g, all))
	if note := g.AtMaxNote(); note != "" {
		blocks = append(blocks, page.Text(sentence(note)))
	}
	blocks = append(blocks, b.rounds(g)...)
	every := page.Details{Summary: "Every judged comparison, with values, rounds and reasons", Paper: g.Impl == "" && g.Family.Size <= printedRows, Blocks: judged}
	if g.Ranked() {
		ranked, table := b.ranked(g)
		return slices.Concat(blocks, ranked, []page.Block{every}), table
	}
	significant, open := b.forests(g)
	answers := b.answers(g, significant.id(), open.id())
	for _, part := range []struct {
		summary string
		table   page.Table
		forest  forest
	}{
		{"", answers.decided, significant},
		{" without a significant difference", answers.open, open},
		{" of workloads that are " + record.NotJudged, answers.reported, forest{}},
	} {
		var shown []page.Block
		if len(part.table.Rows) > 0 {
			shown = append(shown, part.table)
			if table == "" {
				table = part.table.ID
			}
		}
		shown = append(shown, part.forest.blocks(part.table)...)
		switch {
		case part.summary == "":
			blocks = append(blocks, shown...)
		case len(shown) > 0:
			blocks = append(blocks, page.Details{Summary: phrase.Count(len(part.table.Rows), "row") + part.summary, Blocks: shown})
		}
	}
	return append(blocks, every), table
}

// printedRows is how many judged comparisons are printed on paper, one by one.
const printedRows = 200

// summary counts the verdicts in a table of all, and says what they are worth.
func summary(g verdict.Group, table string) page.Tally {
	f := g.Family
	counts := map[compare.Verdict]int{}
	for _, c := range f.Comparisons {
		if c.Judged {
			counts[c.Verdict]++
		}
	}
	after := capital(g.Tested()) + "."
	if g.Premise != "" {
		after += " " + g.Premise
	}
	return page.Tally{
		Before: fmt.Sprintf("Compared with %s, judged comparisons:", plot.Label(f.Baseline)),
		Table:  table,
		Counts: []page.Count{
			{N: f.Size, Text: " in all,"},
			{Tone: page.Better, N: counts[compare.Better], Text: " better,"},
			{Tone: page.Worse, N: counts[compare.Worse], Text: " worse,"},
			{Tone: page.Equivalent, N: counts[compare.Equivalent], Text: fmt.Sprintf(" equivalent within %s,", percent(f.Margin))},
			{Tone: page.Unresolved, N: counts[compare.Unresolved], Text: " unresolved."},
		},
		After: after,
	}
}

func percent(share float64) string { return fmt.Sprintf("%.3g %%", 100*share) }

// comparedTitle names what a comparison is about.
func (b *builder) comparedTitle(g verdict.Group, c compare.Comparison) string {
	cell, ok := g.Cell(c)
	switch {
	case !ok:
		return c.Row
	case g.Impl != "": // the heading has it
		cell.Impl = ""
		return b.short(cell)
	case record.RoleOf(cell) == record.Floor: // whose parameters are not counted as varying
		return title(cell)
	}
	return b.short(cell)
}

// factor is a ratio with three or two significant digits.
func factor(v float64) page.Cell {
	text := fmt.Sprintf("%.3f", v)
	if v >= 10 || v < 0.1 {
		text = fmt.Sprintf("%.2g", v)
	}
	return page.Cell{Text: text, Value: v}
}

// sentence makes one of a text without a full stop.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}
