//go:build explore

package verify

// known has, by manager, the scenarios that a race shows in, as found by
// exploring. Managers that are not here may deadlock wherever the races that they
// name allow it ([impls.Implementation].Races).
var known = map[string][]defect{
	"bitmap": {
		{"two_wait_for_each_other", "B2", 0},
		{"two_producers_wait_for_each_other", "B2", 0},
		{"two_wait_and_are_taken_one_by_one", "B10", 3},
		{"batch", "B4", 2},
		{"batch_with_surplus", "B4", 2},
		{"fork_two", "B2", 0},
		{"fork_two_spurious", "B2", 0},
		{"fork_fewer_cores", "B9", 0},
	},
	"mutexonly": nil,
	"channels":  nil,
}
