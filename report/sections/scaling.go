package sections

import (
	"math"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

func (b *builder) scaling() page.Section {
	s := page.Section{
		ID:    "scaling",
		Title: "Scaling with workers",
		Lead:  "Whether more workers make it faster, or only more expensive.",
	}
	has := func(s series) bool {
		return s.cell.Parsed != nil && s.role != record.Floor && len(s.cell.Values(b.primary(s))) > 0
	}
	var scenes []*scene
	for _, sc := range b.merged(b.having(has), func(c *record.Cell) { c.Workers = 1 }) {
		sc = sc.with(has)
		workers := map[int]bool{}
		for _, series := range sc.series {
			workers[series.cell.Parsed.Workers] = true
		}
		if len(workers) > 1 {
			sc.cell.Workers = 0
			sc.title = b.short(sc.cell)
			scenes = append(scenes, sc)
		}
	}
	if len(scenes) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{What: "Scaling is not shown: no workload has valid launches with several numbers of workers.", How: b.advise(b.inputs, "-workers", "1,2,4")})
		return s
	}
	drawn := pick(scenes, mostSweep)
	for _, sc := range drawn {
		unit := b.primary(sc.series[0])
		var facets []plot.Facet
		cost, _ := b.costing(sc)
		for _, f := range []struct{ title, unit string }{{unit, unit}, {cost.name, cost.unit}} {
			if f.unit == "" {
				continue
			}
			facet := plot.Facet{Title: f.title + dagger(sc.series, func(*source.Cell) string { return f.unit }), Y: metric(f.unit)}
			facet.Curves = curvesIn(sc, func(s series) (plot.Point, bool) {
				y, lo, hi := estimate(s.cell.Values(f.unit))
				return plot.Point{X: float64(s.cell.Parsed.Workers), Y: y, Lo: lo, Hi: hi}, !math.IsNaN(y)
			})
			if len(facet.Curves) > 0 {
				facets = append(facets, facet)
			}
		}
		f := plot.ScalingCurve(b.caption("workers", "Against the number of workers", sc), plot.Quantity{Name: "workers"}, facets...)
		s.Blocks = append(s.Blocks, b.figure(f, howScaling, sc.words()))
		s.Blocks = append(s.Blocks, atMaxText(sc.series, func(*source.Cell) string { return unit })...)
	}
	s.Blocks = append(s.Blocks, b.left(drawn, scenes)...)
	return s
}

// primary is the unit in which a cell's workload is judged, or else shown.
func (b *builder) primary(s series) string {
	unit, _ := s.in.Shown(s.cell)
	return unit
}
