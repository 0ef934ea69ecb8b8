package main

import "regexp"

// A reason says why our best design misses a target. It is written by hand, and has no figure
// that a new measurement would make wrong.
type reason struct {
	fields *regexp.Regexp // "ROW against PEER"
	why    string
}

// reasons are the known ones. The first that fits a field is its.
var reasons = []reason{
	{regexp.MustCompile(`^wake, .*, (block|poll) against (goroutines|ants)$`),
		"**No thread is woken.** Here the submitter is an ordinary goroutine. What it readies is a goroutine of the same scheduler, and once the submitter blocks " +
			"its own thread runs that next, on the same CPU. A worker that is a thread with a CPU of its own has to be woken by the kernel there; the floor, which is a bare futex " +
			"between two threads, is what such a design can reach. With a submitter that spins, and so keeps its thread, the order is the other way round."},
}

const unexplained = "**Not explained:**"

// why returns the reason for a field.
func why(r row, peer string) string {
	for _, known := range reasons {
		if known.fields.MatchString(r.name + " against " + peer) {
			return known.why
		}
	}
	return unexplained
}

func texts() (all []string) {
	for _, r := range reasons {
		all = append(all, r.why)
	}
	return all
}
