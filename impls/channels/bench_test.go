//go:build !explore && !simulate

package channels

import (
	"sync/atomic"
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
)

func BenchmarkNotifySearcherExists(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		i.Search(<-i.available)
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

func BenchmarkNotifyNobodyIdle(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		for range cores {
			<-i.available
		}
		return idletest.Same(func() { i.NotifyLocal(nil) })
	})
}

func BenchmarkNotifyThatWakes(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		for _, m := range i.mailboxes {
			i.sleepers <- m
		}
		var turn atomic.Uint64
		return idletest.Same(func() {
			i.lock.Lock()
			i.NotifyRemote()
			// Channels are queues, so mailboxes take turns, with several threads
			// roughly.
			first := turn.Add(1) - 1
			for k := range uint64(cores) {
				m := i.mailboxes[(first+k)%uint64(cores)]
				select {
				case core := <-m:
					if core.Searching {
						i.stopSearching(core)
					}
					i.available <- core
					i.sleepers <- m
					return
				default:
				}
			}
		})
	})
}

func BenchmarkAcquireRelease(b *testing.B) {
	idletest.Benchmark(b, func(cores int) func() func() {
		i := New(idletest.NoWork(cores))
		return idletest.Same(func() { i.available <- <-i.available })
	})
}
