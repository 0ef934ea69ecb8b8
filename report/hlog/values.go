package hlog

import (
	"cmp"
	"math"
	"slices"
)

// A Bar is a range of values that the histogram does not distinguish.
type Bar struct {
	From, To float64 // both included
	Count    int64   // not 0
}

// Values are those recorded in an interval, as the bars of its histogram in ascending
// order.
type Values struct {
	Bars []Bar
}

// Count returns how many values there are.
func (v Values) Count() (n int64) {
	for _, b := range v.Bars {
		n = sum(n, b.Count)
	}
	return n
}

// sum is a+b, or the largest number if that is too large.
func sum(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// Quantile returns the smallest value, as the histogram distinguishes values, that at
// least a share q of the values does not exceed. Like HdrHistogram it returns the upper
// end of the value's bar. It is 0 if there are no values.
func (v Values) Quantile(q float64) float64 {
	total := v.Count()
	// What is more than a whole number only by the error of the multiplication is that
	// whole number.
	rank := max(1, int64(math.Ceil(q*float64(total)*(1-1e-15))))
	for _, b := range v.Bars {
		if rank -= b.Count; rank <= 0 {
			return b.To
		}
	}
	return v.Max()
}

// Max returns the upper end of the last bar, 0 if there is none.
func (v Values) Max() float64 {
	if len(v.Bars) == 0 {
		return 0
	}
	return v.Bars[len(v.Bars)-1].To
}

// merge returns the values of all intervals together. Histograms of different precision
// overlap: their bars stay apart.
func merge(all []Interval) Values {
	counts := map[Bar]int64{} // by bar without its count
	for _, i := range all {
		for _, b := range i.Values().Bars {
			n := b.Count
			b.Count = 0
			counts[b] = sum(counts[b], n)
		}
	}
	var bars []Bar
	for b, n := range counts {
		b.Count = n
		bars = append(bars, b)
	}
	slices.SortFunc(bars, func(a, b Bar) int {
		return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.From, b.From))
	})
	return Values{bars}
}
