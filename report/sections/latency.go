package sections

import (
	"fmt"
	"slices"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/stats/compare"
)

// How many scenes are drawn: with their spectrum, and with all figures, each of
// another workload.
const (
	spectra  = 8
	closeUps = 3
)

// shortTable is how many rows a table may have without being folded.
const shortTable = 16

func (b *builder) latency() page.Section {
	s := page.Section{
		ID:    "latency",
		Title: "Wake-up latency",
		Lead:  "How long a task waits until a worker that slept runs it, from the time it was due. All valid launches of a cell are taken together.",
	}
	has := func(s series) bool { return s.cell.Latency != nil && s.cell.Latency.TotalCount() > 0 }
	scenes := b.having(has)
	if len(scenes) == 0 && len(b.Source.Logs) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{
			What: "There are no distributions: none of the inputs has histograms with valid launches. A benchmark file alone has none; a result folder has, in latency/*.hlog.",
			How:  b.advise(b.inputs, "-workload", "wake"),
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
			s.Blocks = append(s.Blocks, b.figure(f, how, sc.words()))
		}
		s.Blocks = append(s.Blocks, page.Heading(capital(sc.full)))
		figure(plot.Spectrum(b.caption("spectrum", "Percentiles of the "+q.Name, sc), q, samples...), howSpectrum)
		if !slices.ContainsFunc(close, func(other *scene) bool { return other.title == sc.title }) {
			continue
		}
		figure(plot.ECDF(b.caption("ecdf", "Distribution of the "+q.Name, sc), q, samples...), howECDF)
		figure(plot.CCDF(b.caption("ccdf", "Tail of the "+q.Name, sc), q, samples...), howCCDF)
		figure(plot.LetterValuePlot(b.caption("letters", "Letter values of the "+q.Name, sc), q, samples...), howLetters)
		figure(plot.HeatMap(b.caption("heat", capital(q.Name)+" over the run", sc), "round", q, timeSeries(sc)...), howHeat)
	}
	t := b.quantiles()
	if t != nil || len(drawn) < len(scenes) {
		s.Blocks = append(s.Blocks, page.Heading("All cells"))
	}
	s.Blocks = append(s.Blocks, b.left(drawn, scenes)...)
	if t != nil && len(t.Rows) <= shortTable {
		s.Blocks = append(s.Blocks, *t)
	} else if t != nil {
		s.Blocks = append(s.Blocks, page.Details{Summary: fmt.Sprintf("Quantiles of all %d cells", len(t.Rows)), Blocks: []page.Block{*t}})
	}
	s.Blocks = append(s.Blocks, b.logs()...)
	s.Blocks = append(s.Blocks, page.Heading("Against the offered load"))
	s.Blocks = append(s.Blocks, b.byLoad()...)
	s.Blocks = append(s.Blocks, page.Heading("Against the idle gap"))
	s.Blocks = append(s.Blocks, b.byGap()...)
	return s
}

// left says how many scenes are drawn, if that is not all, and how to see another.
func (b *builder) left(drawn, all []*scene) []page.Block {
	for _, s := range all {
		if !slices.Contains(drawn, s) {
			return []page.Block{page.Commands{
				About: fmt.Sprintf("%d of %d groups of cells are drawn. A page with another one, %s:", len(drawn), len(all), s.title),
				Lines: []string{b.filterCommand(s)},
			}}
		}
	}
	return nil
}

// filterCommand shows one scene only.
func (b *builder) filterCommand(s *scene) string {
	filter := ".name:" + s.workload
	if s.cell.Name() != (record.Cell{Workload: s.workload}).Name() {
		filter = ".name:" + benchmarkName(s.cell.Name())
		for _, p := range s.cell.Params {
			filter += " /" + p.Name + ":" + p.Value
		}
	}
	command := "report -o page.html -filter " + phrase.Shell(filter)
	for _, in := range b.Source.Inputs {
		command += " " + phrase.Shell(in.Argument())
	}
	return b.anywhere(command)
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

// timeSeries has a slice for each valid launch: a log has one interval for each, so
// that there is no time within. Floors are of another size, and left out.
func timeSeries(s *scene) (all []plot.TimeSeries) {
	for _, series := range s.series {
		if series.role == record.Floor {
			continue
		}
		ts := plot.TimeSeries{Name: series.name}
		for _, l := range series.cell.Launches {
			if !l.Valid() || l.Latency == nil {
				continue
			}
			values := sample("", l.Latency)
			ts.Slices = append(ts.Slices, plot.Slice{At: l.Round, Values: values.Values, Counts: values.Counts})
		}
		all = append(all, ts)
	}
	return all
}

// quantiles is a table of all cells that have a latency; nil if there are none. Its
// quantiles are medians over the launches.
func (b *builder) quantiles() *page.Table {
	t := page.Table{
		ID: b.id("quantiles"), Caption: "Median over valid launches of each quantile, in the launches' unit", Filter: true,
		Columns: []page.Column{{Title: "cell", Code: true}, {Title: "per"}, {Title: "p50", Number: true}, {Title: "p90", Number: true}, {Title: "p99", Number: true}, {Title: "p99.9", Number: true}, {Title: "max", Number: true},
			{Title: "samples", Number: true}, {Title: "launches", Number: true}},
	}
	var marked []string // units
	for _, in := range b.inputs {
		for _, c := range in.Cells {
			per := latencyOf(c)
			if per == "" || c.Role == record.Calibration {
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
					unit := q + "-ns/" + per
					if c.AtMax(unit) {
						marked = append(marked, unit)
					}
					row = append(row, markedCell(number(median(values), "ns"), c.AtMax(unit)))
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
	if note := compare.AtMaxNote(marked...); note != "" {
		t.Caption += ". " + note
	}
	return &t
}
