package format

import (
	"fmt"
	"strconv"

	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// aboutRanking explains the ranking.
const aboutRanking = "Ranking: by the share of judged comparisons that are better less the share that are worse, then by the geometric mean of the ratios. It sums up verdicts, and the order of neighbours is none: each is compared with the baseline only."

// rankingTable is the ranking of a group's columns.
func rankingTable(g verdict.Group) table {
	t := table{
		titles: []string{"ranking", "better", "worse", "equivalent", "unresolved", "not compared", "mean ratio"},
		right:  []bool{false, true, true, true, true, true, true},
	}
	for _, r := range g.Ranking {
		if r.Column == g.Baseline {
			t.rows = append(t.rows, []string{name(r.Column) + " (baseline)", "", "", "", "", "", factor(1)})
			continue
		}
		ratio := "–"
		if r.Ratio != nil {
			ratio = factor(*r.Ratio)
		}
		t.rows = append(t.rows, []string{name(r.Column), strconv.Itoa(r.Better), strconv.Itoa(r.Worse), strconv.Itoa(r.Equivalent),
			strconv.Itoa(r.Unresolved), strconv.Itoa(r.Missing), ratio})
	}
	return t
}

// marks of the fields of a matrix, which a comment shows without colours.
var marks = map[compare.Verdict]string{compare.Better: "▼ ", compare.Worse: "▲ ", compare.Equivalent: "= ", compare.Unresolved: "○ "}

// aboutMatrix explains the fields of a matrix.
const aboutMatrix = "▼ better, ▲ worse, = equivalent, ○ unresolved, – not compared."

// matrix is a row for each judged answer and a column for each column of the group, in the
// order of the ranking.
func matrix(g verdict.Group) table {
	t := table{titles: []string{"workload"}, right: []bool{false}}
	for _, r := range g.Ranking {
		if r.Column != g.Baseline {
			t.titles, t.right = append(t.titles, escaped(name(r.Column))), append(t.right, true)
		}
	}
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			if len(a.Judged) == 0 {
				continue
			}
			title := q.Short
			if of := a.Subject(); of != "" {
				title += ", " + of
			}
			row := []string{name(title)}
			for _, r := range g.Ranking {
				if r.Column != g.Baseline {
					row = append(row, field(a, r.Column))
				}
			}
			t.rows = append(t.rows, row)
		}
	}
	return t
}

// field is what an answer says of a column: the verdict and the ratio.
func field(a verdict.Answer, column string) string {
	for _, c := range a.Judged {
		if c.New.Column != column {
			continue
		}
		if c.Effect == nil {
			return marks[c.Verdict]
		}
		return marks[c.Verdict] + fmt.Sprintf("%.3g", c.Effect.Ratio)
	}
	return "–"
}
