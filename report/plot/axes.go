package plot

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// newPlot returns a plot in the style of the figures: no title, no legend and no
// names of axes, since the figure has them around the plot.
func newPlot() *plot.Plot {
	p := plot.New()
	h := handler{text.Plain{Fonts: fonts()}}
	p.BackgroundColor = nil
	p.TextHandler = h
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.LineStyle = draw.LineStyle{Color: AxisLine, Width: 1}
		a.Tick.LineStyle = draw.LineStyle{Color: AxisLine, Width: 1}
		a.Tick.Length = 5
		a.Tick.Label.Font = sans(textSize, false)
		a.Tick.Label.Color = Muted
		a.Tick.Label.Handler = h
		a.Label.TextStyle.Font = sans(textSize, false)
		a.Label.TextStyle.Handler = h
		a.Min, a.Max = 0, 1
	}
	return p
}

// scaled sets up an axis.
func scaled(a *plot.Axis, lo, hi float64, scale plot.Normalizer, ticks plot.Ticker) {
	a.Min, a.Max, a.Scale, a.Tick.Marker = lo, hi, scale, ticks
}

// bare removes everything drawn for an axis.
func bare(a *plot.Axis) {
	a.Tick.Marker = plot.ConstantTicks{}
	a.LineStyle.Width = 0
	a.Tick.LineStyle.Width = 0
}

// axisHeight is the height of an x axis: its ticks and their labels.
const axisHeight = 26

// fitTicks leaves out the tick labels that would overlap at a size.
func fitTicks(p *plot.Plot, width, height float64) {
	if t, ok := p.Y.Tick.Marker.(thinner); ok {
		p.Y.Tick.Marker = fit(t, p.Y, vg.Length(height-axisHeight), true)
	}
	if t, ok := p.X.Tick.Marker.(thinner); ok {
		p.X.Tick.Marker = plot.ConstantTicks{}
		d := p.DataCanvas(draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: vg.Length(width), Y: vg.Length(height)}}})
		// The last label extends beyond the end of the axis, which makes it shorter.
		p.X.Tick.Marker = fit(t, p.X, (d.Max.X-d.Min.X)*0.93, false)
	}
}

// A Grid is a plot.Plotter of lines at the labelled ticks of the axes.
type Grid struct{ X, Y bool }

// Plot draws the lines.
func (g Grid) Plot(c draw.Canvas, p *plot.Plot) {
	var lines vg.Path
	if g.X {
		for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			if x := c.X(p.X.Norm(t.Value)); !t.IsMinor() && c.ContainsX(x) {
				lines.Move(vg.Point{X: x, Y: c.Min.Y})
				lines.Line(vg.Point{X: x, Y: c.Max.Y})
			}
		}
	}
	if g.Y {
		for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
			if y := c.Y(p.Y.Norm(t.Value)); !t.IsMinor() && c.ContainsY(y) {
				lines.Move(vg.Point{X: c.Min.X, Y: y})
				lines.Line(vg.Point{X: c.Max.X, Y: y})
			}
		}
	}
	if len(lines) == 0 {
		return
	}
	c.SetLineStyle(draw.LineStyle{Color: GridLine, Width: 1})
	c.Stroke(lines)
}

// nothing is a plot.Plotter that says why a plot is empty.
type nothing struct{ why string }

func (n nothing) Plot(c draw.Canvas, _ *plot.Plot) {
	for i, s := range wrap(n.why, float64(c.Max.X-c.Min.X), textSize, false) {
		mid := c.Center()
		writer{c.Canvas}.write(s, mid.X, mid.Y-vg.Length(i*line), 0.5, Muted, textSize, false)
	}
}

// fill fills a rectangle, if it has an area.
func fill(c draw.Canvas, ink Ink, x0, y0, x1, y1 vg.Length) {
	if x1 <= x0 || y1 <= y0 {
		return
	}
	c.SetColor(ink)
	c.Fill(vg.Rectangle{Min: vg.Point{X: x0, Y: y0}, Max: vg.Point{X: x1, Y: y1}}.Path())
}
