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

// A Stretch is for how long a row of a timeline, such as a CPU, was in one state.
type Stretch struct {
	Row, State int // by index
	From, To   float64
}

// Timeline returns a row for each CPU, along the time, with the stretches for which it was
// in a state; where there is none it was idle. States have colours and heights of their
// own, the first the greatest.
func Timeline(c Caption, time Quantity, rows, states []string, all []Stretch) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name", "state", "from " + time.column(), "to " + time.column()}
	names := make([]string, len(rows))
	for i, name := range rows {
		names[i] = Label(name)
	}
	parts := make([]part, len(states))
	for i, name := range states {
		parts[i] = part{Label(name), tints[1+i%(len(tints)-1)]}
		f.show(parts[i].name, swatch{parts[i].ink})
	}
	byRow := make([][]Stretch, len(rows))
	sums := make([]float64, len(states))
	end := 0.0
	for _, s := range all {
		if s.Row < 0 || s.Row >= len(rows) || s.State < 0 || s.State >= len(states) || !finite(s.From, s.To) || s.From < 0 || s.To < s.From {
			f.drop(1)
			continue
		}
		f.Table.add(rows[s.Row], states[s.State], s.From, s.To)
		byRow[s.Row] = append(byRow[s.Row], s)
		sums[s.State] += s.To - s.From
		end = math.Max(end, s.To)
	}
	var said []string
	for i, p := range parts {
		said = append(said, p.name+": "+time.Format(sums[i]))
	}
	f.Desc = fmt.Sprintf("Timeline of %s over %s, with %s in %s. %s.", phrase.Count(len(rows), "row"), time.Format(end),
		phrase.Count(len(all), "stretch"), phrase.Count(len(states), "state"), strings.Join(said, "; "))
	_, hi := linearRange(end)
	f.panels = []panel{{
		x: time.axis(0, hi, false),
		build: func(width float64) (*plot.Plot, float64) {
			p := newPlot()
			scaled(&p.X, 0, hi, plot.LinearScale{}, LinearTicks{Quantity: time})
			r, height := newRows(p, names, width, 18)
			fitTicks(p, width, height)
			p.Add(r)
			for i := range byRow {
				p.Add(inRow{r, i, timelineRow{names[i], parts, byRow[i], time}.draw})
			}
			return p, height
		},
	}}
	return f
}

type timelineRow struct {
	name   string
	states []part
	all    []Stretch
	time   Quantity
}

func (t timelineRow) draw(c draw.Canvas, p *plot.Plot, low, high vg.Length) {
	for _, s := range t.all {
		x0, x1 := c.X(p.X.Norm(s.From)), c.X(p.X.Norm(s.To))
		if x1-x0 < 0.05 {
			continue
		}
		end := group(c.Canvas, fmt.Sprintf("%s, %s: %s from %s on", t.name, t.states[s.State].name, t.time.Format(s.To-s.From), t.time.Format(s.From)))
		top := low + (high-low)*vg.Length(len(t.states)-s.State)/vg.Length(len(t.states))
		fill(c, t.states[s.State].ink, x0, low, x1, top)
		end()
	}
}
