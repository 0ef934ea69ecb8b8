package bitmap

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
)

// NotifyLocal when there is a searcher, as on a busy scheduler most of the time.
// BenchmarkAtomicLoad/called is a lower bound of its cost.
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
	// A scheduler calls NotifyLocal through an interface. It is not inlined, and
	// neither is this.
	b.Run("called", func(b *testing.B) {
		for b.Loop() {
			i.searcherExists()
		}
	})
}

//go:noinline
func (i *Idle) searcherExists() bool { return i.numSearching.Load() != 0 }

// NotifyLocal when every core is busy and no worker searches.
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

// A worker searches, which takes the note, and finds a task, which leaves it again.
func BenchmarkFoundNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, lock, _ := newIdle(cores, cores)
		lock.Lock()
		for range cores {
			i.TryAcquireAvailableCore()
		}
		lock.Unlock()
		return func() func() {
			mine := new(impls.Core)
			return func() {
				if i.Search(mine) {
					i.Found(mine)
				}
			}
		}
	})
}

// NotifyRemote that assigns a core to a sleeper, without the parker's wake-up, and
// the steps that make the worker a sleeper again. If all threads do this at once
// there may be no sleeper left. Then NotifyRemote sets the note, and no worker has
// to be made a sleeper again.
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
				// The last sleeper is woken first.
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
