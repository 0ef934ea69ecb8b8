package sections

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// ranked shows a group with many columns: their ranking, who wins where, and folded what a
// reader wants to know about one of them. It returns the ID of the ranking.
func (b *builder) ranked(g verdict.Group) (blocks []page.Block, table string) {
	reported := b.matrix(matrix{group: g, of: func(a verdict.Answer) []compare.Comparison { return a.Reported }}, "reported", "Reported, not judged")
	if g.Family.Size == 0 {
		return []page.Block{reported}, reported.ID
	}
	ranking := b.ranking(g)
	blocks = append(blocks, ranking,
		page.Text(fmt.Sprintf("The order is by the share of judged comparisons that are better less the share that are worse, then by the mean ratio. "+
			"It sums up verdicts and is none: each %s is compared with %s only, so neighbours may be equal.", columnNoun(g), plot.Label(g.Baseline))),
		page.Text("In the tables below ▼ is significantly better, ▲ significantly worse, ■ equivalent, ● unresolved, and – not compared; numbers are estimated ratios."))
	moved := false
	for _, park := range parksOf(g) {
		m := matrix{group: g, park: park, of: func(a verdict.Answer) []compare.Comparison { return a.Judged }}
		if grid := b.multiples(m); grid.Figure != nil {
			blocks = append(blocks, grid)
		}
		blocks = append(blocks, b.matrix(m, "matrix", "Who wins where"))
		moved = moved || m.moved()
	}
	if moved {
		blocks = append(blocks, page.Text(movedMark+" depends on the harness: the table of every judged comparison names the property and the factor."))
	}
	if n := len(reported.Rows); n > 0 {
		blocks = append(blocks, page.Details{Summary: phrase.Count(n, "row") + " of workloads that are " + record.NotJudged, Blocks: []page.Block{reported}})
	}
	var plots []page.Block
	for _, r := range g.Ranking {
		if r.Column == g.Baseline {
			continue
		}
		own := b.forestOf(g, r.Column)
		if drawn := own.blocks(page.Table{}); drawn != nil {
			plots = append(plots, page.Details{Summary: fmt.Sprintf("%s: %s", plot.Label(r.Column), counted(r)), Blocks: drawn})
		}
	}
	if n := len(plots); n > 0 {
		blocks = append(blocks, page.Details{Summary: fmt.Sprintf("Each %s with intervals: %s", columnNoun(g), phrase.Count(n, "plot")), Blocks: plots})
	}
	return blocks, ranking.ID
}

// counted is "13 better, 10 worse, 13 unresolved".
func counted(r verdict.Rank) string {
	var parts []string
	for _, of := range []struct {
		n    int
		what compare.Verdict
	}{{r.Better, compare.Better}, {r.Worse, compare.Worse}, {r.Equivalent, compare.Equivalent}, {r.Unresolved, compare.Unresolved}} {
		if of.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", of.n, of.what))
		}
	}
	return strings.Join(parts, ", ")
}

// ranking is a table with a row for each column of the group.
func (b *builder) ranking(g verdict.Group) page.Table {
	t := page.Table{ID: b.id(prefix(g) + "ranking"), Caption: "Ranking", Filter: true, Columns: []page.Column{
		{Title: columnNoun(g)}, {Title: "place", Number: true}, {Title: "better", Number: true}, {Title: "worse", Number: true},
		{Title: "equivalent", Number: true}, {Title: "unresolved", Number: true}, {Title: "not compared", Number: true}, {Title: "mean ratio", Number: true}}}
	for i, r := range g.Ranking {
		place := whole(i + 1)
		if r.Column == g.Baseline {
			ratio := factor(1)
			t.Rows = append(t.Rows, []page.Cell{{Text: r.Column + " (baseline)", Tone: page.Strong}, place, none(), none(), none(), none(), none(), ratio})
			continue
		}
		count := func(n int, tone page.Tone) page.Cell {
			c := page.Cell{Text: strconv.Itoa(n), Value: float64(n)}
			if n > 0 {
				c.Tone = tone
			}
			return c
		}
		ratio := none()
		if r.Ratio != nil {
			ratio = factor(*r.Ratio)
		}
		t.Rows = append(t.Rows, []page.Cell{{Text: r.Column}, place, count(r.Better, page.Better), count(r.Worse, page.Worse),
			count(r.Equivalent, page.Equivalent), count(r.Unresolved, page.Weak), count(r.Missing, page.Weak), ratio})
	}
	return t
}

// columnNoun is what a column of the group is.
func columnNoun(g verdict.Group) string {
	switch g.Column {
	case "/impl":
		return "manager"
	case "/park":
		return "parker"
	}
	return "column"
}

// parksOf are the parkers of the judged answers, in their order, if the columns are
// implementations; otherwise there is one table of all answers, for "".
func parksOf(g verdict.Group) (parks []string) {
	if g.Column != "/impl" {
		return []string{""}
	}
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			if len(a.Judged) > 0 {
				parks = addNew(parks, a.Park)
			}
		}
	}
	return parks
}

// A matrix is some comparisons of a group: a row for each answer that has any, and a column
// for each column of the group that has any, in the order of the ranking.
type matrix struct {
	group verdict.Group
	park  string // of the answers; "" for all
	of    func(verdict.Answer) []compare.Comparison
}

// each calls do for each answer with comparisons.
func (m matrix) each(do func(verdict.Answer, []compare.Comparison)) {
	for _, q := range m.group.Questions {
		for _, a := range q.Answers {
			if of := m.of(a); len(of) > 0 && (m.park == "" || a.Park == m.park) {
				do(a, of)
			}
		}
	}
}

// columns are those with any comparison.
func (m matrix) columns() (columns []string) {
	has := map[string]bool{}
	m.each(func(_ verdict.Answer, of []compare.Comparison) {
		for _, c := range of {
			has[c.New.Column] = true
		}
	})
	for _, r := range m.group.Ranking {
		if has[r.Column] {
			columns = append(columns, r.Column)
		}
	}
	return columns
}

// moved reports whether some of the comparisons depend on the harness.
func (m matrix) moved() (moved bool) {
	m.each(func(_ verdict.Answer, of []compare.Comparison) {
		moved = moved || slices.ContainsFunc(of, func(c compare.Comparison) bool { return harnessMark(m.group, c) != "" })
	})
	return moved
}

// mostPanels is how many panels a grid has, so that a reader sees it as a whole.
const mostPanels = 48

// multiples is a grid with a small panel for each row of the matrix, in which every column
// has its place in the ranking; no figure if there is one row.
func (b *builder) multiples(m matrix) page.Figure {
	g := m.group
	var order []string
	for _, r := range g.Ranking {
		order = append(order, r.Column)
	}
	var panels []plot.Multiple
	var words []string
	left := 0
	m.each(func(_ verdict.Answer, of []compare.Comparison) {
		if len(panels) == mostPanels {
			left++
			return
		}
		panel := plot.Multiple{Title: b.matrixTitle(m, of[0]), Unit: of[0].Unit}
		for _, c := range of {
			if c.Effect == nil {
				continue
			}
			r := plot.Ratio{Name: c.New.Column, Ratio: c.Effect.Ratio, Hi: math.Inf(1), Verdict: plot.Verdict(c.Verdict)}
			if i := c.Effect.Interval; i != nil {
				r.Lo, r.Hi = i.Lo, i.Hi
			}
			if c.Better == record.Higher {
				r.Ratio, r.Lo, r.Hi = 1/r.Ratio, 1/r.Hi, 1/r.Lo
			}
			panel.Ratios = append(panel.Ratios, r)
			words = addNew(words, c.New.Name)
		}
		panels = append(panels, panel)
	})
	if len(panels) < 2 {
		return page.Figure{}
	}
	title := "Ratio to " + plot.Label(g.Baseline) + " by workload"
	if m.park != "" {
		title += ", " + plot.Label(m.park)
	}
	if left > 0 {
		title += fmt.Sprintf(" (%d more in the table)", left)
	}
	return b.figure(plot.Multiples(b.caption(prefix(g)+"multiples", title, nil), plot.Quantity{Name: "ratio"}, order, panels...), howMultiples, strings.Join(words, " "))
}

// matrix is the table of one.
func (b *builder) matrix(m matrix, id, caption string) page.Table {
	g := m.group
	if m.park != "" {
		caption += ", " + plot.Label(m.park)
	}
	t := page.Table{ID: b.id(prefix(g) + id), Caption: caption + ": ratio to " + plot.Label(g.Baseline) + belowIsBetter(g.Family),
		Filter: true, Dense: true, Columns: []page.Column{{Title: "workload"}}}
	columns := m.columns()
	for _, c := range columns {
		title, _, _ := strings.Cut(c, "/") // the ranking has the parker of one with its own
		t.Columns = append(t.Columns, page.Column{Title: title, Number: true})
	}
	m.each(func(a verdict.Answer, of []compare.Comparison) {
		b.units[of[0].Unit] = true
		head := page.Cell{Text: b.matrixTitle(m, of[0]), Notes: []string{of[0].Unit}}
		b.linkVerdict(&head, verdictName(g, a), "", of)
		row := []page.Cell{head}
		for _, column := range columns {
			field := none()
			for _, c := range of {
				if c.New.Column == column {
					field = shortRatio(c)
					field.Text += mark(c) + harnessMark(g, c)
				}
			}
			row = append(row, field)
		}
		t.Rows = append(t.Rows, row)
	})
	return t
}

// matrixTitle names a row, without the parker if the caption has it.
func (b *builder) matrixTitle(m matrix, c compare.Comparison) string {
	if cell, ok := m.group.Cell(c); ok && m.park != "" {
		cell.Park = ""
		return terse.Replace(b.short(cell))
	}
	return terse.Replace(b.comparedTitle(m.group, c))
}

// shortRatio is a field of a matrix: the ratio with two digits, and the verdict as its
// tone.
func shortRatio(c compare.Comparison) page.Cell {
	if c.Effect == nil {
		return page.Cell{Text: "no ratio", Value: math.NaN(), Tone: page.Tone(c.Verdict)}
	}
	r := c.Effect.Ratio
	text := strconv.FormatFloat(r, 'f', 2, 64)
	switch {
	case r >= 1e4 || r < 0.01:
		text = strconv.FormatFloat(r, 'g', 2, 64)
	case r >= 10:
		text = strconv.FormatFloat(r, 'f', 0, 64)
	}
	return page.Cell{Text: text, Value: r, Tone: page.Tone(c.Verdict)}
}
