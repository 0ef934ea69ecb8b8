package eventcount

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
)

// A publisher does not ask whether a worker searches, only whether one waits. Here one
// searches, the others are busy, and none waits.
func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		i.Search(i.Cores[0])
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

// NotifyRemote that wakes a sleeper, without the parker's wake-up, and the steps that
// make the worker a sleeper again. If all threads do this at once, a notification may
// give a prewaiter a signal, or find all workers between two sleeps.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		for w := range cores {
			i.sleepAgain(w)
		}
		return idletest.Same(func() {
			i.NotifyRemote()
			for w := cores - 1; w >= 0; w-- {
				// The last sleeper is woken first.
				if i.waiters[w].chosen.Load() && i.waiters[w].chosen.Swap(false) {
					i.sleepAgain(w)
					return
				}
			}
		})
	})
}

// In the place of BenchmarkAcquireRelease, since workers keep their cores: what it
// costs to be about to sleep and to find work. The look at the queues is left out.
func BenchmarkPrewaitCancel(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		return idletest.Same(func() {
			i.prewait()
			i.cancel()
		})
	})
}

// started returns a manager whose workers have their cores.
func started(cores int) *Idle {
	i := New(idletest.NoWork(cores))
	for w := range cores {
		i.Enter(w)
	}
	return i
}

// sleepAgain makes a worker a sleeper. Signals that it is given instead are lost.
func (i *Idle) sleepAgain(w int) {
	for i.prewait(); !i.commit(w); {
		i.prewait()
	}
}
