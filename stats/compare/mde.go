package compare

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
)

// Power is the probability with which the minimal detectable effect is found.
const Power = 0.8

// resamples is the number of samples of the bootstrap: the power of the effect that
// they give is known to 3 %.
const resamples = 200

// detectable returns the minimal detectable effect of the differences d about
// their center, as a logarithm. The level is one that len(d) pairs can reach.
//
// With a true effect δ > 0 the test finds it if the lower bound of the interval
// is above 0; so it finds those δ that are larger than the distance from the
// truth to the bound. A symmetric bootstrap samples the distance. The generator
// has a fixed seed: the same data has the same answer.
func detectable(d []float64, center, level float64) float64 {
	n := len(d)
	k := critical(n, level)
	// Residuals about an estimate are smaller than about the truth, by √(1−1/n).
	// And the spread is an estimate too: what is too small costs more power than
	// what is too large gains. For the normal distribution this is worth about
	// the same again.
	scale := float64(n) / float64(n-1)
	r := newResampler(d, center, scale)
	// Of the distances those are kept that are not below the quantile, ascending.
	const most = resamples - int(Power*resamples)
	largest := make([]float64, 0, most+1)
	for _, choice := range choicesFor(n, k) {
		e := r.sample(choice)
		atMost, known := math.Inf(1), e.len() // how many are at most that
		if len(largest) == most {
			atMost = -largest[0]
			if known = e.count(atMost); known <= k {
				continue // it is less than all of these
			}
			largest = slices.Delete(largest, 0, 1)
		}
		distance := -e.below(k, atMost, known)
		at, _ := slices.BinarySearch(largest, distance)
		largest = slices.Insert(largest, at, distance)
	}
	return max(0, largest[0])
}

// A choice says which residuals are in a sample: residual i as 2i, and its negative as
// 2i+1.
type choice []uint16

// choices are those of all samples of n residuals.
type choices struct {
	n, k int
	all  []choice
}

// lastChoices are those that were used last. They depend on the number of residuals and
// on the critical value alone, which most comparisons of a family share. Comparisons run
// concurrently; each takes a whole value or makes its own, which is the same.
var lastChoices atomic.Pointer[choices]

// choicesFor returns the choices for n residuals, those with many negatives first: they
// tend to have large distances, and the others can be passed over then. The order does
// not change which distances are the largest.
func choicesFor(n, k int) []choice {
	if c := lastChoices.Load(); c != nil && c.n == n && c.k == k {
		return c.all
	}
	c := &choices{n: n, k: k, all: make([]choice, resamples)}
	rng := rand.New(rand.NewPCG(uint64(n), uint64(k)))
	negatives := func(c choice) (count int) {
		for _, place := range c {
			count += int(place & 1)
		}
		return count
	}
	for i := range c.all {
		c.all[i] = make(choice, n)
		for j := range n {
			place := 2 * rng.IntN(n)
			if rng.Uint64()&1 == 0 {
				place++
			}
			c.all[i][j] = uint16(place)
		}
	}
	slices.SortStableFunc(c.all, func(a, b choice) int { return cmp.Compare(negatives(b), negatives(a)) })
	lastChoices.Store(c)
	return c.all
}

// A resampler makes samples of residuals, each in ascending order.
type resampler struct {
	values []float64 // the residuals and their negatives, ascending
	place  []uint16  // in values: of residual i at 2i, of its negative at 2i+1
	times  []uint16  // how often each of the values is in the sample
	e      []float64
}

func newResampler(d []float64, center, scale float64) *resampler {
	n := len(d)
	r := &resampler{
		values: make([]float64, 2*n),
		place:  make([]uint16, 2*n),
		times:  make([]uint16, 2*n),
		e:      make([]float64, n),
	}
	type residual struct {
		size float64
		i    int // of the residual at 2i, or of its negative at 2i+1 if that is not negative
	}
	sorted := make([]residual, n)
	for i, x := range d {
		if v := scale * (x - center); v >= 0 {
			sorted[i] = residual{v, 2 * i}
		} else {
			sorted[i] = residual{-v, 2*i + 1}
		}
	}
	slices.SortFunc(sorted, func(a, b residual) int { return cmp.Compare(a.size, b.size) })
	for at, s := range sorted {
		r.values[n+at], r.values[n-1-at] = s.size, -s.size
		r.place[s.i], r.place[s.i^1] = uint16(n+at), uint16(n-1-at)
	}
	return r
}

// sample is valid until the next one.
func (r *resampler) sample(c choice) walsh {
	clear(r.times)
	for _, place := range c {
		r.times[r.place[place]]++
	}
	e := r.e[:0]
	for at, times := range r.times {
		for ; times > 0; times-- {
			e = append(e, r.values[at])
		}
	}
	return e
}
