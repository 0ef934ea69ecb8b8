package mutexonly

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
)

func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		i.search(pop(&i.available))
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		i.available = nil
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		for w := range cores {
			i.sleepers = append(i.sleepers, w)
		}
		return idletest.Same(func() {
			i.lock.Lock()
			i.NotifyRemote()
			i.lock.Lock()
			for worker := cores - 1; worker >= 0; worker-- {
				core := i.assigned[worker]
				if core == nil {
					continue
				}
				i.assigned[worker] = nil
				i.stopSearching(core)
				i.available = append(i.available, core)
				i.sleepers = append(i.sleepers, worker)
				break
			}
			i.lock.Unlock()
		})
	})
}

func BenchmarkAcquireRelease(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		return idletest.Same(func() {
			i.lock.Lock()
			i.available = append(i.available, pop(&i.available))
			i.lock.Unlock()
		})
	})
}

func BenchmarkSnapshot(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		return func() func() {
			var s impls.Snapshot
			s.Resize(cores)
			return func() { i.Snapshot(&s) }
		}
	})
}
