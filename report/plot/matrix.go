package plot

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
)

// mostCells is how many columns and rows a matrix has.
const mostCells = 64

// Matrix returns a quantity between each pair of some things, such as the time that a
// line takes between two CPUs. The first row is at the top. The diagonal is left
// out. Colours divide the range of the values on a scale of logarithms. Of more than 64
// things as many are put together as it takes, and their median is shown.
func Matrix(c Caption, thing string, q Quantity, names []string, values [][]float64) *Figure {
	f := newFigure(c)
	thing = Label(thing)
	f.Table.Header = []string{"from " + thing, "to " + thing, "median " + q.column()}
	each := max(1, (len(names)+mostCells-1)/mostCells)
	n := (len(names) + each - 1) / each
	h := Heat{Level: make([][]int, n)}
	for i := range n + 1 {
		h.X = append(h.X, float64(i))
		h.Y = append(h.Y, float64(i))
	}
	medians := make([][]float64, n)
	lo, hi := math.Inf(1), math.Inf(-1)
	for i := range n {
		medians[i] = make([]float64, n)
		for j := range n {
			m := f.block(values, i*each, j*each, each)
			medians[i][j] = m
			if onLog(m) {
				lo, hi = min(lo, m), max(hi, m)
				f.Table.add(span(names, i*each, each), span(names, j*each, each), m)
			}
		}
	}
	if lo > hi {
		f.Desc = "There are no values."
		f.panels = []panel{emptyPanel()}
		return f
	}
	for i := range n { // columns
		h.Level[i] = make([]int, n)
		for j := range n { // rows, the first at the top
			if m := medians[j][i]; onLog(m) {
				h.Level[i][n-1-j] = 1 + level(m, lo, hi)
			}
		}
	}
	f.Desc = fmt.Sprintf("Heat map of the %s between %d %ss, from %s to %s.", Label(q.Name), len(names), thing, q.Format(lo), q.Format(hi))
	for i, ink := range heat {
		if from, to := edge(i, lo, hi), edge(i+1, lo, hi); i == 0 || from < to {
			f.show(q.Format(from)+" to "+q.Format(to), swatch{ink})
		}
	}
	if each > 1 {
		f.note("A cell is the median of %d by %d %ss.", each, each, thing)
	}
	f.panels = []panel{{
		x: "to " + thing,
		y: "from " + thing,
		build: func(width float64) (*plot.Plot, float64) {
			p := newPlot()
			ticks := nameTicks(names, n, each)
			rows := slices.Clone(ticks)
			for i := range rows {
				rows[i].Value = float64(n) - rows[i].Value
			}
			scaled(&p.X, 0, float64(n), plot.LinearScale{}, plot.ConstantTicks(ticks))
			scaled(&p.Y, 0, float64(n), plot.LinearScale{}, plot.ConstantTicks(rows))
			p.Add(h)
			return p, min(width, 480)
		},
	}}
	return f
}

// block returns the median of a part of a matrix without its diagonal, NaN if there is
// nothing.
func (f *Figure) block(values [][]float64, row, column, each int) float64 {
	var all []float64
	for i := row; i < min(row+each, len(values)); i++ {
		for j := column; j < min(column+each, len(values[i])); j++ {
			switch {
			case i == j:
			case onLog(values[i][j]):
				all = append(all, values[i][j])
			default:
				f.drop(1)
			}
		}
	}
	if len(all) == 0 {
		return math.NaN()
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// level returns that of a value between two others, on a scale of logarithms.
func level(v, lo, hi float64) int {
	if lo == hi {
		return 0
	}
	return min(len(heat)-1, int(math.Log(v/lo)/math.Log(hi/lo)*float64(len(heat))))
}

// edge returns where a level begins.
func edge(level int, lo, hi float64) float64 {
	return lo * math.Pow(hi/lo, float64(level)/float64(len(heat)))
}

// span returns the names of some things put together.
func span(names []string, from, each int) string {
	last := min(from+each, len(names)) - 1
	if from == last {
		return names[from]
	}
	return names[from] + "–" + names[last]
}

// nameTicks returns at most eight ticks in the middle of cells.
func nameTicks(names []string, n, each int) (ticks []plot.Tick) {
	step := (n + 7) / 8
	for i := 0; i < n; i += step {
		ticks = append(ticks, plot.Tick{Value: float64(i) + 0.5, Label: Label(names[i*each])})
	}
	return ticks
}
