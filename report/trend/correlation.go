package trend

import (
	"math"
	"math/rand/v2"

	"github.com/idlebench/idlebench/stats/compare"
)

// Correlation returns an upper bound, with a confidence of 80 %, of the correlation of
// successive runs of one machine that is not due to changes; 0 without series that are long
// enough.
//
// It rests on the median over the series, which share the machine: a few that drift or
// have several changes do not affect it. A single step in each series is removed first.
// What remains is less correlated than the runs, all the less the fewer there are. So it is
// compared with that of simulated series of the same lengths, first-order autoregressions
// without a change. The bound is the smallest correlation that is not compatible with the
// median, in steps of 0.05 up to mostCorrelated.
//
// How uncertain the median is depends on whether the series share their noise: then many
// are no better than one. If they do, what remains is also similar in all of them. So the
// share of the simulated variance between series that was not seen is the share of the
// uncertainty that is common.
func Correlation(all []Series) float64 {
	var seen []float64
	var lengths []int
	for _, s := range all {
		if r := remaining(logsOf(s)); !math.IsNaN(r) {
			seen, lengths = append(seen, r), append(lengths, len(s))
		}
	}
	if len(seen) == 0 {
		return 0
	}
	const step = 0.05
	median, bound := compare.Median(seen), 0.0
	between := varianceOf(seen)
	for rho := step; rho < mostCorrelated+step/2; rho += step {
		center, variance := expected(rho, lengths)
		common := max(0, 1-between/variance)
		bound = rho
		if center-upper*math.Sqrt(common*variance) > median {
			break
		}
	}
	return bound
}

// upper is how many standard deviations above its mean a normal variable has 20 % of its
// values.
const upper = 0.84

// mostCorrelated is the largest correlation that is corrected for. With more, runs are
// hardly a sequence of observations.
const mostCorrelated = 0.9

// logsOf returns nil if a value has no logarithm.
func logsOf(s Series) []float64 {
	logs := make([]float64, len(s))
	for i, v := range s {
		if !(v > 0) || math.IsInf(v, 1) {
			return nil
		}
		logs[i] = math.Log(v)
	}
	return logs
}

// remaining is the correlation of successive values after the best step is removed; NaN
// if there are too few values, or if none varies.
func remaining(logs []float64) float64 {
	_, at := bestOf(logs)
	if at < 0 {
		return math.NaN()
	}
	rest := make([]float64, 0, len(logs))
	for _, part := range [][]float64{logs[:at], logs[at:]} {
		mean := 0.0
		for _, v := range part {
			mean += v / float64(len(part))
		}
		for _, v := range part {
			rest = append(rest, v-mean)
		}
	}
	var square, product float64
	for i, v := range rest {
		square += v * v
		if i > 0 {
			product += v * rest[i-1]
		}
	}
	return product / square
}

// expected is what remains of a correlation in series of the given lengths: the median, and
// the variance.
func expected(rho float64, lengths []int) (median, variance float64) {
	const simulated = 400
	rng := rand.New(rand.NewPCG(20140102, 0)) // the same for each correlation, so that they differ by that alone
	all := make([]float64, simulated)
	for i := range all {
		all[i] = remaining(autoregression(rng, rho, lengths[i%len(lengths)]))
	}
	return compare.Median(all), varianceOf(all)
}

// varianceOf is 0 of a single value.
func varianceOf(values []float64) float64 {
	var sum, square float64
	for _, v := range values {
		sum += v
	}
	for _, v := range values {
		square += (v - sum/float64(len(values))) * (v - sum/float64(len(values)))
	}
	return square / float64(max(1, len(values)-1))
}

// autoregression makes a normal series of n values with a standard deviation of 1.
func autoregression(rng *rand.Rand, rho float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		if x[i] = rng.NormFloat64(); i > 0 {
			x[i] = rho*x[i-1] + math.Sqrt(1-rho*rho)*x[i]
		}
	}
	return x
}
