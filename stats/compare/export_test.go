package compare

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A Simulation is a machine of the package's simulations, for a test outside of it.
type Simulation struct {
	Name    string
	machine machine
}

// Simulations returns one for each machine.
func Simulations() (all []Simulation) {
	for _, m := range machines() {
		all = append(all, Simulation{m.name, m})
	}
	return all
}

// Judge measures pairs of an old and a new, whose logarithms differ by the given effects,
// and judges them at each look of the schedule. What is settled is measured no more. The
// run ends after a number of rounds, if that is not 0, and is judged at its end, too.
func (s Simulation) Judge(rng *rand.Rand, schedule Schedule, o Options, settled func(Comparison) bool, effects []float64, end int) ([]Comparison, error) {
	t, err := NewTrial(schedule, o, settled)
	if err != nil {
		return nil, err
	}
	d := s.machine.duel(rng, schedule.Looks[len(schedule.Looks)-1].Rounds, effects)
	first := func(rounds int) [][]float64 {
		some := make([][]float64, len(d))
		for i := range d {
			some[i] = d[i][:rounds]
		}
		return some
	}
	var all []Comparison
	for _, look := range schedule.Looks {
		if end > 0 && look.Rounds > end {
			return t.Judge(first(end), End), nil
		}
		all = t.Judge(first(look.Rounds), Judge)
	}
	return all, nil
}

// A Trial judges differences that are given.
type Trial struct{ sequence *Sequence }

// NewTrial begins one.
func NewTrial(s Schedule, o Options, settled func(Comparison) bool) (Trial, error) {
	q, err := NewSequence(s, Old, o, settled)
	return Trial{q}, err
}

// Judge judges the differences by comparison and round: at the next look, or at the end. It
// takes no account of those of comparisons that are settled.
func (t Trial) Judge(d [][]float64, step Step) []Comparison {
	q := t.sequence
	all := make([]*contrast, len(d))
	for i := range d {
		row := fmt.Sprint("comparison ", i)
		c := q.last[contrastKey{row: row}]
		if c == nil || c.Look == 0 {
			c = simulated(d[i], row)
		}
		all[i] = c
	}
	share := 1 - q.spent
	if look, _ := q.Next(); step == Judge {
		share = look.Share
	}
	q.step(all, share, len(all))
	finished := make([]Comparison, len(all))
	for i, c := range all {
		finished[i] = c.Comparison
	}
	return finished
}

// Refutes is the largest number of cases among n with which a rate of p is refuted.
func Refutes(n int, p float64) int { return refutes(n, p) }

// SkipRaced skips what simulates much.
func SkipRaced(t *testing.T) {
	t.Helper()
	skipRaced(t)
}
