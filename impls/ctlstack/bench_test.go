package ctlstack

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
)

// started returns a manager without tasks whose workers have all started.
func started(cores int) *Idle {
	i := New(idletest.NoWork(cores))
	for w := range cores {
		i.Park(w, nil)
	}
	return i
}

// NotifyLocal when a worker is on its way to the queue. All threads publish on one
// core here, as no host lets them.
func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		i.pending[0].Store(true)
		return idletest.Same(func() { i.NotifyLocal(i.Cores[0]) })
	})
}

func BenchmarkAtomicLoad(b *testing.B) {
	i := started(1)
	// Called as NotifyLocal is, through an interface, and not inlined.
	b.Run("called", func(b *testing.B) {
		for b.Loop() {
			i.onItsWay(0)
		}
	})
}

//go:noinline
func (i *Idle) onItsWay(queue int) bool { return i.pending[queue].Load() }

// NotifyLocal when no worker sleeps.
func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		return idletest.Same(func() { i.NotifyLocal(i.Cores[0]) })
	})
}

// NotifyRemote that pops a sleeper, without the parker's wake-up, and the steps that
// make the worker a sleeper again. If all threads do this at once, most of them find
// that a worker is on its way.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		for core := range cores {
			i.block(core)
		}
		return idletest.Same(func() {
			i.NotifyRemote()
			for core := cores - 1; core >= 0; core-- {
				// The last sleeper is woken first. Only one thread gets it.
				n := &i.nodes[core]
				if n.chosen.Load() && n.chosen.CompareAndSwap(true, false) {
					n.duty = n.sent.Get()
					for !i.push(core) {
					}
					i.discharge(n)
					break
				}
			}
		})
	})
}

// The stack by itself. A worker and its core are taken and released together.
func BenchmarkAcquireRelease(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := started(cores)
		for core := range cores {
			i.push(core)
		}
		return idletest.Same(func() {
			if core, ok := i.pop(); ok {
				for !i.push(core) {
				}
			}
		})
	})
}
