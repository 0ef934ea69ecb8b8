package probe

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/loadgen/latency"
)

// A line is memory that two CPUs pass to each other, and a second one with which the
// leader ends the partner.
type line struct {
	_    padding
	word atomic.Uint32
	_    padding
	over atomic.Bool
	_    padding
}

// take waits until the word is from and makes it to. It gives up when the leader has
// ended, for which it looks now and then only: the look is not to be measured.
func (l *line) take(from, to uint32) bool {
	for n := 1; !l.word.CompareAndSwap(from, to); n++ {
		if n%1024 == 0 && l.over.Load() {
			return false
		}
	}
	return true
}

// roundTrip measures half the time in which a line goes from CPU a to b and back. Both
// take it by compare-and-swap, over and over until it succeeds, as github.com/nviennot's
// core-to-core-latency does, whose data the presets are from.
func roundTrip(ctx context.Context, a, b int, length time.Duration) (f Figure, err error) {
	const trips = 200
	l := new(line)
	err = together([]int{a, b}, func() {
		f = repeat(ctx, length, func() float64 {
			return timed(2*trips, func() {
				for range trips {
					l.take(0, 1)
				}
			})
		}, undisturbed)
		l.over.Store(true)
	}, func() {
		for l.take(1, 0) {
		}
	})
	return f, err
}

// contended measures an add to a line to which the other CPU adds, too. A batch in which
// the other thread did not run is the fastest of all, and says nothing: only batches
// count in which it added a fair share.
func contended(ctx context.Context, a, b int, length time.Duration) (f Figure, err error) {
	l := new(line)
	err = together([]int{a, b}, func() {
		f = repeat(ctx, length, func() (mean float64) {
			for ctx.Err() == nil {
				start := latency.Now() // before the count: what it counts is in the time
				before := l.word.Load()
				for range each {
					l.word.Add(1)
				}
				others := l.word.Load() - before - each
				mean = float64(latency.Now()-start) / each
				if others >= each/4 {
					break
				}
			}
			return mean
		}, undisturbed)
		l.over.Store(true)
	}, func() {
		for !l.over.Load() {
			for range 64 {
				l.word.Add(1)
			}
		}
	})
	return f, err
}

// switches measures from one thread to another on the same CPU: both yield to each
// other.
func switches(ctx context.Context, c int, length time.Duration) (f Figure, err error) {
	const turns = 500
	var last atomic.Int32 // thread that ran last
	var over atomic.Bool
	err = together([]int{c, c}, func() {
		f = repeat(ctx, length, func() float64 {
			// The kernel may give the CPU back at once, so what counts are the times that
			// the other thread did run. After each it has to come back, too.
			switched := 1
			total := timed(1, func() {
				for range turns {
					if last.Swap(1) == 2 {
						switched += 2
					}
					yield()
				}
			})
			return total / float64(switched)
		}, undisturbed)
		over.Store(true)
	}, func() {
		for !over.Load() {
			last.Store(2)
			yield()
		}
	})
	return f, err
}
