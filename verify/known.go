//go:build explore

package verify

import "slices"

// known has, by manager, the scenarios that a race shows in, as found by
// exploring. Managers that are not here may deadlock wherever the races that they
// name allow it ([impls.Implementation].Races).
var known = map[string][]defect{
	"bitmap":          canonical,
	"bitmapfixed":     nil,
	"bitmapfixed-b2":  append(without("B2"), defect{"fork_against_a_task_that_stays", "B11", 0}),
	"bitmapfixed-b4":  append(without("B4"), defect{"batch", "B2", 0}, defect{"batch_with_surplus", "B2", 0}),
	"bitmapfixed-b9":  without("B9"),
	"bitmapfixed-b10": without("B10"),
	"bitmapfixed-b11": without("B11"),
	"mutexonly":       nil,
	"gosched": {
		{"fork_two", "cleared note", 0},
		{"fork_two_spurious", "cleared note", 0},
		{"fork_in_a_chain", "cleared note", 0},
		{"fork_against_a_task_that_stays", "cleared note", 0},
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
		{"fork_two_stolen_together", "no note", 0},
		{"fork_three_woken", "no note", 0},
		{"fork_against_a_task_that_stays", "no note", 0},
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
	{"fork_against_a_task_that_stays", "B2", 0},
	{"fork_fewer_cores", "B9", 0},
	{"fork_in_a_chain", "B11", 0},
}

// without returns the deadlocks of the canonical design with one race repaired.
func without(race string) []defect {
	return slices.DeleteFunc(slices.Clone(canonical), func(d defect) bool { return d.name == race })
}
