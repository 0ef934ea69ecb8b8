//go:build !explore

package channels

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// noWork is a host without tasks, and a parker that neither blocks nor wakes, so
// that one goroutine can play all parts.
type noWork struct{}

func (noWork) Injected() int      { return 0 }
func (noWork) Stealable(int) bool { return false }
func (noWork) Park()              {}
func (noWork) Unpark()            {}

func newIdle(cores int) *Idle {
	c := impls.Config{Workers: cores, Lock: new(impls.Mutex), Queues: noWork{}}
	for i := range cores {
		c.Cores = append(c.Cores, &impls.Core{Index: i})
		c.Parkers = append(c.Parkers, noWork{})
	}
	return New(c)
}

// measure runs an operation with several numbers of cores, on one thread and on
// all at once. The benchmarks have the names of those in package bitmap, so that
// benchstat can put them side by side.
func measure(b *testing.B, prepare func(cores int) (operation func())) {
	for _, cores := range []int{1, 2, 8, 64, 65, 256, 1024} {
		b.Run(fmt.Sprintf("cores=%d/threads=1", cores), func(b *testing.B) {
			op := prepare(cores)
			b.ReportAllocs()
			for b.Loop() {
				op()
			}
		})
		b.Run(fmt.Sprintf("cores=%d/threads=all", cores), func(b *testing.B) {
			op := prepare(cores)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					op()
				}
			})
		})
	}
}

func BenchmarkNotifySearcherExists(b *testing.B) {
	measure(b, func(cores int) func() {
		i := newIdle(cores)
		i.Search(<-i.available)
		return func() { i.NotifyLocal(nil) }
	})
}

func BenchmarkNotifyNobodyIdle(b *testing.B) {
	measure(b, func(cores int) func() {
		i := newIdle(cores)
		for range cores {
			<-i.available
		}
		return func() { i.NotifyLocal(nil) }
	})
}

func BenchmarkNotifyThatWakes(b *testing.B) {
	measure(b, func(cores int) func() {
		i := newIdle(cores)
		for _, m := range i.mailboxes {
			i.sleepers <- m
		}
		var turn atomic.Uint64
		return func() {
			i.lock.Lock()
			i.NotifyRemote()
			// Channels are queues, so mailboxes take turns; when several threads
			// do this, more or less.
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
		}
	})
}

func BenchmarkAcquireRelease(b *testing.B) {
	measure(b, func(cores int) func() {
		i := newIdle(cores)
		return func() { i.available <- <-i.available }
	})
}
