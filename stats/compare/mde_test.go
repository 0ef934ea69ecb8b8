package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The quantile is that of all distances, each computed by itself, whatever the
// distribution is and however wrong the guess.
func TestDistanceQuantile(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for name, residual := range map[string]func() float64{
		"normal":   rng.NormFloat64,
		"heavy":    func() float64 { return math.Tan(math.Pi * (rng.Float64() - 0.5)) },
		"ties":     func() float64 { return float64(rng.IntN(3) - 1) },
		"zero":     func() float64 { return 0 },
		"outliers": func() float64 { return math.Pow(rng.Float64(), 20) },
	} {
		for _, n := range []int{6, 7, 13, 40} {
			d := make([]float64, n)
			for i := range d {
				d[i] = residual()
			}
			for _, level := range []float64{0.05, 1e-3} {
				k := critical(n, level)
				if k < 0 {
					continue
				}
				c := choicesFor(n, k)
				r := c.resampler(d, 0.1, 1.1)
				var distances []float64
				for _, choice := range c.all {
					distances = append(distances, -r.sample(choice).at(k))
				}
				slices.Sort(distances)
				want := distances[int(Power*resamples)]
				for _, guess := range []float64{c.normal, 0, c.normal / 3, 3 * c.normal} {
					if got := c.quantile(r, guess); got != want {
						t.Errorf("%s, n=%d, k=%d, guess %g: %g, want %g", name, n, k, guess, got, want)
					}
				}
			}
		}
	}
}

// within counts as the samples themselves do.
func TestWithin(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 3))
	for _, n := range []int{2, 6, 13, 40} {
		d := make([]float64, n)
		for i := range d {
			d[i] = float64(rng.IntN(2*n)) - 3
		}
		r := choicesFor(n, 0).resampler(d, 0.25, 1.1)
		for sample, choice := range r.all {
			e := slices.Clone(r.sample(choice))
			for _, x := range []float64{e[0], e[n-1], (e[0] + e[1]) / 2, e[n/2], 0, -1, -1e9, 1e9} {
				r.limit(x)
				if got, want := r.within(sample), e.count(x); got != want {
					t.Fatalf("n=%d: %d averages of %v are at most %g, want %d", n, got, e, x, want)
				}
			}
		}
	}
}
