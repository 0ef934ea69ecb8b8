package plot

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/idlebench/idlebench/internal/phrase"
)

// A Multiple is one of many small panels: the ratios of a workload.
type Multiple struct {
	Title, Unit string
	Ratios      []Ratio // by Name; what the order of the figure has and these lack stays empty
}

// Multiples returns a grid of small panels with the same axes. In each panel every name
// has a place of its own, in a given order, and a mark at its ratio with its interval. So
// a glance along the panels shows where the first names win, and where the order turns.
// The axis of ratios ends at a factor of four; marks at its ends are beyond.
func Multiples(c Caption, ratio Quantity, order []string, panels ...Multiple) *Figure {
	f := newFigure(c)
	f.least = leastMultiple
	f.Table.Header = []string{"panel", "place", "name", ratio.column(), "lower", "upper", "verdict"}
	counts := map[Verdict]int{}
	n := 0
	if len(panels) == 0 {
		panels = []Multiple{{}}
	}
	for _, m := range panels {
		var marks []placedRatio
		for _, r := range m.Ratios {
			place := slices.Index(order, r.Name) + 1
			f.Table.add(m.Title, place, r.Name, r.Ratio, r.Lo, r.Hi, r.Verdict)
			n++
			counts[r.Verdict]++
			if place == 0 || !onLog(r.Ratio) {
				f.drop(1)
				continue
			}
			marks = append(marks, placedRatio{r, place})
		}
		f.panels = append(f.panels, panel{
			title: Label(m.Title),
			y:     Label(m.Unit),
			build: func(width float64) (*plot.Plot, float64) {
				p := newPlot()
				scaled(&p.X, 0.25, float64(len(order))+0.75, plot.LinearScale{}, placeTicks(len(order)))
				scaled(&p.Y, 1/mostMultiple, mostMultiple, Log{}, multipleTicks)
				fitTicks(p, width, multipleHeight)
				p.Add(Grid{Y: true}, one{})
				if len(marks) == 0 {
					p.Add(nothing{"no data to draw"})
				}
				for _, m := range marks {
					p.Add(m)
				}
				return p, multipleHeight
			},
		})
	}
	var said []string
	for _, v := range []Verdict{Better, Worse, Equivalent, Unresolved} {
		if counts[v] > 0 {
			said = append(said, fmt.Sprintf("%d %s", counts[v], v))
			f.show(string(v), shapeOnly{verdictMarks[v]})
		}
	}
	f.Desc = fmt.Sprintf("%s with %s each at most, %s in all: %s.", phrase.Count(len(panels), "small panel"), phrase.Count(len(order), "mark"),
		phrase.Count(n, "ratio"), strings.Join(said, ", "))
	f.note("From left to right: the places of the ranking. From the bottom up: the ratio; marks at the edge are beyond it.")
	return f
}

const (
	leastMultiple  = 144.0 // the width of a panel: four side by side on a wide page, two on a narrow one
	multipleHeight = 116.0
	mostMultiple   = 4.0
)

// multipleTicks are the ratios of the axis.
var multipleTicks = plot.ConstantTicks{{Value: 0.25, Label: "¼"}, {Value: 0.5, Label: "½"}, {Value: 1, Label: "1"}, {Value: 2, Label: "2"}, {Value: 4, Label: "4"}}

// placeTicks labels the first place and every fifth.
func placeTicks(n int) plot.ConstantTicks {
	ticks := plot.ConstantTicks{{Value: 1, Label: "1"}}
	for at := 5; at <= n; at += 5 {
		ticks = append(ticks, plot.Tick{Value: float64(at), Label: fmt.Sprint(at)})
	}
	return ticks
}

// one is the line at a ratio of 1.
type one struct{}

func (one) Plot(c draw.Canvas, p *plot.Plot) {
	y := c.Y(p.Y.Norm(1))
	c.StrokeLine2(draw.LineStyle{Color: Text, Width: 1}, c.Min.X, y, c.Max.X, y)
}

// A placedRatio is a plot.Plotter for a ratio at its place.
type placedRatio struct {
	Ratio
	place int
}

func (r placedRatio) Plot(c draw.Canvas, p *plot.Plot) {
	mark, ok := verdictMarks[r.Verdict]
	if !ok {
		mark = verdictMarks[Unresolved]
	}
	q := Quantity{}
	defer group(c.Canvas, fmt.Sprintf("%s: %s, from %s to %s, %s", Label(r.Name), q.Format(r.Ratio.Ratio), q.Format(r.Lo), q.Format(r.Hi), r.Verdict))()
	const radius = 3.5
	x := c.X(p.X.Norm(float64(r.place)))
	within := func(v float64) vg.Length { // an end that is unknown is beyond
		if math.IsInf(v, 1) {
			return c.Max.Y
		}
		return min(max(c.Y(p.Y.Norm(v)), c.Min.Y), c.Max.Y)
	}
	if lo, hi := within(r.Lo), within(r.Hi); !math.IsNaN(r.Lo) && !math.IsNaN(r.Hi) && hi > lo {
		c.StrokeLine2(draw.LineStyle{Color: mark.Ink.Fade(0.5), Width: 1.5}, x, lo, x, hi)
	}
	y := min(max(within(r.Ratio.Ratio), c.Min.Y+radius), c.Max.Y-radius)
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: mark.Ink, Radius: radius, Shape: mark.Shape}, vg.Point{X: x, Y: y})
}
