package compare

import (
	"cmp"
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
	draw := newResampler(d, center, scale)
	// Of the distances those are kept that are not below the quantile, ascending.
	var largest []float64
	const most = resamples - int(Power*resamples)
	for range resamples {
		e := draw.sample(rng)
		if len(largest) == most {
			if e.count(-largest[0]) <= k {
				continue // it is less than all of these
			}
			largest = slices.Delete(largest, 0, 1)
		}
		distance := -e.at(k)
		at, _ := slices.BinarySearch(largest, distance)
		largest = slices.Insert(largest, at, distance)
	}
	return max(0, largest[0])
}

// A resampler draws residuals with random signs, each sample in ascending order.
type resampler struct {
	values []float64 // the residuals with both signs, ascending
	place  []int     // in values: of residual i at 2i, of its negative at 2i+1
	times  []int     // how often each of the values was drawn
	e      []float64
}

func newResampler(d []float64, center, scale float64) *resampler {
	r := &resampler{place: make([]int, 2*len(d)), times: make([]int, 2*len(d))}
	both := make([]float64, 0, 2*len(d))
	order := make([]int, 2*len(d))
	for i, x := range d {
		both = append(both, scale*(x-center), -scale*(x-center))
		order[2*i], order[2*i+1] = 2*i, 2*i+1
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(both[i], both[j]) })
	for at, i := range order {
		r.place[i] = at
		r.values = append(r.values, both[i])
	}
	return r
}

// sample is valid until the next one.
func (r *resampler) sample(rng *rand.Rand) walsh {
	clear(r.times)
	n := len(r.place) / 2
	for range n {
		i := 2 * rng.IntN(n)
		if rng.Uint64()&1 == 0 {
			i++
		}
		r.times[r.place[i]]++
	}
	r.e = r.e[:0]
	for at, times := range r.times {
		for range times {
			r.e = append(r.e, r.values[at])
		}
	}
	return r.e
}
