package semaphore

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
)

// started returns a manager without tasks whose workers have all started.
func started(cores int) *Idle {
	i := New(idletest.NoWork(cores))
	for w := range cores {
		i.Park(w, nil)
	}
	return i
}

// NotifyLocal when a worker was asked for and has not begun to look.
func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		i.requested.Store(true)
		return idletest.Same(func() { i.NotifyLocal(i.Cores[0]) })
	})
}

func BenchmarkAtomicLoad(b *testing.B) {
	i := started(1)
	// Called as NotifyLocal is, through an interface, and not inlined.
	b.Run("called", func(b *testing.B) {
		for b.Loop() {
			i.asked()
		}
	})
}

//go:noinline
func (i *Idle) asked() bool { return i.requested.Load() }

// NotifyLocal when all are working: the first sets overflow, and from then on the
// request is there.
func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		return idletest.Same(func() { i.NotifyLocal(i.Cores[0]) })
	})
}

// NotifyRemote that wakes a waiter, without the parker's wake-up, and the steps that
// make the worker a waiter again. If all threads do this at once, most of them find
// that a worker was asked for.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		for core := range cores {
			i.sleep(core)
		}
		return idletest.Same(func() {
			i.NotifyRemote()
			for core := cores - 1; core >= 0; core-- {
				// The last to block is woken first. Only one thread gets it.
				n := &i.nodes[core]
				if n.chosen.Load() && n.chosen.CompareAndSwap(true, false) {
					i.change(tally.awoke)
					i.takeRequest()
					i.sleep(core)
					break
				}
			}
		})
	})
}

// A signal, and a worker that takes it: what the semaphore costs if nothing blocks.
func BenchmarkAcquireRelease(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		return idletest.Same(func() {
			i.change(func(t tally) tally { return t + oneSpinner })
			i.release(1)
			i.absorb()
		})
	})
}
