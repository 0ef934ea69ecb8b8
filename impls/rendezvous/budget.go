package rendezvous

import "time"

const (
	maxBudget = 20 * time.Microsecond
	minBudget = 1 * time.Microsecond

	// soon is how long a wait may have taken, wake-up included, that spinning would
	// have ended within maxBudget.
	soon = 2 * maxBudget

	// shrinkBy is the part of the budget that a wait takes off in which spinning did
	// not pay.
	shrinkBy = 8
)

// A budget is how long a worker spins before it sleeps.
type budget time.Duration

// learn adapts the budget to a wait in which the worker had the slot at first.
func (b *budget) learn(waited time.Duration) {
	if waited <= soon {
		*b = budget(maxBudget)
		return
	}
	*b = max(*b-*b/shrinkBy, budget(minBudget))
}
