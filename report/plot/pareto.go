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

// An OperatingPoint is what an implementation costs and gives in one cell.
type OperatingPoint struct {
	Name    string  // of the implementation
	Cell    string  // such as the load or the parker; may be empty
	Cost    float64 // such as CPU time per task
	Latency float64

	// Intervals; one is unknown if both ends are 0.
	CostLo, CostHi, LatencyLo, LatencyHi float64

	Reference bool // for scale: it is never on the front
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

// Pareto returns cost against latency, both logarithmic, with their intervals. The
// front is the points that no other beats in both, references aside. Cells are labelled
// where there is room, first those of the front.
func Pareto(c Caption, cost, latency Quantity, points ...OperatingPoint) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name", "cell", cost.column(), "lower", "upper", latency.column(), "lower", "upper", "on the front"}
	palette := c.palette()
	var kept []OperatingPoint
	var xs, ys, xends, yends []float64
	rivals := [2][]float64{}
	shown := map[string]bool{}
	for _, p := range points {
		mark := palette.Mark(p.Name)
		if !shown[p.Name] {
			shown[p.Name] = true
			f.showSeries(palette, p.Name, shapeOnly{mark})
		}
		if !onLog(p.Cost) || !onLog(p.Latency) {
			f.drop(1)
			f.Table.add(p.Name, p.Cell, p.Cost, p.CostLo, p.CostHi, p.Latency, p.LatencyLo, p.LatencyHi, "not shown")
			continue
		}
		kept, xs, ys = append(kept, p), append(xs, p.Cost), append(ys, p.Latency)
		x, y := p.Cost, p.Latency
		if p.Reference {
			x, y = math.NaN(), math.NaN()
		}
		rivals[0], rivals[1] = append(rivals[0], x), append(rivals[1], y)
		for _, v := range []float64{p.CostLo, p.CostHi} {
			if onLog(v) {
				xends = append(xends, v)
			}
		}
		for _, v := range []float64{p.LatencyLo, p.LatencyHi} {
			if onLog(v) {
				yends = append(yends, v)
			}
		}
	}
	s := scatter{points: kept, front: ParetoFront(rivals[0], rivals[1])}
	var said []string
	for i, p := range kept {
		on := slices.Contains(s.front, i)
		f.Table.add(p.Name, p.Cell, p.Cost, p.CostLo, p.CostHi, p.Latency, p.LatencyLo, p.LatencyHi, on)
		s.marks = append(s.marks, palette.Mark(p.Name))
		title := Label(p.Name)
		if p.Cell != "" {
			title += ", " + Label(p.Cell)
		}
		s.titles = append(s.titles, fmt.Sprintf("%s: %s%s, %s%s", title,
			cost.Format(p.Cost), interval(cost, p.CostLo, p.CostHi), latency.Format(p.Latency), interval(latency, p.LatencyLo, p.LatencyHi)))
	}
	for _, i := range s.front {
		said = append(said, s.titles[i])
	}
	f.show("Pareto front: no other is better in both", frontLine{})
	f.Desc = fmt.Sprintf("%s against %s of %s. On the Pareto front: %s.", Label(cost.Name), Label(latency.Name), phrase.Count(len(kept), "point"), strings.Join(said, "; "))
	xlo, xhi := logRange(append(xends, xs...)...)
	ylo, yhi := logRange(append(yends, ys...)...)
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

// interval writes one in brackets, if it is known.
func interval(q Quantity, lo, hi float64) string {
	if !onLog(lo) || !onLog(hi) {
		return ""
	}
	return fmt.Sprintf(" (%s to %s)", q.Format(lo), q.Format(hi))
}

// A scatter is points, some of them on a front.
type scatter struct {
	points []OperatingPoint
	marks  []Mark
	titles []string
	front  []int
}

func (s scatter) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	var step vg.Path
	for i, j := range s.front {
		at := vg.Point{X: toX(s.points[j].Cost), Y: toY(s.points[j].Latency)}
		if i == 0 {
			// What is worse than the front is above it and to its right.
			step.Move(vg.Point{X: at.X, Y: c.Max.Y})
		} else {
			step.Line(vg.Point{X: at.X, Y: toY(s.points[s.front[i-1]].Latency)})
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
	var taken []vg.Rectangle
	for i, q := range s.points {
		at := vg.Point{X: toX(q.Cost), Y: toY(q.Latency)}
		taken = append(taken, vg.Rectangle{Min: vg.Point{X: at.X - 6, Y: at.Y - 6}, Max: vg.Point{X: at.X + 6, Y: at.Y + 6}})
		end := group(c.Canvas, s.titles[i])
		var shape, whiskers vg.Path
		if onLog(q.CostLo) && onLog(q.CostHi) {
			whiskers.Move(vg.Point{X: toX(q.CostLo), Y: at.Y})
			whiskers.Line(vg.Point{X: toX(q.CostHi), Y: at.Y})
		}
		if onLog(q.LatencyLo) && onLog(q.LatencyHi) {
			whiskers.Move(vg.Point{X: at.X, Y: toY(q.LatencyLo)})
			whiskers.Line(vg.Point{X: at.X, Y: toY(q.LatencyHi)})
		}
		if len(whiskers) > 0 {
			c.SetLineStyle(draw.LineStyle{Color: s.marks[i].Ink, Width: 1})
			c.Stroke(whiskers)
		}
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
	for _, i := range s.labelled() {
		q := s.points[i]
		s.label(c, cut(Label(q.Cell), 120, textSize, false), vg.Point{X: toX(q.Cost), Y: toY(q.Latency)}, &taken)
	}
}

// labelled are the points with a cell, those on the front first: they have their
// label where there is room for one.
func (s scatter) labelled() (order []int) {
	for _, i := range s.front {
		if s.points[i].Cell != "" {
			order = append(order, i)
		}
	}
	for i, p := range s.points {
		if p.Cell != "" && !slices.Contains(s.front, i) {
			order = append(order, i)
		}
	}
	return order
}

// label writes text next to a point, where nothing else is; nowhere if there is no such
// place.
func (s scatter) label(c draw.Canvas, text string, at vg.Point, taken *[]vg.Rectangle) {
	const gap = 8
	w, h := vg.Length(textWidth(text, textSize, false)), vg.Length(textSize)
	for _, corner := range []vg.Point{
		{X: gap, Y: gap / 2}, {X: gap, Y: -gap/2 - h}, {X: -gap - w, Y: -gap/2 - h}, {X: -gap - w, Y: gap / 2},
		{X: -w / 2, Y: 2 * gap}, {X: -w / 2, Y: -2*gap - h},
	} {
		min := at.Add(corner)
		box := vg.Rectangle{Min: min, Max: min.Add(vg.Point{X: w, Y: h})}
		if box.Min.X < c.Min.X || box.Max.X > c.Max.X || box.Min.Y < c.Min.Y || box.Max.Y > c.Max.Y ||
			slices.ContainsFunc(*taken, func(r vg.Rectangle) bool {
				return box.Min.X < r.Max.X && r.Min.X < box.Max.X && box.Min.Y < r.Max.Y && r.Min.Y < box.Max.Y
			}) {
			continue
		}
		*taken = append(*taken, box)
		writer{c.Canvas}.write(text, min.X, min.Y+3, 0, Text, textSize, false)
		return
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
