// Package curves says what curves over the number of cores show: where two of them change
// places, and how much they depend on a constant.
//
// A curve has a value for each of several seeds at each of its places. The seeds are the
// same for all curves, and values are compared seed by seed: with the same seed two
// designs have the same arrivals.
//
// # Crossings
//
// The difference of two curves is the logarithm of their ratio. Two curves are tied where
// it is within a margin. They change places between a place where one is beyond the
// margin and the next place where the other one is; they may be tied in between. Where
// exactly is interpolated linearly in the logarithms of both axes. So curves that lie on
// top of each other do not cross, however often noise changes the sign of their
// difference.
//
// # Bands
//
// The band of a few values is from the least to the greatest. That is no confidence
// interval, and needs no assumption: with five seeds it says what five seeds did.
//
// # Elasticities
//
// The elasticity of a result is its relative change for a relative change of a constant, a
// derivative of logarithms. With two varied constants, one less and one more, it is the
// slope between the two: 1 if the result is proportional to the constant, 0 if it does not
// depend on it.
package curves

import (
	"cmp"
	"math"
	"slices"
)

// Tied is the ratio within which two designs on simulated cores are tied.
const Tied = 1.02

// A Point is what a curve has at one place.
type Point struct {
	X float64
	Y []float64 // for each seed, positive; NaN where a seed has none
}

// A Band is the middle and the ends of some values. The zero Band has none.
type Band struct{ Low, Mid, High float64 }

// BandOf returns the band of values, leaving out those that are not numbers; ok is false
// if none is left.
func BandOf(values ...float64) (b Band, ok bool) {
	values = slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	if len(values) == 0 {
		return Band{}, false
	}
	slices.Sort(values)
	n := len(values)
	return Band{values[0], (values[(n-1)/2] + values[n/2]) / 2, values[n-1]}, true
}

// A Crossing is a place at which two curves change places.
type Crossing struct {
	X float64 // of the medians over seeds

	// Above says that the first curve is above the second beyond the place, and was
	// below it before.
	Above bool

	// Seeds is the band of the crossings of single seeds, and In how many of Of seeds
	// have one in this direction.
	Seeds  Band
	In, Of int
}

// Crossings returns where curves a and b change places, in ascending order of X. The
// margin is a ratio, such as 1.02: what differs by less is tied. Places that only one curve
// has are left out.
func Crossings(a, b []Point, margin float64) []Crossing {
	xs, differences := difference(a, b)
	medians := make([]float64, len(xs))
	seeds := 0
	for i, d := range differences {
		band, ok := BandOf(d...)
		if medians[i] = band.Mid; !ok {
			medians[i] = math.NaN()
		}
		seeds = max(seeds, len(d))
	}
	all := changes(xs, medians, math.Log(margin))
	bySeed := make([][]Crossing, seeds)
	for s := range seeds {
		var own []float64
		for _, d := range differences {
			v := math.NaN()
			if s < len(d) {
				v = d[s]
			}
			own = append(own, v)
		}
		bySeed[s] = changes(xs, own, math.Log(margin))
	}
	for i := range all {
		c := &all[i]
		var at []float64
		for _, crossings := range bySeed {
			if near, ok := c.Nearest(crossings); ok {
				at = append(at, near.X)
			}
		}
		c.Seeds, _ = BandOf(at...)
		c.In, c.Of = len(at), seeds
	}
	return all
}

// Nearest returns that of several crossings in the same direction that is nearest in
// proportion; ok is false if there is none.
func (c Crossing) Nearest(others []Crossing) (nearest Crossing, ok bool) {
	least := math.Inf(1)
	for _, o := range others {
		if d := math.Abs(math.Log(o.X / c.X)); o.Above == c.Above && d < least {
			nearest, ok, least = o, true, d
		}
	}
	return nearest, ok
}

// difference returns the places that both curves have, in ascending order, and there the
// logarithm of a/b for each seed.
func difference(a, b []Point) (xs []float64, all [][]float64) {
	a, b = sorted(a), sorted(b)
	for _, p := range a {
		i := slices.IndexFunc(b, func(q Point) bool { return q.X == p.X })
		if i < 0 {
			continue
		}
		n := min(len(p.Y), len(b[i].Y))
		d := make([]float64, n)
		for s := range n {
			if d[s] = math.Log(p.Y[s] / b[i].Y[s]); math.IsInf(d[s], 0) {
				d[s] = math.NaN()
			}
		}
		xs, all = append(xs, p.X), append(all, d)
	}
	return xs, all
}

func sorted(points []Point) []Point {
	points = slices.Clone(points)
	slices.SortStableFunc(points, func(p, q Point) int { return cmp.Compare(p.X, q.X) })
	return points
}

// changes returns where a function leaves one side of ±margin and gets to the other.
func changes(xs, ys []float64, margin float64) (all []Crossing) {
	last := -1 // the last place beyond the margin
	for i, y := range ys {
		if math.IsNaN(y) || math.Abs(y) <= margin {
			continue
		}
		if last >= 0 && (y > 0) != (ys[last] > 0) {
			all = append(all, Crossing{X: zero(xs[last:i+1], ys[last:i+1]), Above: y > 0})
		}
		last = i
	}
	return all
}

// zero returns where a function that changes its sign between its first and its last place
// is 0: in the middle, if it is so more than once.
func zero(xs, ys []float64) float64 {
	var at []float64
	for i, before := 1, 0; i < len(xs); i++ {
		if math.IsNaN(ys[i]) {
			continue
		}
		x0, y0, x1, y1 := math.Log(xs[before]), ys[before], math.Log(xs[i]), ys[i]
		if (y0 > 0) != (y1 > 0) {
			at = append(at, math.Exp(x0+(x1-x0)*y0/(y0-y1)))
		}
		before = i
	}
	band, _ := BandOf(at...)
	return band.Mid
}

// Elasticity returns the elasticity of results to a constant, from results with it
// multiplied by two factors, seed by seed; ok is false if no seed has both.
func Elasticity(less, more []float64, lessFactor, moreFactor float64) (b Band, ok bool) {
	var all []float64
	for s := range min(len(less), len(more)) {
		e := math.Log(more[s]/less[s]) / math.Log(moreFactor/lessFactor)
		if math.IsInf(e, 0) {
			e = math.NaN()
		}
		all = append(all, e)
	}
	return BandOf(all...)
}
