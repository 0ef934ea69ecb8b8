package engine

import (
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/profile"
)

// An Event is progress that a caller may want to show: one of the types below.
type Event interface{ event() }

// A Phase is a part of a run whose length is known when it begins.
type Phase string

const (
	Rounds   Phase = "rounds"     // of a run
	Profiles Phase = "profiles"   // of a run, after its rounds
	ABRounds Phase = "A/B rounds" // of an A/B run, up to its next interim analysis
)

// PhaseBegan says how much a phase has left.
type PhaseBegan struct {
	Phase    Phase
	Work     time.Duration // about, on a machine that is never disturbed
	Profiles int           // to be made, in the phase of that name
}

// StepDone says that a step of the phase is done: a launch, the beginning of one that
// measures in slices, a slice, or a profile. Repeats are no steps.
type StepDone struct {
	Phase          Phase
	Work           time.Duration // of the phase that the step was
	Round, Rounds  int           // the round, from 0, of how many
	Invalid        int           // launches of the run so far
	Decided, Cells int           // of an A/B run: cells decided, of how many
}

// LaunchFailed says that a launch brought no result.
type LaunchFailed struct {
	Cell    record.Cell
	Round   int          // from 0
	Profile profile.Kind // "" if the launch was not for a profile
	Err     error
}

// PhaseEnded follows the last step of a phase, and also an error in it.
type PhaseEnded struct{ Phase Phase }

func (PhaseBegan) event()   {}
func (StepDone) event()     {}
func (LaunchFailed) event() {}
func (PhaseEnded) event()   {}
