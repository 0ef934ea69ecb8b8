package sections

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/report/compare"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
)

// forestRows is how many comparisons a forest plot shows, unless more are decided:
// those are always drawn.
const forestRows = 40

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
	for _, w := range f.Warnings {
		blocks = append(blocks, page.Note{Kind: page.Warning, Text: sentence(w)})
	}
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
	return blocks
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
	if c.Verdict == compare.Equivalent {
		return fmt.Sprintf("%s and %s are equivalent in %s%s.", c.New.Column, baseline, where, interval)
	}
	how := string(c.Verdict)
	if q := quantity("", c.Unit); !strings.HasPrefix(c.Unit, "cpu-") && scaled.MatchString(q.Unit) {
		how = map[compare.Verdict]string{compare.Better: "faster", compare.Worse: "slower"}[c.Verdict]
	}
	return fmt.Sprintf("%s is %s than %s in %s: %s %s%s.", c.New.Column, how, baseline, where, verdict.Change(c.Effect.Ratio), c.Unit, interval)
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

// mostColumns is how many implementations stand beside each other in a table.
const mostColumns = 6

// answers has a row for each question and parker, and a column for each
// implementation; without the columns if there are too many. The rows in which
// nothing is decided are folded.
func (b *builder) answers(g verdict.Group) (blocks []page.Block) {
	var columns []string
	beside := map[string]string{} // with which parker a column is compared
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			for _, c := range a.Judged {
				columns = addNew(columns, c.New.Column)
				if strings.Contains(c.New.Column, "/") {
					beside[c.New.Column] = a.Park
				}
			}
		}
	}
	if len(columns) > mostColumns {
		columns = nil
	}
	table := func(id, caption string) page.Table {
		t := page.Table{ID: b.id(id), Caption: caption, Columns: []page.Column{{Title: "workload"}}, Filter: true}
		for _, c := range columns {
			t.Columns = append(t.Columns, page.Column{Title: c, Number: true})
		}
		t.Columns = append(t.Columns, page.Column{Title: "winner"}, page.Column{Title: "unit", Code: true})
		return t
	}
	ratio := " ratio to " + plot.Label(g.Baseline) + ", of which below 1 is better"
	decided, open := table("answers", "Decided:"+ratio), table("unresolved", "Not decided:"+ratio)
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			name := a.Row
			if len(a.Judged) > 0 {
				name = b.comparedTitle(g, a.Judged[0])
			}
			b.units[q.Unit] = true
			row := []page.Cell{{Text: name}}
			for _, column := range columns {
				cell := none()
				if park := beside[column]; park != "" && park != a.Park {
					cell.Text = "with " + park + " only"
				}
				for _, c := range a.Judged {
					if c.New.Column == column {
						cell = ratioCell(c)
					}
				}
				row = append(row, cell)
			}
			t := &open
			if a.Decided() {
				t = &decided
			}
			t.Rows = append(t.Rows, append(row, winner(a), page.Cell{Text: q.Unit}))
		}
	}
	if len(decided.Rows) > 0 {
		blocks = append(blocks, decided)
	}
	if n := len(open.Rows); n > 0 {
		blocks = append(blocks, page.Details{Summary: fmt.Sprintf("%s in which nothing is decided", count(n, "row")), Blocks: []page.Block{open}})
	}
	return blocks
}

// ratioCell is the ratio of a comparison with its interval and verdict.
func ratioCell(c compare.Comparison) page.Cell {
	if c.Effect == nil {
		return page.Cell{Text: "no ratio", Value: math.NaN(), Tone: page.Tone(c.Verdict)}
	}
	cell := factor(c.Effect.Ratio)
	if i := c.Effect.Interval; i != nil {
		cell.Text += fmt.Sprintf(" (%s to %s)", factor(i.Lo).Text, factor(i.Hi).Text)
	}
	cell.Tone = page.Tone(c.Verdict)
	return cell
}

// winner says who wins, or why nobody does.
func winner(a verdict.Answer) page.Cell {
	if a.Winner != "" {
		return page.Cell{Text: a.Winner, Tone: page.Strong}
	}
	counts := map[compare.Verdict]int{}
	for _, c := range a.Judged {
		counts[c.Verdict]++
	}
	switch {
	case len(a.Judged) == 0:
		return page.Cell{Text: "not judged", Tone: page.Weak}
	case counts[compare.Unresolved] > 0:
		return page.Cell{Text: "not resolved", Tone: page.Weak}
	case counts[compare.Equivalent] == len(a.Judged):
		return page.Cell{Text: "no difference"}
	}
	return page.Cell{Text: "no single one"}
}

// forest draws the judged ratios, if one of them has an interval.
func (b *builder) forest(g verdict.Group) (blocks []page.Block) {
	f := g.Family
	var ratios []plot.Ratio
	needed, intervals := 0, false
	var words []string
	for _, c := range f.Comparisons {
		if c.Judged {
			needed = max(needed, c.Needed)
		}
	}
	drawn, judged := forestOf(f)
	for _, c := range drawn {
		r := plot.Ratio{Name: terse.Replace(b.comparedTitle(g, c)) + ": " + c.New.Column, Ratio: c.Effect.Ratio, Hi: math.Inf(1), Verdict: plot.Verdict(c.Verdict)}
		if i := c.Effect.Interval; i != nil {
			r.Lo, r.Hi = i.Lo, i.Hi
			intervals = true
		}
		ratios = append(ratios, r)
		words = addNew(words, c.New.Name)
	}
	if !intervals {
		missing := page.Missing{What: "There is no forest plot: no ratio has an interval."}
		if needed > 0 {
			missing.What = fmt.Sprintf("There is no forest plot: no ratio has an interval, which takes %d valid rounds at least in a family of this size.", needed)
			missing.How = fmt.Sprintf("bench run -count %d", needed+2)
		}
		return []page.Block{missing}
	}
	fig := plot.Forest(b.caption("forest", "Ratio to "+f.Baseline+", each workload in its own unit", nil), plot.Quantity{Name: "ratio"}, f.Margin, ratios...)
	blocks = append(blocks, b.figure(fig, howForest, strings.Join(words, " ")))
	if judged > len(ratios) {
		blocks = append(blocks, page.Text(fmt.Sprintf("%d of %d judged comparisons are drawn, first those that are decided; the table below has all.", len(ratios), judged)))
	}
	return blocks
}

// forestOf returns the judged comparisons with a ratio that are drawn, the decided
// ones first, and how many are judged in all.
func forestOf(f compare.Family) (drawn []compare.Comparison, judged int) {
	var decided, open []compare.Comparison
	for _, c := range f.Comparisons {
		if !c.Judged {
			continue
		}
		judged++
		switch {
		case c.Effect == nil:
		case c.Verdict == compare.Unresolved:
			open = append(open, c)
		default:
			decided = append(decided, c)
		}
	}
	return append(decided, open[:min(len(open), max(0, forestRows-len(decided)))]...), judged
}

// terse makes a title fit beside a row of a figure.
var terse = strings.NewReplacer(" workers", "w", " worker", "w")

// comparedTitle names what a comparison is about.
func (b *builder) comparedTitle(g verdict.Group, c compare.Comparison) string {
	cell, ok := g.Cell(c)
	switch {
	case !ok:
		return c.Row
	case source.RoleOf(cell) == source.Floor: // whose parameters are not counted as varying
		return title(cell)
	}
	return b.short(cell)
}

// judged is the table of all comparisons with a verdict, and why they are unresolved,
// which many have in common.
func (b *builder) judged(g verdict.Group) []page.Block {
	f := g.Family
	t := b.comparisons("judged", "Judged comparisons with "+plot.Label(f.Baseline)+": a ratio below 1 is better")
	t.Columns = append(t.Columns, page.Column{Title: "verdict"}, page.Column{Title: "could be seen", Number: true}, page.Column{Title: "rounds", Number: true})
	var reasons []string
	because := map[string][]string{}
	for _, c := range f.Comparisons {
		if !c.Judged {
			continue
		}
		t.Rows = append(t.Rows, append(b.comparison(g, c), page.Cell{Text: string(c.Verdict), Tone: page.Tone(c.Verdict)}, seen(c.MDE), whole(c.Pairs)))
		if c.Verdict == compare.Unresolved && c.Reason != "" {
			reasons = addNew(reasons, c.Reason)
			because[c.Reason] = append(because[c.Reason], b.comparedTitle(g, c)+": "+c.New.Column)
		}
	}
	slices.SortStableFunc(reasons, func(a, b string) int { return len(because[b]) - len(because[a]) })
	var list page.List
	for _, r := range reasons {
		if n := len(because[r]); n > mostNamed {
			list = append(list, fmt.Sprintf("%d are unresolved since %s.", n, r))
		} else {
			list = append(list, fmt.Sprintf("Unresolved since %s: %s.", r, strings.Join(because[r], "; ")))
		}
	}
	if len(list) == 0 {
		return []page.Block{t}
	}
	return []page.Block{t, list}
}

// mostNamed is how many comparisons are named where many have something in common.
const mostNamed = 5

// seen is the smallest change that would probably have been found.
func seen(mde *float64) page.Cell {
	switch {
	case mde == nil:
		return none()
	case *mde >= 1:
		return page.Cell{Text: fmt.Sprintf("× %.2g", 1+*mde), Value: *mde}
	}
	return page.Cell{Text: fmt.Sprintf("± %.2g %%", 100**mde), Value: *mde}
}

// others is the table of all comparisons without one; nil if there are none.
func (b *builder) others(g verdict.Group) *page.Table {
	t := b.comparisons("unjudged", "Other metrics, and references")
	add := func(f compare.Family) {
		for _, c := range f.Comparisons {
			if !c.Judged || f.Size == 0 {
				t.Rows = append(t.Rows, b.comparison(g, c))
			}
		}
	}
	add(g.Family)
	if g.References != nil {
		add(*g.References)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return &t
}

func (b *builder) comparisons(id, caption string) page.Table {
	return page.Table{ID: b.id(id), Caption: caption, Filter: true, Columns: []page.Column{
		{Title: "workload"}, {Title: "against"}, {Title: "unit", Code: true}, {Title: "baseline", Number: true}, {Title: "other", Number: true},
		{Title: "ratio", Number: true}, {Title: "interval", Number: true},
	}}
}

func (b *builder) comparison(g verdict.Group, c compare.Comparison) []page.Cell {
	b.units[c.Unit] = true
	center := func(s compare.Side) page.Cell {
		if s.Summary == nil {
			return none()
		}
		return number(s.Summary.Center, c.Unit)
	}
	ratio, interval := none(), none()
	if c.Effect != nil {
		ratio = factor(c.Effect.Ratio)
		if i := c.Effect.Interval; i != nil {
			interval = page.Cell{Text: factor(i.Lo).Text + " to " + factor(i.Hi).Text, Value: i.Lo}
		}
	}
	return []page.Cell{{Text: b.comparedTitle(g, c)}, {Text: c.New.Column}, {Text: c.Unit}, center(c.Old), center(c.New), ratio, interval}
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
