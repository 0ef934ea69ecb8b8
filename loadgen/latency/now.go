//go:build !simulate

package latency

import "time"

var base = time.Now()

// Now returns the time in nanoseconds since some moment in the life of the process, by
// the monotonic clock. All threads share that clock, as far as the system's clock
// source agrees between CPUs.
func Now() int64 { return int64(time.Since(base)) }
