package probe

import (
	"math"
	"slices"
	"time"
)

// A Figure is what was measured, in nanoseconds.
type Figure struct {
	Value     float64
	Low, High float64 // the 10th and 90th percentile of the batches
}

// undisturbed returns the figure of some batches, at least one, of what others can only
// disturb: the median of the quickest quarter.
func undisturbed(batches []float64) Figure {
	f, sorted := spread(batches)
	f.Value = median(sorted[:(len(sorted)+3)/4])
	return f
}

// typical returns the figure of some batches, at least one, of what ends a CPU's idle time:
// the median of all.
func typical(batches []float64) Figure {
	f, sorted := spread(batches)
	f.Value = median(sorted)
	return f
}

func spread(batches []float64) (f Figure, sorted []float64) {
	sorted = slices.Sorted(slices.Values(batches))
	return Figure{Low: sorted[(len(sorted)-1)/10], High: sorted[(len(sorted)-1)*9/10]}, sorted
}

// median of numbers in ascending order, at least one.
func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// medianOf is median for numbers in any order; NaN if there are none.
func medianOf(numbers []float64) float64 {
	if len(numbers) == 0 {
		return math.NaN()
	}
	return median(slices.Sorted(slices.Values(numbers)))
}

// A Wake is a wake-up of a thread that had slept for some time.
type Wake struct {
	Gap     time.Duration
	Waker   Figure // the waker's call
	Sleeper Figure // from before that call until the sleeper runs
}

// Results are all figures of a machine.
type Results struct {
	Load, Store, Add Figure // of a line that the CPU owns
	Contended        Figure // an add to a line that another CPU adds to
	Look             Figure // of a spinning thread
	Now              Figure // a reading of the clock
	Syscall          Figure
	Memory           Figure // a load that no cache has
	Switch           Figure // sched_yield to another thread
	Late             Figure // the end of a sleep of lateSleep

	// Lines is half a round trip for each pair of CPUs, in the order of the CPUs; zero in
	// the diagonal.
	Lines [][]Figure

	// Again is the same from the first CPU to some others, measured last.
	Again []Figure

	Futex             []Wake // by gap
	Chan, Cond, Mutex Wake
	Handoff           Figure // the sleeper of Chan, if the waker blocks next
}
