package sections

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/curves"
)

// simulated reports whether an input was simulated.
func isSimulated(in *source.Input) bool { return in.Simulation != nil }

// onlySimulated reports whether all inputs with measurements were simulated.
func (b *builder) onlySimulated() bool {
	return len(b.inputs) > 0 && !slices.ContainsFunc(b.inputs, func(in *source.Input) bool { return !isSimulated(in) })
}

// cores is what simulated runs say about the number of cores.
func (b *builder) cores() page.Section {
	s := page.Section{
		ID:    "cores",
		Title: "Over simulated cores",
		Lead: "How designs compare from few cores to many, on a model of a machine. Orders and crossings may be claimed if they hold with every seed " +
			"and with every constant of the model varied. Times may not.",
	}
	for _, in := range b.inputs {
		if isSimulated(in) {
			s.Blocks = append(s.Blocks, b.simulatedFacts(in))
		}
	}
	scenes := b.coreScenes()
	if len(scenes) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{What: "There are no curves: no simulated workload has several numbers of workers.",
			How: []string{b.simulateAgain("-workers 2,4,8,16,32,64")}})
		return s
	}
	s.Blocks = append(s.Blocks, page.Heading("Curves"))
	drawn := pick(scenes, mostCores)
	for _, sc := range drawn {
		s.Blocks = append(s.Blocks, b.coreFigure(sc))
	}
	s.Blocks = append(s.Blocks, b.left(drawn, scenes)...)
	s.Blocks = append(s.Blocks, b.orders(scenes)...)
	s.Blocks = append(s.Blocks, b.crossings(scenes)...)
	s.Blocks = append(s.Blocks, b.prices(scenes)...)
	return s
}

// simulateAgain returns a command that simulates the machine of the first simulated run
// with other flags.
func (b *builder) simulateAgain(flags string) string {
	i := slices.IndexFunc(b.inputs, isSimulated)
	return b.anywhere("bench simulate -machine " + b.inputs[i].Simulation.Name + " " + flags)
}

// mostCores is how many figures of curves over cores there are.
const mostCores = 12

// simulatedFacts says what was simulated.
func (b *builder) simulatedFacts(in *source.Input) page.Block {
	sim := in.Simulation
	facts := page.Facts{{Name: "machine", Value: sim.Name, About: "simulated: a model, not this computer"}}
	if m := sim.Machine; m != nil {
		facts = append(facts, page.Fact{Name: "model of", Value: m.Title})
		kinds := map[string]int{}
		for _, c := range m.Costs {
			kinds[string(m.Sources[c.Source].Kind)]++
		}
		var words []string
		for _, kind := range []string{"measured", "cited", "assumed"} {
			if n := kinds[kind]; n > 0 {
				words = append(words, fmt.Sprintf("%d %s", n, kind))
			}
		}
		facts = append(facts, page.Fact{Name: "constants", Value: strings.Join(words, ", "), About: "where the model's constants are from; " + simulated.MachineFile + " has each with its source"})
	}
	facts = append(facts, page.Fact{Name: "seeds", Value: fmt.Sprint(in.Manifest.Plan.Rounds), About: "of each cell; a band is from the least to the greatest"})
	if n := len(variationsOf(in)); n > 0 {
		facts = append(facts, page.Fact{Name: "varied machines", Value: fmt.Sprint(n), About: "each with one constant higher or lower"})
	}
	return facts
}

// coreScenes returns the simulated scenes over the number of workers.
func (b *builder) coreScenes() (scenes []*scene) {
	has := func(s series) bool {
		return isSimulated(s.in) && s.cell.Parsed != nil && len(s.cell.Values(b.primary(s))) > 0
	}
	for _, sc := range b.merged(b.having(has), func(c *record.Cell) { c.Workers = 1 }) {
		sc = sc.with(has)
		if len(workersOf(sc)) > 1 {
			sc.cell.Workers = 0
			sc.title = b.short(sc.cell)
			scenes = append(scenes, sc)
		}
	}
	return scenes
}

// workersOf returns the numbers of workers in a scene, in ascending order.
func workersOf(sc *scene) (all []int) {
	for _, s := range sc.series {
		if n := s.cell.Parsed.Workers; !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all
}

func (b *builder) coreFigure(sc *scene) page.Block {
	unit := b.primary(sc.series[0])
	b.units[unit] = true
	facets := []plot.Facet{{Y: metric(unit), Curves: curvesOf(sc, unit)}}
	if wakes := curvesOf(sc, wakesUnit); len(wakes) > 0 {
		// It tells apart two ways in which a load can go: a wake for each task, or hardly any.
		facets[0].Title = unit
		facets = append(facets, plot.Facet{Title: wakesUnit, Y: plot.Quantity{Name: "wakes per task"}, Curves: wakes})
		b.units[wakesUnit] = true
	}
	f := plot.CoreCurve(b.caption("cores-of", "Over cores", sc), plot.Quantity{Name: "workers, each with a core"}, facets...)
	return b.figure(f, howCores, sc.words())
}

const wakesUnit = "wakes/task"

// curvesOf returns the curves of a scene in a unit, with bands over seeds.
func curvesOf(sc *scene, unit string) []plot.Curve {
	return curvesIn(sc, func(s series) (plot.Point, bool) {
		band, ok := curves.BandOf(s.cell.Values(unit)...)
		return plot.Point{X: float64(s.cell.Parsed.Workers), Y: band.Mid, Lo: band.Low, Hi: band.High}, ok
	})
}

// A design is a curve of a scene, and how it is on varied machines.
type design struct {
	name   string
	points []curves.Point
	varied map[simulated.Variation][]curves.Point
}

// designs returns the curves of a scene in a unit.
func (b *builder) designs(sc *scene, unit string) (all []*design) {
	for _, s := range sc.series {
		i := slices.IndexFunc(all, func(d *design) bool { return d.name == s.name })
		if i < 0 {
			i = len(all)
			all = append(all, &design{name: s.name, varied: map[simulated.Variation][]curves.Point{}})
		}
		d, x := all[i], float64(s.cell.Parsed.Workers)
		d.points = append(d.points, curves.Point{X: x, Y: bySeed(s.cell.Launches, unit)})
		for v, launches := range b.variedOf(s.in)[s.cell.Name] {
			d.varied[v] = append(d.varied[v], curves.Point{X: x, Y: bySeed(launches, unit)})
		}
	}
	return all
}

// bySeed returns the values of launches by their round, NaN where one is missing.
func bySeed(launches []*source.Launch, unit string) (values []float64) {
	for _, l := range launches {
		for len(values) <= l.Round {
			values = append(values, math.NaN())
		}
		if v, ok := l.Metric(unit); ok && l.Valid() {
			values[l.Round] = v
		}
	}
	return values
}

// variedOf returns the launches on varied machines, by cell and variation.
func (b *builder) variedOf(in *source.Input) map[string]map[simulated.Variation][]*source.Launch {
	if all, ok := b.varied[in]; ok {
		return all
	}
	all := map[string]map[simulated.Variation][]*source.Launch{}
	for _, v := range in.Simulation.Varied {
		if all[v.Cell] == nil {
			all[v.Cell] = map[simulated.Variation][]*source.Launch{}
		}
		all[v.Cell][v.Variation] = append(all[v.Cell][v.Variation], v.Launch)
	}
	b.varied[in] = all
	return all
}

// variationsOf returns the variations of an input, each once.
func variationsOf(in *source.Input) (all []simulated.Variation) {
	seen := map[simulated.Variation]bool{}
	for _, v := range in.Simulation.Varied {
		if !seen[v.Variation] {
			seen[v.Variation] = true
			all = append(all, v.Variation)
		}
	}
	slices.SortFunc(all, func(a, b simulated.Variation) int {
		return cmp.Or(strings.Compare(a.Constant, b.Constant), a.Percent-b.Percent)
	})
	return all
}

// common returns the variations that two designs both have.
func common(a, b *design) (all []simulated.Variation) {
	for v := range a.varied {
		if b.varied[v] != nil {
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b simulated.Variation) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// orders is the table of the designs at the largest number of workers.
func (b *builder) orders(scenes []*scene) []page.Block {
	t := page.Table{ID: b.id("order-at-most"), Caption: "Order at the largest number of workers", Filter: true, Columns: []page.Column{
		{Title: "workload"}, {Title: "workers", Number: true}, {Title: "design", Code: true}, {Title: "value", Number: true},
		{Title: "to the first", Number: true}, {Title: "over seeds"}, {Title: "over constants"}}}
	for _, sc := range scenes {
		unit := b.primary(sc.series[0])
		most := slices.Max(workersOf(sc))
		all := b.at(sc, unit, float64(most))
		for i, d := range all {
			first := all[0]
			ratio := ratioAt(d.points, first.points, float64(most))
			row := []page.Cell{{Text: sc.title}, whole(most), {Text: d.name}, number(valueAt(d.points, float64(most)), unit), {}, {}, {}}
			if i == 0 {
				row[4], row[5], row[6] = page.Cell{Text: "first", Value: 1, Tone: page.Strong}, none(), none()
			} else {
				row[4] = page.Cell{Text: fmt.Sprintf("×%.2f", ratio.Mid), Value: ratio.Mid}
				row[5] = page.Cell{Text: fmt.Sprintf("×%.2f to ×%.2f", ratio.Low, ratio.High)}
				row[6] = overConstants(d, first, float64(most))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	text := page.Text("A design is behind the first if the whole band is beyond ×1.02, over the seeds and over the constants.")
	return []page.Block{page.Heading("Order at the largest number of workers"), text, t}
}

// at returns the designs of a scene that have a value there, the best first.
func (b *builder) at(sc *scene, unit string, x float64) []*design {
	all := slices.DeleteFunc(b.designs(sc, unit), func(d *design) bool { return math.IsNaN(valueAt(d.points, x)) })
	higher := sc.series[0].in.Unit(unit).Better == record.Higher
	slices.SortStableFunc(all, func(p, q *design) int {
		c := cmp.Compare(valueAt(p.points, x), valueAt(q.points, x))
		if higher {
			c = -c
		}
		return c
	})
	return all
}

// valueAt returns the median over seeds at a place, NaN if there is none.
func valueAt(points []curves.Point, x float64) float64 {
	for _, p := range points {
		if band, ok := curves.BandOf(p.Y...); ok && p.X == x {
			return band.Mid
		}
	}
	return math.NaN()
}

// ratioAt returns the band of the ratios of two curves at a place, seed by seed.
func ratioAt(a, b []curves.Point, x float64) curves.Band {
	var ratios []float64
	for _, p := range a {
		for _, q := range b {
			if p.X == x && q.X == x {
				for s := range min(len(p.Y), len(q.Y)) {
					ratios = append(ratios, p.Y[s]/q.Y[s])
				}
			}
		}
	}
	band, _ := curves.BandOf(ratios...)
	return band
}

// overConstants says how the ratio of two designs varies with the machine, and with which
// constant the most.
func overConstants(d, first *design, x float64) page.Cell {
	var mids []float64
	var low, high simulated.Variation
	least, greatest := math.Inf(1), math.Inf(-1)
	for _, v := range common(d, first) {
		m := ratioAt(d.varied[v], first.varied[v], x).Mid
		if m <= 0 {
			continue
		}
		mids = append(mids, m)
		if m < least {
			least, low = m, v
		}
		if m > greatest {
			greatest, high = m, v
		}
	}
	if len(mids) == 0 {
		return none()
	}
	return page.Cell{Text: fmt.Sprintf("×%.2f to ×%.2f", least, greatest), Notes: []string{fmt.Sprintf("%v, %v", low, high)}}
}

// crossings is the table of the places at which two designs change places.
func (b *builder) crossings(scenes []*scene) []page.Block {
	t := page.Table{ID: b.id("crossings"), Caption: "Crossings", Filter: true, Columns: []page.Column{
		{Title: "workload"}, {Title: "ahead below"}, {Title: "ahead above"}, {Title: "at workers", Number: true}, {Title: "over seeds"}, {Title: "over constants"}}}
	pairs := 0
	for _, sc := range scenes {
		unit := b.primary(sc.series[0])
		all := b.designs(sc, unit)
		higher := sc.series[0].in.Unit(unit).Better == record.Higher
		for i, d := range all {
			for _, e := range all[:i] {
				pairs++
				for _, c := range curves.Crossings(d.points, e.points, curves.Tied) {
					below, above := d.name, e.name // d is ahead below if it is more beyond
					if c.Above == higher {
						below, above = above, below
					}
					t.Rows = append(t.Rows, []page.Cell{{Text: sc.title}, {Text: below}, {Text: above},
						{Text: cores(c.X), Value: c.X}, {Text: bandText(c.Seeds, c.In, c.Of, "seed")}, {}})
					x := crossed{scene: sc, below: below, above: above, Crossing: c}
					t.Rows[len(t.Rows)-1][5], x.machines, x.all = crossingOverConstants(c, d, e)
					b.crossed = append(b.crossed, x)
				}
			}
		}
	}
	head := page.Heading("Crossings")
	lead := fmt.Sprintf("Where two designs change places as cores are added: %s among %s of designs. One that does not hold with every seed and every constant may be noise, or the model's.",
		phrase.Count(len(t.Rows), "crossing"), phrase.Count(pairs, "pair"))
	if len(t.Rows) == 0 {
		return []page.Block{head, page.Text(fmt.Sprintf("No two designs change places by more than 2 %% between the least and the largest number of workers: there are %s of designs.", phrase.Count(pairs, "pair")))}
	}
	return []page.Block{head, page.Text(lead), t}
}

// A crossed is a crossing of two designs in a scene.
type crossed struct {
	scene        *scene
	below, above string
	curves.Crossing
	machines, all int // varied machines on which it is, and of how many
}

// firm reports whether the crossing is there with every seed.
func (c crossed) firm() bool { return c.In == c.Of }

// everywhere reports whether it is there on every varied machine, too, and there are some.
func (c crossed) everywhere() bool { return c.firm() && c.all > 0 && c.machines == c.all }

// cores writes a number of cores that may lie between two.
func cores(x float64) string {
	if x < 10 {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// bandText writes the band of a crossing, and how many of what there are have it.
func bandText(b curves.Band, in, of int, what string) string {
	if in == 0 {
		return fmt.Sprintf("in none of %s", phrase.Count(of, what))
	}
	text := cores(b.Low) + " to " + cores(b.High)
	if cores(b.Low) == cores(b.High) {
		text = cores(b.Low)
	}
	if in < of {
		text += fmt.Sprintf(", in %d of %s only", in, phrase.Count(of, what))
	}
	return text
}

// crossingOverConstants says where two curves cross on varied machines, and on how many of
// how many they do.
func crossingOverConstants(c curves.Crossing, d, e *design) (cell page.Cell, in, of int) {
	all := common(d, e)
	if len(all) == 0 {
		return none(), 0, 0
	}
	var at []float64
	var without []string
	for _, v := range all {
		if near, ok := c.Nearest(curves.Crossings(d.varied[v], e.varied[v], curves.Tied)); ok {
			at = append(at, near.X)
		} else {
			without = append(without, v.String())
		}
	}
	band, _ := curves.BandOf(at...)
	cell = page.Cell{Text: bandText(band, len(at), len(all), "machine")}
	if len(without) > 0 {
		const most = 3
		cell.Notes = []string{"not with " + strings.Join(without[:min(most, len(without))], ", ")}
		if n := len(without) - most; n > 0 {
			cell.Notes[0] += fmt.Sprintf(" and %d more", n)
		}
	}
	return cell, len(at), len(all)
}

// clear reports whether an elasticity is worth showing: all seeds agree on its sign, and
// it is not small.
func clear(e curves.Band) bool {
	const least = 0.05
	return math.Abs(e.Mid) >= least && (e.Low > 0) == (e.High > 0)
}

// prices is the table of how much results depend on constants.
func (b *builder) prices(scenes []*scene) []page.Block {
	head := page.Heading("Prices")
	var constants []string
	type price struct {
		row  []page.Cell
		each map[string]curves.Band
	}
	var all []price
	for _, sc := range scenes {
		unit := b.primary(sc.series[0])
		most := float64(slices.Max(workersOf(sc)))
		for _, d := range b.at(sc, unit, most) {
			p := price{row: []page.Cell{{Text: sc.title}, {Text: d.name}, whole(int(most))}, each: map[string]curves.Band{}}
			for v := range d.varied {
				other := simulated.Variation{Constant: v.Constant, Percent: -v.Percent}
				if v.Percent < 0 || d.varied[other] == nil {
					continue
				}
				e, ok := curves.Elasticity(seedsAt(d.varied[other], most), seedsAt(d.varied[v], most), other.Factor(), v.Factor())
				if !ok {
					continue
				}
				p.each[v.Constant] = e
				if clear(e) && !slices.Contains(constants, v.Constant) {
					constants = append(constants, v.Constant)
				}
			}
			if len(p.each) > 0 {
				all = append(all, p)
			}
		}
	}
	if len(all) == 0 {
		return []page.Block{head, page.Missing{What: "What the constants cost is not known: there are no varied machines.",
			How: []string{b.simulateAgain("-vary 50%")}}}
	}
	slices.Sort(constants)
	t := page.Table{ID: b.id("prices"), Caption: "Elasticities at the largest number of workers", Filter: true, Dense: true, Columns: []page.Column{
		{Title: "workload"}, {Title: "design", Code: true}, {Title: "workers", Number: true}}}
	for _, c := range constants {
		t.Columns = append(t.Columns, page.Column{Title: c, Number: true})
	}
	for _, p := range all {
		row := p.row
		for _, c := range constants {
			e, ok := p.each[c]
			switch {
			case !ok:
				row = append(row, none())
			case !clear(e):
				row = append(row, page.Cell{Text: hundredths(e.Mid), Value: e.Mid, Tone: page.Weak})
			default:
				cell := page.Cell{Text: hundredths(e.Mid), Value: e.Mid}
				if math.Abs(e.Mid) >= 0.25 {
					cell.Tone = page.Strong
				}
				row = append(row, cell)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	text := page.Text("How much of the result each constant of the machine explains: 0.5 means that with the constant 10 % higher the result is about 5 % higher. " +
		"It is the slope between the two varied machines, in logarithms, and the median over seeds. Pale are those of less than 0.05, and those of which the seeds do not agree whether they are positive; constants that are pale everywhere are left out.")
	return []page.Block{head, text, t}
}

// hundredths writes a number with two digits after the point, and without a sign if they
// are 0.
func hundredths(v float64) string {
	return strings.Replace(fmt.Sprintf("%.2f", v), "-0.00", "0.00", 1)
}

// seedsAt returns the values of all seeds at a place.
func seedsAt(points []curves.Point, x float64) []float64 {
	for _, p := range points {
		if p.X == x {
			return p.Y
		}
	}
	return nil
}
