package compare

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
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
	r := c.resampler(d, center, scale)
	defer c.resamplers.Put(r)
	return max(0, c.quantile(r, c.normal))
}

// nearby is how far from the normal distribution's the quantile of a sample is expected,
// as a factor. It has no influence on the result, but on how fast it is found.
const nearby = 1.08

// quantile returns the quantile of the distances of all samples, exactly. The guess is
// about what it is for residuals with a standard deviation of 1.
//
// To find out whether a distance is at least a number is much faster than to compute it.
// So numbers below and above the quantile are tried, from the guess on, until few samples
// are left between them. Distances are computed for these.
func (c *choices) quantile(r *resampler, guess float64) float64 {
	s := split{from: math.Inf(-1), to: math.Inf(1), want: resamples - int(Power*resamples)}
	for i := range resamples {
		r.left[i] = i
	}
	s.left = r.left[:]
	if guess > 0 {
		guess *= r.deviation()
		s.at(r, guess/nearby)
		s.at(r, guess*nearby)
		for len(s.left) > few && !math.IsInf(s.from, 0) && !math.IsInf(s.to, 0) {
			before := len(s.left)
			s.at(r, s.from+(s.to-s.from)/2)
			if len(s.left) > before*3/4 {
				break // many are equal, or almost
			}
		}
	}
	return s.quantile(r)
}

// A split is the samples whose distances are at least one number and less than another.
type split struct {
	left     []int // indices of the samples
	from, to float64
	want     int // of their distances, the quantile is the one at this place from above, from 1
}

// at divides the samples at a number, and keeps the part that has the quantile.
func (s *split) at(r *resampler, pivot float64) {
	if pivot <= s.from || pivot >= s.to {
		return
	}
	r.limit(-pivot)
	above := 0 // those are moved to the front
	for i, sample := range s.left {
		if r.within(sample) > r.k {
			s.left[above], s.left[i] = sample, s.left[above]
			above++
		}
	}
	if above >= s.want {
		s.left, s.from = s.left[:above], pivot
	} else {
		s.left, s.to, s.want = s.left[above:], pivot, s.want-above
	}
}

// quantile computes distances. It keeps those that are not below the quantile, ascending.
func (s *split) quantile(r *resampler) float64 {
	largest := make([]float64, 0, s.want+1)
	for _, sample := range s.left {
		e := r.sample(r.all[sample])
		atLeast := s.from
		if len(largest) == s.want {
			atLeast = largest[0]
		}
		known := e.count(-atLeast) // all averages, if it is -Inf
		if known <= r.k {
			continue // the distance is less than all of these
		}
		if len(largest) == s.want {
			largest = slices.Delete(largest, 0, 1)
		}
		distance := -e.between(r.k, -s.to, -atLeast, known)
		at, _ := slices.BinarySearch(largest, distance)
		largest = slices.Insert(largest, at, distance)
	}
	return largest[0]
}

// A choice says which residuals are in a sample: residual i as 2i, and its negative as
// 2i+1. These are places.
type choice []uint16

// choices are those of all samples of n residuals, for the critical value k.
type choices struct {
	n, k   int
	all    []choice
	times  []counts // how often each place is chosen
	normal float64  // the quantile for normal residuals with a standard deviation of 1

	resamplers sync.Pool // those that are not in use: they are large
}

// counts has a number from 0 to n for each sample, four to a word, so that they are added
// four at once.
type counts [resamples / 4]uint64

// of returns the number for a sample.
func (c *counts) of(sample int) int { return int(uint16(c[sample/4] >> (16 * (sample % 4)))) }

// lastChoices are those that were used last. They depend on the number of residuals and
// on the critical value alone, which most comparisons of a family share. Comparisons run
// concurrently; each takes a whole value or makes its own, which is the same.
var lastChoices atomic.Pointer[choices]

// choicesFor returns the choices for n residuals.
func choicesFor(n, k int) *choices {
	if c := lastChoices.Load(); c != nil && c.n == n && c.k == k {
		return c
	}
	c := &choices{n: n, k: k, all: make([]choice, resamples), times: make([]counts, 2*n)}
	rng := rand.New(rand.NewPCG(uint64(n), uint64(k)))
	for i := range c.all {
		c.all[i] = make(choice, n)
		for j := range n {
			place := 2 * rng.IntN(n)
			if rng.Uint64()&1 == 0 {
				place++
			}
			c.all[i][j] = uint16(place)
			c.times[place][i/4] += 1 << (16 * (i % 4))
		}
	}
	scores := make([]float64, n)
	for i := range scores {
		scores[i] = math.Sqrt2 * math.Erfinv((2*float64(i)+1)/float64(n)-1)
	}
	r := c.resampler(scores, 0, 1)
	c.normal = c.quantile(r, 0) / r.deviation()
	lastChoices.Store(c)
	return c
}

// A resampler makes samples of residuals.
type resampler struct {
	*choices
	values []float64 // the residuals and their negatives, ascending
	at     []uint16  // in values, by place
	left   [resamples]int

	// For sample.
	times []uint16 // how often each of the values is in the sample
	e     []float64

	// For within: how many of each sample are among the first so many values; of each
	// place, how many of the values, which are the first ones, have an average with it
	// that is at most the limit; and how many values are at most the limit.
	upTo  []counts
	reach []uint16
	low   int
}

// resampler returns one for n residuals, the differences d from center multiplied by scale.
func (c *choices) resampler(d []float64, center, scale float64) *resampler {
	n := c.n
	r, ok := c.resamplers.Get().(*resampler)
	if !ok {
		r = &resampler{
			choices: c,
			values:  make([]float64, 2*n),
			at:      make([]uint16, 2*n),
			times:   make([]uint16, 2*n),
			e:       make([]float64, n+2),
			upTo:    make([]counts, 2*n+1),
			reach:   make([]uint16, 2*n),
		}
	}
	type residual struct {
		size  float64
		place int // of the residual, or of its negative if that is not negative
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
	for i, s := range sorted {
		r.values[n+i], r.values[n-1-i] = s.size, -s.size
		r.at[s.place], r.at[s.place^1] = uint16(n+i), uint16(n-1-i)
	}
	add := func(at, place int) {
		before, after := &r.upTo[at], &r.upTo[at+1]
		for i, times := range &c.times[place] {
			after[i] = before[i] + times
		}
	}
	for i, s := range slices.Backward(sorted) {
		add(n-1-i, s.place^1)
	}
	for i, s := range sorted {
		add(n+i, s.place)
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

// limit sets the limit of within.
func (r *resampler) limit(x float64) {
	n, reach := r.n, len(r.values)
	r.low = 0
	byValue := r.times // which is not in use here
	for i, a := range r.values {
		if a <= x {
			r.low = i + 1
		}
		for reach > 0 && (a+r.values[reach-1])/2 > x {
			reach--
		}
		byValue[i] = uint16(reach)
	}
	for place := range 2 * n {
		r.reach[place] = byValue[r.at[place]]
	}
}

// within returns how many Walsh averages of a sample are at most the limit, which is
// walsh.count without the sample itself. What depends on the values alone was computed
// before, so that there is no branch here that is hard to predict.
func (r *resampler) within(sample int) int {
	ordered := 0 // averages of eᵢ and eⱼ, those with i > j too
	for _, place := range r.all[sample] {
		ordered += r.upTo[r.reach[place]].of(sample)
	}
	return (ordered + r.upTo[r.low].of(sample)) / 2
}

// sample returns one, ascending. It is valid until the next one.
func (r *resampler) sample(c choice) walsh {
	clear(r.times)
	for _, place := range c {
		r.times[r.at[place]]++
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
