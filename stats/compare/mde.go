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
	// Residuals about an estimate are smaller than about the truth, by √(1−1/n). And
	// the spread is an estimate too: underestimating it costs more power than
	// overestimating gains. For the normal distribution this amounts to about the same
	// again.
	scale := float64(n) / float64(n-1)
	c := choicesFor(n, k)
	return max(0, c.quantile(newResampler(d, center, scale), c.normal))
}

// nearby is how far from the normal distribution's the quantile of a sample is expected,
// as a factor. It has no influence on the result, but on how fast it is found.
const nearby = 1.08

// quantile returns the quantile of the distances of all samples, exactly. The guess is
// about what it is for residuals with a standard deviation of 1.
//
// Whether a distance is at least a number takes one count, and to compute it takes
// several. So the samples are first divided at numbers a little below and above the
// guess, and distances are computed for those on the quantile's side of both.
func (c *choices) quantile(r *resampler, guess float64) float64 {
	want := resamples - int(Power*resamples) // its rank among the distances, from above
	left := c.all
	from, to := math.Inf(-1), math.Inf(1) // of the distances left
	if guess > 0 {
		guess *= r.deviation()
		for _, pivot := range []float64{guess / nearby, guess * nearby} {
			var below, above []choice
			for _, choice := range left {
				if r.sample(choice).exceeds(-pivot, c.k) {
					above = append(above, choice)
				} else {
					below = append(below, choice)
				}
			}
			if len(above) >= want {
				left, from = above, pivot
			} else {
				left, to, want = below, pivot, want-len(above)
				break
			}
		}
	}
	// Of the distances left those are kept that are not below the quantile, ascending.
	largest := make([]float64, 0, want+1)
	for _, choice := range left {
		e := r.sample(choice)
		atLeast := from
		if len(largest) == want {
			atLeast = largest[0]
		}
		known := e.count(-atLeast) // all averages, if it is -Inf
		if known <= c.k {
			continue // the distance is less than all of these
		}
		if len(largest) == want {
			largest = slices.Delete(largest, 0, 1)
		}
		distance := -e.between(c.k, -to, -atLeast, known)
		at, _ := slices.BinarySearch(largest, distance)
		largest = slices.Insert(largest, at, distance)
	}
	return largest[0]
}

// A choice says which residuals are in a sample: residual i as 2i, and its negative as
// 2i+1.
type choice []uint16

// choices are those of all samples of n residuals, for the critical value k.
type choices struct {
	n, k   int
	all    []choice
	normal float64 // the quantile for normal residuals with a standard deviation of 1
}

// lastChoices are those that were used last. They depend on the number of residuals and
// on the critical value alone, which most comparisons of a family share. Comparisons run
// concurrently; each takes a whole value or makes its own, which is the same.
var lastChoices atomic.Pointer[choices]

// choicesFor returns the choices for n residuals, those with many negatives first: they
// tend to have large distances, and the others can be passed over then. The order does
// not change which distances are the largest.
func choicesFor(n, k int) *choices {
	if c := lastChoices.Load(); c != nil && c.n == n && c.k == k {
		return c
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
	scores := make([]float64, n)
	for i := range scores {
		scores[i] = math.Sqrt2 * math.Erfinv((2*float64(i)+1)/float64(n)-1)
	}
	r := newResampler(scores, 0, 1)
	c.normal = c.quantile(r, 0) / r.deviation()
	lastChoices.Store(c)
	return c
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
		e:      make([]float64, n+2),
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

// deviation is the residuals' standard deviation from 0.
func (r *resampler) deviation() float64 {
	sum := 0.0
	for _, v := range r.values {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(r.values)))
}

// sample is valid until the next one.
func (r *resampler) sample(c choice) walsh {
	clear(r.times)
	for _, place := range c {
		r.times[r.place[place]]++
	}
	n := 0
	for at, times := range r.times {
		// How often a value occurs is random, which a processor cannot predict. So
		// three are written without checking, and the excess is overwritten.
		v := r.values[at]
		three := r.e[n : n+3 : n+3]
		three[0], three[1], three[2] = v, v, v
		for i := uint16(3); i < times; i++ { // seldom
			r.e[n+int(i)] = v
		}
		n += int(times)
		if n == len(c) {
			break
		}
	}
	return r.e[:n]
}
