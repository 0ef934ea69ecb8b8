package compare

import (
	"math/rand/v2"
	"slices"
)

// Power is the probability with which the minimal detectable effect is found.
const Power = 0.8

// resamples is the number of draws of the bootstrap: the power of what they
// give is known to 3 %.
const resamples = 200

// detectable returns the minimal detectable effect of the differences d about
// their center, as a logarithm. The level is one that len(d) pairs can reach.
//
// With a true effect δ > 0 the test finds it if the lower bound of the interval
// is above 0; so it finds those δ that are larger than the distance from the
// truth to the bound. The distance is drawn by a symmetric bootstrap. The
// generator has a fixed seed: the same data has the same answer.
func detectable(d []float64, center, level float64) float64 {
	n := len(d)
	k := critical(n, level)
	// Residuals about an estimate are smaller than about the truth, by √(1−1/n).
	// And the spread is an estimate too: what is too small costs more power than
	// what is too large gains. For the normal distribution this is worth about
	// the same again.
	scale := float64(n) / float64(n-1)
	rng := rand.New(rand.NewPCG(uint64(n), uint64(k)))
	e := make([]float64, n)
	distances := make([]float64, resamples)
	for i := range distances {
		for j := range e {
			e[j] = scale * (d[rng.IntN(n)] - center)
			if rng.Uint64()&1 == 0 {
				e[j] = -e[j]
			}
		}
		distances[i] = -lowerWalsh(e, k)
	}
	slices.Sort(distances)
	return max(0, distances[int(Power*resamples)])
}

// lowerWalsh returns the Walsh average of e that k others are below, without
// making them all. It sorts e.
func lowerWalsh(e []float64, k int) float64 {
	slices.Sort(e)
	lo, hi := e[0], e[len(e)-1]
	for range 40 { // halves the error each time: more digits than anybody reads
		mid := lo + (hi-lo)/2
		if countWalsh(e, mid) > k {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// countWalsh returns how many Walsh averages of e, which is sorted, are at most
// x.
func countWalsh(e []float64, x float64) int {
	count, j := 0, len(e)-1
	for i := 0; i <= j; i++ {
		for j >= i && (e[i]+e[j])/2 > x {
			j--
		}
		count += j - i + 1
	}
	return count
}
