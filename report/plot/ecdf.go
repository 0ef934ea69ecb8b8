package plot

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// ECDF returns the empirical distribution functions of the samples: the share of
// a sample that is not above x, with x logarithmic.
func ECDF(c Caption, q Quantity, samples ...Sample) *Figure {
	return cumulative(c, q, samples, "Empirical distribution functions", "share of samples up to this", false)
}

// CCDF returns the complements of the empirical distribution functions: the
// share of a sample that is above x, both logarithmic. A tail that falls like a
// power is a straight line.
func CCDF(c Caption, q Quantity, samples ...Sample) *Figure {
	return cumulative(c, q, samples, "Complementary distribution functions", "share of samples above this", true)
}

func cumulative(c Caption, q Quantity, samples []Sample, kind, share string, complement bool) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name", "samples", q.column(), share}
	palette := c.palette()
	var lines []Line
	var xs []float64
	least := 0.1
	var said []string
	for i, d := range sortedAll(samples) {
		f.drop(d.offLog())
		l := Line{Name: Label(d.name), Mark: palette.Mark(d.name), Step: true, Phase: phase(i, len(samples))}
		f.showSeries(palette, d.name, l)
		if d.n() == 0 {
			f.Table.add(d.name, 0, "", "")
			said = append(said, l.Name+": no samples")
			continue
		}
		n := float64(d.n())
		for j, v := range d.values {
			y := float64(d.upto[j]) / n
			if complement {
				// The last value has nothing above it, which has no place.
				y = float64(d.n()-d.upto[j]) / n
			}
			if !onLog(v) || complement && y == 0 {
				continue
			}
			if complement {
				least = math.Min(least, y)
			}
			if len(l.XYs) == 0 { // where the function rises or falls first
				before := 0.0
				if j > 0 {
					before = float64(d.upto[j-1]) / n
				}
				if complement {
					before = 1 - before
				}
				l.XYs = append(l.XYs, plotter.XY{X: v, Y: before})
			}
			l.XYs = append(l.XYs, plotter.XY{X: v, Y: y})
		}
		if values := d.positive(); len(values) > 0 {
			xs = append(xs, values[0], values[len(values)-1])
			if last := len(l.XYs) - 1; last >= 0 {
				// To the greatest value, from which on there is nothing.
				l.XYs = append(l.XYs, plotter.XY{X: values[len(values)-1], Y: l.XYs[last].Y})
			}
		}
		for _, p := range tabulated {
			if p > d.deepest()+1e-12 && p < 1 {
				continue
			}
			v := d.quantile(p)
			at, _ := slices.BinarySearch(d.values, v)
			y := float64(d.upto[at]) / n
			if complement {
				y = float64(d.n()-d.upto[at]) / n
			}
			f.Table.add(d.name, d.n(), v, y)
		}
		l.title = fmt.Sprintf("%s: from %s to %s, %s", l.Name, q.Format(d.values[0]), q.Format(d.values[len(d.values)-1]), q.says(d, 0.5, 0.9, 0.99))
		said = append(said, l.title)
		lines = append(lines, l)
	}
	f.Desc = fmt.Sprintf("%s of the %s of %d series. %s.", kind, Label(q.Name), len(samples), strings.Join(said, "; "))
	lo, hi := logRange(xs...)
	f.panels = []panel{{
		y: share + map[bool]string{true: " (log scale)"}[complement],
		x: q.axis(lo, hi, true),
		build: func(width float64) (*plot.Plot, float64) {
			p := newPlot()
			scaled(&p.X, lo, hi, Log{}, LogTicks{q})
			if complement {
				scaled(&p.Y, least/1.5, 1, Log{}, shareTicks{}) // the last step is clear of the axis
			} else {
				scaled(&p.Y, 0, 1, plot.LinearScale{}, shareTicks{linear: true})
			}
			return withLines(p, lines, width)
		},
	}}
	return f
}

// tabulated are the quantiles at which a distribution function is in the table.
var tabulated = []float64{0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 1}

// shareTicks are percents: equal steps, or the powers of ten.
type shareTicks struct{ linear bool }

func (t shareTicks) Ticks(lo, hi float64) []plot.Tick { return t.thin(0, lo, hi) }

func (t shareTicks) thin(level int, lo, hi float64) []plot.Tick {
	if t.linear {
		if level > 2 {
			return nil
		}
		var ticks []plot.Tick
		for v, step := 0, []int{20, 25, 50}[level]; v <= 100; v += step {
			ticks = append(ticks, plot.Tick{Value: float64(v) / 100, Label: strconv.Itoa(v) + noBreakSpace + "%"})
		}
		return ticks
	}
	if level > 8 {
		return nil
	}
	ticks := []plot.Tick{}
	for d := 0; math.Pow10(-d) >= lo*(1-1e-9) && d < 20; d++ {
		t := plot.Tick{Value: math.Pow10(-d)}
		if d%(level+1) == 0 {
			t.Label = strconv.FormatFloat(math.Pow10(2-d), 'f', -1, 64) + noBreakSpace + "%"
		}
		ticks = append(ticks, t)
	}
	slices.Reverse(ticks)
	return ticks
}
