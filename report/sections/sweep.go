package sections

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

// mostSweep is how many figures there are of a sweep over loads, gaps or workers.
const mostSweep = 6

// byLoad draws quantiles against the offered load.
func (b *builder) byLoad() []page.Block {
	has := func(s series) bool {
		return len(s.cell.Values("offered-tasks/sec")) > 0 && len(s.cell.Values("achieved-tasks/sec")) > 0 && latencyOf(s.cell) != ""
	}
	missing := page.Missing{What: "Quantiles against the offered load are missing: no workload was measured at several loads.", How: b.advise(b.inputs, "-workload", "poisson", "-param", "load=0.1", "-param", "load=0.3", "-param", "load=0.5", "-param", "load=0.7", "-param", "load=0.9")}
	var sweeps []*scene
	for _, s := range b.merged(b.having(has), func(c *record.Cell) { blurParam(c, "load") }) {
		s = s.with(has)
		loads := map[string]bool{}
		for _, series := range s.series {
			if v, ok := param(*series.cell.Parsed, "load"); ok {
				loads[v] = true
			}
		}
		if len(loads) > 1 {
			sweeps = append(sweeps, s)
		}
	}
	return b.sweep(sweeps, missing, "load", howLoad, func(s *scene, c plot.Caption, facets []plot.Facet) *plot.Figure {
		return plot.LoadCurve(c, plot.Quantity{Name: "offered load", Unit: "tasks/s"}, facets...)
	}, func(s series) (x float64, saturated, ok bool) {
		offered := median(s.cell.Values("offered-tasks/sec"))
		return offered, s.cell.Saturated(), true
	}, "offered load")
}

// byGap draws quantiles against the idle gap.
func (b *builder) byGap() []page.Block {
	gap := func(s series) (time.Duration, bool) {
		if s.cell.Parsed == nil || latencyOf(s.cell) == "" || len(s.cell.Valid()) == 0 {
			return 0, false
		}
		v, _ := param(*s.cell.Parsed, "gap")
		d, err := time.ParseDuration(v)
		return d, err == nil && d > 0
	}
	has := func(s series) bool { _, ok := gap(s); return ok }
	missing := page.Missing{What: "Quantiles against the idle gap are missing: no workload has valid launches with several gaps.", How: b.advise(b.inputs, "-workload", "wake", "-param", "gap=5us", "-param", "gap=50us", "-param", "gap=500us", "-param", "gap=5ms", "-param", "gap=50ms")}
	var sweeps []*scene
	for _, s := range b.merged(b.having(has), func(c *record.Cell) { blurParam(c, "gap") }) {
		s = s.with(has)
		gaps := map[time.Duration]bool{}
		for _, series := range s.series {
			d, _ := gap(series)
			gaps[d] = true
		}
		if len(gaps) > 1 {
			sweeps = append(sweeps, s)
		}
	}
	return b.sweep(sweeps, missing, "gap", howGap, func(s *scene, c plot.Caption, facets []plot.Facet) *plot.Figure {
		return plot.GapCurve(c, plot.Quantity{Name: "idle gap", Unit: "ns"}, facets...)
	}, func(s series) (x float64, saturated, ok bool) {
		d, ok := gap(s)
		return float64(d), false, ok
	}, "idle gap")
}

// blurParam takes a parameter out of a cell.
func blurParam(c *record.Cell, name string) {
	c.Params = slices.DeleteFunc(c.Params, func(p record.Param) bool { return p.Name == name })
}

// sweep draws p50 and p99 of each scene against x.
func (b *builder) sweep(scenes []*scene, missing page.Missing, id, how string,
	figure func(*scene, plot.Caption, []plot.Facet) *plot.Figure,
	at func(series) (x float64, saturated, ok bool), against string) (blocks []page.Block) {
	if len(scenes) == 0 {
		return []page.Block{missing}
	}
	drawn := pick(scenes, mostSweep)
	for _, s := range drawn {
		name := latencyName(s)
		var facets []plot.Facet
		// Floors are of another size: on one axis the others would be a flat line.
		for _, floors := range []bool{false, true} {
			part := s.with(func(s series) bool { return (s.role == record.Floor) == floors })
			for _, q := range []string{"p50", "p99"} {
				unit := func(c *source.Cell) string { return q + "-ns/" + latencyOf(c) }
				facet := plot.Facet{Title: q + dagger(part.series, unit), Y: plot.Quantity{Name: name, Unit: "ns"}}
				if floors {
					facet.Title += ", floors"
					facet.Y.Name += " of floors"
				}
				facet.Curves = curvesIn(part, func(s series) (plot.Point, bool) {
					x, saturated, ok := at(s)
					y, lo, hi := estimate(s.cell.Values(unit(s.cell)))
					return plot.Point{X: x, Y: y, Lo: lo, Hi: hi, Saturated: saturated}, ok && !math.IsNaN(y)
				})
				if len(facet.Curves) > 0 {
					facets = append(facets, facet)
				}
			}
		}
		f := figure(s, b.caption(id, fmt.Sprintf("%s against the %s", capital(name), against), s), facets)
		blocks = append(blocks, b.figure(f, how, s.words()))
		blocks = append(blocks, atMaxText(s.series, func(c *source.Cell) string { return "p99-ns/" + latencyOf(c) }, id)...)
	}
	return append(blocks, b.left(drawn, scenes)...)
}

// curvesIn has a curve for each name, with the points of its cells.
func curvesIn(s *scene, point func(series) (plot.Point, bool)) (all []plot.Curve) {
	index := map[string]int{}
	for _, series := range s.series {
		p, ok := point(series)
		if !ok {
			continue
		}
		i, seen := index[series.name]
		if !seen {
			i = len(all)
			index[series.name] = i
			all = append(all, plot.Curve{Name: series.name})
		}
		all[i].Points = append(all[i].Points, p)
	}
	for i := range all {
		slices.SortStableFunc(all[i].Points, func(a, b plot.Point) int { return cmp.Compare(a.X, b.X) })
	}
	return all
}
