//go:build explore

package verify

import "slices"

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
	"channels":        nil,
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
	{"fork_fewer_cores", "B9", 0},
	{"fork_in_a_chain", "B11", 0},
}

// without returns the deadlocks of the canonical design with one race repaired.
func without(race string) []defect {
	return slices.DeleteFunc(slices.Clone(canonical), func(d defect) bool { return d.name == race })
}
