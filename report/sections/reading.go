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
	launch, premise := "Launch: a fresh process that measures one cell once. Round: one launch of every cell, in random order.", ""
	if b.foreign() {
		launch = "Launch: a benchmark line; in a result folder, a fresh process. Round: one launch of every cell."
		premise = ", if its premise holds"
	}
	s := page.Section{
		ID:    "reading",
		Title: "How to read this page",
		Lead:  "Words, marks and intervals. Each kind of figure is explained next to its first one.",
		Blocks: []page.Block{
			page.Heading("Verdicts"),
			page.List{
				"better, worse: significant. The whole interval is on one side of 1, at a level corrected for the number of comparisons in the family.",
				"equivalent: the whole interval is within the margin, so any difference is too small to matter.",
				"unresolved: neither. This does not mean that there is no difference. \"Detectable\" is the smallest change that such a comparison detects with 80 % power.",
			},
			page.Heading("Words"),
			page.List{
				"Cell: a workload with its parameters, a manager (an implementation of idle management), a parker (how a worker sleeps) and a number of workers.",
				"Family: comparisons that share an error rate. The managers are one family and the parkers of the baseline another; in each, the probability of any wrong verdict is at most its error rate" + premise + ".",
				aboutParkers,
				"Submitter: the source of tasks. " + aboutSubmitters,
				"Cost: the CPU time that a user pays for, of workers, Go's runtime and the submitter, without the generator's busy-waiting. Runs from before the submitter was a parameter have CPU time without the submitter; the two are not comparable.",
				launch,
				"Ratio: other over baseline, estimated from the ratios within rounds. 1 is no difference.",
				"Percentiles of a launch come from its histogram. Tables show the median over launches; distributions pool the samples of all valid launches.",
				"Latency is measured from when a task was due, not from when it was sent, so it includes time in a queue in front of the system (no coordinated omission).",
			},
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
