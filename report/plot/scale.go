package plot

import (
	"math"

	"gonum.org/v1/plot"
)

// Log is a logarithmic plot.Normalizer. Unlike plot.LogScale it takes any value: what
// is not positive is at the low end.
type Log struct{}

var _ plot.Normalizer = Log{}

// Normalize returns the place of x between min and max, which are positive.
func (Log) Normalize(min, max, x float64) float64 {
	if !(min > 0 && max > min && x > 0) {
		return 0
	}
	// The logarithms are subtracted, and not the values divided, since the
	// ratio of two numbers may be too large for one.
	return (math.Log(x) - math.Log(min)) / (math.Log(max) - math.Log(min))
}

// Nines is the plot.Normalizer of quantiles q, 0 ≤ q < 1, on an axis that has
// the same length from 0.9 to 0.99 as from 0.99 to 0.999: it is logarithmic in
// 1/(1−q).
type Nines struct{}

var _ plot.Normalizer = Nines{}

// Normalize returns the place of the quantile x between those at the ends.
func (Nines) Normalize(min, max, x float64) float64 {
	lo, hi := nines(min), nines(max)
	if !(hi > lo) {
		return 0
	}
	return (nines(x) - lo) / (hi - lo)
}

// nines returns −log₁₀(1−q): 1 for 0.9, 2 for 0.99. Quantiles outside are moved
// to the nearest inside.
func nines(q float64) float64 {
	const last = 1 - 1.0/(1<<53)
	if !(q > 0) {
		return 0
	}
	return -math.Log1p(-math.Min(q, last)) / math.Ln10
}

// fromNines is the inverse of nines.
func fromNines(n float64) float64 { return -math.Expm1(-n * math.Ln10) }

// logRange returns the ends of a logarithmic axis for the values that can be on
// it, with some room. Without any it is from 1 to 10.
func logRange(values ...float64) (lo, hi float64) {
	lo, hi = math.Inf(1), 0
	for _, v := range values {
		if onLog(v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	switch {
	case hi == 0:
		return 1, 10
	case hi/lo < 1.02:
		lo, hi = lo/1.2, hi*1.2
	default:
		room := math.Exp((math.Log(hi) - math.Log(lo)) * 0.03)
		lo, hi = lo/room, hi*room
	}
	lo, hi = math.Max(lo, math.SmallestNonzeroFloat64), math.Min(hi, math.MaxFloat64)
	if lo == hi { // the smallest number there is
		hi = 10 * lo
	}
	return lo, hi
}

// onLog reports whether a value has a place on a logarithmic axis.
func onLog(v float64) bool { return v > 0 && !math.IsInf(v, 1) }

// linearRange returns the ends of a linear axis that begins at 0.
func linearRange(values ...float64) (lo, hi float64) {
	for _, v := range values {
		if finite(v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	if lo == hi {
		return 0, 1
	}
	// Values near the largest number have a difference that is none.
	const most = math.MaxFloat64 / 4
	return math.Max(lo, -most), math.Min(hi*1.03, most)
}
