package plot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/idlebench/idlebench/internal/phrase"
)

// A CallSite is a place in the source at which an implementation waited, as a
// mutex or block profile has it.
type CallSite struct {
	Name        string  // of the implementation
	Site        string  // such as "park.(*Parker).Unpark parker.go:88"
	Delay       float64 // the time waited, in the unit of the figure
	Contentions float64 // how often
}

// mostSites is how many call sites of an implementation have bars of their own, and
// leastSite the share of its time that they have at least.
const (
	mostSites = 12
	leastSite = 0.005
)

// Contention returns bars of the time waited by call site, the longest first, with the
// counts at their ends, and with a panel for each implementation and the same axis for
// all. The call sites after the twelfth, and those with less than half a percent of the
// time, are combined. The title should say which side the profile shows, the unlockers
// or the waiters.
func Contention(c Caption, delay, often Quantity, sites ...CallSite) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name", "call site", delay.column(), often.column()}
	palette := c.palette()
	var order []string
	by := map[string][]CallSite{}
	for _, s := range sites {
		f.Table.add(s.Name, s.Site, s.Delay, s.Contentions)
		if !finite(s.Delay, s.Contentions) || s.Delay < 0 || s.Contentions < 0 {
			f.drop(1)
			continue
		}
		if _, ok := by[s.Name]; !ok {
			order = append(order, s.Name)
		}
		by[s.Name] = append(by[s.Name], s)
	}
	longest := 0.0
	var said []string
	for _, name := range order {
		mine := by[name]
		slices.SortStableFunc(mine, func(a, b CallSite) int { return cmp.Compare(b.Delay, a.Delay) })
		all := 0.0
		for _, s := range mine {
			all += s.Delay
		}
		kept := min(len(mine), mostSites)
		for kept > 1 && mine[kept-1].Delay < leastSite*all {
			kept--
		}
		if len(mine)-kept > 1 { // one takes no more room than the rest
			rest := CallSite{Site: fmt.Sprintf("%d others", len(mine)-kept)}
			for _, s := range mine[kept:] {
				rest.Delay += s.Delay
				rest.Contentions += s.Contentions
			}
			mine = append(mine[:kept:kept], rest)
			by[name] = mine
		}
		for _, s := range mine {
			longest = max(longest, s.Delay)
		}
		said = append(said, fmt.Sprintf("%s: most at %s, %s", Label(name), Label(mine[0].Site), delay.Format(mine[0].Delay)))
	}
	f.Desc = fmt.Sprintf("The %s by call site, of %s. %s.", Label(delay.Name), phrase.Count(len(order), "implementation"), strings.Join(said, "; "))
	lo, hi := linearRange(longest)
	widest := 0.0 // text at the end of a bar
	for _, name := range order {
		for _, s := range by[name] {
			widest = max(widest, textWidth(s.text(delay, often), textSize, false))
		}
	}
	for _, name := range order {
		mine := by[name]
		var names []string
		for _, s := range mine {
			names = append(names, Label(s.Site))
		}
		f.panels = append(f.panels, panel{
			title: Label(name),
			x:     delay.axis(lo, hi, false),
			build: func(width float64) (*plot.Plot, float64) {
				p := newPlot()
				// The longest bar ends where its text still has room.
				room := max(width-widest-barGap-30, width/4)
				scaled(&p.X, lo, hi*width/room, plot.LinearScale{}, LinearTicks{Quantity: delay})
				// Call sites are long, so they are above their bars.
				r, height := newRows(p, names, min(width, 400), 20)
				fitTicks(p, width, height)
				p.Add(r)
				for i, s := range mine {
					p.Add(inRow{r, i, bar{s.Delay, palette.Mark(name).Ink, s.text(delay, often), Label(s.Site)}.draw})
				}
				return p, height
			},
		})
	}
	if len(order) == 0 {
		f.panels = []panel{emptyPanel()}
	}
	return f
}

// text is the label at the end of the bar.
func (s CallSite) text(delay, often Quantity) string {
	return delay.Format(s.Delay) + ", " + often.Format(s.Contentions) + often.Unit
}

// A bar is one value with a text at its end.
type bar struct {
	value float64
	ink   Ink
	text  string
	name  string // of what it is, for the pointer
}

func (b bar) draw(c draw.Canvas, p *plot.Plot, low, high vg.Length) {
	defer group(c.Canvas, b.name+": "+b.text)()
	x := c.X(p.X.Norm(b.value))
	fill(c, b.ink, c.Min.X, low, x, high)
	writer{c.Canvas}.write(b.text, x+barGap, (low+high)/2-4, 0, Text, textSize, false)
}

// barGap is between a bar and its text.
const barGap = 5

// A StackedBar is a row of parts, such as the stages of a wake of one
// implementation.
type StackedBar struct {
	Name  string
	Parts []float64 // as many as there are names of parts
}

// StackedBars returns a row for each bar, with its parts one after the other:
// the stages of a wake, or wakes that found a task and those that did not. Parts
// have colours of their own, and their numbers where there is room.
func StackedBars(c Caption, q Quantity, parts []string, bars ...StackedBar) *Figure {
	all := make([]part, len(parts))
	for i, name := range parts {
		all[i] = part{Label(name), tints[1+i%(len(tints)-1)]}
	}
	return stackBars(c, q, all, bars)
}

// OriginBars returns stacked bars with a part for each origin, in the colours of
// an icicle graph.
func OriginBars(c Caption, q Quantity, origins []Origin, bars ...StackedBar) *Figure {
	all := make([]part, len(origins))
	for i, o := range origins {
		all[i] = part{o.String(), o.tint()}
	}
	return stackBars(c, q, all, bars)
}

// A part is one of stacked bars, with its colour.
type part struct {
	name string
	ink  Ink
}

func stackBars(c Caption, q Quantity, parts []part, bars []StackedBar) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name"}
	for i, part := range parts {
		f.Table.Header = append(f.Table.Header, Quantity{Name: part.name, Unit: q.Unit}.column())
		f.show(fmt.Sprintf("%d %s", i+1, part.name), swatch{part.ink})
	}
	var names, said []string
	var totals []float64
	var clean [][]float64
	for _, s := range bars {
		row := []any{s.Name}
		kept := make([]float64, len(parts))
		total := 0.0
		for i := range parts {
			if i >= len(s.Parts) {
				row = append(row, "")
				continue
			}
			v := s.Parts[i]
			row = append(row, v)
			if !finite(v) || v < 0 {
				f.drop(1)
				continue
			}
			kept[i] = v
			total += v
		}
		f.Table.add(row...)
		names = append(names, Label(s.Name))
		totals, clean = append(totals, total), append(clean, kept)
		said = append(said, Label(s.Name)+": "+q.Format(total))
	}
	f.Desc = fmt.Sprintf("Stacked bars of the %s in %d parts. %s.", Label(q.Name), len(parts), strings.Join(said, "; "))
	lo, hi := linearRange(totals...)
	f.panels = []panel{{
		x: q.axis(lo, hi, false),
		build: func(width float64) (*plot.Plot, float64) {
			p := newPlot()
			scaled(&p.X, lo, hi, plot.LinearScale{}, LinearTicks{Quantity: q})
			r, height := newRows(p, names, width, 28)
			fitTicks(p, width, height)
			p.Add(r)
			for i := range clean {
				p.Add(inRow{r, i, stacked{names[i], parts, clean[i], q}.draw})
			}
			return p, height
		},
	}}
	return f
}

type stacked struct {
	name   string
	parts  []part
	values []float64
	q      Quantity
}

func (s stacked) draw(c draw.Canvas, p *plot.Plot, low, high vg.Length) {
	sum := 0.0
	for i, v := range s.values {
		x0, x1 := c.X(p.X.Norm(sum)), c.X(p.X.Norm(sum+v))
		sum += v
		if x1-x0 < 0.05 {
			continue
		}
		end := group(c.Canvas, fmt.Sprintf("%s, %s: %s", s.name, s.parts[i].name, s.q.Format(v)))
		fill(c, s.parts[i].ink, x0, low, x1, high)
		c.StrokeLine2(draw.LineStyle{Color: Ground, Width: 1}, x1, low, x1, high)
		if text := fmt.Sprint(i + 1); textWidth(text, textSize, false)+4 <= float64(x1-x0) {
			writer{c.Canvas}.write(text, (x0+x1)/2, (low+high)/2-4, 0.5, Text, textSize, false)
		}
		end()
	}
}
