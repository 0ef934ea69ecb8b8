package plot

import (
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// pathData writes a path in relative coordinates, which are shorter. The pen is
// kept in tenths of a pixel, so that rounding does not add up.
func (c *Canvas) pathData(p vg.Path) string {
	w := pen{m: c.state.transform}
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			w.move(comp.Pos)
		case vg.LineComp:
			w.line(comp.Pos)
		case vg.ArcComp:
			w.arc(comp)
		case vg.CurveComp:
			w.curve(comp)
		case vg.CloseComp:
			w.close()
		}
	}
	return string(w.data)
}

// A pen writes path data.
type pen struct {
	m      affine
	data   []byte
	x, y   int64 // where the pen is, in tenths of a pixel
	x0, y0 int64 // where the subpath began
	lost   bool  // a point of the subpath was not finite: the next one starts a new subpath
	down   bool  // the subpath has begun
	last   byte  // the last command, which need not be repeated
}

// at returns a point in tenths of a pixel. A point far outside would overflow; it is
// not visible.
func (w *pen) at(p vg.Point) (x, y int64, ok bool) {
	fx, fy := w.m.apply(p)
	if !finite(fx, fy) || math.Abs(fx) > 1e6 || math.Abs(fy) > 1e6 {
		return 0, 0, false
	}
	return int64(math.Round(fx * 10)), int64(math.Round(fy * 10)), true
}

func (w *pen) move(p vg.Point) {
	x, y, ok := w.at(p)
	w.lost = !ok
	if !ok {
		return
	}
	if w.down {
		w.command('m', x-w.x, y-w.y)
	} else {
		w.command('M', x, y)
		w.down = true
	}
	w.x, w.y, w.x0, w.y0 = x, y, x, y
	w.last = 0
}

func (w *pen) line(p vg.Point) {
	if w.lost || !w.down {
		w.move(p)
		return
	}
	x, y, ok := w.at(p)
	if !ok {
		w.lost = true
		return
	}
	switch dx, dy := x-w.x, y-w.y; {
	case dx == 0 && dy == 0:
	case dx == 0:
		w.command('v', dy)
	case dy == 0:
		w.command('h', dx)
	default:
		w.command('l', dx, dy)
	}
	w.x, w.y = x, y
}

func (w *pen) close() {
	if w.lost || !w.down {
		return
	}
	w.data = append(w.data, 'z')
	w.last = 0
	w.x, w.y = w.x0, w.y0
}

// arc writes an arc as cubic curves, a quarter of a circle at most each.
func (w *pen) arc(a vg.PathComp) {
	if !finite(a.Angle, a.Start) {
		return
	}
	if math.Abs(a.Angle) >= 2*math.Pi {
		w.circle(a)
		return
	}
	n := max(1, int(math.Ceil(math.Abs(a.Angle)/(math.Pi/2)-1e-9)))
	step := a.Angle / float64(n)
	k := vg.Length(4.0 / 3 * math.Tan(step/4))
	point := func(phi float64) (p, tangent vg.Point) {
		sin, cos := math.Sincos(phi)
		r := a.Radius
		return vg.Point{X: a.Pos.X + r*vg.Length(cos), Y: a.Pos.Y + r*vg.Length(sin)},
			vg.Point{X: -r * vg.Length(sin) * k, Y: r * vg.Length(cos) * k}
	}
	from, t0 := point(a.Start)
	w.line(from)
	for i := range n {
		to, t1 := point(a.Start + float64(i+1)*step)
		w.cubic(from.Add(t0), to.Sub(t1), to)
		from, t0 = to, t1
	}
}

// circle writes a circle as two arcs, since an arc cannot end where it begins.
func (w *pen) circle(a vg.PathComp) {
	r := int64(math.Round(float64(a.Radius) * w.m.scale() * 10))
	x, y, ok := w.at(a.Pos)
	if !ok || r <= 0 || r > 1e6 {
		return
	}
	w.line(vg.Point{X: a.Pos.X + a.Radius, Y: a.Pos.Y})
	// The pen may be elsewhere, if the canvas is rotated.
	if w.x != x+r || w.y != y {
		w.command('m', x+r-w.x, y-w.y)
		w.x0, w.y0 = x+r, y
	}
	w.command('a', r, r, 0, 10, 0, -2*r, 0)
	w.command('a', r, r, 0, 10, 0, 2*r, 0)
	w.x, w.y, w.last = x+r, y, 0
}

func (w *pen) curve(a vg.PathComp) {
	switch len(a.Control) {
	case 2:
		w.cubic(a.Control[0], a.Control[1], a.Pos)
	case 1:
		q, ok := a.Control[0], w.down && !w.lost
		if !ok {
			w.move(a.Pos)
			return
		}
		x1, y1, ok1 := w.at(q)
		x, y, ok := w.at(a.Pos)
		if !ok || !ok1 {
			w.lost = true
			return
		}
		w.command('q', x1-w.x, y1-w.y, x-w.x, y-w.y)
		w.x, w.y = x, y
	default:
		w.line(a.Pos)
	}
}

func (w *pen) cubic(c1, c2, p vg.Point) {
	if w.lost || !w.down {
		w.move(p)
		return
	}
	x1, y1, ok1 := w.at(c1)
	x2, y2, ok2 := w.at(c2)
	x, y, ok := w.at(p)
	if !ok || !ok1 || !ok2 {
		w.lost = true
		return
	}
	w.command('c', x1-w.x, y1-w.y, x2-w.x, y2-w.y, x-w.x, y-w.y)
	w.x, w.y = x, y
}

// command writes a command with its numbers, without the separators that path
// data can do without.
func (w *pen) command(c byte, tenths ...int64) {
	first := c != w.last
	if first {
		w.data = append(w.data, c)
		w.last = c
	}
	for _, v := range tenths {
		if !first && v >= 0 {
			w.data = append(w.data, ' ')
		}
		first = false
		if v < 0 {
			w.data = append(w.data, '-')
			v = -v
		}
		if v >= 10 || v == 0 {
			w.data = strconv.AppendInt(w.data, v/10, 10)
		}
		if v%10 != 0 {
			w.data = append(w.data, '.', byte('0'+v%10))
		}
	}
}
