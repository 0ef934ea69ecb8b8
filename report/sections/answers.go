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

// answerTables are the answers of a group: a row for each question and parker, and a
// column for each implementation.
type answerTables struct {
	decided  page.Table // with a significant difference
	open     page.Table // without
	reported page.Table // of workloads that are not judged
}

// answers makes the tables. Rows lead to figures, or to the forest plot that has them if
// there are none.
func (b *builder) answers(g verdict.Group, significant, unresolved string) answerTables {
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
	table := func(id, caption string) page.Table {
		t := page.Table{ID: b.id(prefix(g) + id), Caption: caption, Columns: []page.Column{{Title: "workload"}}, Filter: true}
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
	tables := answerTables{table("answers", "Significant"+ratio), table("unresolved", "Not significant"+ratio), table("reported", "Reported, not judged"+ratio)}
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			name, unit := a.Row, q.Unit
			if shown := a.Shown(); len(shown) > 0 {
				name, unit = b.comparedTitle(g, shown[0]), shown[0].Unit
			}
			b.units[unit] = true
			row := []page.Cell{{Text: name}}
			t, forest := &tables.open, unresolved
			switch {
			case a.Decided():
				t, forest = &tables.decided, significant
			case len(a.Reported) > 0:
				t, forest = &tables.reported, ""
			}
			b.linkVerdict(&row[0], verdictName(g, a), forest, a.Shown())
			for _, column := range columns {
				cell := none()
				if park := beside[column]; park != "" && park != a.Park {
					cell.Text = "only with " + park
				}
				for _, c := range a.Shown() {
					if c.New.Column == column {
						cell = marked(ratioCell(c), g.Mark(c))
					}
				}
				row = append(row, cell)
			}
			atMax := slices.ContainsFunc(a.Judged, compare.Comparison.AtMax)
			row = append(row, winner(a), markedCell(page.Cell{Text: unit}, atMax))
			if audited(g) {
				row = append(row, harness(a))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return tables
}

// prefix begins the IDs of what there is twice, of parkers and of managers.
func prefix(g verdict.Group) string {
	if g.Impl != "" {
		return "parkers-"
	}
	return ""
}

// belowIsBetter says so, if it is true of all units that are judged.
func belowIsBetter(f compare.Family) string {
	if slices.ContainsFunc(f.Comparisons, func(c compare.Comparison) bool { return c.Judged && c.Better != record.Lower }) {
		return ""
	}
	return " (below 1 is better)"
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

// winner is the best column of an answer, or why there is none.
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
		return page.Cell{Text: "unresolved", Tone: page.Weak}
	case counts[compare.Equivalent] == len(a.Judged):
		return page.Cell{Text: "no difference"}
	}
	return page.Cell{Text: "no single one"}
}
