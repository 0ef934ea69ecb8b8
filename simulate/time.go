package simulate

import (
	"fmt"
	"time"
)

// Time is a duration, or the time since the simulation began, in picoseconds.
type Time int64

// Units of time.
const (
	Picosecond  Time = 1
	Nanosecond       = 1000 * Picosecond
	Microsecond      = 1000 * Nanosecond
	Millisecond      = 1000 * Microsecond
	Second           = 1000 * Millisecond
)

// Duration returns t in whole nanoseconds, rounded down.
func (t Time) Duration() time.Duration { return time.Duration(t / Nanosecond) }

// String returns t as a duration in whole nanoseconds, or picoseconds if it is less
// than one.
func (t Time) String() string {
	if t < Nanosecond && t > -Nanosecond {
		return fmt.Sprintf("%dps", int64(t))
	}
	return t.Duration().String()
}

// FromDuration returns d as a Time.
func FromDuration(d time.Duration) Time { return Time(d) * Nanosecond }

// never is later than any time that is reached.
const never = Time(1<<63 - 1)
