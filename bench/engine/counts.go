package engine

import "github.com/idlebench/idlebench/record"

// Counts are what became of the slots of a run, over all its sessions unless a field
// says otherwise.
type Counts struct {
	Launches int            // recorded, invalid ones too
	Invalid  int            // of them, those that violated a limit
	Limits   map[string]int // launches that violated each limit
	Failed   int            // launches that brought no result

	// Empty is the number of slots that this session, and those before, worked
	// through without a valid launch or a failure.
	Empty int

	Unprofiled int // profiles that this session could not make
}

// CountsOf counts what a folder has. Empty slots are counted while the session goes
// through the plan.
func CountsOf(run record.Run) Counts {
	c := Counts{Failed: len(run.Failures)}
	for _, l := range run.Recorded {
		c.add(l)
	}
	return c
}

func (c *Counts) add(l record.Launch) {
	c.Launches++
	if len(l.Invalid) == 0 {
		return
	}
	c.Invalid++
	if c.Limits == nil {
		c.Limits = make(map[string]int)
	}
	for _, limit := range l.Invalid {
		c.Limits[limit]++
	}
}
