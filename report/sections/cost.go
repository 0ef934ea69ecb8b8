package sections

import (
	"github.com/idlebench/idlebench/bench/result"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/profile"
)

// mostCosts is how many workloads have their costs drawn.
const mostCosts = 4

func (b *builder) cost() page.Section {
	s := page.Section{
		ID:    "cost",
		Title: "Cost",
		Lead:  "What low latency is paid with: CPU time, and wakes of workers that find nothing to do.",
	}
	s.Blocks = append(s.Blocks, page.Heading("CPU time against tail latency"))
	s.Blocks = append(s.Blocks, b.pareto()...)
	s.Blocks = append(s.Blocks, page.Heading("Wakes"))
	s.Blocks = append(s.Blocks, b.wakes()...)
	s.Blocks = append(s.Blocks, page.Heading("CPU time by whose code it is"))
	s.Blocks = append(s.Blocks, b.cpuTime()...)
	return s
}

// byWorkload puts scenes together that differ in the parker only.
func (b *builder) byWorkload(has func(series) bool) (scenes []*scene) {
	for _, s := range merged(b.having(has), b.short, func(c *result.Cell) { c.Park = "" }) {
		scenes = append(scenes, s.with(has))
	}
	return scenes
}

func (b *builder) pareto() (blocks []page.Block) {
	has := func(s series) bool {
		return len(s.cell.Values("cpu-ns/task")) > 0 && latencyOf(s.cell) != "" && len(s.cell.Values("p99-ns/"+latencyOf(s.cell))) > 0
	}
	scenes := b.byWorkload(has)
	if len(scenes) == 0 {
		return []page.Block{page.Missing{What: "CPU time cannot be held against the latency: no cell has valid launches with both.", How: "bench run -workload wake"}}
	}
	drawn := pick(scenes, mostCosts)
	for _, s := range drawn {
		var points []plot.OperatingPoint
		for _, series := range s.series {
			c := series.cell
			points = append(points, plot.OperatingPoint{Name: series.name, Cell: c.Parsed.Park, Cost: median(c.Values("cpu-ns/task")), Latency: median(c.Values("p99-ns/" + latencyOf(c)))})
		}
		f := plot.Pareto(b.caption("pareto", "CPU time against p99", s), plot.Quantity{Name: "CPU time per task", Unit: "ns"}, plot.Quantity{Name: "p99 of the " + latencyName(s), Unit: "ns"}, points...)
		blocks = append(blocks, page.Figure{Figure: f, How: howPareto, Cell: s.words()})
	}
	return append(blocks, left(len(drawn), len(scenes))...)
}

func (b *builder) wakes() (blocks []page.Block) {
	has := func(s series) bool { return len(s.cell.Values("wakes/task")) > 0 }
	scenes := b.byWorkload(has)
	if len(scenes) == 0 {
		return []page.Block{page.Missing{What: "Wakes were not counted: no cell has valid launches with wakes/task.", How: "bench run -workload wake"}}
	}
	drawn := pick(scenes, mostCosts)
	for _, s := range drawn {
		var bars []plot.StackedBar
		for _, series := range s.series {
			wakes := mean(series.cell.Values("wakes/task"))
			noop := 0.0
			if shares := series.cell.Values("noop-wakes/wake"); len(shares) > 0 {
				noop = mean(shares)
			}
			bars = append(bars, plot.StackedBar{Name: barName(series), Parts: []float64{wakes * (1 - noop), wakes * noop}})
		}
		f := plot.StackedBars(b.caption("wakes", "Wakes per task", s), plot.Quantity{Name: "wakes per task"}, []string{"found a task", "found nothing to do"}, bars...)
		blocks = append(blocks, page.Figure{Figure: f, How: howWakes, Cell: s.words()})
	}
	return append(blocks, left(len(drawn), len(scenes))...)
}

// barName is the name of a series where scenes with several parkers are put together.
func barName(s series) string {
	own := ownParkers(s.in)[subject{s.cell.Parsed.Impl, s.cell.Parsed.Park}]
	if own != "" {
		return s.name
	}
	return s.name + ", " + s.cell.Parsed.Park
}

// cpuTime shows CPU profiles by class.
func (b *builder) cpuTime() (blocks []page.Block) {
	groups := b.profiled(profile.CPU)
	if len(groups) == 0 {
		return []page.Block{page.Missing{What: "There is no CPU profile, so that it is not known in whose code CPU time is spent.", How: "bench run -profile cpu"}}
	}
	var parts []string
	for _, c := range profile.Classes() {
		parts = append(parts, string(c))
	}
	drawn := some(groups, mostCosts)
	for _, g := range drawn {
		per := g.per()
		var bars []plot.StackedBar
		for _, p := range g.profiles {
			bar := plot.StackedBar{Name: p.name, Parts: make([]float64, len(parts))}
			for _, part := range p.Parts() {
				for i, c := range parts {
					if c == string(part.Class) {
						bar.Parts[i] = float64(part.Caused) / per.of(p.Profile)
					}
				}
			}
			bars = append(bars, bar)
		}
		f := plot.StackedBars(b.profileCaption("cpu", "CPU time by whose code caused it", g), per.quantity("CPU time"), parts, bars...)
		blocks = append(blocks, page.Figure{Figure: f, How: howCPU, Cell: g.words()})
	}
	return append(blocks, left(len(drawn), len(groups))...)
}
