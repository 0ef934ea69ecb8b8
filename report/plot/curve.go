package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/idlebench/idlebench/internal/phrase"
)

// A Curve is a plot.Plotter of one quantity against another, measured at a few
// points, with intervals.
type Curve struct {
	Name   string
	Points []Point // in ascending order of X, for the line between them
	Mark   Mark    // set by the functions that make figures

	dodge vg.Length // to the side, so that intervals do not cover each other
	band  bool      // the intervals are drawn as a band behind the line
	x, y  Quantity  // for the pointer
}

// A Point is one measurement of a curve.
type Point struct {
	X, Y      float64
	Lo, Hi    float64 // the interval of Y; none if both are 0
	Saturated bool    // less than the offered load was achieved
}

// A Facet is one panel of a figure of curves, such as that of a quantile.
type Facet struct {
	Title  string
	Y      Quantity
	Curves []Curve
}

// LoadCurve returns quantiles against offered load, which is linear: on a
// logarithmic axis a curve looks as if it had an asymptote where it has none.
// Points at which the load was not achieved are hollow.
func LoadCurve(c Caption, load Quantity, facets ...Facet) *Figure {
	f := newFigure(c)
	f.curves(c, load, LinearTicks{Quantity: load}, facets)
	return f
}

// GapCurve returns quantiles against the idle gap, which is logarithmic.
func GapCurve(c Caption, gap Quantity, facets ...Facet) *Figure {
	f := newFigure(c)
	f.curves(c, gap, LogTicks{gap}, facets)
	return f
}

// ScalingCurve returns quantities against the number of workers. Times are
// logarithmic, everything else is linear and begins at 0.
func ScalingCurve(c Caption, workers Quantity, facets ...Facet) *Figure {
	f := newFigure(c)
	f.curves(c, workers, LinearTicks{Quantity: workers, Whole: true}, facets)
	return f
}

// CoreCurve returns quantities against the number of cores, on axes that are both
// logarithmic, with the intervals as bands.
func CoreCurve(c Caption, cores Quantity, facets ...Facet) *Figure {
	f := newFigure(c)
	f.curves(c, cores, DoublingTicks{}, facets)
	return f
}

// curves adds a panel for each facet. With LogTicks or DoublingTicks the x axis is
// logarithmic. With DoublingTicks the y axis is, too, and intervals are bands.
func (f *Figure) curves(c Caption, x Quantity, ticks plot.Ticker, facets []Facet) {
	_, logX := ticks.(LogTicks)
	_, cores := ticks.(DoublingTicks)
	logX = logX || cores
	f.Table.Header = []string{"panel", "name", x.column(), "value", "unit", "lower", "upper", "saturated"}
	palette := c.palette()
	shown := map[string]bool{}
	saturated := false
	var xs []float64
	ys := map[Quantity][]float64{}
	var said []string
	drawn := make([][]Curve, len(facets))
	for i, facet := range facets {
		logY := facet.Y.isTime() || cores
		for j, curve := range facet.Curves {
			name := curve.Name
			curve.Mark = palette.Mark(name)
			curve.x, curve.y = x, facet.Y
			if curve.band = cores; !cores {
				curve.dodge = vg.Length(float64(j)-float64(len(facet.Curves)-1)/2) * 2.5
			}
			var kept []Point
			for _, p := range curve.Points {
				f.Table.add(facet.Title, curve.Name, p.X, p.Y, facet.Y.Unit, p.Lo, p.Hi, p.Saturated)
				if !finite(p.X, p.Y) || logX && !onLog(p.X) || logY && !onLog(p.Y) {
					f.drop(1)
					continue
				}
				saturated = saturated || p.Saturated
				xs = append(xs, p.X)
				ys[facet.Y] = append(ys[facet.Y], p.Y)
				if p.interval() {
					// Ends at infinity are clipped, and do not count.
					ys[facet.Y] = append(ys[facet.Y], p.Lo, p.Hi)
				}
				kept = append(kept, p)
			}
			slices.SortStableFunc(kept, func(a, b Point) int { return cmp.Compare(a.X, b.X) })
			curve.Name, curve.Points = Label(curve.Name), kept
			drawn[i] = append(drawn[i], curve)
			if !shown[curve.Name] {
				shown[curve.Name] = true
				f.showSeries(palette, name, curve)
			}
			if n := len(kept); n > 0 {
				said = append(said, fmt.Sprintf("%s: %s at %s, %s at %s", strings.TrimSpace(title(facet.Title)+" "+curve.Name),
					facet.Y.Format(kept[0].Y), x.Format(kept[0].X), facet.Y.Format(kept[n-1].Y), x.Format(kept[n-1].X)))
			}
		}
	}
	if saturated {
		f.show("saturated: less than the offered load was achieved", hollow{})
	}
	f.Desc = fmt.Sprintf("%s against the %s. %s.", phrase.Count(len(facets), "panel"), Label(x.Name), strings.Join(said, "; "))
	xlo, xhi := linearRange(xs...)
	if logX {
		xlo, xhi = logRange(xs...)
	}
	for i, facet := range facets {
		y := facet.Y
		logY := y.isTime() || cores
		lo, hi := linearRange(ys[y]...)
		if logY {
			lo, hi = logRange(ys[y]...)
		}
		f.panels = append(f.panels, panel{
			title: title(facet.Title),
			y:     y.axis(lo, hi, logY),
			x:     x.axis(xlo, xhi, logX),
			build: func(width float64) (*plot.Plot, float64) {
				p := newPlot()
				p.Add(Grid{X: true, Y: true})
				if len(ys[y]) == 0 {
					p.Add(nothing{"no data to draw"})
				}
				for _, curve := range drawn[i] {
					p.Add(curve)
				}
				height := plotHeight(width)
				scaled(&p.X, xlo, xhi, plot.LinearScale{}, ticks)
				if logX {
					p.X.Scale = Log{}
				}
				scaled(&p.Y, lo, hi, plot.LinearScale{}, LinearTicks{Quantity: y})
				if logY {
					scaled(&p.Y, lo, hi, Log{}, LogTicks{y})
				}
				fitTicks(p, width, height)
				return p, height
			},
		})
	}
	if len(facets) == 0 {
		f.panels = []panel{emptyPanel()}
	}
}

// title is what is written above a panel; an empty one is none.
func title(s string) string {
	if s == "" {
		return ""
	}
	return Label(s)
}

// isTime reports whether the unit is one of time.
func (q Quantity) isTime() bool {
	s, _ := q.split()
	return s != 0
}

// interval reports whether the point has an interval that can be drawn.
func (p Point) interval() bool {
	return !(p.Lo == 0 && p.Hi == 0) && !math.IsNaN(p.Lo) && !math.IsNaN(p.Hi) && p.Lo <= p.Hi
}

var (
	_ plot.Plotter     = Curve{}
	_ plot.DataRanger  = Curve{}
	_ plot.Thumbnailer = Curve{}
)

// DataRange returns the range of the points and of their intervals, as far as
// these are finite.
func (cv Curve) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range cv.Points {
		ends := []float64{p.Y}
		if p.interval() {
			ends = append(ends, p.Lo, p.Hi)
		}
		for _, y := range ends {
			if finite(p.X, y) {
				xmin, xmax, ymin, ymax = min(xmin, p.X), max(xmax, p.X), min(ymin, y), max(ymax, y)
			}
		}
	}
	return xmin, xmax, ymin, ymax
}

// Plot draws the intervals, the line and the points. From the first saturated
// point on the line is thin.
func (cv Curve) Plot(c draw.Canvas, p *plot.Plot) {
	if len(cv.Points) == 0 {
		return
	}
	inside := func(v vg.Length, lo, hi vg.Length) vg.Length { return min(max(v, lo), hi) }
	at := make([]vg.Point, len(cv.Points))
	var bars vg.Path
	var tops, bottoms []vg.Point // of the band
	for i, q := range cv.Points {
		x := inside(c.X(p.X.Norm(q.X))+cv.dodge, c.Min.X, c.Max.X)
		at[i] = vg.Point{X: x, Y: c.Y(p.Y.Norm(q.Y))}
		if q.interval() {
			lo := inside(c.Y(min(max(p.Y.Norm(q.Lo), 0), 1)), c.Min.Y, c.Max.Y)
			hi := inside(c.Y(min(max(p.Y.Norm(q.Hi), 0), 1)), c.Min.Y, c.Max.Y)
			if cv.band {
				tops, bottoms = append(tops, vg.Point{X: x, Y: hi}), append(bottoms, vg.Point{X: x, Y: lo})
				continue
			}
			bars.Move(vg.Point{X: x, Y: lo})
			bars.Line(vg.Point{X: x, Y: hi})
			for _, y := range []vg.Length{lo, hi} {
				bars.Move(vg.Point{X: x - 3, Y: y})
				bars.Line(vg.Point{X: x + 3, Y: y})
			}
		}
	}
	end := group(c.Canvas, cv.Name)
	sat := len(at)
	for i, q := range cv.Points {
		if q.Saturated {
			sat = i
			break
		}
	}
	if len(tops) > 1 {
		c.SetColor(cv.Mark.Ink.Fade(0.18))
		slices.Reverse(bottoms)
		var area vg.Path
		for i, p := range append(tops, bottoms...) {
			if i == 0 {
				area.Move(p)
			} else {
				area.Line(p)
			}
		}
		area.Close()
		c.Fill(area)
	}
	if len(bars) > 0 {
		c.SetLineStyle(draw.LineStyle{Color: cv.Mark.Ink, Width: 1})
		c.Stroke(bars)
	}
	if sat > 1 {
		c.StrokeLines(cv.Mark.Line(), at[:sat])
	}
	if from := max(sat-1, 0); len(at)-from > 1 {
		style := cv.Mark.Line()
		style.Width = 0.75
		c.StrokeLines(style, at[from:])
	}
	if len(cv.Points) > mostPoints {
		cv.points(c, cv.Points, at)
		end()
		return
	}
	end()
	for i, q := range cv.Points {
		end := group(c.Canvas, cv.says(q))
		cv.points(c, cv.Points[i:i+1], at[i:])
		end()
	}
}

// mostPoints is how many points of a curve have a title each.
const mostPoints = 60

// points draws some of the points.
func (cv Curve) points(c draw.Canvas, points []Point, at []vg.Point) {
	var full, empty vg.Path
	for i, q := range points {
		if q.Saturated {
			cv.Mark.Shape.add(&empty, at[i], 3.5)
		} else {
			cv.Mark.Shape.add(&full, at[i], 4)
		}
	}
	if len(full) > 0 {
		c.SetColor(cv.Mark.Ink)
		c.Fill(full)
	}
	if len(empty) > 0 {
		c.SetColor(Ground)
		c.Fill(empty)
		c.SetLineStyle(draw.LineStyle{Color: cv.Mark.Ink, Width: 1.5})
		c.Stroke(empty)
	}
}

// says is the text shown when hovering over a point.
func (cv Curve) says(p Point) string {
	text := fmt.Sprintf("%s: %s", cv.Name, cv.y.Format(p.Y))
	if p.interval() {
		text += fmt.Sprintf(" (%s to %s)", cv.y.Format(p.Lo), cv.y.Format(p.Hi))
	}
	text += " at " + cv.x.Format(p.X)
	if p.Saturated {
		text += ", saturated"
	}
	return text
}

// Thumbnail draws a piece of the line with a point.
func (cv Curve) Thumbnail(c *draw.Canvas) { Line{Mark: cv.Mark}.Thumbnail(c) }

// hollow is the legend's picture of a saturated point.
type hollow struct{}

func (hollow) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(draw.LineStyle{Color: Text, Width: 0.75}, c.Min.X, y, c.Max.X, y)
	var p vg.Path
	Circle.add(&p, c.Center(), 3.5)
	c.SetColor(Ground)
	c.Fill(p)
	c.SetLineStyle(draw.LineStyle{Color: Text, Width: 1.5})
	c.Stroke(p)
}
