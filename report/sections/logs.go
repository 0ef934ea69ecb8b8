package sections

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/report/hlog"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

// mostLogs is how many series of interval logs are drawn.
const mostLogs = 8

// A logSeries is a series of a log, with the name it has in figures.
type logSeries struct {
	name string
	log  *source.Log
	hlog.Series
}

// logs draws the interval logs that were given by themselves. Values without a unit are not
// drawn next to times.
func (b *builder) logs() (blocks []page.Block) {
	if len(b.Source.Logs) == 0 {
		return nil
	}
	var times, others []logSeries
	for _, log := range b.Source.Logs {
		for _, s := range log.Series() {
			series := logSeries{logName(log, s.Tag), log, s}
			if log.Unit == "ns" {
				times = append(times, series)
			} else {
				others = append(others, series)
			}
		}
	}
	blocks = append(blocks,
		page.Heading("Interval logs"),
		page.Text("All intervals of a log with the same tag combined. In this suite's logs, the tag \"invalid\" marks invalid launches."))
	blocks = append(blocks, b.logFigures(times, plot.Quantity{Name: "value", Unit: "ns"})...)
	blocks = append(blocks, b.logFigures(others, plot.Quantity{Name: "value, in the log's unit"})...)
	for _, log := range b.Source.Logs {
		blocks = append(blocks, page.Text(log.File+": "+strings.Join(log.Notes, " ")))
	}
	return blocks
}

// logName names a series.
func logName(log *source.Log, tag string) string {
	name := filepath.Base(log.File)
	if tag != "" {
		name += " " + tag
	}
	return name
}

// logFigures draws series with the same quantity.
func (b *builder) logFigures(all []logSeries, q plot.Quantity) (blocks []page.Block) {
	if len(all) == 0 {
		return nil
	}
	drawn := all[:min(len(all), mostLogs)]
	var samples []plot.Sample
	var heat []plot.TimeSeries
	var files []string
	for _, s := range drawn {
		samples = append(samples, barSample(s.name, s.Values))
		ts := plot.TimeSeries{Name: s.name}
		for n, i := range s.Intervals {
			values := barSample("", i.Values())
			ts.Slices = append(ts.Slices, plot.Slice{At: n, Values: values.Values, Counts: values.Counts})
		}
		heat = append(heat, ts)
		if !slices.Contains(files, s.log.File) {
			files = append(files, s.log.File)
		}
	}
	words := strings.Join(files, " ")
	blocks = append(blocks,
		b.figure(plot.Spectrum(b.caption("logs", "Percentiles of the interval logs", nil), q, samples...), howSpectrum, words),
		b.figure(plot.HeatMap(b.caption("logs-heat", "Interval logs over time", nil), "interval", q, heat...), howHeat, words))
	if len(drawn) < len(all) {
		blocks = append(blocks, page.Text(fmt.Sprintf("%d of %d series are drawn. Name other logs alone to see them.", len(drawn), len(all))))
	}
	return blocks
}

// barSample has the middle of each bar as its value.
func barSample(name string, v hlog.Values) plot.Sample {
	s := plot.Sample{Name: name}
	for _, bar := range v.Bars {
		s.Values = append(s.Values, (bar.From+bar.To)/2)
		s.Counts = append(s.Counts, bar.Count)
	}
	return s
}
