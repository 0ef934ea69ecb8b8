package sections

import (
	"fmt"
	"math"
	"strings"

	"github.com/idlebench/idlebench/report/compare"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
)

// forestRows is how many comparisons a forest plot shows.
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
	if b.Benchstat != "" {
		s.Blocks = append(s.Blocks, page.Details{
			Summary: "The tables of benchstat",
			Blocks: []page.Block{
				page.Text("What benchstat prints of the same lines. It compares medians of launches that it takes for unpaired, and corrects for nothing, so that its p-values and the verdicts above need not agree."),
				page.Commands{About: "Printed by:", Lines: []string{b.BenchstatCommand}},
				page.Output{Name: "The tables of benchstat", Text: b.Benchstat},
			},
		})
	}
	return s
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
	blocks = append(blocks, page.Text(summary(f)))
	for _, w := range f.Warnings {
		blocks = append(blocks, page.Note{Kind: page.Warning, Text: sentence(w)})
	}
	blocks = append(blocks, b.answers(g))
	blocks = append(blocks, b.forest(g)...)
	blocks = append(blocks, page.Details{Summary: "Each judged comparison, with values, rounds and reasons", Blocks: []page.Block{b.judged(g), b.words(g)}})
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
// implementation; without the columns if there are too many.
func (b *builder) answers(g verdict.Group) page.Block {
	t := page.Table{
		ID:      b.id("answers"),
		Caption: "Ratio to " + plot.Label(g.Baseline) + ", and who wins",
		Columns: []page.Column{{Title: "workload"}, {Title: "unit", Code: true}, {Title: "winner"}},
		Filter:  true,
	}
	var columns []string
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			for _, c := range a.Judged {
				columns = addNew(columns, c.New.Column)
			}
		}
	}
	if len(columns) > mostColumns {
		columns = nil
	}
	for _, c := range columns {
		t.Columns = append(t.Columns, page.Column{Title: c, Number: true})
	}
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			name := a.Row
			if len(a.Judged) > 0 {
				name = b.comparedTitle(g, a.Judged[0])
			}
			b.units[q.Unit] = true
			row := []page.Cell{{Text: name}, {Text: q.Unit}, winner(a)}
			for _, column := range columns {
				cell := none()
				for _, c := range a.Judged {
					if c.New.Column == column {
						cell = ratioCell(c)
					}
				}
				row = append(row, cell)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
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

// words are the answers in sentences.
func (b *builder) words(g verdict.Group) page.Block {
	t := page.Table{ID: b.id("words"), Caption: "The answers in words", Columns: []page.Column{{Title: "workload"}, {Title: "answer"}}, Filter: true}
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			name := a.Row
			if len(a.Judged) > 0 {
				name = b.comparedTitle(g, a.Judged[0])
			}
			t.Rows = append(t.Rows, []page.Cell{{Text: name}, {Text: a.Text}})
		}
	}
	return t
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
	judged, needed, intervals := 0, 0, false
	var words []string
	for _, c := range f.Comparisons {
		if !c.Judged {
			continue
		}
		judged++
		needed = max(needed, c.Needed)
		if len(ratios) == forestRows || c.Effect == nil {
			continue
		}
		r := plot.Ratio{Name: terse.Replace(b.comparedTitle(g, c)) + ": " + c.New.Column, Ratio: c.Effect.Ratio, Hi: math.Inf(1), Verdict: plot.Verdict(c.Verdict)}
		if i := c.Effect.Interval; i != nil {
			r.Lo, r.Hi = i.Lo, i.Hi
			intervals = true
		}
		ratios = append(ratios, r)
		words = append(words, c.New.Name)
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
	blocks = append(blocks, page.Figure{Figure: fig, How: howForest, Cell: strings.Join(words, " ")})
	if judged > len(ratios) {
		blocks = append(blocks, page.Text(fmt.Sprintf("%d of %d judged comparisons are drawn; the table above has all.", len(ratios), judged)))
	}
	return blocks
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

// judged is the table of all comparisons with a verdict.
func (b *builder) judged(g verdict.Group) page.Block {
	f := g.Family
	t := b.comparisons("judged", "Judged comparisons with "+f.Baseline)
	t.Columns = append(t.Columns, page.Column{Title: "verdict"}, page.Column{Title: "could be seen", Number: true}, page.Column{Title: "rounds", Number: true}, page.Column{Title: "why"})
	for _, c := range f.Comparisons {
		if !c.Judged {
			continue
		}
		mde := none()
		if c.MDE != nil {
			mde = page.Cell{Text: "± " + percent(*c.MDE), Value: *c.MDE}
		}
		t.Rows = append(t.Rows, append(b.comparison(g, c), page.Cell{Text: string(c.Verdict), Tone: page.Tone(c.Verdict)}, mde, whole(c.Pairs), page.Cell{Text: c.Reason}))
	}
	return t
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
		{Title: "ratio", Number: true}, {Title: "from", Number: true}, {Title: "to", Number: true},
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
	ratio, from, to := none(), none(), none()
	if c.Effect != nil {
		ratio = factor(c.Effect.Ratio)
		if i := c.Effect.Interval; i != nil {
			from, to = factor(i.Lo), factor(i.Hi)
		}
	}
	return []page.Cell{{Text: b.comparedTitle(g, c)}, {Text: c.New.Column}, {Text: c.Unit}, center(c.Old), center(c.New), ratio, from, to}
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
