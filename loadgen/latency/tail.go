package latency

import (
	"math"
	"slices"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	tailShare = 0.1 // of the values, the slowest
	tailCap   = 10  // medians, as which a value counts at most
)

// Tail returns the mean of the slowest tenth of the values, each counted as at most ten
// medians. It is a measure of the tail that launches can be compared by.
//
// A quantile far out is decided by few values of a launch, and does not move until as many
// are affected; a mean is decided by its largest value, which on a shared machine is a time
// slice of another process. This rises with every value of the slowest tenth, and no
// single one decides it. If no value falls, it does not fall. It is NaN without values.
// docs/decisions/034-tail.md compares it with others.
func Tail(h *hdrhistogram.Histogram) float64 {
	limit := tailCap * float64(h.ValueAtQuantile(50))
	all := tailShare * float64(h.TotalCount())
	left, sum := all, 0.0
	for _, bar := range slices.Backward(h.Distribution()) {
		n := min(left, float64(bar.Count))
		if n <= 0 {
			continue
		}
		// The middle of a bar is as exact as the histogram is.
		sum += n * min(float64(bar.From+bar.To)/2, limit)
		left -= n
	}
	if all == 0 {
		return math.NaN()
	}
	return sum / all
}
