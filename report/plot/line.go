package plot

import (
	"cmp"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Line is a plot.Plotter of a function with many points, in ascending order of
// x. However many there are, what it draws has at most four points for every two
// pixels of the width, and looks the same.
type Line struct {
	Name string
	XYs  plotter.XYs
	Mark Mark

	// Step says that y stays as it is until the next x.
	Step bool

	// Phase is where along the line its shapes are, as a share of the distance between
	// two: with different phases the shapes of coincident lines are next to each other.
	Phase float64

	title string // for the pointer; the name if empty
}

var (
	_ plot.Plotter     = Line{}
	_ plot.DataRanger  = Line{}
	_ plot.Thumbnailer = Line{}
)

// shapeGap is the distance between the shapes of a line in pixels.
const shapeGap = 90

// DataRange returns the range of the points.
func (l Line) DataRange() (xmin, xmax, ymin, ymax float64) { return plotter.XYRange(l.XYs) }

// Plot draws the line.
func (l Line) Plot(c draw.Canvas, p *plot.Plot) {
	if len(l.XYs) == 0 {
		return
	}
	defer group(c.Canvas, cmp.Or(l.title, l.Name))()
	toX, toY := p.Transforms(&c)
	points := make([]vg.Point, 0, len(l.XYs))
	for _, q := range l.XYs {
		at := vg.Point{X: toX(q.X), Y: toY(q.Y)}
		if !finite(float64(at.X), float64(at.Y)) {
			continue
		}
		if n := len(points); l.Step && n > 0 {
			points = append(points, vg.Point{X: at.X, Y: points[n-1].Y})
		}
		points = append(points, at)
	}
	points = decimate(points, 2)
	lines := c.ClipLinesXY(points)
	c.StrokeLines(l.Mark.Line(), lines...)

	var shapes vg.Path
	for _, part := range lines {
		next := part[0].X + vg.Length(l.Phase*shapeGap)
		if n := len(part) - 1; next > part[n].X {
			next = part[n].X
		}
		for i := 1; i < len(part); i++ {
			a, b := part[i-1], part[i]
			for ; b.X >= next && len(shapes) < 1<<12; next += shapeGap {
				t := vg.Length(1)
				if b.X > a.X {
					t = (next - a.X) / (b.X - a.X)
				}
				l.Mark.Shape.add(&shapes, vg.Point{X: next, Y: a.Y + t*(b.Y-a.Y)}, 3.5)
			}
		}
	}
	if len(shapes) > 0 {
		c.SetColor(l.Mark.Ink)
		c.Fill(shapes)
	}
}

// Thumbnail draws a piece of the line with its shape.
func (l Line) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(l.Mark.Line(), c.Min.X, y, c.Max.X, y)
	c.DrawGlyph(draw.GlyphStyle{Color: l.Mark.Ink, Radius: 3.5, Shape: l.Mark.Shape}, c.Center())
}

// decimate reduces a line in ascending order of x to its first, least, greatest and
// last point in every column of a width, which draws the same pixels. Points on
// the straight line between their neighbours are left out too. A line that goes
// back in x remains as it is.
func decimate(points []vg.Point, width vg.Length) []vg.Point {
	for i := 1; i < len(points); i++ {
		if points[i].X < points[i-1].X {
			return points
		}
	}
	var kept []vg.Point
	for from := 0; from < len(points); {
		column := math.Floor(float64(points[from].X / width))
		to, least, most := from, from, from
		for ; to < len(points) && math.Floor(float64(points[to].X/width)) == column; to++ {
			if points[to].Y < points[least].Y {
				least = to
			}
			if points[to].Y > points[most].Y {
				most = to
			}
		}
		last := -1
		for _, i := range []int{from, min(least, most), max(least, most), to - 1} {
			if i != last {
				kept = append(kept, points[i])
			}
			last = i
		}
		from = to
	}
	return straighten(kept)
}

// straighten drops points that are within a tenth of a pixel of the line between the
// last point kept and the next one.
func straighten(points []vg.Point) []vg.Point {
	const tolerance = 0.1
	if len(points) < 3 {
		return points
	}
	kept := points[:1:1]
	for i := 1; i < len(points)-1; i++ {
		a, b, c := kept[len(kept)-1], points[i], points[i+1]
		length := math.Hypot(float64(c.X-a.X), float64(c.Y-a.Y))
		cross := math.Abs(float64((b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X)))
		forth := float64((b.X-a.X)*(c.X-b.X) + (b.Y-a.Y)*(c.Y-b.Y))
		if length > 0 && cross <= tolerance*length && forth >= 0 {
			continue
		}
		kept = append(kept, b)
	}
	return append(kept, points[len(points)-1])
}
