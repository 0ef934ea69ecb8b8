package compare

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// A Summary is what benchmath says about one side alone, as benchstat shows it. It
// knows nothing of pairs and families.
type Summary struct {
	Center   float64   `json:"center"`   // the median
	Interval *Interval `json:"interval"` // of the median, at 95 %; nil if there are too few values
}

// Median returns the median of values, in any order; NaN if there are none.
func Median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	v := slices.Sorted(slices.Values(values))
	low, high := v[(n-1)/2], v[n/2]
	if middle := low + (high-low)/2; !notFinite(middle) {
		return middle
	}
	return low/2 + high/2 // their difference is too large a number
}

// summarize returns nil if there are no values. It sorts the values, so its argument
// must not be the paired slice.
func summarize(values []float64) *Summary {
	if len(values) == 0 || slices.ContainsFunc(values, notFinite) {
		return nil
	}
	sample := benchmath.NewSample(values, &benchmath.DefaultThresholds)
	s := benchmath.AssumeNothing.Summary(sample, 0.95)
	summary := &Summary{Center: s.Center}
	if notFinite(s.Center) { // benchmath has added two large numbers
		summary.Center = Median(values)
	}
	if !notFinite(s.Lo) && !notFinite(s.Hi) {
		summary.Interval = &Interval{s.Lo, s.Hi, s.Confidence}
	}
	return summary
}

func notFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
