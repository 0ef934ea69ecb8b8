package idletest

import (
	"fmt"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// noWork is a host without tasks, and a parker that neither blocks nor wakes.
type noWork struct{}

func (noWork) Injected() int      { return 0 }
func (noWork) Stealable(int) bool { return false }
func (noWork) Park()              {}
func (noWork) Unpark()            {}

// NoWork returns the configuration of a scheduler with a worker for each core, no
// tasks, and parkers that neither block nor wake, so that one goroutine can play
// all parts in a benchmark.
func NoWork(cores int) impls.Config {
	c := impls.Config{Workers: cores, Lock: new(impls.Mutex), Queues: noWork{}}
	for i := range cores {
		c.Cores = append(c.Cores, &impls.Core{Index: i})
		c.Parkers = append(c.Parkers, noWork{})
	}
	return c
}

// Benchmark measures an operation of a manager with 1 to 1024 cores, on one
// thread and on all at once. Prepare makes the manager; what it returns is the
// operation, for one more thread each time it is called. Benchmarks of the same
// operation have the same name in all packages, so that benchstat can put them
// side by side.
func Benchmark(b *testing.B, prepare func(cores int) (operation func() func())) {
	for _, cores := range []int{1, 2, 8, 64, 65, 256, 1024} {
		b.Run(fmt.Sprintf("cores=%d/threads=1", cores), func(b *testing.B) {
			op := prepare(cores)()
			b.ReportAllocs()
			for b.Loop() {
				op()
			}
		})
		b.Run(fmt.Sprintf("cores=%d/threads=all", cores), func(b *testing.B) {
			operation := prepare(cores)
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				op := operation()
				for pb.Next() {
					op()
				}
			})
		})
	}
}

// Same is what Benchmark wants of an operation that is the same for all threads.
func Same(operation func()) func() func() { return func() func() { return operation } }
