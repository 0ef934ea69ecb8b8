package compare

import (
	"slices"
	"time"
)

// A Course says when a run is judged that has a budget of time: at the looks of a schedule,
// and when the budget is used up. So the error rate does not depend on how long anything
// takes, see [Sequence.Final].
type Course struct {
	Schedule Schedule
	Least    int // the run does not end for lack of time before this many rounds
	Budget   time.Duration
}

// A Step is what a run does next.
type Step int

const (
	Measure Step = iota // another round of what is open
	Judge               // the next look of the schedule
	End                 // the last one, with all that is left of alpha
)

// After returns what to do after a number of rounds, of which open comparisons are open
// now. Elapsed is the time since the run began, and pace that of one comparison in one
// round. A run that is out of time at a look measures one round more: at a look it would
// end because of what was seen.
func (c Course) After(rounds, open int, elapsed, pace time.Duration) Step {
	switch {
	case slices.ContainsFunc(c.Schedule.Looks, func(l Look) bool { return l.Rounds == rounds }):
		return Judge
	case rounds >= c.Least && elapsed+time.Duration(open)*pace > c.Budget:
		return End
	}
	return Measure
}
