package compare

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/record"
)

// A layout is a kind of run in which nothing differs.
type layout struct {
	name string

	// differences returns those of one run, by comparison and round. No two
	// comparisons have a cell in common, so that they err independently.
	differences func(rng *rand.Rand, m machine, rounds int) [][]float64
}

var layouts = []layout{
	twoCells(order.Cells),
	{"a matrix", func(rng *rand.Rand, m machine, rounds int) [][]float64 {
		all, pairs := matrix()
		return between(m.measure(rng, order.Cells, all, rounds, make([]float64, len(all))), pairs...)
	}},
	{"a duel", func(rng *rand.Rand, m machine, rounds int) [][]float64 {
		return m.duel(rng, rounds, make([]float64, 2))
	}},
}

func twoCells(draw ordering) layout {
	return layout{"two cells", func(rng *rand.Rand, m machine, rounds int) [][]float64 {
		return between(m.measure(rng, draw, cells(2), rounds, make([]float64, 2)), [2]int{0, 1})
	}}
}

// matrix returns the cells of three workloads, as a default run has them, and
// which of them are compared: one implementation with another that has the same
// parker, and with one that sleeps in its own way.
func matrix() (all []record.Cell, pairs [][2]int) {
	for _, workload := range []string{"wake", "burst", "idle"} {
		first := len(all)
		for _, c := range []struct{ impl, park string }{
			{"bitmap", "cond"}, {"bitmap", "futex"}, {"mutexonly", "cond"}, {"mutexonly", "futex"}, {"channels", "mailbox"},
		} {
			all = append(all, record.Cell{Workload: workload, Impl: c.impl, Park: c.park, Workers: 1})
		}
		pairs = append(pairs, [2]int{first, first + 4}, [2]int{first + 1, first + 3})
	}
	return all, pairs
}

// between returns the differences of pairs of cells.
func between(values [][]float64, pairs ...[2]int) [][]float64 {
	d := make([][]float64, len(pairs))
	for _, v := range values {
		for i, p := range pairs {
			d[i] = append(d[i], v[p[1]]-v[p[0]])
		}
	}
	return d
}

// levels are those that a comparison alone has, and one of 44 in a default run at
// the first step.
var levels = []float64{0.05, 0.05 / 44}

// significant returns how many of at least n comparisons of equals have a p-value
// of at most each level, and how many there were.
func (l layout) significant(m machine, rounds, n int) (found []int, of int) {
	rng := rand.New(rand.NewPCG(12, 12))
	found = make([]int, len(levels))
	for of < n {
		for _, d := range l.differences(rng, m, rounds) {
			of++
			p := newSignedRank(d).p()
			for i, level := range levels {
				if p <= level {
					found[i]++
				}
			}
		}
	}
	return found, of
}

// limits returns how many of n comparisons may be significant at each level. With
// so few rounds the test cannot use up its level: this is what it does use.
func limits(rounds, n int) (limits []int) {
	cdf := signedRankCDF(rounds)
	for _, level := range levels {
		limits = append(limits, atMost(n, 2*cdf[critical(rounds, level)]))
	}
	return limits
}

// With the order that a run or a duel really has, the test keeps its level on
// every machine, step by step in time.
func TestLevel(t *testing.T) {
	skipRaced(t)
	const rounds, n = 14, 12_000
	for _, l := range layouts {
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

// An order whose odd rounds are the even ones reversed does not keep the level,
// and the test above would notice.
func TestMirroredOrderFails(t *testing.T) {
	skipRaced(t)
	const rounds, n = 14, 12_000
	mirrored := func(cells []record.Cell, rounds int, seed uint64) [][]int {
		orders := order.Cells(cells, rounds, seed)
		for r := 1; r < rounds; r += 2 {
			orders[r] = slices.Clone(orders[r-1])
			slices.Reverse(orders[r])
		}
		return orders
	}
	for _, m := range machines() {
		if !slices.Contains([]string{"AR(1) 0.5", "period of 2 rounds", "period of 3 rounds"}, m.name) {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			found, of := twoCells(mirrored).significant(m, rounds, n)
			if limit := limits(rounds, of)[0]; found[0] <= limit {
				t.Errorf("%d of %d comparisons of equals are significant, and %d are allowed: that would not be noticed", found[0], of, limit)
			}
		})
	}
}
