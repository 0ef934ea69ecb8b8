package sections

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/bench/result"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

// How many scenes are drawn: with their spectrum, and with all figures, each of
// another workload.
const (
	spectra   = 8
	closeUps  = 3
	mostSweep = 6 // figures of a sweep over loads, gaps or workers
)

// shortTable is how many rows a table has that nobody minds to scroll past.
const shortTable = 16

func (b *builder) latency() page.Section {
	s := page.Section{
		ID:    "latency",
		Title: "Wake-up latency",
		Lead:  "How long a task waits until a worker that slept runs it, from the time it was due. All valid launches of a cell are taken together.",
	}
	has := func(s series) bool { return s.cell.Latency != nil && s.cell.Latency.TotalCount() > 0 }
	scenes := b.having(has)
	if len(scenes) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{
			What: "There are no distributions: none of the inputs has histograms with valid launches. A benchmark file alone has none; a result folder has, in latency/*.hlog.",
			How:  "bench run -workload wake",
		})
	}
	drawn := pick(scenes, spectra)
	workloads := map[string]bool{}
	for _, sc := range scenes {
		workloads[sc.workload] = true
	}
	close := pick(scenes, min(closeUps, len(workloads)))
	for _, sc := range drawn {
		sc := sc.with(has)
		q := plot.Quantity{Name: latencyName(sc), Unit: "ns"}
		var samples []plot.Sample
		for _, series := range sc.series {
			samples = append(samples, sample(series.name, series.cell.Latency))
		}
		figure := func(f *plot.Figure, how string) {
			s.Blocks = append(s.Blocks, page.Figure{Figure: f, How: how, Cell: sc.words()})
		}
		s.Blocks = append(s.Blocks, page.Heading(capital(sc.full)))
		figure(plot.Spectrum(b.caption("spectrum", "Percentiles of the "+q.Name, sc), q, samples...), howSpectrum)
		if !slices.ContainsFunc(close, func(other *scene) bool { return other.title == sc.title }) {
			continue
		}
		figure(plot.ECDF(b.caption("ecdf", "Distribution of the "+q.Name, sc), q, samples...), howECDF)
		figure(plot.CCDF(b.caption("ccdf", "Tail of the "+q.Name, sc), q, samples...), howCCDF)
		figure(plot.LetterValuePlot(b.caption("letters", "Letter values of the "+q.Name, sc), q, samples...), howLetters)
		figure(plot.HeatMap(b.caption("heat", capital(q.Name)+" over the run", sc), q, timeSeries(sc)...), howHeat)
	}
	if len(drawn) < len(scenes) || len(close) < len(drawn) {
		s.Blocks = append(s.Blocks, page.Commands{
			About: fmt.Sprintf("Drawn are %d of %s, and %d of them in all figures; the table below has the numbers of all. A filter shows other ones:",
				len(drawn), count(len(scenes), "scene"), len(close)),
			Lines: []string{b.filterCommand(scenes[len(scenes)-1])},
		})
	}
	if t := b.quantiles(); t != nil && len(t.Rows) <= shortTable {
		s.Blocks = append(s.Blocks, page.Heading("Quantiles of all cells"), *t)
	} else if t != nil {
		s.Blocks = append(s.Blocks, page.Details{Summary: fmt.Sprintf("Quantiles of all %d cells", len(t.Rows)), Blocks: []page.Block{*t}})
	}
	s.Blocks = append(s.Blocks, page.Heading("Against the offered load"))
	s.Blocks = append(s.Blocks, b.byLoad()...)
	s.Blocks = append(s.Blocks, page.Heading("Against the idle gap"))
	s.Blocks = append(s.Blocks, b.byGap()...)
	return s
}

// filterCommand shows one scene only.
func (b *builder) filterCommand(s *scene) string {
	filter := ".name:" + s.workload
	if s.cell.Workers > 0 {
		filter = ".name:" + benchmarkName(s.cell.Name())
		for _, p := range s.cell.Params {
			filter += " /" + p.Name + ":" + p.Value
		}
	}
	command := "report -o page.html -filter " + quote(filter)
	for _, in := range b.Source.Inputs {
		command += " " + quote(in.Name)
	}
	return command
}

// benchmarkName is the name before the first slash.
func benchmarkName(name string) string {
	for i := range name {
		if name[i] == '/' {
			return name[:i]
		}
	}
	return name
}

// sample is what a histogram has, with the middle of each bucket as the value.
func sample(name string, h *hdrhistogram.Histogram) plot.Sample {
	s := plot.Sample{Name: name}
	for _, bar := range h.Distribution() {
		if bar.Count > 0 {
			s.Values = append(s.Values, (float64(bar.From)+float64(bar.To))/2)
			s.Counts = append(s.Counts, bar.Count)
		}
	}
	return s
}

// timeSeries has a slice for each valid launch.
func timeSeries(s *scene) (all []plot.TimeSeries) {
	for _, series := range s.series {
		ts := plot.TimeSeries{Name: series.name}
		var begin time.Time
		for _, l := range series.in.Launches {
			if begin.IsZero() || l.Start.Before(begin) {
				begin = l.Start
			}
		}
		for _, l := range series.cell.Launches {
			if !l.Valid() || l.Latency == nil {
				continue
			}
			at := l.Start.Sub(begin).Seconds()
			values := sample("", l.Latency)
			ts.Slices = append(ts.Slices, plot.Slice{Start: at, End: at + max(l.Duration.Seconds(), 1e-3), Values: values.Values, Counts: values.Counts})
		}
		all = append(all, ts)
	}
	return all
}

// quantiles is a table of all cells that have a latency; nil if there are none. Its
// quantiles are medians of those of the launches.
func (b *builder) quantiles() *page.Table {
	t := page.Table{
		ID: b.id("quantiles"), Caption: "Median over valid launches of each quantile, in the launches' unit", Filter: true,
		Columns: []page.Column{{Title: "cell", Code: true}, {Title: "per"}, {Title: "p50", Number: true}, {Title: "p90", Number: true}, {Title: "p99", Number: true}, {Title: "p99.9", Number: true}, {Title: "max", Number: true},
			{Title: "samples", Number: true}, {Title: "launches", Number: true}},
	}
	for _, in := range b.inputs {
		for _, c := range in.Cells {
			per := latencyOf(c)
			if per == "" || c.Role == source.Calibration {
				continue
			}
			name := c.Name
			if len(b.inputs) > 1 {
				name = b.labels[in] + ": " + name
			}
			row := []page.Cell{{Text: name}, {Text: per}}
			n := 0
			for _, q := range []string{"p50", "p90", "p99", "p99.9", "max"} {
				values := c.Values(q + "-ns/" + per)
				n = max(n, len(values))
				if len(values) == 0 {
					row = append(row, none())
				} else {
					row = append(row, number(median(values), "ns"))
				}
			}
			samples := none()
			if c.Latency != nil {
				samples = whole(c.Latency.TotalCount())
			}
			t.Rows = append(t.Rows, append(row, samples, whole(n)))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return &t
}

// byLoad draws quantiles against the offered load.
func (b *builder) byLoad() []page.Block {
	has := func(s series) bool {
		return len(s.cell.Values("offered-tasks/sec")) > 0 && len(s.cell.Values("achieved-tasks/sec")) > 0 && latencyOf(s.cell) != ""
	}
	missing := page.Missing{What: "Quantiles against the offered load are missing: no workload was measured at several loads.", How: "bench run -workload poisson -param load=0.1 -param load=0.3 -param load=0.5 -param load=0.7 -param load=0.9"}
	var sweeps []*scene
	for _, s := range merged(b.having(has), b.short, func(c *result.Cell) { blurParam(c, "load") }) {
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
		return offered, median(s.cell.Values("achieved-tasks/sec")) < achieved*offered, true
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
	missing := page.Missing{What: "Quantiles against the idle gap are missing: no workload has valid launches with several gaps.", How: "bench run -workload wake -param gap=5us -param gap=50us -param gap=500us -param gap=5ms -param gap=50ms"}
	var sweeps []*scene
	for _, s := range merged(b.having(has), b.short, func(c *result.Cell) { blurParam(c, "gap") }) {
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
func blurParam(c *result.Cell, name string) {
	c.Params = slices.DeleteFunc(c.Params, func(p result.Param) bool { return p.Name == name })
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
		for _, q := range []string{"p50", "p99"} {
			facet := plot.Facet{Title: q, Y: plot.Quantity{Name: name, Unit: "ns"}}
			facet.Curves = curves(s, func(s series) (plot.Point, bool) {
				x, saturated, ok := at(s)
				y, lo, hi := estimate(s.cell.Values(q + "-ns/" + latencyOf(s.cell)))
				return plot.Point{X: x, Y: y, Lo: lo, Hi: hi, Saturated: saturated}, ok && !math.IsNaN(y)
			})
			facets = append(facets, facet)
		}
		f := figure(s, b.caption(id, fmt.Sprintf("%s against the %s", capital(name), against), s), facets)
		blocks = append(blocks, page.Figure{Figure: f, How: how, Cell: s.words()})
	}
	return append(blocks, left(len(drawn), len(scenes))...)
}

// left says how many figures there could be, if there are more.
func left(drawn, all int) []page.Block {
	if drawn == all {
		return nil
	}
	return []page.Block{page.Text("Drawn are " + strconv.Itoa(drawn) + " of " + strconv.Itoa(all) + "; a filter shows others.")}
}

// curves has a curve for each name, with the points of its cells.
func curves(s *scene, point func(series) (plot.Point, bool)) (all []plot.Curve) {
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
		slices.SortStableFunc(all[i].Points, func(a, b plot.Point) int { return compareFloats(a.X, b.X) })
	}
	return all
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
