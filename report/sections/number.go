package sections

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchmath"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
)

// scaled finds the part of a unit's name by which it is scaled: ns/wake of
// p99-ns/wake.
var scaled = regexp.MustCompile(`^(?:.*-)?((?:ns|us|µs|ms|s|sec)(?:/.*)?)$`)

// quantity is a metric as package plot writes it.
func quantity(name, unit string) plot.Quantity {
	if m := scaled.FindStringSubmatch(unit); m != nil {
		return plot.Quantity{Name: name, Unit: m[1]}
	}
	return plot.Quantity{Name: name, Unit: unit}
}

// quantile finds the parts of a unit such as p99.9-ns/wake.
var quantile = regexp.MustCompile(`^(p[0-9.]+|max)-(?:ns|sec)/(.+)$`)

// metric is an axis's description of a unit.
func metric(unit string) plot.Quantity {
	if m := quantile.FindStringSubmatch(unit); m != nil {
		q := quantity("", unit)
		q.Unit, _, _ = strings.Cut(q.Unit, "/")
		q.Name = m[1] + " of the " + latencyPer(m[2])
		return q
	}
	switch unit {
	case "ns/op", "sec/op":
		return quantity("time", unit)
	}
	if name, ok := cpuTimes[unit]; ok {
		return quantity(name, unit)
	}
	return quantity(unit, unit)
}

// The two quantities that were called CPU time. Only runs from before the submitter
// was a parameter have the second. It is another quantity, so that the two never
// share an axis or a comparison.
const (
	costName  = "CPU time of everything the user pays for"
	olderName = "CPU time without the submitter (older runs)"
)

// cpuTimes names units of CPU time.
var cpuTimes = map[string]string{
	"cost-ns/task": costName, "cost-ns/sec": costName,
	"cpu-ns/task": olderName, "cpu-ns/sec": olderName,
	"worker-cpu-ns/task": "CPU time of the workers", "worker-cpu-ns/sec": "CPU time of the workers",
	"submitter-cpu-ns/task": "CPU time of the submitter", "submitter-cpu-ns/sec": "CPU time of the submitter",
	"runtime-cpu-ns/task": "CPU time of Go's runtime", "runtime-cpu-ns/sec": "CPU time of Go's runtime",
}

// A costing is a unit of what a task costs, with the name of the quantity.
type costing struct{ unit, name string }

// costing returns the unit in which the costs of a scene are shown, and the scene
// with the series that have it. Older series are left out if there are newer ones.
func (b *builder) costing(s *scene) (costing, *scene) {
	for _, c := range []costing{{"cost-ns/task", costName}, {"cpu-ns/task", olderName}} {
		if of := s.with(func(s series) bool { return len(s.cell.Values(c.unit)) > 0 }); len(of.series) > 0 {
			return c, of
		}
	}
	return costing{}, s.with(func(series) bool { return false })
}

// number is a cell of a table with a value in a unit.
func number(v float64, unit string) page.Cell {
	return page.Cell{Text: quantity("", unit).Format(v), Value: v}
}

// markedCell is a cell with a dagger, if it is to have one.
func markedCell(c page.Cell, mark bool) page.Cell {
	if mark {
		c.Text += compare.Dagger
	}
	return c
}

// dagger is one, if some of the series have a quantile in the unit that is marked.
func dagger(all []series, unit func(*source.Cell) string) string {
	for _, s := range all {
		if s.cell.AtMax(unit(s.cell)) {
			return compare.Dagger
		}
	}
	return ""
}

// atMaxText explains the dagger below a figure, and says which series have it, since a
// figure marks the quantile and not each point: of a sweep over a parameter, with its
// values.
func atMaxText(all []series, unit func(*source.Cell) string, sweep ...string) []page.Block {
	var units, names []string
	for _, s := range all {
		if u := unit(s.cell); s.cell.AtMax(u) {
			name := s.name
			for _, p := range sweep {
				if v, ok := param(*s.cell.Parsed, p); ok {
					name += " at " + p + "=" + v
				}
			}
			units, names = append(units, u), addNew(names, name)
		}
	}
	if len(units) == 0 {
		return nil
	}
	which := strings.Join(names, ", ")
	if len(names) > mostMarked {
		which = fmt.Sprintf("%d of %d points", len(names), len(all))
	}
	return []page.Block{page.Text(compare.AtMaxNote(units...) + ": " + which + ".")}
}

// mostMarked is how many points with a dagger are named below a figure.
const mostMarked = 16

// whole is a cell with a count.
func whole[T int | int64](n T) page.Cell {
	return page.Cell{Text: strconv.FormatInt(int64(n), 10), Value: float64(n)}
}

// none is a cell without a value.
func none() page.Cell { return page.Cell{Text: "–", Value: math.NaN(), Tone: page.Weak} }

// estimate is the median of the launches' values with its interval at 95 %, which
// is lo = hi = 0 if there are too few for one.
func estimate(values []float64) (median, lo, hi float64) {
	if len(values) == 0 {
		return math.NaN(), 0, 0
	}
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds), 0.95)
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) || math.IsNaN(s.Lo) || math.IsNaN(s.Hi) {
		return s.Center, 0, 0
	}
	return s.Center, s.Lo, s.Hi
}

// mean returns the mean; NaN of nothing.
func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// median returns the median; NaN of nothing.
func median(values []float64) float64 {
	m, _, _ := estimate(values)
	return m
}
