//go:build !explore && !simulate

package prim

import "time"

var processStart = time.Now()

// Now returns the time since the process began, by the monotonic clock. It is for
// managers that adapt a time: what they decide by it must not matter to whether a
// wake-up is lost, because in an exploration no time passes.
func Now() time.Duration { return time.Since(processStart) }
