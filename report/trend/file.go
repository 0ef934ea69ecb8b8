package trend

import (
	"slices"
	"time"

	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Value is what a benchmark file says about a benchmark in one unit.
type Value struct {
	Cell   string // the name, with the configuration that tells it from others of the file
	Unit   string
	Better record.Better
	Judged bool
	Median float64
}

// OfFile makes a point in a history of a benchmark file. A benchmark is shown as in a
// report: in its primary unit, or in ns/op, or without that in each unit that has a better
// direction. The file's date is that of its configuration, or of its first launch; a file
// may have none.
func OfFile(in *source.Input) Folder {
	f := Folder{Name: in.Name, Values: []Value{}}
	f.Run.Config = in.Config
	if t, err := time.Parse(time.RFC3339, f.Run.Fact("date")); err == nil {
		f.Run.Start = t
	}
	for _, l := range in.Launches {
		if f.Run.Start.IsZero() || !l.Start.IsZero() && l.Start.Before(f.Run.Start) {
			f.Run.Start = l.Start
		}
	}
	for _, c := range in.Cells {
		primary, judged := in.Shown(c)
		add := func(unit string, better record.Better) bool {
			values := c.Values(unit)
			if len(values) > 0 {
				f.Values = append(f.Values, Value{c.Title(), unit, better, judged, compare.Median(values)})
			}
			return len(values) > 0
		}
		if add(primary, in.Unit(primary).Better) {
			continue
		}
		for _, u := range in.Units {
			if u.Better != record.Neither {
				add(u.Name, u.Better)
			}
		}
	}
	return f
}

// addValues puts the values of a file into the metrics.
func (h *History) addValues(index int, values []Value) {
	for _, v := range values {
		_, base := benchunit.Tidy(1, v.Unit)
		i := slices.IndexFunc(h.Metrics, func(m Metric) bool {
			_, unit := benchunit.Tidy(1, m.Unit)
			return m.Cell == v.Cell && unit == base
		})
		if i < 0 {
			i = len(h.Metrics)
			m := Metric{Cell: v.Cell, Unit: v.Unit, Better: v.Better}
			if !v.Judged {
				m.Missing = record.NotJudged
			}
			h.Metrics = append(h.Metrics, m)
		}
		m := &h.Metrics[i]
		factor, _ := benchunit.Tidy(1, m.Unit)
		value, _ := benchunit.Tidy(v.Median, v.Unit)
		m.Runs = append(m.Runs, index)
		m.Values = append(m.Values, value/factor)
	}
}
