package plot

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/idlebench/idlebench/internal/phrase"
)

// A TimeSeries is what one implementation measured in one stretch after the other.
type TimeSeries struct {
	Name   string
	Slices []Slice
}

// A Slice is what was measured in a stretch, such as a round or an interval.
type Slice struct {
	At     int // which stretch, from 0 on
	Values []float64
	Counts []int64 // as in [Sample]
}

// mostColumns is how many columns a heat map has.
const mostColumns = 60

// valid reports whether the slice has a place.
func (s Slice) valid() bool { return s.At >= 0 && s.At < 1<<40 }

// shares are the least shares of a column's samples for the levels of heat.
var shares = [7]float64{0, 0.0001, 0.001, 0.01, 0.03, 0.1, 0.3}

// HeatMap returns latency over time: a column is a stretch, such as a round, a row
// a range of values, and the colour says which share of the column's samples is in
// it. Of more than 60 stretches as many are put together as it takes, in each
// column the same number. Each series has a panel of its own, with the same axes.
func HeatMap(c Caption, stretch string, q Quantity, series ...TimeSeries) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name", "from " + stretch, "to " + stretch, "samples",
		"median " + q.column(), "99 % " + q.column(), "maximum " + q.column()}
	stretches := 1
	for _, s := range series {
		for _, sl := range s.Slices {
			if sl.valid() {
				stretches = max(stretches, sl.At+1)
			}
		}
	}
	each := (stretches + mostColumns - 1) / mostColumns
	columns := (stretches + each - 1) / each
	var values []float64
	var said []string
	maps := make([][]distribution, len(series))
	for i, s := range series {
		parts := make([]Sample, columns)
		for _, sl := range s.Slices {
			if !sl.valid() {
				f.drop(Sample{Values: sl.Values, Counts: sl.Counts}.sorted().n())
				continue
			}
			part := &parts[sl.At/each]
			for j, v := range sl.Values {
				n := int64(1)
				if j < len(sl.Counts) {
					n = sl.Counts[j]
				}
				part.Values, part.Counts = append(part.Values, v), append(part.Counts, n)
			}
		}
		maps[i] = sortedAll(parts)
		total, greatest := int64(0), math.Inf(-1)
		for j, d := range maps[i] {
			f.drop(d.offLog())
			if d.n() == 0 {
				continue
			}
			if v := d.positive(); len(v) > 0 {
				values = append(values, v[0], v[len(v)-1])
			}
			last := d.values[len(d.values)-1]
			f.Table.add(s.Name, j*each+1, min((j+1)*each, stretches), d.n(), d.quantile(0.5), d.quantile(0.99), last)
			total, greatest = total+d.n(), max(greatest, last)
		}
		if total == 0 {
			said = append(said, Label(s.Name)+": no samples")
		} else {
			said = append(said, fmt.Sprintf("%s: %d samples, the greatest %s", Label(s.Name), total, q.Format(greatest)))
		}
	}
	f.Desc = fmt.Sprintf("Heat map of the %s over %s, of %d series. %s.", Label(q.Name), phrase.Count(stretches, stretch), len(series), strings.Join(said, "; "))
	for i, ink := range heat {
		name := "≥ " + percent(shares[i])
		if i == 0 {
			name = "< " + percent(shares[1])
		}
		f.show(name, swatch{ink})
	}
	f.note("Colour: the share of the samples in the same column.")
	if each > 1 {
		f.note("A column is %d %ss together.", each, stretch)
	}
	lo, hi := logRange(values...)
	end := float64(columns*each) + 0.5
	for i, s := range series {
		f.panels = append(f.panels, panel{
			title: Label(s.Name),
			y:     q.axis(lo, hi, true),
			x:     stretch,
			build: func(width float64) (*plot.Plot, float64) {
				p := newPlot()
				height := plotHeight(width)
				scaled(&p.X, 0.5, end, plot.LinearScale{}, LinearTicks{Whole: true})
				scaled(&p.Y, lo, hi, Log{}, LogTicks{q})
				fitTicks(p, width, height)
				h, shares := newHeat(maps[i], 0.5, end, lo, hi)
				p.Add(heatPanel{h, shares, Label(s.Name), stretch, q})
				return p, height
			},
		})
	}
	if len(series) == 0 {
		f.panels = []panel{emptyPanel()}
	}
	return f
}

// A heatPanel is a heat map with more detail on hover. A group for each of its cells
// would be many times as large as the map, so one group has an attribute data-grid for
// a script: the edges of the grid in the picture, the word for a column, the edges of
// the columns, those of the rows, and for each column the percentages of the rows, the
// lowest first.
type heatPanel struct {
	Heat
	shares  [][]float64
	name    string
	stretch string
	q       Quantity
}

func (h heatPanel) Plot(c draw.Canvas, p *plot.Plot) {
	defer dataGroup(c.Canvas, h.name, "data-grid", func(to *Canvas) string {
		x0, y0 := to.state.transform.apply(vg.Point{X: c.Min.X, Y: c.Min.Y})
		x1, y1 := to.state.transform.apply(vg.Point{X: c.Max.X, Y: c.Max.Y})
		var columns, rows, shares []string
		for _, x := range h.X {
			columns = append(columns, number(x+0.5))
		}
		for _, y := range h.Y {
			rows = append(rows, h.q.Format(y))
		}
		for _, column := range h.shares {
			var of []string
			for _, s := range column {
				text := ""
				if s > 0 {
					text = strconv.FormatFloat(100*s, 'g', 2, 64)
				}
				of = append(of, text)
			}
			shares = append(shares, strings.TrimRight(strings.Join(of, ","), ","))
		}
		return strings.Join([]string{number(x0), number(x1), number(y0), number(y1), h.stretch,
			strings.Join(columns, ","), strings.Join(rows, ","), strings.Join(shares, ";")}, "|")
	})()
	h.Heat.Plot(c, p)
}

// emptyPanel says that there is nothing.
func emptyPanel() panel {
	return panel{build: func(float64) (*plot.Plot, float64) {
		p := newPlot()
		bare(&p.X)
		bare(&p.Y)
		p.Add(nothing{"no data to draw"})
		return p, 80
	}}
}

// A Heat is a plot.Plotter of levels on a grid.
type Heat struct {
	X, Y  []float64 // the edges of the columns and rows, ascending
	Level [][]int   // by column and row: 0 for nothing, to 7
}

// newHeat bins the columns into rows of equal height on a logarithmic axis, and
// returns the share of each cell too.
func newHeat(columns []distribution, begin, end, lo, hi float64) (Heat, [][]float64) {
	const rowCount = 32
	h := Heat{Level: make([][]int, len(columns))}
	cells := make([][]float64, len(columns))
	for i := range len(columns) + 1 {
		h.X = append(h.X, begin+(end-begin)*float64(i)/float64(len(columns)))
	}
	loglo, loghi := math.Log(lo), math.Log(hi)
	for i := range rowCount + 1 {
		h.Y = append(h.Y, math.Exp(loglo+(loghi-loglo)*float64(i)/rowCount))
	}
	for i, d := range columns {
		counts := make([]int64, rowCount)
		before := int64(0)
		for j, v := range d.values {
			n := d.upto[j] - before
			before = d.upto[j]
			if onLog(v) {
				row := int(Log{}.Normalize(lo, hi, v) * rowCount)
				counts[min(max(row, 0), rowCount-1)] += n
			}
		}
		h.Level[i] = make([]int, rowCount)
		cells[i] = make([]float64, rowCount)
		for row, n := range counts {
			if n > 0 {
				share := float64(n) / float64(d.n())
				level, found := slices.BinarySearch(shares[:], share)
				if found {
					level++
				}
				h.Level[i][row] = level
				cells[i][row] = share
			}
		}
	}
	return h, cells
}

var (
	_ plot.Plotter    = Heat{}
	_ plot.DataRanger = Heat{}
)

// DataRange returns the outer edges.
func (h Heat) DataRange() (xmin, xmax, ymin, ymax float64) {
	return h.X[0], h.X[len(h.X)-1], h.Y[0], h.Y[len(h.Y)-1]
}

// Plot draws each level as one path, and neighbours in a row as one rectangle.
func (h Heat) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	paths := make([]vg.Path, len(heat)+1)
	for row := range len(h.Y) - 1 {
		for from := 0; from < len(h.Level); {
			level, to := h.Level[from][row], from+1
			for to < len(h.Level) && h.Level[to][row] == level {
				to++
			}
			if level > 0 && level < len(paths) {
				r := vg.Rectangle{Min: vg.Point{X: toX(h.X[from]), Y: toY(h.Y[row])}, Max: vg.Point{X: toX(h.X[to]), Y: toY(h.Y[row+1])}}
				paths[level] = append(paths[level], r.Path()...)
			}
			from = to
		}
	}
	for level, path := range paths {
		if len(path) > 0 {
			c.SetColor(heat[level-1])
			c.Fill(path)
		}
	}
}

// A swatch is a patch of colour in a legend.
type swatch struct{ ink Ink }

func (s swatch) Thumbnail(c *draw.Canvas) {
	fill(*c, s.ink, c.Min.X, c.Min.Y+2, c.Max.X, c.Max.Y-2)
	outline := vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: c.Min.Y + 2}, Max: vg.Point{X: c.Max.X, Y: c.Max.Y - 2}}
	c.SetLineStyle(draw.LineStyle{Color: AxisLine, Width: 0.75})
	c.Stroke(outline.Path())
}
