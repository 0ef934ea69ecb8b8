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
				c, r := choicesFor(n, k), newResampler(d, 0.1, 1.1)
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
