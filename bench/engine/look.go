package engine

import (
	"context"
	"errors"
	"time"
)

// A Look is what a few launches of a run's cells say of the machine, before the run
// begins. They are not recorded: a run that began with the launches that happened to be
// valid would be a run of a luckier machine.
type Look struct {
	Counts Counts
}

// The bounds on a look: a user waits for it.
const (
	lookTime     = 3 * time.Second
	lookLaunches = 10
	longestLook  = 500 * time.Millisecond // that a launch measures
)

// Look launches cells from all over the plan, with the timing of the plan as far as that
// is short. A launch that fails says nothing of the machine, and is left to the run.
// The error is a *Shortage, a *StoppedError or an *UnusableError.
func (e *Engine) Look(ctx context.Context, s Setup) (look Look, err error) {
	r, err := e.pilotRequest(s.Plan)
	if err != nil {
		return look, err
	}
	r.Load = s.Load
	r.Time, r.Warmup = min(r.Time, longestLook), min(r.Warmup, longestLook)
	start := time.Now()
	for _, i := range spread(s.Plan.Order[0], lookLaunches) {
		if time.Since(start) >= lookTime {
			break
		}
		r.Cell, r.Seed = s.Plan.Cells[i], s.Plan.Seed
		l, err := pilotLaunch(ctx, s.Command, r)
		var stopped *StoppedError
		switch {
		case errors.As(err, &stopped):
			return look, err
		case err == nil:
			look.Counts.add(l)
		}
	}
	return look, nil
}

// Noisy reports whether most launches were invalid.
func (l Look) Noisy() bool { return 2*l.Counts.Invalid > l.Counts.Launches }

// spread returns at most n of the items, evenly distributed.
func spread(items []int, n int) []int {
	if len(items) <= n {
		return items
	}
	some := make([]int, n)
	for i := range some {
		some[i] = items[i*len(items)/n]
	}
	return some
}
