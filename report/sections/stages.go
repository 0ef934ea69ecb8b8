package sections

import (
	"strings"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
)

// stageNames are the stages of a wake in the order of time: those of managers with
// parkers, and of managers that sleep in their own way.
var stageNames = []string{"lock", "decide", "call", "notify", "sleep", "resume", "handover", "dequeue"}

// stageUnit is that of the mean time of a stage.
func stageUnit(name string) string { return "stage-" + name + "-ns/wake" }

func (b *builder) stages() page.Section {
	s := page.Section{
		ID:    "stages",
		Title: "Stages of a wake",
		Lead:  "Where the time from the submission of a task to its first instruction goes, on average.",
	}
	has := func(s series) bool {
		for _, name := range stageNames {
			if len(s.cell.Values(stageUnit(name))) > 0 {
				return true
			}
		}
		return false
	}
	scenes := b.byWorkload(has)
	if len(scenes) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{What: "The stages of wakes were not recorded: they make a wake somewhat longer, so that they are only if asked for.", How: "bench run -stages -workload wake"})
		return s
	}
	drawn := pick(scenes, mostCosts)
	for _, sc := range drawn {
		var names []string
		for _, name := range stageNames {
			for _, series := range sc.series {
				if len(series.cell.Values(stageUnit(name))) > 0 {
					names = addNew(names, name)
					b.units[stageUnit(name)] = true
				}
			}
		}
		var bars []plot.StackedBar
		for _, series := range sc.series {
			bar := plot.StackedBar{Name: barName(series)}
			for _, name := range names {
				part := 0.0
				if values := series.cell.Values(stageUnit(name)); len(values) > 0 {
					part = mean(values)
				}
				bar.Parts = append(bar.Parts, part)
			}
			bars = append(bars, bar)
		}
		f := plot.StackedBars(b.caption("stages-of", "Stages of a wake", sc), plot.Quantity{Name: "mean time", Unit: "ns"}, names, bars...)
		s.Blocks = append(s.Blocks, page.Figure{Figure: f, How: howStages, Cell: sc.words()})
	}
	s.Blocks = append(s.Blocks, left(len(drawn), len(scenes))...)
	var about page.Facts
	for _, name := range stageNames {
		if unit := stageUnit(name); b.units[unit] {
			about = append(about, page.Fact{Name: name, Value: strings.TrimPrefix(drawn[0].series[0].in.Unit(unit).About, "mean ")})
		}
	}
	s.Blocks = append(s.Blocks, page.Details{Summary: "What the stages are", Blocks: []page.Block{about}})
	return s
}
