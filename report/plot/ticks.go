package plot

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// LogTicks is the plot.Ticker of a logarithmic axis: 1, 2 and 5 of each decade,
// labelled with their units. Where that gives fewer than three, the steps are
// equal; where it gives too many, decades are left out.
type LogTicks struct{ Quantity Quantity }

// LinearTicks is the plot.Ticker of a linear axis, in equal steps of 1, 2 or 5
// times a power of ten.
type LinearTicks struct {
	Quantity Quantity
	Whole    bool // no ticks between whole numbers
}

// DoublingTicks is the plot.Ticker of a logarithmic axis of whole numbers that double, such
// as numbers of cores: 1, 2, 4 and so on.
type DoublingTicks struct{}

// NinesTicks is the plot.Ticker of quantiles on [Nines]: 50 %, 90 %, 99 %, 99.9 %
// and so on.
type NinesTicks struct{}

var (
	_ plot.Ticker = LogTicks{}
	_ plot.Ticker = LinearTicks{}
	_ plot.Ticker = DoublingTicks{}
	_ plot.Ticker = NinesTicks{}
)

// Ticks returns the ticks between lo and hi, however long the axis is.
func (t LogTicks) Ticks(lo, hi float64) []plot.Tick { return t.thin(0, lo, hi) }

// Ticks returns the ticks between lo and hi, however long the axis is.
func (t LinearTicks) Ticks(lo, hi float64) []plot.Tick { return t.thin(2, lo, hi) }

// Ticks returns the ticks between lo and hi, however long the axis is.
func (t DoublingTicks) Ticks(lo, hi float64) []plot.Tick { return t.thin(0, lo, hi) }

// Ticks returns the ticks between lo and hi, however long the axis is.
func (t NinesTicks) Ticks(lo, hi float64) []plot.Tick { return t.thin(0, lo, hi) }

// A thinner is a ticker that can do with fewer labels: the higher the level, the
// fewer. After the last level it returns nil.
type thinner interface {
	thin(level int, lo, hi float64) []plot.Tick
}

// fit returns the ticks of the first level at which no two labels are closer to each
// other than allowed on an axis of this length. If there is none, one label remains.
func fit(t thinner, a plot.Axis, length vg.Length, vertical bool) plot.ConstantTicks {
	var last []plot.Tick
	for level := 0; ; level++ {
		ticks := t.thin(level, a.Min, a.Max)
		if ticks == nil {
			break
		}
		if apart(ticks, a, float64(length), vertical) {
			return ticks
		}
		last = ticks
	}
	labelled := false
	for i := range last {
		if labelled {
			last[i].Label = ""
		}
		labelled = labelled || !last[i].IsMinor()
	}
	return last
}

// apart reports whether no two labels are too close.
func apart(ticks []plot.Tick, a plot.Axis, length float64, vertical bool) bool {
	const gap = 9 // pixels between two labels
	end := math.Inf(-1)
	for _, t := range ticks {
		if t.IsMinor() {
			continue
		}
		half := line/2 - 1.0
		if !vertical {
			half = (textWidth(t.Label, textSize, false) + gap) / 2
		}
		at := a.Norm(t.Value) * length
		if at-half < end-1e-9 {
			return false
		}
		end = at + half
	}
	return true
}

// maxDecades is how many decades have ticks of their own: more would be a wall.
const maxDecades = 24

func (t LogTicks) thin(level int, lo, hi float64) []plot.Tick {
	if !(lo > 0 && hi > lo) || math.IsInf(hi, 1) {
		return nil
	}
	steps := [][]float64{{1, 2, 5}, {1, 3}, {1}}
	if decades := math.Log10(hi) - math.Log10(lo); decades > maxDecades {
		every := int(math.Ceil(decades / maxDecades))
		ticks, labels := t.steps(steps[2], every<<min(level, 16), lo, hi)
		if labels == 0 {
			return nil
		}
		return ticks
	}
	if _, labels := t.steps(steps[0], 1, lo, hi); labels < 3 {
		return LinearTicks{Quantity: t.Quantity}.thin(level, lo, hi)
	}
	if level < len(steps) {
		ticks, _ := t.steps(steps[level], 1, lo, hi)
		return ticks
	}
	every := 1 << (level - len(steps) + 1)
	ticks, labels := t.steps([]float64{1}, every, lo, hi)
	if labels == 0 {
		return nil
	}
	return ticks
}

func (DoublingTicks) thin(level int, lo, hi float64) []plot.Tick {
	const most = 62 // doublings
	if level > 6 || !(lo > 0 && hi > lo) {
		return nil
	}
	ticks := []plot.Tick{}
	for i := range most {
		v := math.Pow(2, float64(i))
		if v < lo*(1-1e-9) || v > hi*(1+1e-9) {
			continue
		}
		tick := plot.Tick{Value: min(max(v, lo), hi)}
		if i%(level+1) == 0 {
			tick.Label = Quantity{}.Format(v)
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// steps returns the ticks of a logarithmic axis, with labels at these multiples of
// every n-th decade, and the number of labels.
func (t LogTicks) steps(multiples []float64, every int, lo, hi float64) (ticks []plot.Tick, labels int) {
	first, last := int(math.Floor(math.Log10(lo))), int(math.Ceil(math.Log10(hi)))
	for d := first; d <= last; d++ {
		if last-first > maxDecades+1 && d%every != 0 {
			continue
		}
		for m := 1.0; m < 10; m++ {
			labelled := d%every == 0 && slices.Contains(multiples, m)
			v := m * math.Pow10(d)
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) || !labelled && m > 1 && last-first > 8 {
				continue
			}
			tick := plot.Tick{Value: min(max(v, lo), hi)}
			if labelled {
				tick.Label = t.Quantity.Format(v)
				labels++
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks, labels
}

func (t LinearTicks) thin(level int, lo, hi float64) []plot.Tick {
	span := hi - lo
	if level > 9 || !(span > 0) || !finite(span) {
		return nil
	}
	step := niceStep(span / float64(10-level))
	if t.Whole {
		step = max(step, 1)
	}
	var ticks []plot.Tick
	for k := math.Ceil(lo/step - 1e-9); len(ticks) < 50; k++ {
		v := k * step
		if v > hi+step*1e-9 {
			break
		}
		if v+step == v && step < math.Abs(v) {
			break // too fine for the numbers there are
		}
		if k == 0 {
			v = 0 // and not -0
		}
		ticks = append(ticks, plot.Tick{Value: min(max(v, lo), hi), Label: t.Quantity.formatAs(v, digits(v, step), max(math.Abs(lo), math.Abs(hi)))})
	}
	if ticks == nil {
		ticks = []plot.Tick{}
	}
	return ticks
}

// digits returns how many digits tell v from v+step.
func digits(v, step float64) int {
	if v == 0 {
		return 1
	}
	n := int(math.Floor(math.Log10(math.Abs(v))+1e-9)) - int(math.Floor(math.Log10(step)+1e-9)) + 1
	return min(max(n, 1), 15)
}

// niceStep returns the least of 1, 2 and 5 times a power of ten that is not below
// v.
func niceStep(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*p >= v*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}

func (NinesTicks) thin(level int, lo, hi float64) []plot.Tick {
	const most = 15 // nines are what a float64 can tell from 1
	if level > 5 {
		return nil
	}
	every := max(level-1, 1)
	ticks := []plot.Tick{}
	add := func(q float64, label string) {
		if q >= lo-1e-15 && q <= hi+1e-15 {
			ticks = append(ticks, plot.Tick{Value: q, Label: label})
		}
	}
	for j := 0; j < most; j++ {
		rest := math.Pow10(-j)
		label := ""
		switch {
		case j == 0 && level == 0:
			label = "0" + noBreakSpace + "%"
		case j > 0 && j%every == 0:
			label = strconv.FormatFloat(100-100*rest, 'f', max(j-2, 0), 64) + noBreakSpace + "%"
		}
		add(1-rest, label)
		for m := 9.0; m > 1; m-- {
			label := ""
			if j == 0 && m == 5 && level < 2 {
				label = "50" + noBreakSpace + "%"
			}
			add(1-m*rest/10, label)
		}
	}
	return ticks
}
