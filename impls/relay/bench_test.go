package relay

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/prim"
)

// newQuiet is newBusy with a host that does not record what was looked into.
func newQuiet(cores int) *Idle {
	c := idletest.NoWork(cores)
	c.Lock = nil
	i := New(c)
	for w := range cores {
		i.Park(w, nil)
	}
	return i
}

// NotifyLocal when a worker is on its way to the queue, as on a busy scheduler most of the
// time.
func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := newQuiet(cores)
		i.marks[0].Store(true)
		var idle impls.Idle = i
		return idletest.Same(func() { idle.NotifyLocal(i.Cores[0]) })
	})
}

func BenchmarkAtomicLoad(b *testing.B) {
	i := newQuiet(1)
	// Called as NotifyLocal is, through an interface, and not inlined.
	b.Run("called", func(b *testing.B) {
		for b.Loop() {
			i.marked()
		}
	})
}

//go:noinline
func (i *Idle) marked() bool { return i.marks[0].Load() }

// NotifyLocal when all are working: it loads a word for each 64 cores.
func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := newQuiet(cores)
		var idle impls.Idle = i
		return idletest.Same(func() { idle.NotifyLocal(i.Cores[0]) })
	})
}

// NotifyRemote that claims a worker, without the parker's wake-up, and the steps that
// make the worker idle again. If all threads do this at once, most find the mark, and
// one at a time makes the worker idle.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := newQuiet(cores)
		for w := range cores {
			i.lieDown(w)
		}
		var lyingDown prim.Bool
		return idletest.Same(func() {
			i.NotifyRemote()
			if !lyingDown.CompareAndSwap(false, true) {
				return
			}
			// From outside the lowest number is claimed first.
			if n := &i.nodes[0]; n.chosen.Load() {
				n.chosen.Store(false)
				n.duty = n.errand.Get().queue
				i.idle.add(0)
				i.discharge(n)
			}
			lyingDown.Store(false)
		})
	})
}

func BenchmarkSnapshot(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := newQuiet(cores)
		return func() func() {
			var s impls.Snapshot
			s.Resize(cores)
			return func() { i.Snapshot(&s) }
		}
	})
}

// BenchmarkAcquireRelease is left out: workers keep their cores.
