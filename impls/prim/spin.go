//go:build !explore && !simulate

package prim

import (
	"runtime"
	"time"
)

const (
	// relaxEvery is how many looks a spinning thread takes between two offers
	// of its CPU to other threads. On a CPU of its own an offer costs a system
	// call that returns at once.
	relaxEvery = 256

	// offerEvery is how many looks it takes between two offers of its turn to
	// other goroutines, some milliseconds. They need it only if there are fewer
	// Ps than goroutines that spin, which is so in tests.
	offerEvery = 1 << 20
)

// Spin looks until done says so, or the time is over; a negative time never is.
// It reports whether it was done.
func Spin(d time.Duration, done func() bool) bool {
	start := time.Now()
	for n := 1; !done(); n++ {
		switch {
		case n%offerEvery == 0:
			runtime.Gosched()
		case n%relaxEvery == 0:
			osYield()
		}
		if d >= 0 && time.Since(start) >= d {
			return false
		}
	}
	return true
}

// SpinTimes looks until done says so, at most n times, and reports whether it was
// done. Between two looks it tells the CPU that it spins.
func SpinTimes(n int, done func() bool) bool {
	for range n {
		if done() {
			return true
		}
		relax()
	}
	return false
}

// YieldTimes offers the CPU to other threads and then looks, until done says so, at
// most n times. It reports whether it was done.
func YieldTimes(n int, done func() bool) bool {
	for range n {
		osYield()
		if done() {
			return true
		}
	}
	return false
}
