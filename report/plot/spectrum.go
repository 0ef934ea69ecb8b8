package plot

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// Spectrum returns the percentile spectrum of the samples: the quantiles of q on
// an axis of nines; each ends where fewer than ten samples are above
// it. A sample of fewer than twenty has no median that is known well enough, and
// is only in the table.
func Spectrum(c Caption, q Quantity, samples ...Sample) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name", "samples", "quantile", q.column()}
	palette := c.palette()
	var lines []Line
	deepest, bottom := 0.9, math.Inf(1)
	var said []string
	for i, d := range sortedAll(samples) {
		f.drop(d.offLog())
		mark := palette.Mark(d.name)
		l := Line{Name: Label(d.name), Mark: mark, Phase: phase(i, len(samples))}
		f.showSeries(palette, d.name, l)
		if d.n() == 0 {
			f.Table.add(d.name, 0, "", "")
			said = append(said, l.Name+": no samples")
			continue
		}
		end := d.deepest()
		for _, p := range []float64{0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999} {
			if p <= end+1e-12 {
				f.Table.add(d.name, d.n(), cell(p), d.quantile(p))
			}
		}
		f.Table.add(d.name, d.n(), "1", d.quantile(1))
		if end == 0 {
			said = append(said, fmt.Sprintf("%s: %d samples are too few", l.Name, d.n()))
			f.note("%s has %d samples, too few for any quantile.", l.Name, d.n())
			continue
		}
		deepest = max(deepest, end)
		const points = 400
		for j := range points + 1 {
			p := fromNines(nines(end) * float64(j) / points)
			if v := d.quantile(p); onLog(v) {
				l.XYs = append(l.XYs, plotter.XY{X: p, Y: v})
			}
		}
		l.title = fmt.Sprintf("%s: %s", l.Name, q.says(d, 0.5, 0.9, 0.99, 0.999))
		said = append(said, l.title)
		lines = append(lines, l)
		if v := d.quantile(lowest); onLog(v) {
			bottom = min(bottom, v)
		}
	}
	f.note("The latency axis begins at the lowest %s quantile; a line ends where fewer than %d samples are above it.", percent(lowest), remain)
	f.Desc = fmt.Sprintf("Percentile spectrum of the %s of %d series. %s.", Label(q.Name), len(samples), strings.Join(said, "; "))
	_, hi := linesRange(lines)
	lo := min(bottom, hi/2)
	f.panels = []panel{{
		y: q.axis(lo, hi, true),
		x: "quantile",
		build: func(width float64) (*plot.Plot, float64) {
			p := newPlot()
			scaled(&p.X, 0, deepest, Nines{}, NinesTicks{})
			scaled(&p.Y, lo, hi, Log{}, LogTicks{q})
			return withLines(p, lines, width)
		},
	}}
	return f
}

// lowest is the quantile at which the latency axis begins: the fastest few samples
// would take most of its height, and are of no interest.
const lowest = 0.05

// phase spreads the shapes of n lines.
func phase(i, n int) float64 { return (float64(i) + 0.5) / float64(max(n, 1)) }

// says writes some quantiles of a sample: those with enough samples above them,
// and the median always.
func (q Quantity) says(d distribution, ps ...float64) string {
	var said []string
	for _, p := range ps {
		switch {
		case p == 0.5:
			said = append(said, "median "+q.Format(d.quantile(p)))
		case p <= d.deepest()+1e-12:
			said = append(said, percent(p)+" "+q.Format(d.quantile(p)))
		}
	}
	return strings.Join(said, ", ")
}

// linesRange returns the ends of a logarithmic y axis for the lines.
func linesRange(lines []Line) (lo, hi float64) {
	var ys []float64
	for _, l := range lines {
		for _, p := range l.XYs {
			ys = append(ys, p.Y)
		}
	}
	return logRange(ys...)
}

// withLines adds lines and a grid to a plot whose axes are set up.
func withLines(p *plot.Plot, lines []Line, width float64) (*plot.Plot, float64) {
	height := plotHeight(width)
	fitTicks(p, width, height)
	p.Add(Grid{X: true, Y: true})
	empty := true
	for _, l := range lines {
		if len(l.XYs) > 0 {
			p.Add(l)
			empty = false
		}
	}
	if empty {
		p.Add(nothing{"no data to draw"})
	}
	return p, height
}

// plotHeight is the height of a plot of a width.
func plotHeight(width float64) float64 { return min(max(width*0.55, 220), 340) }
