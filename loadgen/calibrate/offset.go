package calibrate

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/workload"
)

var platformOffset = workload.Workload{
	Name:  "platform_offset",
	About: "by how much the clocks of two CPUs may differ, and how long a round trip between them takes",
	Doc: "A calibration of the machine. An operation is a round trip of a cache line between the generator's " +
		"CPU and the first worker's; both spin, and read the clock once each way. max-ns/offset is the most " +
		"by which the two clocks can differ, min-ns/offset the least by which they must. The error of a " +
		"wake latency is at most the former. The latter should be 0: if it is not, the clock source cannot " +
		"be trusted (see bench doctor, clock).",
	Primary: "max-ns/offset",
	OneTask: true,
	Whole:   wholeMachine,
	New:     func(workload.Values) workload.Load { return new(offsetLoad) },
}

// offsetBatch is the number of round trips between two checks of the time limit.
const offsetBatch = 256

// An offsetLoad passes a turn back and forth. Its state is padded to cache lines of its
// own, so that one line's round trip is measured, not two.
type offsetLoad struct {
	g *workload.Generator

	_    [128]byte
	turn atomic.Int64 // odd: the worker's; offsetOver: the worker ends
	at   int64        // the worker's reading; the generator's to read when turn is even
	_    [128]byte

	ended atomic.Bool
}

const offsetOver = -1

func (l *offsetLoad) Run(g *workload.Generator, limit time.Duration) (workload.Totals, error) {
	l.g = g
	l.turn.Store(0)
	l.ended.Store(false)
	if err := g.Pool.Submit((*offsetTask)(l)); err != nil {
		return workload.Totals{}, err
	}
	b := noBounds
	turn := int64(0)
	t, err := g.Repeat(limit, 0, func() (int64, error) {
		start := latency.Now()
		now := start
		for range offsetBatch {
			before := latency.Now()
			turn += 2
			l.turn.Store(turn - 1)
			for l.turn.Load() != turn {
				g.Pause()
			}
			now = latency.Now()
			b = b.with(before, l.at, now)
		}
		return now - start, nil
	})
	l.turn.Store(offsetOver)
	g.Spin(l.ended.Load)
	least, most := b.offset()
	t.Ops *= offsetBatch
	t.Figures = []workload.Figure{
		// Of several bounds the tightest counts.
		workload.AtMost(float64(least), "min-ns/offset"),
		workload.AtLeast(float64(most), "max-ns/offset"),
	}
	return t, err
}

// An offsetTask is the load as its task, the other side.
type offsetTask offsetLoad

func (l *offsetTask) Run(host.Worker) {
	for {
		turn := l.turn.Load()
		if turn == offsetOver {
			break
		}
		if turn%2 == 0 {
			l.g.Pause()
			continue
		}
		l.at = latency.Now()
		l.turn.Store(turn + 1)
	}
	l.ended.Store(true)
}

// Bounds limit how far the worker's clock is ahead of the generator's, in nanoseconds.
type bounds struct{ low, high int64 }

var noBounds = bounds{math.MinInt64, math.MaxInt64}

// with narrows the bounds by one round trip: the generator's clock read before, then
// the worker's read at, then the generator's read after.
func (b bounds) with(before, at, after int64) bounds {
	return bounds{max(b.low, at-after), min(b.high, at-before)}
}

// offset returns the least and the most by which the clocks differ.
func (b bounds) offset() (least, most int64) {
	return max(0, b.low, -b.high), max(b.high, -b.low)
}
