//go:build explore

package verify

import (
	"slices"
	"strings"

	"github.com/idlebench/idlebench/explore"
)

// A defect is a deadlock that a manager is known to have in a scenario, because it
// may leave a core idle while a task waits. Any other deadlock fails the test.
type defect struct {
	scenario string
	name     string // of the race, as in docs/defects.md or in the documentation of the design
	bound    int    // least that shows it, and then it must; 0: it takes chance
}

// known has, by manager, the scenarios that a race shows in, as found by
// exploring. Managers that are not here may deadlock wherever the races that they
// name allow it ([impls.Implementation].Races).
var known = map[string][]defect{
	"bitmap":          canonical,
	"bitmapfixed":     nil,
	"bitmapfixed-b2":  without("B2"),
	"bitmapfixed-b4":  without("B4"),
	"bitmapfixed-b9":  without("B9"),
	"bitmapfixed-b10": without("B10"),
	"bitmapfixed-b11": without("B11"),
	"mutexonly":       nil,
	"gosched": {
		{"fork_two", "cleared note", 0},
		{"fork_two_spurious", "cleared note", 0},
		{"fork_in_a_chain", "cleared note", 0},
	},
	"jec": nil, // its race takes 2 billion publications at the wrong moment
	"multithread": {
		{"two_wait_for_each_other", "no note", 1},
		{"two_wait_and_are_taken_one_by_one", "no note", 1},
		{"two_producers_wait_for_each_other", "no note", 1},
		{"batch", "no note", 1},
		{"batch_with_surplus", "no note", 1},
		{"fork", "no note", 1},
		{"fork_spurious", "no note", 1},
		{"fork_when_busy", "no note", 1},
		{"fork_against_submit", "no note", 1},
		{"fork_one_after_the_other", "no note", 1},
		{"fork_woken", "no note", 1},
		{"fork_two", "no note", 1},
		{"fork_two_spurious", "no note", 0},
		{"fork_three_woken", "no note", 0},
		{"fork_fewer_cores", "no note", 0},
		{"fork_in_a_chain", "no note", 0},
	},
	"channels": nil,
	"wakingtoken": {
		{"fork_two", "W1", 0},
		{"fork_two_spurious", "W1", 0},
		{"fork_against_a_task_that_stays", "W1", 0},
	},
	"wakingtree": {
		{"fork_two", "W1", 0},
		{"fork_two_spurious", "W1", 0},
		{"fork_against_a_task_that_stays", "W1", 0},
	},
}

// canonical has the deadlocks of the canonical design. In a scenario that shows
// several races it names the one that shows most.
var canonical = []defect{
	{"two_wait_for_each_other", "B2", 0},
	{"two_producers_wait_for_each_other", "B2", 0},
	{"two_wait_and_are_taken_one_by_one", "B10", 3},
	{"batch", "B4", 2},
	{"batch_with_surplus", "B4", 2},
	{"fork_two", "B2", 0},
	{"fork_two_spurious", "B2", 0},
	{"fork_two_stolen_together", "B2", 0},
	{"fork_fewer_cores", "B9", 0},
	{"fork_in_a_chain", "B11", 0},
}

// without returns the deadlocks of the canonical design with one race repaired.
func without(race string) []defect {
	return slices.DeleteFunc(slices.Clone(canonical), func(d defect) bool { return d.name == race })
}

// knownAs returns the defect that a manager may show in a scenario, or nil. Bound
// is that of the exploration.
func (o *Options) knownAs(who subject, s scenario, bound int) *defect {
	list, listed := known[who.Name]
	if !listed {
		if races := who.RacesIn(s.waits); len(races) > 0 {
			return &defect{scenario: s.name, name: strings.Join(races, ", ")}
		}
		return nil
	}
	i := slices.IndexFunc(list, func(d defect) bool { return d.scenario == s.name })
	if i < 0 || o.strategy == "bounded" && (list[i].bound == 0 || bound < list[i].bound) {
		return nil
	}
	return &list[i]
}

// lostParallelism reports whether the main thread waits for tasks. If it waits for
// the workers to leave, that is none of the known defects.
func lostParallelism(f *explore.Failure) bool {
	return strings.Contains(f.Message, "\n  T0 waits: receive")
}

// gone reports whether an exploration should have shown the defect, and did not.
func (o *Options) gone(d *defect, r explore.Result) bool {
	return d != nil && o.strategy == "bounded" && d.bound > 0 && r.Complete && r.Known == 0
}

// tooOften reports whether deadlocks that a race excuses are more than one in eight
// executions. A race needs its moment; a manager that deadlocks whatever the
// schedule has none but a defect.
func tooOften(r explore.Result) bool { return r.Known > 0 && 8*r.Known > r.Executions }
