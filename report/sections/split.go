package sections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

// costParts are the units of the parts of a task's cost, with their names.
var costParts = []struct{ unit, name string }{
	{"worker-cpu-ns/task", "workers"},
	{"runtime-cpu-ns/task", "Go's runtime"},
	{"submitter-cpu-ns/task", "submitter"},
}

// split shows who uses the CPU time that a task costs, and how long the submitter is
// held up meanwhile: a manager may be cheap for the workers at the submitter's expense.
func (b *builder) split() (blocks []page.Block) {
	has := func(s series) bool { return len(s.cell.Values("cost-ns/task")) > 0 }
	scenes := b.byWorkload(has)
	if len(scenes) == 0 {
		return []page.Block{page.Missing{What: "The cost is not split: no cell has valid launches with cost-ns/task, which runs from before the submitter was a parameter lack.", How: b.advise(b.inputs, "-workload", "wake")}}
	}
	divided := mostDivided(scenes)
	names := []string{}
	for _, p := range costParts {
		names = append(names, p.name)
	}
	names = append(names, "not separable")
	drawn := pick(divided, mostCosts)
	for _, s := range drawn {
		var bars []plot.StackedBar
		var longer []string
		longest := 0.0
		for _, series := range s.series {
			cost := median(series.cell.Values("cost-ns/task"))
			if series.role != record.Floor {
				longest = max(longest, cost)
			} else if longest > 0 && cost > tooLong*longest {
				longer = append(longer, series.name)
				continue
			}
			bars = append(bars, plot.StackedBar{Name: barName(series), Parts: split(series.cell)})
		}
		f := plot.StackedBars(b.caption("split", "Who uses the CPU time of a task", s), plot.Quantity{Name: costName + ", per task", Unit: "ns"}, names, bars...)
		blocks = append(blocks, b.figure(f, howSplit, s.words()))
		if len(longer) > 0 {
			blocks = append(blocks, page.Text("Not drawn, too long for the scale: "+strings.Join(longer, ", ")+"."))
		}
		if t := b.splitTable(s); len(t.Rows) > shortTable {
			blocks = append(blocks, page.Details{Summary: fmt.Sprintf("The numbers of all %d bars, and the time in Submit", len(t.Rows)), Blocks: []page.Block{t}})
		} else {
			blocks = append(blocks, t)
		}
	}
	blocks = append(blocks, b.left(drawn, divided)...)
	all := &scene{title: "all cells"}
	for _, s := range scenes {
		all.series = append(all.series, s.series...)
	}
	return append(blocks, page.Details{Summary: "The cost and its parts, and the time in Submit, of all " + phrase.Count(len(all.series), "cell"), Blocks: []page.Block{b.splitTable(all)}})
}

// tooLong is how many times the largest other cost a floor's may be, to have a bar.
const tooLong = 2

// mostDivided returns the scenes in which the most parts are known of some series:
// those whose submitter is a thread, if there are any.
func mostDivided(scenes []*scene) (divided []*scene) {
	most := 0
	for _, s := range scenes {
		known := 0
		for _, series := range s.series {
			if series.role == record.Floor {
				continue
			}
			n := 0
			for _, p := range costParts {
				n += min(1, len(series.cell.Values(p.unit)))
			}
			known = max(known, n)
		}
		if known > most {
			most, divided = known, nil
		}
		if known == most && most > 0 {
			divided = append(divided, s)
		}
	}
	return divided
}

// split returns the medians of the parts of a cell's cost that are known, and what
// is left of the whole if not all are.
func split(c *source.Cell) []float64 {
	parts := make([]float64, len(costParts)+1)
	known, sum := 0, 0.0
	for i, p := range costParts {
		if values := c.Values(p.unit); len(values) > 0 {
			parts[i] = max(0, median(values))
			sum += parts[i]
			known++
		}
	}
	if known < len(costParts) {
		parts[len(costParts)] = max(0, median(c.Values("cost-ns/task"))-sum)
	}
	return parts
}

// splitTable has the numbers of a scene.
func (b *builder) splitTable(s *scene) page.Table {
	t := page.Table{ID: b.id("split-table"), Filter: s.cell.Workload == "", Caption: "CPU time of a task with its parts, and the time in Submit: medians of launches, " + s.title, Columns: []page.Column{{Title: "subject"}, {Title: "cost", Number: true}}}
	for _, p := range costParts {
		t.Columns = append(t.Columns, page.Column{Title: p.name, Number: true})
	}
	t.Columns = append(t.Columns, page.Column{Title: "Submit, p50", Number: true}, page.Column{Title: "Submit, p99", Number: true})
	units := []string{"cost-ns/task"}
	for _, p := range costParts {
		units = append(units, p.unit)
	}
	for _, series := range s.series {
		row := []page.Cell{{Text: barName(series)}}
		if s.cell.Workload == "" && series.cell.Parsed != nil {
			row[0].Text = b.short(*series.cell.Parsed)
		}
		for _, unit := range append(slices.Clip(units), "p50-ns/submit", "p99-ns/submit") {
			cell := none()
			if values := series.cell.Values(unit); len(values) > 0 {
				b.units[unit] = true
				cell = number(median(values), unit)
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
