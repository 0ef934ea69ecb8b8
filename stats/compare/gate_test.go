package compare_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

// A gate that stops each cell as soon as it has decided, at the looks that "bench
// compare" plans, is wrong about any of 30 cells in at most a share of alpha of the runs:
// on no machine does it call the same code a regression, or call a change that is at the
// threshold within it. The test would fail if that share were twice as large.
func TestGate(t *testing.T) {
	compare.SkipRaced(t)
	const (
		alpha = 0.05
		m     = 30
		runs  = 240
	)
	limits := gate.Thresholds{Default: 0.01} // so small that noise may look like more
	atThreshold := math.Log1p(limits.Default)
	looks, err := compare.NewSchedule(alpha, compare.Pocock, compare.Looks(alpha, m, 20)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range compare.Simulations() {
		for _, c := range []struct {
			name   string
			effect float64
			wrong  gate.Status
		}{
			{"the same", 0, gate.Regressed},
			{"at the threshold", atThreshold, gate.Within},
		} {
			t.Run(s.Name+", "+c.name, func(t *testing.T) {
				t.Parallel()
				rng := rand.New(rand.NewPCG(13, 13))
				// wrong reports whether a status is wrong in a run with that many
				// cells.
				wrong := func(cells int) bool {
					o := compare.Options{Alpha: alpha, Margin: limits.Default}
					all, err := s.Judge(rng, looks, o, limits.Decided, slices.Repeat([]float64{c.effect}, cells))
					if err != nil {
						t.Fatal(err)
					}
					return slices.ContainsFunc(all, func(x compare.Comparison) bool { return limits.Status(x) == c.wrong })
				}
				got := 0
				for range runs {
					if wrong(m) {
						got++
					}
				}
				if limit := compare.Refutes(runs, 2*alpha); got > limit {
					t.Errorf("%d of %d runs are wrong: more than %d do not exclude twice the error rate", got, runs, limit)
				}
				// Cells that are judged alone are wrong now and then.
				alone := 0
				for range 10 * m {
					if wrong(1) {
						alone++
					}
				}
				if alone == 0 {
					t.Errorf("of %d cells alone none is wrong: the test tests nothing", 10*m)
				}
				t.Logf("%d of %d runs, and %d of %d cells alone, are wrong", got, runs, alone, 10*m)
			})
		}
	}
}
