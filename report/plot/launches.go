package plot

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Launch is the result of one process.
type Launch struct {
	Name    string // of the implementation
	Value   float64
	Invalid bool
	Round   int    // from 1 on; 0 if it is not known
	Panel   string // launches with the same value share a panel; "" if there is only one
}

// Launches returns a strip of the launches in the order in which they ran, so that a
// drift shows as a slope, and a cell with two kinds of launches as two lines. Invalid
// launches are hollow. If there are many launches, the first, the least and the
// greatest of each stretch of the run are drawn. Series of another magnitude, such as
// floors, are best in a panel of their own.
func Launches(c Caption, q Quantity, launches ...Launch) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"launch", "name", q.column(), "invalid"}
	palette := c.palette()
	index := map[string]int{}
	var s strip
	var panels []string
	ys := map[string][]float64{}
	invalid := 0
	for i, l := range launches {
		f.Table.add(i+1, l.Name, l.Value, l.Invalid)
		mark := palette.Mark(l.Name)
		at, ok := index[l.Name]
		if !ok {
			at = len(s)
			index[l.Name] = at
			s = append(s, launchSeries{name: Label(l.Name), mark: mark, panel: l.Panel})
			f.showSeries(palette, l.Name, shapeOnly{mark})
			if !slices.Contains(panels, l.Panel) {
				panels = append(panels, l.Panel)
			}
		}
		if !onLog(l.Value) {
			f.drop(1)
			continue
		}
		if l.Invalid {
			invalid++
		}
		s[at].launches = append(s[at].launches, ordered{i + 1, l.Round, l.Value, l.Invalid})
		ys[s[at].panel] = append(ys[s[at].panel], l.Value)
	}
	if invalid > 0 {
		f.show("invalid launch", invalidThumb{})
	}
	total, drawn := 0, 0
	for i := range s {
		thinned := thin(s[i].launches, mostLaunches/3/len(s))
		total, drawn = total+len(s[i].launches), drawn+len(thinned)
		s[i].drawn = thinned
	}
	if drawn < total {
		f.note("Of %d launches %d are drawn: the first, the least and the greatest of each stretch.", total, drawn)
	}
	var said []string
	for _, series := range s {
		if values := series.values(); len(values) > 0 {
			d := Sample{Values: values}.sorted()
			said = append(said, fmt.Sprintf("%s: %d launches, median %s, from %s to %s", series.name, len(values),
				q.Format(d.quantile(0.5)), q.Format(d.values[0]), q.Format(d.values[len(d.values)-1])))
		}
	}
	f.Desc = fmt.Sprintf("Strip of the %s of %d launches in run order, %d of them invalid. %s.", Label(q.Name), len(launches), invalid, strings.Join(said, "; "))
	for i := range s {
		s[i].quantity, s[i].single = q, drawn <= mostTitles
	}
	f.stacked = true
	if len(launches) == 0 {
		panels = []string{""}
	}
	for _, name := range panels {
		lo, hi := logRange(ys[name]...)
		mine := slices.DeleteFunc(slices.Clone(s), func(l launchSeries) bool { return l.panel != name })
		p := panel{title: title(name), y: q.axis(lo, hi, true), x: "launch, in run order"}
		p.build = func(width float64) (*plot.Plot, float64) {
			p := newPlot()
			height := plotHeight(width)
			if len(panels) > 1 {
				height *= 0.7
			}
			scaled(&p.X, 0.5, float64(max(len(launches), 1))+0.5, plot.LinearScale{}, LinearTicks{Whole: true})
			scaled(&p.Y, lo, hi, Log{}, LogTicks{q})
			fitTicks(p, width, height)
			p.Add(Grid{Y: true})
			if len(ys[name]) == 0 {
				p.Add(nothing{"no data to draw"})
			}
			p.Add(mine)
			return p, height
		}
		f.panels = append(f.panels, p)
	}
	return f
}

// A strip is the launches of each series.
type strip []launchSeries

type launchSeries struct {
	name     string
	panel    string
	mark     Mark
	quantity Quantity
	launches []ordered
	drawn    []ordered
	single   bool // each has something to say to the pointer, and not all together
}

// How many launches are drawn, about, and how many have a title each, which takes
// several times the space.
const (
	mostLaunches = 900
	mostTitles   = 240
)

type ordered struct {
	order, round int
	value        float64
	invalid      bool
}

// says is the text shown when hovering over a launch.
func (s launchSeries) says(l ordered) string {
	text := fmt.Sprintf("%s: %s, launch %d", s.name, s.quantity.Format(l.value), l.order)
	if l.round > 0 {
		text += fmt.Sprintf(", round %d", l.round)
	}
	if l.invalid {
		text += ", invalid"
	}
	return text
}

func (s launchSeries) values() []float64 {
	values := make([]float64, len(s.launches))
	for i, l := range s.launches {
		values[i] = l.value
	}
	return values
}

func (s strip) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	draw := func(series launchSeries, title string, launches []ordered) {
		end := group(c.Canvas, title)
		var full, empty vg.Path
		for _, l := range launches {
			at := vg.Point{X: toX(float64(l.order)), Y: toY(l.value)}
			if l.invalid {
				series.mark.Shape.add(&empty, at, 3)
			} else {
				series.mark.Shape.add(&full, at, 3)
			}
		}
		if len(full) > 0 {
			c.SetColor(series.mark.Ink)
			c.Fill(full)
		}
		if len(empty) > 0 {
			c.SetLineStyle(draw.LineStyle{Color: series.mark.Ink, Width: 1.25})
			c.Stroke(empty)
		}
		end()
	}
	for _, series := range s {
		if !series.single {
			draw(series, series.name, series.drawn)
			continue
		}
		for i, l := range series.drawn {
			draw(series, series.says(l), series.drawn[i:i+1])
		}
	}
}

// thin returns the first launch and those with the least and the greatest value of each
// of that many stretches of the run, in their order, or all launches if those are not
// more. Without the first of each, which have any value, the band between the extremes
// would be empty, and look as if there were two kinds of launches.
func thin(launches []ordered, stretches int) []ordered {
	stretches = max(stretches, 4)
	if len(launches) <= 3*stretches {
		return launches
	}
	var kept []ordered
	for i := range stretches {
		part := launches[i*len(launches)/stretches : (i+1)*len(launches)/stretches]
		least, most := 0, 0
		for j, l := range part {
			if l.value < part[least].value {
				least = j
			}
			if l.value > part[most].value {
				most = j
			}
		}
		picked := []int{0, min(least, most), max(least, most)}
		for _, j := range slices.Compact(picked) {
			kept = append(kept, part[j])
		}
	}
	return kept
}

// invalidThumb is the legend's picture of an invalid launch.
type invalidThumb struct{}

func (invalidThumb) Thumbnail(c *draw.Canvas) {
	var p vg.Path
	Circle.add(&p, c.Center(), 4)
	c.SetLineStyle(draw.LineStyle{Color: Text, Width: 1.25})
	c.Stroke(p)
}
