package sections

import (
	"fmt"
	"slices"
	"strings"

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
		Lead:  "Which implementation is better in each workload, by how much, and whether that can be said at all.",
	}
	if why := b.doubts(); len(why) > 0 {
		s.Blocks = append(s.Blocks, page.Note{Kind: page.Warning, Text: strings.Join(why, " ") + " See Validity."})
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
			How:  "bench run -quick",
		})
	}
	if b.BenchstatError != "" {
		s.Blocks = append(s.Blocks, page.Note{Kind: page.Warning, Text: sentence("There are no tables of benchstat: " + b.BenchstatError)})
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
		page.Commands{About: "Printed by:", Lines: []string{b.BenchstatCommand}},
		page.Output{Name: "The tables of benchstat", Text: b.Benchstat},
	}
	if !b.judgesAnything() {
		return append([]page.Block{page.Heading("The tables of benchstat")}, tables...)
	}
	about := page.Text("What benchstat prints of the same lines. It compares medians of launches that it takes for unpaired, and corrects for nothing, so that its p-values and the verdicts above need not agree.")
	return []page.Block{page.Details{Summary: "The tables of benchstat", Paper: strings.Count(b.Benchstat, "\n") <= printedLines, Blocks: append([]page.Block{about}, tables...)}}
}

// printedLines is how long benchstat's tables may be to be printed with verdicts: those
// of a default run fill thirty sheets. The command for them is printed always.
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

// group shows what came out of a group, the answers first.
func (b *builder) group(g verdict.Group) (blocks []page.Block) {
	if g.None != "" {
		kind := page.Remark
		if g.Failed {
			kind = page.Warning
		}
		return []page.Block{page.Note{Kind: kind, Text: sentence("Nothing is compared: " + g.None)}}
	}
	f := g.Family
	blocks = append(blocks, b.findings(g), page.Text(summary(f)))
	if note := g.AtMaxNote(); note != "" {
		blocks = append(blocks, page.Text(sentence(note)))
	}
	for _, w := range f.Warnings {
		blocks = append(blocks, page.Note{Kind: page.Warning, Text: sentence(w)})
	}
	blocks = append(blocks, b.audit(g)...)
	blocks = append(blocks, b.answers(g)...)
	blocks = append(blocks, b.forest(g)...)
	blocks = append(blocks, page.Details{Summary: "Each judged comparison, with values, rounds and reasons", Paper: true, Blocks: b.judged(g)})
	if more := b.others(g); more != nil {
		blocks = append(blocks, page.Details{
			Summary: "Other metrics, not judged",
			Blocks: []page.Block{
				page.Text("Each interval here holds by itself with 95 %, so that of twenty one may be wrong. A difference found in this table is a question for the next run and no verdict."),
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

// mostFindings is how many decided comparisons are put into words.
const mostFindings = 12

// findings are the decided comparisons in sentences, and how many are not decided.
func (b *builder) findings(g verdict.Group) page.Block {
	f := g.Family
	var list page.List
	decided, unresolved := 0, 0
	for _, c := range f.Comparisons {
		switch {
		case !c.Judged:
		case c.Verdict == compare.Unresolved:
			unresolved++
		default:
			if decided++; decided <= mostFindings {
				list = append(list, b.finding(g, c))
			}
		}
	}
	if decided > mostFindings {
		list = append(list, fmt.Sprintf("And %d more, in the table below.", decided-mostFindings))
	}
	switch {
	case decided == 0 && unresolved > 0:
		list = append(list, fmt.Sprintf("None of the %s is resolved: no difference between implementations can be told from noise.", count(unresolved, "judged comparison")))
	case unresolved > 0:
		list = append(list, fmt.Sprintf("%d of %s are unresolved.", unresolved, count(decided+unresolved, "judged comparison")))
	}
	return list
}

// finding is a decided comparison in a sentence.
func (b *builder) finding(g verdict.Group, c compare.Comparison) string {
	baseline, where, interval := g.Family.Baseline, b.comparedTitle(g, c), ""
	if c.Effect.Interval != nil {
		interval = " (" + verdict.Between(*c.Effect.Interval) + ")"
	}
	depends := g.Mark(c).Depends()
	if depends != "" {
		depends = " This " + depends + "."
	}
	if c.Verdict == compare.Equivalent {
		return fmt.Sprintf("%s and %s are equivalent in %s%s.%s", c.New.Column, baseline, where, interval, depends)
	}
	how := string(c.Verdict)
	if q := quantity("", c.Unit); cpuTimes[c.Unit] == "" && scaled.MatchString(q.Unit) {
		how = map[compare.Verdict]string{compare.Better: "faster", compare.Worse: "slower"}[c.Verdict]
	}
	return fmt.Sprintf("%s is %s than %s in %s: %s %s%s.%s", c.New.Column, how, baseline, where, verdict.Change(c.Effect.Ratio), verdict.Unit(c), interval, depends)
}

// summary counts the verdicts, and says what they are worth.
func summary(f compare.Family) string {
	counts := map[compare.Verdict]int{}
	needed := 0
	for _, c := range f.Comparisons {
		if c.Judged {
			counts[c.Verdict]++
			if c.Verdict == compare.Unresolved && c.Pairs < c.Needed {
				needed = max(needed, c.Needed)
			}
		}
	}
	text := fmt.Sprintf("Compared with %s, in %s: %d better, %d worse, %d equivalent within %s, %d unresolved.",
		plot.Label(f.Baseline), count(f.Size, "judged comparison"), counts[compare.Better], counts[compare.Worse], counts[compare.Equivalent], percent(f.Margin), counts[compare.Unresolved])
	if needed > 0 {
		text += fmt.Sprintf(" Some have too few rounds for any verdict in a family of this size: it takes %d valid ones at least.", needed)
	}
	return text + fmt.Sprintf(" The probability that any of these verdicts is wrong is at most %s.", percent(f.Alpha))
}

func percent(share float64) string { return fmt.Sprintf("%.3g %%", 100*share) }

// comparedTitle names what a comparison is about.
func (b *builder) comparedTitle(g verdict.Group, c compare.Comparison) string {
	cell, ok := g.Cell(c)
	switch {
	case !ok:
		return c.Row
	case record.RoleOf(cell) == record.Floor: // whose parameters are not counted as varying
		return title(cell)
	}
	return b.short(cell)
}

// factor is a ratio with as many digits as anybody reads.
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
