package gosched

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
)

func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		i.Search(i.acquire())
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

// It takes the lock and sets the note.
func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		for range cores {
			i.acquire()
		}
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		for w := range cores {
			i.lists.sleepers = append(i.lists.sleepers, w)
		}
		return idletest.Same(func() {
			i.NotifyLocal(nil)
			for w := cores - 1; w >= 0; w-- {
				if core := i.next[w].Swap(nil); core != nil {
					i.stopSpinning(core)
					i.lock.Lock()
					i.release(core)
					i.lists.sleepers = append(i.lists.sleepers, w)
					i.lock.Unlock()
					return
				}
			}
		})
	})
}

func BenchmarkAcquireRelease(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		return idletest.Same(func() {
			i.lock.Lock()
			i.release(i.acquire())
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
