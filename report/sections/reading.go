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
		Title: "How to read this page",
		Lead:  "What the words, marks and intervals mean. How a figure is read stands beside it.",
		Blocks: []page.Block{
			page.Heading("Verdicts"),
			page.List{
				"better, worse: the whole interval lies on one side of 1, at a level that is corrected for the number of comparisons.",
				"equivalent: the whole interval lies within the margin, so that a difference, if there is one, is too small to matter.",
				"unresolved: neither. It does not mean that there is no difference; \"could be seen\" is the smallest one that such a comparison finds in four of five cases.",
			},
			page.Heading("Words"),
			page.List{
				"A cell is a workload with its parameters, an implementation, a parker and a number of workers.",
				aboutParkers,
				"The parameter submitter says who submits: " + aboutSubmitters,
				"Cost is the CPU time of everything the user pays for: workers, Go's runtime and the submitter, without what the generator burns by waiting. Runs from before the submitter was a parameter have CPU time without the submitter instead; the two do not compare.",
				"A launch is a fresh process that measures one cell once; a round launches every cell once, in a random order.",
				"A ratio is that of the other to the baseline, estimated from the differences within rounds; 1 is no difference.",
				"A percentile of a launch is read from its histogram. In tables stands the median of the launches; figures of distributions show all samples of all valid launches together.",
				"Latency counts from when a task was due, not from when it was sent, so that a queue before the system is not forgotten.",
			},
			page.Heading("Marks"),
			page.List{
				"An implementation has the same colour, dashes and shape wherever it is shown. Any one of these may be lost, in print or to the eye.",
				compare.Dagger + " at a quantile: it is the maximum of its samples, or next to it, since the median launch has fewer than 1/(1−q) of them: 1000 for p99.9, 100 for p99, 10 for p90.",
				"Hollow marks are invalid launches, or loads that were not achieved.",
				"Intervals of single values hold with 95 %, each by itself, and need six launches; those of verdicts hold together.",
				"Beneath each figure are its numbers: in a table, thinned if it is long, and in a CSV file that is part of this page.",
			},
		},
	}
	if t := b.unitTable(); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, page.Details{Summary: fmt.Sprintf("Units: %d", len(t.Rows)), Blocks: []page.Block{t}})
	}
	return s
}

// unitTable has the units that are shown somewhere.
func (b *builder) unitTable() page.Table {
	t := page.Table{ID: b.id("units"), Caption: "Units", Columns: []page.Column{{Title: "unit", Code: true}, {Title: "better"}, {Title: "what it is"}}}
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
