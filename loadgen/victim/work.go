package victim

import (
	"time"

	"github.com/idlebench/idlebench/loadgen/latency"
)

// words is the size of the table: 256 KiB, which fits into a second-level cache and not
// into a first-level one.
const words = 32 << 10

// A Worker does pieces of work. One thread uses it.
type Worker struct {
	table [words]uint64
	state uint64
	now   func() int64
	Meters
}

// NewWorker returns a worker that reads these meters before and after each segment.
func NewWorker(m Meters) *Worker {
	w := &Worker{state: 1, now: latency.Now, Meters: m}
	for i := range w.table {
		w.table[i] = uint64(i) * 0x9e3779b97f4a7c15
	}
	return w
}

// piece does one piece. Each step needs the result of the one before, and its result is
// kept, so nothing can be left out.
func (w *Worker) piece() {
	x := w.state
	for i := range w.table {
		x ^= w.table[i]
		x *= 0xd6e8feb86659fd93
		x ^= x >> 32
	}
	w.state = x
}

// A Segment is what was done in some time. Segments add up.
type Segment struct {
	Pieces float64
	Time   time.Duration

	// Metered pieces are those between the two readings of the meters: whole ones.
	Metered int64
	Energy  int64                // µJ of all packages
	Counts  [len(events)]float64 // of the thread
}

// Run works from one time until another, by the clock of package latency, and returns how
// much it did in between. It works before that too, so that the CPU is as busy as it will
// be.
//
// The time is all of it, and of the pieces at its ends the part that is inside counts. To
// count whole pieces from the end of one to the end of another would leave out the time for
// which the thread waits for its CPU in a piece that begins before: with a pool on the same
// CPU that can be most of a segment, and such segments would look undisturbed.
func (w *Worker) Run(from, to int64) Segment {
	s := Segment{Time: time.Duration(to - from)}
	var energy []int64
	var counts [len(events)]float64
	metering := false
	for last := w.now(); last < to; {
		if !metering && last >= from {
			metering = true
			energy, counts = w.readEnergy(), w.readCounts()
		}
		w.piece()
		now := w.now()
		if inside := min(now, to) - max(last, from); inside > 0 {
			s.Pieces += float64(inside) / float64(now-last)
		}
		if metering {
			s.Metered++
		}
		last = now
	}
	if metering {
		after := w.readCounts()
		for i := range s.Counts {
			s.Counts[i] = after[i] - counts[i]
		}
		s.Energy = w.energySince(energy)
	}
	return s
}

// Add returns the sum of two segments.
func (s Segment) Add(t Segment) Segment {
	s.Pieces += t.Pieces
	s.Time += t.Time
	s.Metered += t.Metered
	s.Energy += t.Energy
	for i := range s.Counts {
		s.Counts[i] += t.Counts[i]
	}
	return s
}
