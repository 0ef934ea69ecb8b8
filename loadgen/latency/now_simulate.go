//go:build simulate

package latency

import "github.com/idlebench/idlebench/simulate"

// Now returns the time in nanoseconds since the simulation began.
func Now() int64 { return int64(simulate.Now() / simulate.Nanosecond) }
