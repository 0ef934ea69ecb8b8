package sections

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

// stageNames are the stages of a wake in the order of time: those of managers with
// parkers, and of managers that sleep in their own way.
var stageNames = []string{"lock", "decide", "call", "notify", "sleep", "resume", "handover", "dequeue"}

// stageUnit is the unit of the mean time of a stage.
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
		s.Blocks = append(s.Blocks, page.Missing{What: "The stages of wakes were not recorded: recording makes a wake somewhat longer, so it is done " +
			"only on request.", How: b.advise(b.inputs, "-stages", "-workload", "wake")})
		return s
	}
	drawn := pick(scenes, mostCosts)
	for _, sc := range drawn {
		var names []string
		sc := sc.with(func(s series) bool { return has(series{cell: agreeing(s.cell)}) })
		if len(sc.series) == 0 {
			s.Blocks = append(s.Blocks, page.Missing{What: fmt.Sprintf("%s: no launch has stages that add up to what was recorded of all wakes.", capital(sc.title))})
			continue
		}
		for _, name := range stageNames {
			for _, series := range sc.series {
				if len(agreeing(series.cell).Values(stageUnit(name))) > 0 {
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
				if values := agreeing(series.cell).Values(stageUnit(name)); len(values) > 0 {
					part = mean(values)
				}
				bar.Parts = append(bar.Parts, part)
			}
			bars = append(bars, bar)
		}
		f := plot.StackedBars(b.caption("stages-of", "Stages of a wake", sc), plot.Quantity{Name: "mean time", Unit: "ns"}, names, bars...)
		s.Blocks = append(s.Blocks, b.figure(f, howStages, sc.words()))
	}
	s.Blocks = append(s.Blocks, b.left(drawn, scenes)...)
	s.Blocks = append(s.Blocks, b.agreement(scenes)...)
	var about page.Facts
	for _, name := range stageNames {
		if unit := stageUnit(name); b.units[unit] {
			about = append(about, page.Fact{Name: name, Value: strings.TrimPrefix(drawn[0].series[0].in.Unit(unit).About, "mean ")})
		}
	}
	if len(about) > 0 {
		s.Blocks = append(s.Blocks, page.Details{Summary: "What the stages are", Blocks: []page.Block{about}})
	}
	return s
}

// agreeing is a cell without the launches whose stages do not add up to what was
// recorded, independently of stages, for all their wakes: they represent only some of
// the wakes.
func agreeing(c *source.Cell) *source.Cell {
	a := *c
	a.Launches = slices.DeleteFunc(slices.Clone(c.Launches), func(l *source.Launch) bool { return l.Condition("stages-agree") == "no" })
	return &a
}

// agreement says for each cell how well its stages represent its wakes.
func (b *builder) agreement(scenes []*scene) []page.Block {
	t := page.Table{ID: b.id("agreement"), Caption: "Stage coverage: how well the stages represent all wakes", Filter: true,
		Columns: []page.Column{{Title: "cell", Code: true}, {Title: "launches", Number: true}, {Title: "left out", Number: true},
			{Title: "wakes covered", Number: true}, {Title: "sum to whole", Number: true}}}
	leftOut, unknown := 0, 0
	for _, sc := range scenes {
		for _, series := range sc.series {
			valid := series.cell.Valid()
			for _, l := range valid {
				if l.Condition("stages-agree") == "" {
					unknown++
				}
			}
			fact := func(key string) page.Cell {
				var values []float64
				for _, l := range valid {
					if v, err := strconv.ParseFloat(l.Condition(key), 64); err == nil {
						values = append(values, v)
					}
				}
				if len(values) == 0 {
					return none()
				}
				return page.Cell{Text: percent(median(values)), Value: median(values)}
			}
			out := len(valid) - len(agreeing(series.cell).Valid())
			leftOut += out
			row := []page.Cell{{Text: series.cell.Name}, whole(len(valid)), whole(out), fact("stages-covered"), fact("stages-sum")}
			if out > 0 {
				row[2].Tone = page.Strong
			}
			t.Rows = append(t.Rows, row)
		}
	}
	details := page.Details{Summary: t.Caption, Blocks: []page.Block{t}}
	switch {
	case leftOut > 0:
		text := phrase.Count(leftOut, "launch") + " left out of the figures: the sum of the stages is not within 5 % of the whole."
		return []page.Block{page.Note{Kind: page.Warning, Text: text}, details}
	case unknown == 0:
		details.Summary += ": in all launches their sum is within 5 % of the whole"
	}
	return []page.Block{details}
}
