package wakingtoken

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/prim"
)

// newBusy returns a manager in which all workers have their cores.
func newBusy(cores int) *Idle {
	i := New(idletest.NoWork(cores), 1)
	for w := range cores {
		i.Enter(w)
	}
	return i
}

// newAsleep returns a manager in which all workers sleep.
func newAsleep(cores int) *Idle {
	i := newBusy(cores)
	for w := range cores {
		i.lieDown(w, &i.holds[w].token)
	}
	return i
}

// NotifyLocal when a worker is waking, as on a busy scheduler most of the time. Only
// the first publisher writes.
func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := newAsleep(cores)
		i.NotifyRemote()
		var idle impls.Idle = i
		return idletest.Same(func() { idle.NotifyLocal(nil) })
	})
}

// NotifyLocal when every core is busy and no worker searches: the same, with the note
// of an earlier publisher.
func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		var idle impls.Idle = newBusy(cores)
		return idletest.Same(func() { idle.NotifyLocal(nil) })
	})
}

// NotifyRemote that chooses a sleeper, without the parker's wake-up, and the steps that
// make the worker a sleeper again. If all threads do this at once, most find the
// token out, and one at a time makes the worker a sleeper.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := newAsleep(cores)
		var lyingDown prim.Bool
		return idletest.Same(func() {
			i.NotifyRemote()
			if !lyingDown.CompareAndSwap(false, true) {
				return
			}
			for w := cores - 1; w >= 0; w-- {
				// The last sleeper is woken first, and is on top again afterwards.
				if i.Chosen(w) {
					i.Sleep(w) // returns at once
					held := true
					for !i.lieDown(w, &held) { // the first time there is the note
					}
					break
				}
			}
			lyingDown.Store(false)
		})
	})
}

// BenchmarkAcquireRelease is left out: workers keep their cores.
