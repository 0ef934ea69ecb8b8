package bitmap

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
)

// NotifyLocal when a searcher exists, which is most of the time on a busy
// scheduler. BenchmarkAtomicLoad/called is the least that it can cost.
func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, lock, _ := newIdle(cores, cores)
		lock.Lock()
		i.TransitionWorkerToSearching(i.TryAcquireAvailableCore())
		lock.Unlock()
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

func BenchmarkAtomicLoad(b *testing.B) {
	i, _, _ := newIdle(1, 1)
	b.Run("inlined", func(b *testing.B) {
		for b.Loop() {
			_ = i.numSearching.Load() != 0
		}
	})
	// A scheduler calls NotifyLocal through an interface, so it is not inlined,
	// and neither is this.
	b.Run("called", func(b *testing.B) {
		for b.Loop() {
			i.someoneSearches()
		}
	})
}

//go:noinline
func (i *Idle) someoneSearches() bool { return i.numSearching.Load() != 0 }

// NotifyLocal when every core is busy and nobody searches.
func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, lock, _ := newIdle(cores, cores)
		lock.Lock()
		for range cores {
			i.TryAcquireAvailableCore()
		}
		lock.Unlock()
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

// NotifyRemote that assigns a core to a sleeper, without the parker's wake, and
// what brings a worker back to sleep. If all threads do it at once there may be
// no sleeper left; then the note is left, and nothing is brought back.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, lock, _ := newIdle(cores, cores)
		for w := range cores {
			asleep(i, w)
		}
		return idletest.Same(func() {
			lock.Lock()
			i.NotifyRemote()
			lock.Lock()
			for worker := cores - 1; worker >= 0; worker-- {
				// The last to fall asleep is the first to be woken.
				core := i.synced.assignedCores[worker]
				if core == nil {
					continue
				}
				i.synced.assignedCores[worker] = nil
				core.Searching = false
				i.TransitionWorkerFromSearching()
				i.ReleaseCore(core)
				i.TransitionWorkerToParked(worker)
				break
			}
			lock.Unlock()
		})
	})
}

func BenchmarkAcquireRelease(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, lock, _ := newIdle(cores, cores)
		return idletest.Same(func() {
			lock.Lock()
			i.ReleaseCore(i.TryAcquireAvailableCore())
			lock.Unlock()
		})
	})
}

func BenchmarkSnapshot(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, _, _ := newIdle(cores, cores)
		return func() func() {
			var s impls.Snapshot
			s.Resize(cores)
			return func() { i.Snapshot(&s) }
		}
	})
}
