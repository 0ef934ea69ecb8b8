package simulate_test

import (
	"fmt"
	"testing"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/simulate"
)

// BenchmarkOperations measures how many operations on primitives are simulated in a
// second of CPU time: each thread works on its own line mostly, on one that it shares with its
// neighbour, and on one that all share, as workers of a scheduler do.
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
				stats, err := simulate.Run(m, 1, func() {
					type padded struct {
						simulate.Uint64
						_ [120]byte
					}
					own := make([]padded, cpus)
					all := new(simulate.Uint64)
					left := new(simulate.Int32)
					left.Store(int32(cpus - 1))
					for i := 1; i < cpus; i++ {
						simulate.Go(func() {
							simulate.Pin(i)
							for n := range 200_000 / cpus {
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
				})
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
