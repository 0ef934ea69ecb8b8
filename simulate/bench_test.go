package simulate_test

import (
	"fmt"
	"testing"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/simulate"
)

// BenchmarkOperations measures how many operations on primitives are simulated in a
// second of CPU time. All threads begin together, when all are there. Each works mostly on
// a line of its own, sometimes on its neighbour's and on one that all share, as workers of
// a scheduler do, and for every operation it reads and writes a plain variable, which
// is charged and does not count.
func BenchmarkOperations(b *testing.B) {
	for _, cpus := range []int{2, 64, 256, 1024} {
		b.Run(fmt.Sprintf("cpus=%d", cpus), func(b *testing.B) {
			m := simulate.Small(cpus, false)
			var operations int64
			before, err := cpu.ProcessUsage()
			if err != nil {
				b.Skip(err)
			}
			for b.Loop() {
				stats, err := simulate.Run(m, 1, func() { operationsOf(cpus, max(200_000/cpus, 2_000)) })
				if err != nil {
					b.Fatal(err)
				}
				operations += stats.Operations
			}
			after, err := cpu.ProcessUsage()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(operations)/after.Sub(before).CPU.Seconds()/1e6, "Mops/CPU-s")
		})
	}
}

// operationsOf is what each of some threads does that many times.
func operationsOf(cpus, times int) {
	type padded struct {
		simulate.Uint64
		plain simulate.Var[uint64]
		_     [112]byte
	}
	own := make([]padded, cpus)
	all := new(simulate.Uint64)
	begun, left := new(simulate.Int32), new(simulate.Int32)
	left.Store(int32(cpus - 1))
	for i := 1; i < cpus; i++ {
		simulate.Go(func() {
			simulate.Pin(i)
			begun.Add(1)
			simulate.Spin(-1, func() bool { return begun.Load() >= int32(cpus-1) })
			for n := range times {
				own[i].plain.Set(own[i].plain.Get() + 1)
				switch {
				case n%16 == 0:
					all.Load()
				case n%256 == 1:
					all.Add(1)
				case n%8 == 0:
					own[(i+1)%cpus].Add(1)
				case n%2 == 0:
					own[i].Load()
				default:
					own[i].Add(1)
				}
			}
			left.Add(-1)
		})
	}
	simulate.Spin(-1, func() bool { return left.Load() == 0 })
}
