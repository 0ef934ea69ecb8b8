package bitmapclaim

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
)

// There is no BenchmarkAcquireRelease: a worker keeps its core.

func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		i.Search(i.Cores[0])
		return idletest.Same(func() { i.NotifyLocal(i.Cores[0]) })
	})
}

func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		return idletest.Same(func() { i.NotifyLocal(i.Cores[0]) })
	})
}

// The step of NotifyRemote that claims a sleeper, without the parker's wake-up, and
// the steps that make the worker a sleeper again. If all threads do this at once there
// may be no sleeper left; then none is claimed.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		for core := range cores {
			i.idle.set(core)
		}
		return idletest.Same(func() {
			if core, ok := i.wake(0, nil); ok {
				i.Sleep(i.owner[core])
				i.idle.set(core)
				i.searching.Add(-1)
			}
		})
	})
}

func BenchmarkSnapshot(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		return func() func() {
			var s impls.Snapshot
			s.Resize(cores)
			return func() { i.Snapshot(&s) }
		}
	})
}

// started returns a manager whose workers hold their cores.
func started(cores int) *Idle {
	i := New(idletest.NoWork(cores))
	for w := range cores {
		i.Park(w, nil)
	}
	return i
}
