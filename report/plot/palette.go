package plot

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Mark is how a series looks: colour, dashes and shape all tell it from the
// others, so that any one of them may be lost.
type Mark struct {
	Ink   Ink
	Dash  []vg.Length // as in draw.LineStyle; nil is a solid line
	Shape Shape
}

// Line returns the style of the series' lines.
func (m Mark) Line() draw.LineStyle {
	return draw.LineStyle{Color: m.Ink, Width: 1.75, Dashes: m.Dash}
}

// A Palette assigns marks to names, so that a name looks the same in every
// figure made with it. The first eight names have colours of their own; the
// first 24 differ in two of colour, dashes and shape, and the first 64 in colour or shape. A Palette is not safe for concurrent use.
type Palette struct {
	index      map[string]int
	references map[string]int
}

// NewPalette returns a palette for the names, in their order. Names that are not
// among them follow in the order in which they are first asked for.
func NewPalette(names ...string) *Palette {
	p := &Palette{index: map[string]int{}, references: map[string]int{}}
	for _, name := range names {
		p.Mark(name)
	}
	return p
}

// References marks names as references: they are grey wherever they are shown, and come
// last in legends.
func (p *Palette) References(names ...string) {
	for _, name := range names {
		if _, ok := p.references[name]; !ok {
			p.references[name] = len(p.references)
		}
	}
}

// Mark returns the mark of a name.
func (p *Palette) Mark(name string) Mark {
	if i, ok := p.references[name]; ok {
		m := mark(len(series)/2 + i) // dashes and shapes that the first names lack
		m.Ink = greys[i%len(greys)]
		return m
	}
	i, ok := p.index[name]
	if !ok {
		i = len(p.index)
		p.index[name] = i
	}
	return mark(i)
}

// rank is the place of a name in legends.
func (p *Palette) rank(name string) int {
	if i, ok := p.references[name]; ok {
		return 1<<20 + i
	}
	return p.index[name]
}

// mark returns the i-th mark.
func mark(i int) Mark {
	round := i / len(series)
	return Mark{
		Ink:   series[i%len(series)],
		Dash:  dashes[(i+round)%len(dashes)],
		Shape: Shape((i + 3*round) % int(shapes)),
	}
}

var dashes = [][]vg.Length{
	nil,
	{7, 3},
	{2, 2},
	{8, 3, 2, 3},
	{12, 3},
	{4, 2, 4, 5},
	{8, 2, 2, 2, 2, 2},
	{1, 3},
}

// A Shape is the form of a point. It is a draw.GlyphDrawer.
type Shape int

// The shapes.
const (
	Circle Shape = iota
	Square
	Triangle
	Diamond
	Inverted // a triangle with its point down
	Plus
	Cross
	Star
	shapes
)

// DrawGlyph draws the shape filled.
func (s Shape) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	var p vg.Path
	s.add(&p, at, style.Radius)
	c.SetColor(style.Color)
	c.Fill(p)
}

// add adds the outline of the shape to the path, with about the same area for
// each.
func (s Shape) add(p *vg.Path, at vg.Point, r vg.Length) {
	const arm = 0.36
	var corners []vg.Point
	switch s {
	case Square:
		r *= 0.89
		corners = []vg.Point{{X: -r, Y: -r}, {X: r, Y: -r}, {X: r, Y: r}, {X: -r, Y: r}}
	case Triangle:
		r *= 1.3
		corners = []vg.Point{{X: -0.9 * r, Y: -0.6 * r}, {X: 0.9 * r, Y: -0.6 * r}, {Y: 0.95 * r}}
	case Inverted:
		r *= 1.3
		corners = []vg.Point{{X: -0.9 * r, Y: 0.6 * r}, {X: 0.9 * r, Y: 0.6 * r}, {Y: -0.95 * r}}
	case Diamond:
		r *= 1.3
		corners = []vg.Point{{X: -r}, {Y: -r}, {X: r}, {Y: r}}
	case Plus:
		r *= 1.2
		a := arm * r
		corners = []vg.Point{{X: -r, Y: -a}, {X: -a, Y: -a}, {X: -a, Y: -r}, {X: a, Y: -r}, {X: a, Y: -a}, {X: r, Y: -a},
			{X: r, Y: a}, {X: a, Y: a}, {X: a, Y: r}, {X: -a, Y: r}, {X: -a, Y: a}, {X: -r, Y: a}}
	case Cross:
		a, b := 1.15*r, arm*r*1.15
		corners = []vg.Point{{X: -a, Y: -a + b}, {X: -a + b, Y: -a}, {Y: -b}, {X: a - b, Y: -a}, {X: a, Y: -a + b}, {X: b},
			{X: a, Y: a - b}, {X: a - b, Y: a}, {Y: b}, {X: -a + b, Y: a}, {X: -a, Y: a - b}, {X: -b}}
	case Star:
		for i := range 10 {
			sin, cos := math.Sincos(math.Pi/2 + float64(i)*math.Pi/5)
			q := 1.5 * r
			if i%2 == 1 {
				q *= 0.5
			}
			corners = append(corners, vg.Point{X: q * vg.Length(cos), Y: q * vg.Length(sin)})
		}
	default:
		p.Move(vg.Point{X: at.X + r, Y: at.Y})
		p.Arc(at, r, 0, 2*math.Pi)
		p.Close()
		return
	}
	for i, q := range corners {
		if i == 0 {
			p.Move(at.Add(q))
		} else {
			p.Line(at.Add(q))
		}
	}
	p.Close()
}
