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
)

// An OperatingPoint is what an implementation costs and gives in one cell.
type OperatingPoint struct {
	Name    string  // of the implementation
	Cell    string  // such as the load; may be empty
	Cost    float64 // such as CPU time per task
	Latency float64
}

// ParetoFront returns the indices of the points for which there is no other that
// is as low in both coordinates and lower in one, in ascending order of x. Points
// with a coordinate that is no number are not among them.
func ParetoFront(xs, ys []float64) []int {
	var order []int
	for i := range min(len(xs), len(ys)) {
		if !math.IsNaN(xs[i]) && !math.IsNaN(ys[i]) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(xs[a], xs[b]), cmp.Compare(ys[a], ys[b]))
	})
	var front []int
	for _, i := range order {
		if n := len(front); n > 0 {
			last := front[n-1]
			same := xs[i] == xs[last] && ys[i] == ys[last]
			if !same && ys[i] >= ys[last] {
				continue
			}
		}
		front = append(front, i)
	}
	return front
}

// Pareto returns cost against latency, both logarithmic. The front are the points
// that no other beats in both.
func Pareto(c Caption, cost, latency Quantity, points ...OperatingPoint) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name", "cell", cost.column(), latency.column(), "on the front"}
	palette := c.palette()
	var kept []OperatingPoint
	var xs, ys []float64
	shown := map[string]bool{}
	for _, p := range points {
		mark := palette.Mark(p.Name)
		if !shown[p.Name] {
			shown[p.Name] = true
			f.show(Label(p.Name), shapeOnly{mark})
		}
		if !onLog(p.Cost) || !onLog(p.Latency) {
			f.drop(1)
			f.Table.add(p.Name, p.Cell, p.Cost, p.Latency, "not shown")
			continue
		}
		kept, xs, ys = append(kept, p), append(xs, p.Cost), append(ys, p.Latency)
	}
	s := scatter{xs: xs, ys: ys, front: ParetoFront(xs, ys)}
	var said []string
	for i, p := range kept {
		on := slices.Contains(s.front, i)
		f.Table.add(p.Name, p.Cell, p.Cost, p.Latency, on)
		s.marks = append(s.marks, palette.Mark(p.Name))
		title := strings.TrimSpace(Label(p.Name) + " " + p.Cell)
		s.titles = append(s.titles, fmt.Sprintf("%s: %s, %s", Label(title), cost.Format(p.Cost), latency.Format(p.Latency)))
	}
	for _, i := range s.front {
		said = append(said, s.titles[i])
	}
	f.show("Pareto front: no other is better in both", frontLine{})
	f.Desc = fmt.Sprintf("%s against %s of %d points. On the Pareto front: %s.", Label(cost.Name), Label(latency.Name), len(kept), strings.Join(said, "; "))
	xlo, xhi := logRange(xs...)
	ylo, yhi := logRange(ys...)
	f.panels = []panel{{
		y: latency.axis(ylo, yhi, true),
		x: cost.axis(xlo, xhi, true),
		build: func(width float64) (*plot.Plot, float64) {
			p := newPlot()
			height := plotHeight(width)
			scaled(&p.X, xlo, xhi, Log{}, LogTicks{cost})
			scaled(&p.Y, ylo, yhi, Log{}, LogTicks{latency})
			fitTicks(p, width, height)
			p.Add(Grid{X: true, Y: true})
			if len(xs) == 0 {
				p.Add(nothing{"no data to draw"})
			}
			p.Add(s)
			return p, height
		},
	}}
	return f
}

// A scatter is points, of which some are on a front.
type scatter struct {
	xs, ys []float64
	marks  []Mark
	titles []string
	front  []int
}

func (s scatter) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	var step vg.Path
	for i, j := range s.front {
		at := vg.Point{X: toX(s.xs[j]), Y: toY(s.ys[j])}
		if i == 0 {
			// What is worse than the front is above it and to its right.
			step.Move(vg.Point{X: at.X, Y: c.Max.Y})
		} else {
			step.Line(vg.Point{X: at.X, Y: toY(s.ys[s.front[i-1]])})
		}
		step.Line(at)
		if i == len(s.front)-1 {
			step.Line(vg.Point{X: c.Max.X, Y: at.Y})
		}
	}
	if len(step) > 0 {
		c.SetLineStyle(frontStyle)
		c.Stroke(step)
	}
	for i := range s.xs {
		at := vg.Point{X: toX(s.xs[i]), Y: toY(s.ys[i])}
		end := group(c.Canvas, s.titles[i])
		var shape vg.Path
		if slices.Contains(s.front, i) {
			s.marks[i].Shape.add(&shape, at, 5.5)
			c.SetColor(s.marks[i].Ink)
			c.Fill(shape)
			c.SetLineStyle(draw.LineStyle{Color: Text, Width: 1.25})
		} else {
			s.marks[i].Shape.add(&shape, at, 4)
			c.SetColor(s.marks[i].Ink.Fade(0.45))
			c.Fill(shape)
			c.SetLineStyle(draw.LineStyle{Color: s.marks[i].Ink, Width: 0.75})
		}
		c.Stroke(shape)
		end()
	}
}

var frontStyle = draw.LineStyle{Color: Text, Width: 1, Dashes: []vg.Length{3, 3}}

// frontLine is the legend's picture of the front.
type frontLine struct{}

func (frontLine) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(frontStyle, c.Min.X, y, c.Max.X, y)
}

// shapeOnly is a legend's picture of points without a line.
type shapeOnly struct{ mark Mark }

func (s shapeOnly) Thumbnail(c *draw.Canvas) {
	c.DrawGlyph(draw.GlyphStyle{Color: s.mark.Ink, Radius: 5, Shape: s.mark.Shape}, c.Center())
}
