package calibrate

import (
	"slices"

	"github.com/idlebench/idlebench/loadgen/workload"
)

// Workloads returns the calibrations.
func Workloads() []workload.Workload {
	return []workload.Workload{platformClock, platformOffset, platformHiccup}
}

// wholeMachine is why calibrations measure in one go.
const wholeMachine = "it describes the machine, and is not compared with anything whose noise could be shared"

// Is reports whether a workload is a calibration, by its name.
func Is(name string) bool {
	return slices.ContainsFunc(Workloads(), func(w workload.Workload) bool { return w.Name == name })
}
