package sections

import (
	"fmt"
	"maps"
	"slices"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/stats/compare"
)

func (b *builder) reading() page.Section {
	s := page.Section{
		ID:    "reading",
		Title: "How to read this page", Glossary: true,
		Lead: "Words, marks and intervals. Words with dots below them are explained where they stand, and each kind of figure next to its first one.",
		Blocks: []page.Block{
			page.Heading("Words"),
			words(b.terms()),
			page.Heading("Marks"),
			page.List{
				"Each implementation has the same colour, dashes and shape in all figures. Any one of them is enough to recognize it.",
				compare.Dagger + " at a quantile: the median launch has too few samples for it (fewer than 1/(1−q): 1000 for p99.9, 100 for p99, 10 for p90), so it is their maximum, or next to it.",
				"Hollow marks are invalid launches or loads that were not achieved.",
				"Intervals of single values are 95 % confidence intervals, uncorrected, and need six launches. Those of verdicts are corrected for the family.",
				"The data of each figure are below it, as a table (thinned if long) and as a CSV file inside this page.",
			},
		},
	}
	if t := b.unitTable(); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, page.Details{Summary: fmt.Sprintf("Units: %d", len(t.Rows)), Blocks: []page.Block{t}})
	}
	return s
}

// unitTable has the units that the page shows.
func (b *builder) unitTable() page.Table {
	t := page.Table{ID: b.id("units"), Caption: "Units", Columns: []page.Column{{Title: "unit", Code: true}, {Title: "better"}, {Title: "meaning"}}}
	for _, name := range slices.Sorted(maps.Keys(b.units)) {
		better, about := "", ""
		for _, in := range b.inputs {
			if u := in.Unit(name); u.About != "" || u.Better != record.Neither {
				better, about = string(u.Better), u.About
				break
			}
		}
		t.Rows = append(t.Rows, []page.Cell{{Text: name}, {Text: better}, {Text: about}})
	}
	return t
}
