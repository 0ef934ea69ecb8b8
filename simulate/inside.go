package simulate

import (
	"context"
	"runtime/pprof"
	"sync/atomic"
	"unsafe"
)

// Annotated code does not know whether it is simulated: the same function may run in
// the simulation and on another goroutine of the process at the same time. What tells
// them apart are the goroutine's labels for profiles, which a coroutine has from the
// one that makes it.

// inside is the labels of the goroutines of the simulation in progress, or 0.
var inside atomic.Uintptr

// simulated reports whether the calling goroutine is one of the simulation.
func simulated() bool {
	labels := inside.Load()
	return labels != 0 && labels == uintptr(profileLabels())
}

// enterSimulation labels the calling goroutine as one of the simulation, and returns a function
// that undoes it. The labels that it had are lost.
func enterSimulation() (leave func()) {
	ctx := pprof.WithLabels(context.Background(), pprof.Labels("simulate", "thread"))
	pprof.SetGoroutineLabels(ctx)
	inside.Store(uintptr(profileLabels()))
	return func() {
		inside.Store(0)
		pprof.SetGoroutineLabels(context.Background())
	}
}

// profileLabels returns the labels of the calling goroutine. It is the runtime's, which
// keeps it reachable for packages that need it (go.dev/issue/67401).
//
//go:linkname profileLabels runtime/pprof.runtime_getProfLabel
func profileLabels() unsafe.Pointer
