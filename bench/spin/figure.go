package spin

import (
	"fmt"
	"html"
	"io"
	"math"
	"strings"

	"github.com/idlebench/idlebench/stats/spinbudget"
)

// The figure's sizes, in pixels.
const (
	figureWidth  = 720
	panelHeight  = 220
	marginLeft   = 80
	marginRight  = 20
	marginTop    = 30
	marginBottom = 40
)

// A panel is one of the two curves.
type panel struct {
	title    string
	of       func(spinbudget.Point) spinbudget.Value
	measured func(Confirmation) float64
	top      float64
	most     float64 // value at the top
	low      float64 // budgets at the left and right, ns
	high     float64
}

// WriteFigure writes the curves as SVG: CPU time and latency over the budget, with their
// bands and the measured budgets. It links no plotting library, since the program that
// measures is started for every launch.
func (r Result) WriteFigure(to io.Writer) error {
	var b strings.Builder
	height := 2*(panelHeight+marginTop+marginBottom) + 20
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#222">`+"\n", figureWidth, height)
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", html.EscapeString("Spin budgets: "+name(r)))
	points := r.Curve.Points[1:] // the budget 0 has no place on a logarithmic axis
	p := panel{low: float64(points[0].Budget), high: float64(points[len(points)-1].Budget)}
	for i, c := range []panel{
		{title: "CPU time per task", of: func(p spinbudget.Point) spinbudget.Value { return p.CPU }, measured: func(c Confirmation) float64 { return c.CPU }},
		{title: "mean latency", of: func(p spinbudget.Point) spinbudget.Value { return p.Latency }, measured: func(c Confirmation) float64 { return c.Latency }},
	} {
		c.low, c.high = p.low, p.high
		c.top = float64(marginTop + i*(panelHeight+marginTop+marginBottom))
		c.draw(&b, r, points)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(to, b.String())
	return err
}

func (p panel) x(ns float64) float64 {
	share := math.Log(ns/p.low) / math.Log(p.high/p.low)
	return marginLeft + max(0, min(1, share))*(figureWidth-marginLeft-marginRight)
}

func (p panel) y(value float64) float64 {
	return p.top + panelHeight*(1-max(0, min(1, value/p.most)))
}

func (p panel) draw(b *strings.Builder, r Result, points []spinbudget.Point) {
	for _, pt := range points {
		p.most = max(p.most, p.of(pt).High)
	}
	for _, c := range r.Confirmed {
		p.most = max(p.most, p.measured(c))
	}
	p.most = nice(p.most)
	bottom := p.top + panelHeight
	fmt.Fprintf(b, `<text x="%d" y="%.1f" font-weight="bold">%s</text>`+"\n", marginLeft, p.top-10, p.title)
	for k := range 5 {
		v := p.most * float64(k) / 4
		fmt.Fprintf(b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			marginLeft, p.y(v), figureWidth-marginRight, marginLeft-6, p.y(v)+4, span(v))
	}
	for ns := math.Pow(10, math.Ceil(math.Log10(p.low))); ns <= p.high; ns *= 10 {
		fmt.Fprintf(b, `<path d="M%.1f %.1fV%.1f" stroke="#ddd"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`+"\n",
			p.x(ns), p.top, bottom, p.x(ns), bottom+16, span(ns))
	}
	fmt.Fprintf(b, `<text x="%d" y="%.1f" text-anchor="end">spin budget</text>`+"\n", figureWidth-marginRight, bottom+32)
	even := p.x(r.Curve.BreakEven.Mean)
	fmt.Fprintf(b, `<path d="M%.1f %.1fV%.1f" stroke="#999" stroke-dasharray="4 3"/><text x="%.1f" y="%.1f" fill="#666">break-even</text>`+"\n", even, p.top, bottom, even+4, p.top+12)
	var band, line strings.Builder
	for i, pt := range points {
		fmt.Fprintf(&band, "%s%.1f %.1f", pen(i), p.x(float64(pt.Budget)), p.y(p.of(pt).High))
		fmt.Fprintf(&line, "%s%.1f %.1f", pen(i), p.x(float64(pt.Budget)), p.y(p.of(pt).Mean))
	}
	for i := len(points) - 1; i >= 0; i-- {
		fmt.Fprintf(&band, "L%.1f %.1f", p.x(float64(points[i].Budget)), p.y(p.of(points[i]).Low))
	}
	fmt.Fprintf(b, `<path d="%sZ" fill="#0072b2" opacity="0.2"/><path d="%s" fill="none" stroke="#0072b2" stroke-width="2"/>`+"\n", band.String(), line.String())
	for _, c := range r.Confirmed {
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="4" fill="#d55e00"><title>measured with %s: %s</title></circle>`+"\n",
			p.x(float64(c.Predicted.Budget)), p.y(p.measured(c)), span(float64(c.Predicted.Budget)), span(p.measured(c)))
	}
}

func pen(i int) string {
	if i == 0 {
		return "M"
	}
	return "L"
}

// nice returns a round number that is not smaller.
func nice(v float64) float64 {
	if !(v > 0) {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 2, 4, 5, 8, 10} {
		if k*unit >= v {
			return k * unit
		}
	}
	return 10 * unit
}
