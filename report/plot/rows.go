package plot

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// rows are named rows on the y axis, the first at the top. Where there is room the
// names are next to the rows, otherwise above each of them.
type rows struct {
	names  []string
	beside bool
	pitch  float64 // the height of a row with its name
}

// newRows sets up the y axis of a plot and returns the height of the plot.
func newRows(p *plot.Plot, names []string, width, bar float64) (r rows, height float64) {
	r = rows{names: names, beside: width >= 460, pitch: bar}
	var ticks []plot.Tick
	if r.beside {
		for i, name := range names {
			ticks = append(ticks, plot.Tick{Value: float64(i), Label: cut(name, width*0.38, textSize, false)})
		}
		p.Y.Tick.Label.Color = Text
		p.Y.Tick.Length = 0
	} else {
		r.pitch += line
	}
	scaled(&p.Y, -0.5, max(float64(len(names)), 1)-0.5, plot.InvertedScale{Normalizer: plot.LinearScale{}}, plot.ConstantTicks(ticks))
	p.Y.LineStyle.Width = 0
	return r, r.pitch*max(float64(len(names)), 1) + axisHeight
}

var (
	_ plot.Plotter    = rows{}
	_ plot.GlyphBoxer = rows{}
)

// Plot draws the grid and, if they are above the rows, the names, which the grid
// leaves out.
func (r rows) Plot(c draw.Canvas, p *plot.Plot) {
	if len(r.names) == 0 {
		nothing{"no data to draw"}.Plot(c, p)
		return
	}
	if r.beside {
		Grid{X: true}.Plot(c, p)
		return
	}
	for i, name := range r.names {
		Grid{X: true}.Plot(r.crop(c, p, i), p)
		top := c.Y(p.Y.Norm(float64(i) - 0.5))
		name = cut(name, float64(c.Max.X-c.Min.X), textSize, false)
		writer{c.Canvas}.write(name, c.Min.X, top-textSize, 0, Text, textSize, false)
	}
}

// GlyphBoxes makes room for the first label of the x axis, which extends beyond the end
// of an axis that has no labels next to it.
func (r rows) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	var boxes []plot.GlyphBox
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if !t.IsMinor() {
			box := p.X.Tick.Label.Rectangle(t.Label)
			box.Min.Y, box.Max.Y = 0, 0
			boxes = append(boxes, plot.GlyphBox{X: p.X.Norm(t.Value), Rectangle: box})
		}
	}
	return boxes
}

// crop returns the part of the canvas that is a row without its name.
func (r rows) crop(c draw.Canvas, p *plot.Plot, i int) draw.Canvas {
	c.Max.Y, c.Min.Y = c.Y(p.Y.Norm(float64(i)-0.5)), c.Y(p.Y.Norm(float64(i)+0.5))
	if !r.beside {
		c.Max.Y -= line
	}
	return c
}

// An inRow is a plot.Plotter for the content of a row.
type inRow struct {
	rows rows
	row  int
	// draw gets the row, and the upper and lower end of the space to draw in.
	draw func(row draw.Canvas, p *plot.Plot, low, high vg.Length)
}

func (r inRow) Plot(c draw.Canvas, p *plot.Plot) {
	c = r.rows.crop(c, p, r.row)
	room := (c.Max.Y - c.Min.Y) * 0.12
	r.draw(c, p, c.Min.Y+room, c.Max.Y-room)
}
