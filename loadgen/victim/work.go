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
	Pieces int64
	Time   time.Duration
	Energy int64                // µJ of all packages
	Counts [len(events)]float64 // of the thread
}

// Run works from one time until another, by the clock of package latency, and returns what
// it did in between: whole pieces, at least one. It works before that too, so that the CPU
// is as busy as it will be.
func (w *Worker) Run(from, to int64) Segment {
	for w.now() < from {
		w.piece()
	}
	energy, counts := w.readEnergy(), w.readCounts()
	start := w.now()
	var s Segment
	for {
		w.piece()
		s.Pieces++
		if now := w.now(); now >= to {
			s.Time = time.Duration(now - start)
			break
		}
	}
	after := w.readCounts()
	for i := range s.Counts {
		s.Counts[i] = after[i] - counts[i]
	}
	s.Energy = w.energySince(energy)
	return s
}

// Add returns the sum of two segments.
func (s Segment) Add(t Segment) Segment {
	s.Pieces += t.Pieces
	s.Time += t.Time
	s.Energy += t.Energy
	for i := range s.Counts {
		s.Counts[i] += t.Counts[i]
	}
	return s
}
