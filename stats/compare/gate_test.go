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
// compare" plans and at the end of a budget, keeps both of its error rates. In at most a
// share of alpha of the runs is any of 30 cells wrongly called a regression, or wrongly
// called within the threshold; and in at most alpha does it pass if one cell is worse by the
// limit. The test would fail if a share were twice as large.
func TestGate(t *testing.T) {
	compare.SkipRaced(t)
	const (
		alpha = 0.05
		m     = 30 // cells
	)
	limits := gate.Thresholds{Default: 0.01} // so small that noise may look like more
	looks, _ := compare.GateSchedule(alpha, m, 5)
	o := compare.Options{Alpha: alpha, Margin: limits.Default, OneSided: true}
	is := func(s gate.Status) func(compare.Comparison) bool {
		return func(c compare.Comparison) bool { return limits.Status(c) == s }
	}
	for _, s := range compare.Simulations() {
		for _, c := range []struct {
			name        string
			cells, runs int
			first, rest float64 // by how much the first cell is worse, and the others
			wrong       func([]compare.Comparison) bool
		}{
			{"the same", m, 240, 0, 0, func(all []compare.Comparison) bool { return slices.ContainsFunc(all, is(gate.Regressed)) }},
			{"at the threshold", m, 240, limits.Default, limits.Default, func(all []compare.Comparison) bool { return slices.ContainsFunc(all, is(gate.Within)) }},
			// The others are so much faster that all of them pass. So this has nearly the
			// whole error rate, and takes more runs to be told from twice as much.
			{"one at the limit", 3, 1000, 2 * limits.Default, -0.5, func(all []compare.Comparison) bool {
				return !slices.ContainsFunc(all, func(c compare.Comparison) bool { return !is(gate.Within)(c) && !is(gate.Bounded)(c) })
			}},
		} {
			t.Run(s.Name+", "+c.name, func(t *testing.T) {
				t.Parallel()
				rng := rand.New(rand.NewPCG(13, 13))
				last := looks.Looks[len(looks.Looks)-1].Rounds
				// wrong reports whether a run with that many cells is wrong.
				wrong := func(cells int) bool {
					effects := append([]float64{math.Log1p(c.first)}, slices.Repeat([]float64{math.Log1p(c.rest)}, cells-1)...)
					all, err := s.Judge(rng, looks, o, limits.Decided, effects, 11+rng.IntN(last-11))
					if err != nil {
						t.Fatal(err)
					}
					return c.wrong(all)
				}
				got := 0
				for range c.runs {
					if wrong(c.cells) {
						got++
					}
				}
				if limit := compare.Refutes(c.runs, 2*alpha); got > limit {
					t.Errorf("%d of %d runs are wrong: more than %d do not exclude twice the error rate", got, c.runs, limit)
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
				t.Logf("%d of %d runs, and %d of %d cells alone, are wrong", got, c.runs, alone, 10*m)
			})
		}
	}
}
