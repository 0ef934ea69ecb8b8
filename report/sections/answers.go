package sections

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// mostColumns is how many implementations stand beside each other in a table.
const mostColumns = 6

// answers has a row for each question and parker, and a column for each
// implementation; without the columns if there are too many. The rows in which
// nothing is decided are folded, and so are those of workloads that are not judged.
func (b *builder) answers(g verdict.Group) (blocks []page.Block) {
	var columns []string
	beside := map[string]string{} // with which parker a column is compared
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			for _, c := range a.Shown() {
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
		if audited(g) {
			t.Columns = append(t.Columns, page.Column{Title: "harness"})
		}
		return t
	}
	ratio := ": ratio to " + plot.Label(g.Baseline) + belowIsBetter(g.Family)
	decided, open, reported := table("answers", "Decided"+ratio), table("unresolved", "Not decided"+ratio), table("reported", "Reported, not judged"+ratio)
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			name, unit := a.Row, q.Unit
			if shown := a.Shown(); len(shown) > 0 {
				name, unit = b.comparedTitle(g, shown[0]), shown[0].Unit
			}
			b.units[unit] = true
			row := []page.Cell{{Text: name}}
			for _, column := range columns {
				cell := none()
				if park := beside[column]; park != "" && park != a.Park {
					cell.Text = "with " + park + " only"
				}
				for _, c := range a.Shown() {
					if c.New.Column == column {
						cell = marked(ratioCell(c), g.Mark(c))
					}
				}
				row = append(row, cell)
			}
			t := &open
			switch {
			case a.Decided():
				t = &decided
			case len(a.Reported) > 0:
				t = &reported
			}
			atMax := slices.ContainsFunc(a.Judged, compare.Comparison.AtMax)
			row = append(row, winner(a), markedCell(page.Cell{Text: unit}, atMax))
			if audited(g) {
				row = append(row, harness(a, columns == nil))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	if len(decided.Rows) > 0 {
		blocks = append(blocks, decided)
	}
	if n := len(open.Rows); n > 0 {
		blocks = append(blocks, page.Details{Summary: fmt.Sprintf("%s in which nothing is decided", count(n, "row")), Blocks: []page.Block{open}})
	}
	if n := len(reported.Rows); n > 0 {
		blocks = append(blocks, page.Details{Summary: count(n, "row") + " of workloads that are " + record.NotJudged, Blocks: []page.Block{reported}})
	}
	return blocks
}

// belowIsBetter says so, if it is true of all units that are judged.
func belowIsBetter(f compare.Family) string {
	if slices.ContainsFunc(f.Comparisons, func(c compare.Comparison) bool { return c.Judged && c.Better != record.Lower }) {
		return ""
	}
	return ", of which below 1 is better"
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
	case len(a.Reported) > 0:
		return page.Cell{Text: record.NotJudged, Tone: page.Weak}
	case len(a.Judged) == 0:
		return page.Cell{Text: "not judged", Tone: page.Weak}
	case counts[compare.Unresolved] > 0:
		return page.Cell{Text: "not resolved", Tone: page.Weak}
	case counts[compare.Equivalent] == len(a.Judged):
		return page.Cell{Text: "no difference"}
	}
	return page.Cell{Text: "no single one"}
}
