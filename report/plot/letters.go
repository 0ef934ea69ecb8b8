package plot

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// LetterValues are the median of a sample, its fourths, eighths and so on, as far
// as they can be trusted: H. Hofmann, H. Wickham, K. Kafadar, Letter-Value Plots:
// Boxplots for Large Data, Journal of Computational and Graphical Statistics 26
// (2017), 469–477.
type LetterValues struct {
	Median float64
	Boxes  []LetterBox // from the fourths outwards
	Below  []float64   // values outside of the last box, ascending
	Above  []float64
	N      int64
}

// A LetterBox is a pair of letter values.
type LetterBox struct {
	Letter string // F for the fourths, E for the eighths, D, C, B, A, Z, Y …
	Lo, Hi float64
}

// NewLetterValues returns the letter values of a sample. Values that are no
// number are not in it.
//
// The depth of the median is (n+1)/2, and each next depth (⌊d⌋+1)/2; a depth
// between two ranks is the mean of both values. A letter value is trusted as
// long as its 95 % interval does not reach the next, which is for the first
// ⌊log₂(n/(2·1.96²))⌋+1 of them; the median always is, and the fourths are from
// sixteen values on.
func NewLetterValues(s Sample) LetterValues { return s.sorted().letters() }

func (d distribution) letters() LetterValues {
	n := d.n()
	lv := LetterValues{N: n}
	if n == 0 {
		lv.Median = math.NaN()
		return lv
	}
	// Ranks are doubled, so that a half is whole.
	at := func(rank2 int64) float64 {
		lo, hi := d.rank(rank2/2), d.rank((rank2+1)/2)
		if lo == hi {
			return lo // infinite values too
		}
		return lo/2 + hi/2
	}
	depth2 := n + 1
	lv.Median = at(depth2)
	outer := int64(0) // how many values are outside of the last box, at each end
	for k := letterDepth(n); k > 1; k-- {
		depth2 = depth2/2 + 1
		lv.Boxes = append(lv.Boxes, LetterBox{letter(len(lv.Boxes)), at(depth2), at(2*(n+1) - depth2)})
		outer = (depth2+1)/2 - 1
	}
	if len(lv.Boxes) == 0 {
		outer = n / 2
	}
	for r := int64(1); r <= min(outer, mostOutliers); r++ {
		lv.Below = append(lv.Below, d.rank(r))
		lv.Above = append(lv.Above, d.rank(n+1-r))
	}
	for i, j := 0, len(lv.Above)-1; i < j; i, j = i+1, j-1 {
		lv.Above[i], lv.Above[j] = lv.Above[j], lv.Above[i]
	}
	return lv
}

// mostOutliers is more than there are outside of the last box that is trusted.
const mostOutliers = 32

// letterDepth returns how many letter values are trusted, the median being the
// first.
func letterDepth(n int64) int {
	const z = 1.959964
	k := int(math.Floor(math.Log2(float64(n)/(2*z*z)))) + 1
	return max(k, 1)
}

// letter names the i-th box.
func letter(i int) string {
	const names = "FEDCBAZYXWVUTSRQPON"
	if i < len(names) {
		return names[i : i+1]
	}
	return fmt.Sprintf("1/2^%d", i+2)
}

// LetterValuePlot returns a letter-value plot of each sample. The widest box is from
// fourth to fourth and holds half of the values; each next pair of boxes has half of
// the rest. Values outside the last box are drawn individually.
func LetterValuePlot(c Caption, q Quantity, samples ...Sample) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"name", "samples", "letter", "lower " + q.column(), "upper " + q.column()}
	palette := c.palette()
	var all []lettered
	var names, said []string
	var ends []float64
	for _, d := range sortedAll(samples) {
		f.drop(d.offLog())
		lv := d.letters()
		name := Label(d.name)
		names = append(names, name)
		text := name + ": median " + q.Format(lv.Median)
		if len(lv.Boxes) > 0 {
			text += ", fourths " + q.Format(lv.Boxes[0].Lo) + " and " + q.Format(lv.Boxes[0].Hi)
		}
		all = append(all, lettered{lv, palette.Mark(d.name), text})
		if lv.N == 0 {
			f.Table.add(d.name, 0, "", "", "")
			said = append(said, name+": no samples")
			continue
		}
		f.Table.add(d.name, lv.N, "M", lv.Median, lv.Median)
		for _, b := range lv.Boxes {
			f.Table.add(d.name, lv.N, b.Letter, b.Lo, b.Hi)
		}
		f.Table.add(d.name, lv.N, "extremes", d.values[0], d.values[len(d.values)-1])
		if v := d.positive(); len(v) > 0 {
			ends = append(ends, v[0], v[len(v)-1])
		}
		said = append(said, text)
	}
	f.Desc = fmt.Sprintf("Letter-value plots of the %s of %d series. %s.", Label(q.Name), len(samples), strings.Join(said, "; "))
	lo, hi := logRange(ends...)
	f.panels = []panel{{
		x: q.axis(lo, hi, true),
		build: func(width float64) (*plot.Plot, float64) {
			p := newPlot()
			scaled(&p.X, lo, hi, Log{}, LogTicks{q})
			r, height := newRows(p, names, width, 36)
			fitTicks(p, width, height)
			p.Add(r)
			for i, l := range all {
				p.Add(inRow{r, i, l.draw})
			}
			return p, height
		},
	}}
	return f
}

// lettered is one sample of the figure.
type lettered struct {
	LetterValues
	mark  Mark
	title string
}

func (l lettered) draw(c draw.Canvas, p *plot.Plot, low, high vg.Length) {
	if l.N == 0 {
		return
	}
	defer group(c.Canvas, l.title)()
	x := func(v float64) vg.Length { return c.X(min(max(p.X.Norm(v), 0), 1)) }
	mid, half := (low+high)/2, (high-low)/2
	inner := [2]vg.Length{x(l.Median), x(l.Median)}
	for i, b := range l.Boxes {
		t := float64(i) / float64(len(l.Boxes))
		h := half * vg.Length(1-0.85*t)
		ink := l.mark.Ink.Fade(0.95 - 0.65*t)
		if i == 0 {
			fill(c, ink, x(b.Lo), mid-h, x(b.Hi), mid+h)
		} else {
			fill(c, ink, x(b.Lo), mid-h, inner[0], mid+h)
			fill(c, ink, inner[1], mid-h, x(b.Hi), mid+h)
		}
		inner = [2]vg.Length{x(b.Lo), x(b.Hi)}
	}
	if onLog(l.Median) {
		if len(l.Boxes) > 0 {
			c.StrokeLine2(draw.LineStyle{Color: Ground, Width: 2}, x(l.Median), low, x(l.Median), high)
		} else {
			c.StrokeLine2(draw.LineStyle{Color: l.mark.Ink, Width: 2}, x(l.Median), low, x(l.Median), high)
		}
	}
	var dots vg.Path
	for _, v := range append(l.Below[:len(l.Below):len(l.Below)], l.Above...) {
		if onLog(v) {
			l.mark.Shape.add(&dots, vg.Point{X: x(v), Y: mid}, 2)
		}
	}
	if len(dots) > 0 {
		c.SetColor(l.mark.Ink)
		c.Fill(dots)
	}
}
