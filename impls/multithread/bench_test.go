package multithread

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
)

// There is no BenchmarkAcquireRelease, since no core is taken or given back: to
// become a sleeper and to be chosen is a part of BenchmarkNotifyThatWakes. Nor is
// there a snapshot.

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

// The chosen worker looks for itself among the others, with the lock held.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		for w := range cores {
			i.state.park(false)
			i.sleepers = append(i.sleepers, w)
		}
		return idletest.Same(func() {
			i.Lock.Lock()
			i.NotifyRemote()
			i.Lock.Lock()
			_ = i.Closed()
			i.Lock.Unlock()
			i.Lock.Lock()
			for w := cores - 1; len(i.sleepers) < cores; w-- {
				if !i.isSleeper(w) {
					i.state.park(true)
					i.sleepers = append(i.sleepers, w)
				}
			}
			i.Lock.Unlock()
		})
	})
}
