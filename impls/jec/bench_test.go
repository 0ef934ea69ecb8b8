//go:build !explore && !simulate

package jec

import (
	"sync/atomic"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
)

// One worker is idle, and the others sleep.
func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		i.Search(i.Cores[0])
		for w := 1; w < cores; w++ {
			i.sleepAgain(w)
		}
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

// NotifyRemote that wakes a sleeper, without the parker's wake-up, and the steps that
// make the worker a sleeper again. All sleep, so it is worker 0.
func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, tokens := withTokens(cores)
		for w := range cores {
			i.sleepAgain(w)
		}
		return idletest.Same(func() {
			i.NotifyRemote()
			for w := range tokens {
				if tokens[w].taken() {
					i.sub(inactive)
					i.sleepAgain(w)
					return
				}
			}
		})
	})
}

// The same if only the last worker sleeps: to find it takes a lock for each of the
// others.
func BenchmarkNotifyThatWakesTheLast(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i, tokens := withTokens(cores)
		last := cores - 1
		i.sleepAgain(last)
		return idletest.Same(func() {
			i.NotifyRemote()
			if tokens[last].taken() {
				i.sub(inactive)
				i.sleepAgain(last)
			}
		})
	})
}

// In the place of BenchmarkAcquireRelease, since workers keep their cores: a worker
// becomes idle, and finds a task.
func BenchmarkSearchFound(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		return func() func() {
			c := *i.Cores[0]
			return func() {
				i.Search(&c)
				i.Found(&c)
			}
		}
	})
}

// A token is a parker that says whether its worker was woken.
type token struct {
	there atomic.Bool
	_     [impls.CacheLine]byte
}

func (t *token) Park()       {}
func (t *token) Unpark()     { t.there.Store(true) }
func (t *token) taken() bool { return t.there.Load() && t.there.Swap(false) }

func withTokens(cores int) (*Idle, []token) {
	i, tokens := New(idletest.NoWork(cores)), make([]token, cores)
	for w := range tokens {
		i.Parkers[w] = &tokens[w]
	}
	return i, tokens
}

// sleepAgain makes a worker a sleeper.
func (i *Idle) sleepAgain(w int) {
	i.add(inactive)
	worker := &i.workers[w]
	worker.lock.Lock()
	for i.fallAsleep(i.becomeSleepy()) != slept {
	}
	worker.blocked = true
	worker.lock.Unlock()
}
