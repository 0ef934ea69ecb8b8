package record

import "strings"

// The parkers of the floors: a bare futex, and a loop that polls.
const (
	FutexFloor = "futex"
	SpinFloor  = "spin"
)

// FloorPark returns the parker of the floor that a value of a cell is compared with:
// the floor that sleeps as the cell's workers do. A thread that spins uses a whole CPU,
// so its CPU time is an upper bound, not a floor: CPU time is always compared with the
// floor that sleeps.
func FloorPark(park, unit string) string {
	if park == SpinFloor && !IsCPUTime(unit) {
		return SpinFloor
	}
	return FutexFloor
}

// IsCPUTime reports whether a unit measures CPU time: cost-ns/task, worker-cpu-ns/sec.
func IsCPUTime(unit string) bool {
	for _, scale := range []string{"-ns/", "-sec/"} {
		if what, _, ok := strings.Cut(unit, scale); ok {
			return what == "cost" || what == "cpu" || strings.HasSuffix(what, "-cpu")
		}
	}
	return false
}
