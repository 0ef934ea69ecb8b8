package compare

import (
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/idlebench/idlebench/bench/order"
)

// sharing is how the launches of a group share a round.
type sharing struct {
	passes int
	order  func(n int, seed uint64, round, group int) iter.Seq[[]int]

	// carry is the share of a slice's value that the next one has too, whichever launch
	// that is of.
	carry float64

	// dropped is the disturbance by the machine from which on a slice is dropped. It is
	// repeated once, in a further pass.
	dropped float64
}

// mixed are the effects of a group in which two pairs are equal, and all others differ
// much: what a slice leaves to the next depends on whose it is.
var mixed = []float64{0, 0, 0.4, 0.4, -0.3, 0.8}

// measure returns the logarithms of one run by round and cell.
func (s sharing) measure(rng *rand.Rand, m machine, rounds int, effects []float64) [][]float64 {
	session, n := m.session(rng), len(effects)
	values := make([][]float64, rounds)
	last, seed := 0.0, rng.Uint64()
	for r := range values {
		own := make([]float64, n) // of each launch
		sum, kept := make([]float64, n), make([]int, n)
		for i := range own {
			own[i] = m.launch(rng)
		}
		pass, step := 0, 0
		for places := range s.order(n, seed, r, 0) {
			for _, i := range places {
				if pass == s.passes && kept[i] == s.passes {
					continue
				}
				noise := session(moment{round: float64(r) + float64(step)/float64(n*(s.passes+1)), opening: step == 0})
				value := effects[i] + own[i] + noise + s.carry*last
				last = value
				step++
				if noise < s.dropped {
					sum[i] += value
					kept[i]++
				}
			}
			if pass++; pass > s.passes {
				break
			}
		}
		values[r] = make([]float64, n)
		for i := range values[r] {
			values[r][i] = effects[i] + own[i] // if nothing was kept
			if kept[i] > 0 {
				values[r][i] = sum[i] / float64(kept[i])
			}
		}
	}
	return values
}

func (s sharing) layout(name string, effects []float64, pairs ...[2]int) layout {
	return layout{name, func(rng *rand.Rand, m machine, rounds int) [][]float64 {
		return between(s.measure(rng, m, rounds, effects), pairs...)
	}}
}

// Launches that share their rounds in slices keep the test's level, on every machine: with
// noise on any scale of time, if a slice disturbs the next one, and if disturbed slices are
// dropped and repeated.
func TestLevelOfSlices(t *testing.T) {
	skipRaced(t)
	const rounds, n = 14, 6000
	for _, l := range []layout{
		sharing{passes: 6, order: order.Passes, dropped: 0.2}.layout("a group", mixed, [2]int{0, 1}, [2]int{2, 3}),
		sharing{passes: 6, order: order.Passes, dropped: 0.2, carry: 0.3}.layout("a group with carry-over", mixed, [2]int{0, 1}, [2]int{2, 3}),
		sharing{passes: 3, order: order.Passes, dropped: 0.1, carry: 0.3}.layout("a duel with carry-over", make([]float64, 2), [2]int{0, 1}),
	} {
		for _, m := range machines() {
			t.Run(l.name+"/"+m.name, func(t *testing.T) {
				t.Parallel()
				found, of := l.significant(m, rounds, n)
				for i, limit := range limits(rounds, of) {
					if found[i] > limit {
						t.Errorf("%d of %d comparisons of equals are significant at %.5f, at most %d are allowed", found[i], of, levels[i], limit)
					}
				}
			})
		}
	}
}

// With the same order in each pass the level is not kept, and the test above would notice.
func TestFixedPassesFail(t *testing.T) {
	skipRaced(t)
	fixed := func(n int, _ uint64, _, _ int) iter.Seq[[]int] {
		return func(yield func([]int) bool) {
			places := make([]int, n)
			for i := range places {
				places[i] = i
			}
			for yield(places) {
			}
		}
	}
	const rounds, n = 14, 1000
	l := sharing{passes: 6, order: fixed, dropped: 0.2, carry: 0.3}.layout("", mixed, [2]int{0, 1}, [2]int{2, 3})
	found, of := l.significant(machines()[0], rounds, n)
	if limit := limits(rounds, of)[0]; found[0] <= limit {
		t.Errorf("%d of %d comparisons of equals are significant, and %d are allowed: that would not be noticed", found[0], of, limit)
	}
}
