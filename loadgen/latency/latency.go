// Package latency takes and keeps time stamps: a clock, and recorders that
// count durations in HdrHistograms.
//
// A recorder is not safe for concurrent use. Each worker has its own, and they are
// merged at the end, so recording needs no synchronisation.
package latency

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	// MaxValue is the longest duration that is resolved, in nanoseconds: one minute.
	// Longer ones are counted as this, and in Recorder.Clipped.
	MaxValue = int64(time.Minute)

	// digits is the number of significant decimal digits kept of a duration.
	digits = 3
)

// A Recorder counts durations.
type Recorder struct {
	hist    *hdrhistogram.Histogram
	clipped int64

	_ [128]byte // recorders of different workers are adjacent in memory
}

// NewRecorder returns a recorder that has counted nothing.
func NewRecorder() *Recorder {
	return &Recorder{hist: hdrhistogram.New(1, MaxValue, digits)}
}

// Record counts a duration in nanoseconds. Less than 1 counts as 1.
func (r *Recorder) Record(ns int64) {
	if ns < 1 {
		ns = 1
	} else if ns > MaxValue {
		ns = MaxValue
		r.clipped++
	}
	// The only error is a value out of range.
	_ = r.hist.RecordValue(ns)
}

// Since records the time from start, a value of [Now], until now.
func (r *Recorder) Since(start int64) { r.Record(Now() - start) }

// Reset discards all counts.
func (r *Recorder) Reset() {
	r.hist.Reset()
	r.clipped = 0
}

// Add counts what another recorder has counted, too.
func (r *Recorder) Add(other *Recorder) {
	r.hist.Merge(other.hist) // drops nothing: all have the same range
	r.clipped += other.clipped
}

// Counts returns what was counted, which the recorder goes on to use, and how many of
// the durations were longer than MaxValue.
func (r *Recorder) Counts() (all *hdrhistogram.Histogram, clipped int64) { return r.hist, r.clipped }

// Merge returns the sum of recorders, and how many of the durations were longer than
// MaxValue.
func Merge(recorders []*Recorder) (sum *hdrhistogram.Histogram, clipped int64) {
	sum = hdrhistogram.New(1, MaxValue, digits)
	for _, r := range recorders {
		sum.Merge(r.hist) // drops nothing: all have the same range
		clipped += r.clipped
	}
	return sum, clipped
}
