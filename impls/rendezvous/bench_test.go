package rendezvous

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/prim"
)

// newBusy returns a manager in which all workers have their cores.
func newBusy(cores int) *Idle {
	i := New(idletest.NoWork(cores))
	for w := range cores {
		i.Enter(w)
	}
	return i
}

// NotifyLocal when there is a searcher, as on a busy scheduler most of the time.
func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := newBusy(cores)
		i.Search(i.Core[0])
		var idle impls.Idle = i
		return idletest.Same(func() { idle.NotifyLocal(nil) })
	})
}

// NotifyLocal when every core is busy and no worker searches.
func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		var idle impls.Idle = newBusy(cores)
		return idletest.Same(func() { idle.NotifyLocal(nil) })
	})
}

// NotifyLocal that hands the work over to the spinner, and what the spinner does before
// and after. If all threads do this at once, most find the slot in use.
func BenchmarkNotifySpinner(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := newBusy(cores)
		core := i.Core[cores-1]
		return idletest.Same(func() {
			if i.enter(cores-1) && i.handOver(core) {
				i.slot.Store(0)
			}
		})
	})
}

// NotifyRemote that chooses a sleeper, without the parker's wake-up, and the steps that
// make the worker a sleeper again. If all threads do this at once, most find a searcher,
// and one at a time makes the worker a sleeper.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := newBusy(cores)
		for w := range cores {
			i.push(w, false)
		}
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
					i.push(w, true)
					break
				}
			}
			lyingDown.Store(false)
		})
	})
}

// BenchmarkAcquireRelease is left out: workers keep their cores.
