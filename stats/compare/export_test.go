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

// Judge measures pairs of an old and a new, whose logarithms differ by the given
// effects, and judges them at each look of the schedule. What is settled is
// measured no more.
func (s Simulation) Judge(rng *rand.Rand, schedule Schedule, o Options, settled func(Comparison) bool, effects []float64) ([]Comparison, error) {
	q, err := NewSequence(schedule, Old, o, settled)
	if err != nil {
		return nil, err
	}
	d := s.machine.duel(rng, schedule.Looks[len(schedule.Looks)-1].Rounds, effects)
	all := make([]*contrast, len(effects))
	for _, look := range schedule.Looks {
		for i, c := range all {
			if c != nil && c.Look > 0 {
				continue
			}
			all[i] = simulated(d[i][:look.Rounds], fmt.Sprint("comparison ", i))
		}
		q.step(all, look.Share, len(all))
	}
	finished := make([]Comparison, len(all))
	for i, c := range all {
		finished[i] = c.Comparison
	}
	return finished, nil
}

// Refutes is the largest number of cases among n with which a rate of p is refuted.
func Refutes(n int, p float64) int { return refutes(n, p) }

// SkipRaced skips what simulates much.
func SkipRaced(t *testing.T) {
	t.Helper()
	skipRaced(t)
}
