package sections

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/profile"
	"github.com/idlebench/idlebench/report/source"
)

// mostCosts is how many workloads have their costs drawn.
const mostCosts = 4

func (b *builder) cost() page.Section {
	s := page.Section{
		ID:    "cost",
		Title: "Cost",
		Lead:  "The price of low latency: CPU time, and wake-ups of workers that find nothing to do.",
	}
	s.Blocks = append(s.Blocks, page.Heading("CPU time against tail latency"))
	s.Blocks = append(s.Blocks, b.pareto()...)
	s.Blocks = append(s.Blocks, page.Heading("Users of CPU time"))
	s.Blocks = append(s.Blocks, b.split()...)
	s.Blocks = append(s.Blocks, b.victims()...)
	s.Blocks = append(s.Blocks, page.Heading("Wakes"))
	s.Blocks = append(s.Blocks, b.wakes()...)
	s.Blocks = append(s.Blocks, page.Heading("CPU time by origin of the code"))
	s.Blocks = append(s.Blocks, b.cpuTime()...)
	return s
}

// byRole is the order of series from top to bottom.
var byRole = []record.Role{record.Implementation, record.Reference, record.Floor}

// byWorkload puts scenes together that differ in the parker only.
func (b *builder) byWorkload(has func(series) bool) (scenes []*scene) {
	for _, s := range b.merged(b.having(has), func(c *record.Cell) { c.Park = "" }) {
		s = s.with(has)
		slices.SortStableFunc(s.series, func(a, b series) int { return slices.Index(byRole, a.role) - slices.Index(byRole, b.role) })
		scenes = append(scenes, s)
	}
	return scenes
}

func (b *builder) pareto() (blocks []page.Block) {
	has := func(s series) bool {
		return len(s.cell.Values("cost-ns/task"))+len(s.cell.Values("cpu-ns/task")) > 0 && latencyOf(s.cell) != "" && len(s.cell.Values("p99-ns/"+latencyOf(s.cell))) > 0
	}
	scenes := b.byWorkload(has)
	if len(scenes) == 0 {
		return []page.Block{page.Missing{What: "CPU time cannot be compared with latency: no cell has valid launches with both.", How: b.advise(b.inputs, "-workload", "wake")}}
	}
	drawn := pick(scenes, mostCosts)
	for _, s := range drawn {
		var points []plot.OperatingPoint
		cost, of := b.costing(s)
		for _, series := range of.series {
			c := series.cell
			p := plot.OperatingPoint{Name: series.name, Reference: series.role != record.Implementation}
			if !series.own {
				p.Cell = c.Parsed.Park
			}
			p.Cost, p.CostLo, p.CostHi = estimate(c.Values(cost.unit))
			p.Latency, p.LatencyLo, p.LatencyHi = estimate(c.Values("p99-ns/" + latencyOf(c)))
			points = append(points, p)
		}
		unit := func(c *source.Cell) string { return "p99-ns/" + latencyOf(c) }
		mark := dagger(s.series, unit)
		f := plot.Pareto(b.caption("pareto", "CPU time against p99", s), plot.Quantity{Name: cost.name + ", per task", Unit: "ns"}, plot.Quantity{Name: "p99" + mark + " of the " + latencyName(s), Unit: "ns"}, points...)
		blocks = append(blocks, b.figure(f, howPareto, s.words()))
		blocks = append(blocks, atMaxText(s.series, unit)...)
		if n := len(s.series) - len(of.series); n > 0 {
			blocks = append(blocks, page.Text(fmt.Sprintf("%s of older runs not shown in this figure: their CPU time lacks the submitter's, and does not compare.", phrase.Count(n, "cell"))))
		}
	}
	return append(blocks, b.left(drawn, scenes)...)
}

func (b *builder) wakes() (blocks []page.Block) {
	has := func(s series) bool { return len(s.cell.Values("wakes/task")) > 0 }
	scenes := b.byWorkload(has)
	if len(scenes) == 0 {
		return []page.Block{page.Missing{What: "Wakes were not counted: no cell has valid launches with wakes/task.", How: b.advise(b.inputs, "-workload", "wake")}}
	}
	var differ []*scene
	var same []string
	for _, s := range scenes {
		bars := wakesOf(s)
		if slices.ContainsFunc(bars, func(b plot.StackedBar) bool { return !alike(b, bars[0]) }) {
			differ = append(differ, s)
		} else {
			same = append(same, fmt.Sprintf("%s: %.3g", s.title, bars[0].Parts[0]+bars[0].Parts[1]))
		}
	}
	if len(same) > 0 {
		blocks = append(blocks, page.Text("Not drawn, since all have the same number of wakes per task: "+strings.Join(same, "; ")+"."))
	}
	drawn := pick(differ, mostCosts)
	for _, s := range drawn {
		bars, per, tasks := wakesOf(s), 1.0, "task"
		if !slices.ContainsFunc(bars, func(b plot.StackedBar) bool { return b.Parts[0]+b.Parts[1] >= 0.1 }) {
			per, tasks = 1000, "1,000 tasks"
		}
		for i := range bars {
			bars[i].Parts[0] *= per
			bars[i].Parts[1] *= per
		}
		f := plot.StackedBars(b.caption("wakes", "Wakes per "+tasks, s), plot.Quantity{Name: "wakes per " + tasks}, []string{"found a task", "found nothing to do"}, bars...)
		blocks = append(blocks, b.figure(f, howWakes, s.words()))
	}
	return append(blocks, b.left(drawn, differ)...)
}

// wakesOf are the wakes per task of a scene: those that found a task, and others.
func wakesOf(s *scene) (bars []plot.StackedBar) {
	for _, series := range s.series {
		wakes := mean(series.cell.Values("wakes/task"))
		noop := 0.0
		if shares := series.cell.Values("noop-wakes/wake"); len(shares) > 0 {
			noop = mean(shares)
		}
		bars = append(bars, plot.StackedBar{Name: barName(series), Parts: []float64{wakes * (1 - noop), wakes * noop}})
	}
	return bars
}

// alike reports whether two bars look the same.
func alike(a, b plot.StackedBar) bool {
	near := func(x, y, of float64) bool { return math.Abs(x-y) <= 0.005*of }
	whole := max(a.Parts[0]+a.Parts[1], b.Parts[0]+b.Parts[1])
	return near(a.Parts[0], b.Parts[0], whole) && near(a.Parts[1], b.Parts[1], whole)
}

// barName is the name of a series where scenes with several parkers are put together.
func barName(s series) string {
	if s.own {
		return s.name
	}
	return s.name + ", " + s.cell.Parsed.Park
}

// cpuTime shows CPU profiles by class, and profiles of wall-clock time if there are any.
func (b *builder) cpuTime() (blocks []page.Block) {
	cpu, wall := b.profiled(profile.CPU), b.profiled(profile.Wall)
	if len(cpu) == 0 {
		blocks = append(blocks, page.Missing{What: "There is no CPU profile, so the origin of CPU time is not known.", How: b.advise(b.inputs, "-profile", "cpu")})
	}
	blocks = append(blocks, b.timeProfiles(cpu, "cpu", "CPU time", howCPU)...)
	if len(wall) > 0 {
		blocks = append(blocks, page.Text(profile.Explain(profile.Wall)))
	}
	return append(blocks, b.timeProfiles(wall, "wall", "wall-clock time", howWall)...)
}

// timeProfiles shows profiles of time by class.
func (b *builder) timeProfiles(groups []profileGroup, prefix, what, how string) (blocks []page.Block) {
	var parts []plot.Origin
	for _, c := range profile.Classes() {
		parts = append(parts, origins[c])
	}
	drawn := some(groups, mostCosts)
	for n, g := range drawn {
		per := g.per()
		var bars []plot.StackedBar
		for _, p := range g.profiles {
			bar := plot.StackedBar{Name: p.name, Parts: make([]float64, len(parts))}
			for _, part := range p.Parts() {
				bar.Parts[slices.Index(parts, origins[part.Class])] = float64(part.Caused) / per.of(p.Profile)
			}
			bars = append(bars, bar)
		}
		f := plot.OriginBars(b.profileCaption(prefix, capital(what)+" by origin of the code", g), per.quantity(what), parts, bars...)
		blocks = append(blocks, b.figure(f, how, g.words()))
		// One tree of a run's profiles as an example, and those of other programs, where
		// the classes say little.
		if n == 0 || g.isForeign() {
			first := g.first(b.baseline()).profiles[0]
			calls := stacks(first.Tree(profile.Reduced), per.of(first.Profile))
			f := plot.Icicle(b.profileCaption(prefix+"-icicle", capital(what)+" by call"+g.of(first), g), per.quantity(what), calls...)
			blocks = append(blocks, b.figure(f, howCPUTree, g.words()))
		}
		if g.isForeign() {
			blocks = append(blocks, b.timeDifferences(g, prefix, what)...)
		}
	}
	return append(blocks, b.left(scenesOf(drawn), scenesOf(groups))...)
}

// mostDifferences is how many profiles are drawn as differences from the first.
const mostDifferences = 3

// timeDifferences shows how profiles of other programs differ from the first of them.
func (b *builder) timeDifferences(g profileGroup, prefix, what string) (blocks []page.Block) {
	per, first := g.per(), g.profiles[0]
	others := g.profiles[1:]
	for _, other := range others[:min(len(others), mostDifferences)] {
		d, err := profile.Difference(first.Profile, other.Profile, per.per(), profile.Reduced)
		if err != nil {
			blocks = append(blocks, page.Missing{What: sentence(fmt.Sprintf("There is no difference of %s and %s: %v", first.name, other.name, err))})
			continue
		}
		old, new := sides(d)
		title := fmt.Sprintf("%s by call, from %s to %s", capital(what), first.name, other.name)
		f := plot.DiffIcicle(b.profileCaption(prefix+"-difference", title, g), per.quantity(what), first.name, other.name, old, new)
		blocks = append(blocks, b.figure(f, howTimeDiff, g.words()))
	}
	if len(others) > mostDifferences {
		blocks = append(blocks, page.Text(fmt.Sprintf("The differences of %d of %d profiles from %s are drawn. Name others alone to see theirs.", mostDifferences, len(others), first.name)))
	}
	return blocks
}
