package compare

import (
	"math"
	"math/rand/v2"
	"testing"
)

// What was selected because it is significant has a difference that is smaller than its
// estimate says, on average, but that is nevertheless in its interval.
func TestSizeOfSignificant(t *testing.T) {
	skipRaced(t)
	const (
		rounds, size, wanted = 16, 30, 400
		effect               = 0.05
	)
	level := stepLevel(0.05, size, 0)
	for _, c := range []struct {
		name        string
		spread      float64 // standard deviation of a round's difference
		exaggerates float64 // the estimate, by this factor or more
		covered     float64 // share of the intervals that have the true effect, at least
	}{
		{"found in 99 %", 0.03, 1, 0.99},
		{"found in 30 %", 0.06, 1.2, 0.99},
		{"found in 5 %", 0.1, 1.7, 0.99},
		{"found in 0.8 %", 0.2, 3, 0.9},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(20, 20))
			found, covered, sum := 0, 0, 0.0
			for found < wanted {
				d := make([]float64, rounds)
				for i := range d {
					d[i] = math.Log1p(effect) + c.spread*rng.NormFloat64()
				}
				s := newSignedRank(d)
				lo, hi := s.interval(level)
				if lo <= 0 {
					continue
				}
				found++
				sum += s.center()
				if lo <= math.Log1p(effect) && math.Log1p(effect) <= hi {
					covered++
				}
			}
			estimate := math.Expm1(sum / wanted)
			if estimate < c.exaggerates*effect*0.99 {
				t.Errorf("estimated at %.1f %%: that is no exaggeration by %v", 100*estimate, c.exaggerates)
			}
			if float64(covered) < c.covered*wanted {
				t.Errorf("%d of %d intervals have the true effect, want %.0f %%", covered, wanted, 100*c.covered)
			}
			t.Logf("a true %.0f %% is estimated at %.1f %%, and in %d of %d intervals", 100*effect, 100*estimate, covered, wanted)
		})
	}
}
