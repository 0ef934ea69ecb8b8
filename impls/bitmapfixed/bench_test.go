package bitmapfixed_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmapfixed"
	"github.com/idlebench/idlebench/impls/idletest"
)

// No repair is on the path of a notification that wakes a worker, nor on that of a
// core that is taken or released: for these see package bitmap.

func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, held := busy(cores)
		i.Search(held[0])
		return idletest.Same(func() { i.NotifyLocal(held[0]) })
	})
}

// The first call leaves the note (B2); the others find it.
func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, held := busy(cores)
		return idletest.Same(func() { i.NotifyLocal(held[0]) })
	})
}

// A worker searches, which takes the note, and finds a task, which leaves it again:
// here under the lock (B2, B11).
func BenchmarkFoundNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, _ := busy(cores)
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

// busy returns a manager all of whose cores are held, and the cores.
func busy(cores int) (i impls.Idle, held []*impls.Core) {
	i = bitmapfixed.Implementation.New(idletest.NoWork(cores))
	for w := range cores {
		core, _ := i.Park(w, nil)
		held = append(held, core)
	}
	return i, held
}
