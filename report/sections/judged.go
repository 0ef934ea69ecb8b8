package sections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// judged is the table of all judged comparisons, with the reasons why some are
// unresolved, each reason once, and the ID of the table.
func (b *builder) judged(g verdict.Group) (blocks []page.Block, table string) {
	f := g.Family
	t := b.comparisons(prefix(g)+"judged", "Judged comparisons with "+plot.Label(f.Baseline)+belowIsBetter(f))
	t.Columns = append(t.Columns, page.Column{Title: "verdict"}, page.Column{Title: "detectable", Number: true}, page.Column{Title: "rounds", Number: true})
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
			list = append(list, fmt.Sprintf("%d are unresolved: %s.", n, r))
		} else {
			list = append(list, fmt.Sprintf("Unresolved: %s (%s).", r, strings.Join(because[r], "; ")))
		}
	}
	if len(list) == 0 {
		return []page.Block{t}, t.ID
	}
	return []page.Block{t, list}, t.ID
}

// mostNamed is how many comparisons are named after a reason.
const mostNamed = 5

// seen is the smallest detectable change.
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
	return []page.Cell{{Text: b.comparedTitle(g, c)}, {Text: c.New.Column}, {Text: c.Unit},
		markedCell(center(c.Old), c.Old.MarkedAtMax()), markedCell(center(c.New), c.New.MarkedAtMax()), marked(ratio, g.Mark(c)), interval}
}
