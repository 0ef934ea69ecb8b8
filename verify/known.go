//go:build explore

package verify

import (
	"slices"
	"strings"

	"github.com/idlebench/idlebench/explore"
)

// A defect is one that a manager is known to have in a scenario: a deadlock, since
// it may leave a core idle beside a task. Any other deadlock fails the test.
type defect struct {
	manager, scenario string
	name              string // in docs/defects.md
	bound             int    // least that shows it, and then it must; 0: it takes chance
}

var known = []defect{
	{"bitmap", "two_wait_for_each_other", "B2", 0},
	{"bitmap", "two_producers_wait_for_each_other", "B2", 0},
	{"bitmap", "two_wait_and_are_taken_one_by_one", "B10", 3},
	{"bitmap", "batch", "B4", 2},
	{"bitmap", "batch_with_surplus", "B4", 2},
	{"bitmap", "fork_two", "B2", 0},
	{"bitmap", "fork_fewer_cores", "B9", 0},
}

// knownAs returns the defect that a manager may show in a scenario under the
// strategy that the flags choose, or nil. Bound is that of the exploration.
func (o *Options) knownAs(who subject, s scenario, bound int) *defect {
	i := slices.IndexFunc(known, func(d defect) bool { return d.manager == who.Name && d.scenario == s.name })
	if i < 0 || o.strategy == "bounded" && (known[i].bound == 0 || bound < known[i].bound) {
		return nil
	}
	return &known[i]
}

// lostParallelism reports whether the main thread waits for tasks. If it waits for
// the workers to leave, that is none of the known defects.
func lostParallelism(f *explore.Failure) bool {
	return strings.Contains(f.Message, "\n  T0 waits: receive")
}

// gone reports whether an exploration should have shown the defect, and did not.
func (o *Options) gone(d *defect, r explore.Result) bool {
	return d != nil && o.strategy == "bounded" && r.Complete && r.Known == 0
}
