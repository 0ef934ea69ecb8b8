package plot

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// A Sample is a set of measured values of one implementation.
type Sample struct {
	Name   string
	Values []float64 // in any order; not changed

	// Counts says how often each value was measured, as a histogram has it. Nil
	// is once each. Values with a count below one are not in the sample.
	Counts []int64
}

// A distribution is a sample in ascending order.
type distribution struct {
	name   string
	values []float64
	upto   []int64 // how many values there are up to and including this one
	nan    int     // values that are no number, which are not in the sample
}

// sorted returns the sample in ascending order. Infinite values and those that
// are not positive keep their rank, even if a figure has no place for them:
// without them the other quantiles would be wrong.
func (s Sample) sorted() distribution {
	d := distribution{name: s.Name}
	type counted struct {
		value float64
		count int64
	}
	all := make([]counted, 0, len(s.Values))
	for i, v := range s.Values {
		count := int64(1)
		if i < len(s.Counts) {
			count = min(s.Counts[i], 1<<52/int64(len(s.Values))) // the sum is exact as a float64
		}
		switch {
		case count < 1:
		case math.IsNaN(v):
			d.nan++
		default:
			all = append(all, counted{v, count})
		}
	}
	slices.SortFunc(all, func(a, b counted) int { return cmp.Compare(a.value, b.value) })
	n := int64(0)
	for _, c := range all {
		n += c.count
		if last := len(d.values) - 1; last >= 0 && d.values[last] == c.value {
			d.upto[last] = n
			continue
		}
		d.values = append(d.values, c.value)
		d.upto = append(d.upto, n)
	}
	return d
}

func sortedAll(samples []Sample) []distribution {
	ds := make([]distribution, len(samples))
	for i, s := range samples {
		ds[i] = s.sorted()
	}
	return ds
}

// n returns the size of the sample.
func (d distribution) n() int64 {
	if len(d.upto) == 0 {
		return 0
	}
	return d.upto[len(d.upto)-1]
}

// rank returns the r-th smallest value, r from 1 to n.
func (d distribution) rank(r int64) float64 {
	r = min(max(r, 1), d.n())
	return d.values[sort.Search(len(d.upto), func(i int) bool { return d.upto[i] >= r })]
}

// quantile returns the least value that at least a share q of the sample is not
// above. The sample is not empty.
func (d distribution) quantile(q float64) float64 {
	// Binary fractions are a little off: 0.99 of 100 values is 99 of them.
	return d.rank(int64(math.Ceil(q*float64(d.n()) - 1e-9)))
}

// remain is how many samples have to be above a quantile for it to be drawn.
const remain = 10

// deepest returns the last quantile with ten samples above it, which is 0 if the
// sample has fewer than twenty and so not even a median.
func (d distribution) deepest() float64 {
	if d.n() < 2*remain {
		return 0
	}
	return 1 - float64(remain)/float64(d.n())
}

// offLog counts the values that have no place on a logarithmic axis.
func (d distribution) offLog() int64 {
	off := int64(d.nan)
	before := int64(0)
	for i, v := range d.values {
		if !onLog(v) {
			off += d.upto[i] - before
		}
		before = d.upto[i]
	}
	return off
}

// positive returns the values that have a place on a logarithmic axis.
func (d distribution) positive() []float64 {
	from := sort.SearchFloat64s(d.values, math.SmallestNonzeroFloat64)
	to := sort.Search(len(d.values), func(i int) bool { return math.IsInf(d.values[i], 1) })
	if from >= to {
		return nil
	}
	return d.values[from:to]
}
