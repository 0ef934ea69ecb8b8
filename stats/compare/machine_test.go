package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/record"
)

// skipRaced skips what computes much, such as a simulation of thousands of runs.
func skipRaced(t *testing.T) {
	t.Helper()
	if invariants.Enabled {
		t.Skip("takes many times as long with the race detector, which has nothing to find here")
	}
}

// A machine simulates the logarithms of what launches measure, with known truth.
type machine struct {
	name string

	// session returns what the machine does to each launch of a run, one after
	// the other, whichever cell it measures.
	session func(rng *rand.Rand) func(moment) float64

	// launch returns what a launch does to itself.
	launch func(rng *rand.Rand) float64
}

// A moment is when a launch runs.
type moment struct {
	round   float64 // 1.5 is in the middle of the second round
	opening bool    // the launch before was of another workload
}

func quiet(*rand.Rand) func(moment) float64 { return func(moment) float64 { return 0 } }

func normal(rng *rand.Rand) float64 { return 0.03 * rng.NormFloat64() }

// ar1 is a first-order autoregression with a step for each launch.
func ar1(rho, sd float64) func(*rand.Rand) func(moment) float64 {
	return func(rng *rand.Rand) func(moment) float64 {
		x := sd * rng.NormFloat64()
		return func(moment) float64 {
			x = rho*x + math.Sqrt(1-rho*rho)*sd*rng.NormFloat64()
			return x
		}
	}
}

// periodic is a disturbance that keeps time with the rounds.
func periodic(rounds float64) func(*rand.Rand) func(moment) float64 {
	return func(rng *rand.Rand) func(moment) float64 {
		phase := rng.Float64()
		return func(at moment) float64 { return 0.15 * math.Sin(2*math.Pi*(at.round/rounds+phase)) }
	}
}

func drift(*rand.Rand) func(moment) float64 { return func(at moment) float64 { return 0.1 * at.round } }

// opening makes the first launch after another workload slow.
func opening(*rand.Rand) func(moment) float64 {
	return func(at moment) float64 {
		if at.opening {
			return 0.3
		}
		return 0
	}
}

// The machines on which only single launches differ come first.
func machines() []machine {
	return []machine{
		{"normal", quiet, normal},
		{"heavy tails", quiet, func(rng *rand.Rand) float64 { // Student's t with 2 degrees of freedom
			return 0.02 * rng.NormFloat64() / math.Sqrt(rng.ExpFloat64())
		}},
		{"bimodal launches", quiet, func(rng *rand.Rand) float64 { return normal(rng) + 0.4*float64(rng.IntN(2)) }},
		{"lognormal", quiet, func(rng *rand.Rand) float64 { return 0.05 * math.Exp(rng.NormFloat64()) }},
		{"AR(1) 0.3", ar1(0.3, 0.15), normal},
		{"AR(1) 0.5", ar1(0.5, 0.15), normal},
		{"AR(1) 0.9", ar1(0.9, 0.15), normal},
		{"linear drift", drift, normal},
		{"period of 1 round", periodic(1), normal},
		{"period of 2 rounds", periodic(2), normal},
		{"period of 3 rounds", periodic(3), normal},
		{"slow openings", opening, normal},
	}
}

// cells returns the cells of some implementations in one workload, which are in
// one group of the order.
func cells(n int) []record.Cell {
	var all []record.Cell
	for i := range n {
		all = append(all, cell("wake", fmt.Sprintf("impl%d", i)))
	}
	return all
}

// An ordering draws the order of the launches of a run, as package order does.
type ordering func(cells []record.Cell, rounds int, seed uint64) [][]int

// measure returns the logarithms of one run by round and cell, for cells with the
// given true effects.
func (m machine) measure(rng *rand.Rand, draw ordering, cells []record.Cell, rounds int, effects []float64) [][]float64 {
	session := m.session(rng)
	values := make([][]float64, rounds)
	workload := ""
	for r, row := range draw(cells, rounds, rng.Uint64()) {
		values[r] = make([]float64, len(cells))
		for place, i := range row {
			at := moment{float64(r) + float64(place)/float64(len(cells)), cells[i].Workload != workload}
			workload = cells[i].Workload
			values[r][i] = effects[i] + session(at) + m.launch(rng)
		}
	}
	return values
}

// run returns the differences of one run, by comparison and round: of all cells of
// a workload, which have the given true effects, with the first of them.
func (m machine) run(rng *rand.Rand, rounds int, effects []float64) [][]float64 {
	d := make([][]float64, len(effects)-1)
	for _, values := range m.measure(rng, order.Cells, cells(len(effects)), rounds, effects) {
		for i := range d {
			d[i] = append(d[i], values[i+1]-values[0])
		}
	}
	return d
}

// duel returns the differences of two programs that launch the same cells by
// turns, by cell and round. The new one has the given true effects.
func (m machine) duel(rng *rand.Rand, rounds int, effects []float64) [][]float64 {
	session, n := m.session(rng), len(effects)
	sides := order.Sides(n, rounds, rng.Uint64())
	d := make([][]float64, n)
	for r, row := range order.Cells(cells(n), rounds, rng.Uint64()) {
		for place, i := range row {
			at := moment{round: float64(r) + float64(place)/float64(n)}
			first := session(at) + m.launch(rng)
			at.round += 0.5 / float64(n)
			second := session(at) + m.launch(rng)
			if sides[r][i] {
				first, second = second, first
			}
			d[i] = append(d[i], effects[i]+second-first)
		}
	}
	return d
}

// contrasts makes contrasts of the differences in the first rounds.
func contrasts(d [][]float64, rounds int) []*contrast {
	var all []*contrast
	for i := range d {
		all = append(all, simulated(d[i][:rounds], fmt.Sprint("comparison ", i)))
	}
	return all
}

func simulated(d []float64, row string) *contrast {
	s := newSignedRank(d)
	return &contrast{d: d, rank: s, Comparison: Comparison{
		Row: row, Judged: true, Better: record.Lower, Pairs: len(d), P: s.p(), Effect: &Effect{Ratio: math.Exp(s.center())},
	}}
}
