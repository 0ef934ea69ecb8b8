package record

// A Role is the purpose of a cell in a run.
type Role string

const (
	Implementation Role = "implementation" // under test; also a benchmark whose name is not of the suite's form
	Reference      Role = "reference"      // another scheduler, for scale
	Floor          Role = "floor"          // the lower bound on this machine
	Calibration    Role = "calibration"    // the machine itself: clocks and interruptions
)

// The implementation names that do not belong to idle managers. They are part of the
// format: no catalogue may give them another meaning.
const (
	FloorImpl     = "floor"     // a bare futex or a bare spin, without a scheduler
	PlatformImpl  = "platform"  // nothing but the machine
	GoroutineImpl = "goroutine" // Go's own scheduler
)

// RoleOf returns the role of a cell, by the name of its implementation, or of its parker.
func RoleOf(c Cell) Role {
	switch c.Impl {
	case PlatformImpl:
		return Calibration
	case FloorImpl:
		return Floor
	case GoroutineImpl:
		return Reference
	}
	if IsPeer(c) {
		return Reference
	}
	return Implementation
}

// GoPrefix begins the names of parkers whose workers are ordinary goroutines; with
// other parkers each worker has a thread.
const GoPrefix = "go-"
