package plot

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/idlebench/idlebench/internal/phrase"
)

// A Verdict is the result of a comparison.
type Verdict string

// The verdicts.
const (
	Better     Verdict = "better"
	Worse      Verdict = "worse"
	Equivalent Verdict = "equivalent"
	Unresolved Verdict = "unresolved"
)

// verdictMarks tell verdicts apart by shape as well as by colour.
var verdictMarks = map[Verdict]Mark{
	Better:     {Ink: series[2], Shape: Inverted},
	Worse:      {Ink: series[1], Shape: Triangle},
	Equivalent: {Ink: series[0], Shape: Square},
	Unresolved: {Ink: Muted, Shape: Circle},
}

// A Ratio is a comparison with a baseline. A ratio of 1 is no difference.
type Ratio struct {
	Name    string // of what is compared, such as the cell
	Ratio   float64
	Lo, Hi  float64 // the interval; 0 or +Inf at an end that is not known
	Verdict Verdict
}

// Forest returns a forest plot: a row for each ratio with its interval, on a
// logarithmic axis, so that half and twice are as far from 1. The axis ends there,
// or else one wide interval would hide what the others say: arrows lead beyond, and
// a ratio that is beyond is written. The range from 1/(1+margin) to 1+margin, in
// which ratios count as equal, is shaded; margin 0 shades nothing.
func Forest(c Caption, ratio Quantity, margin float64, ratios ...Ratio) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name", ratio.column(), "lower", "upper", "verdict"}
	values := []float64{1}
	if margin > 0 && margin < 1 {
		values = append(values, 1+margin, 1/(1+margin))
	} else {
		margin = 0
	}
	counts := map[Verdict]int{}
	var names []string
	for i := range ratios {
		r := ratios[i]
		f.Table.add(r.Name, r.Ratio, r.Lo, r.Hi, r.Verdict)
		counts[r.Verdict]++
		names = append(names, Label(r.Name))
		if !onLog(r.Ratio) {
			f.drop(1)
			continue
		}
		values = append(values, r.Ratio)
		for _, end := range []float64{r.Lo, r.Hi} {
			if onLog(end) {
				values = append(values, end)
			}
		}
	}
	var said []string
	for _, v := range []Verdict{Better, Worse, Equivalent, Unresolved} {
		if counts[v] > 0 {
			said = append(said, fmt.Sprintf("%d %s", counts[v], v))
			f.show(string(v), shapeOnly{verdictMarks[v]})
		}
	}
	f.Desc = fmt.Sprintf("Forest plot of %s with intervals: %s.", phrase.Count(len(ratios), "ratio"), strings.Join(said, ", "))
	if margin > 0 {
		f.note("Shaded: ratios within %s of 1 count as equal.", percent(margin))
	}
	for i, v := range values {
		values[i] = min(max(v, 1/farthest), farthest)
	}
	lo, hi := logRange(values...)
	f.panels = []panel{{
		x: ratio.axis(lo, hi, true),
		build: func(width float64) (*plot.Plot, float64) {
			p := newPlot()
			scaled(&p.X, lo, hi, Log{}, LogTicks{ratio})
			r, height := newRows(p, names, width, 22)
			fitTicks(p, width, height)
			p.Add(r)
			for i := range ratios {
				p.Add(inRow{r, i, marginBand{margin}.draw}, inRow{r, i, ratios[i].draw})
			}
			return p, height
		},
	}}
	return f
}

// farthest is the greatest ratio on the axis; the least is as far from 1.
const farthest = 2.0

// marginBand is the range of ratios that count as equal, and the line at 1.
type marginBand struct{ margin float64 }

func (m marginBand) draw(c draw.Canvas, p *plot.Plot, _, _ vg.Length) {
	if m.margin > 0 {
		fill(c, verdictMarks[Equivalent].Ink.Fade(0.25), c.X(p.X.Norm(1/(1+m.margin))), c.Min.Y, c.X(p.X.Norm(1+m.margin)), c.Max.Y)
	}
	x := c.X(p.X.Norm(1))
	c.StrokeLine2(draw.LineStyle{Color: Text, Width: 1}, x, c.Min.Y, x, c.Max.Y)
}

func (r Ratio) draw(c draw.Canvas, p *plot.Plot, low, high vg.Length) {
	if !onLog(r.Ratio) {
		return
	}
	mark, ok := verdictMarks[r.Verdict]
	if !ok {
		mark = verdictMarks[Unresolved]
	}
	q := Quantity{}
	defer group(c.Canvas, fmt.Sprintf("%s: %s, from %s to %s, %s", Label(r.Name), q.Format(r.Ratio), q.Format(r.Lo), q.Format(r.Hi), r.Verdict))()
	y := (low + high) / 2
	style := draw.LineStyle{Color: mark.Ink, Width: 2}
	const radius = 5
	at := min(max(c.X(p.X.Norm(r.Ratio)), c.Min.X+radius), c.Max.X-radius) // beyond the axis: next to its end
	if !math.IsNaN(r.Lo) && !math.IsNaN(r.Hi) && r.Lo <= r.Ratio && r.Ratio <= r.Hi {
		var line vg.Path
		end := func(v float64, edge, sign vg.Length) {
			x := c.X(p.X.Norm(v))
			beyond := !onLog(v) || (x-edge)*sign > 0
			if beyond {
				x = edge
			} else if x < c.Min.X || x > c.Max.X { // the whole interval is beyond the other edge
				return
			}
			line.Move(vg.Point{X: at, Y: y})
			line.Line(vg.Point{X: x, Y: y})
			if beyond { // an arrow: it continues
				line.Move(vg.Point{X: x - sign*5, Y: y - 4})
				line.Line(vg.Point{X: x, Y: y})
				line.Line(vg.Point{X: x - sign*5, Y: y + 4})
				return
			}
			line.Move(vg.Point{X: x, Y: y - 4})
			line.Line(vg.Point{X: x, Y: y + 4})
		}
		end(r.Lo, c.Min.X, -1)
		end(r.Hi, c.Max.X, 1)
		c.SetLineStyle(style)
		c.Stroke(line)
	}
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: mark.Ink, Radius: radius, Shape: mark.Shape}, vg.Point{X: at, Y: y})
	if n := p.X.Norm(r.Ratio); n < -1e-9 {
		writer{c.Canvas}.write(q.Format(r.Ratio), at+9, y+3, 0, Text, textSize, false)
	} else if n > 1+1e-9 {
		writer{c.Canvas}.write(q.Format(r.Ratio), at-9, y+3, 1, Text, textSize, false)
	}
}
