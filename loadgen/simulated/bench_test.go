//go:build simulate

package simulated

import (
	"fmt"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// BenchmarkSkynet simulates a workload whose tasks spawn all others, on 2 to 63
// workers. What it reports as simulated-ns/op does not depend on the computer that
// simulates; ns/op does.
func BenchmarkSkynet(b *testing.B) {
	w, _ := workload.Find(workload.All(), "skynet")
	values, err := w.Values(map[string]string{"depth": "4"})
	if err != nil {
		b.Fatal(err)
	}
	futex, _ := park.Find(park.Kinds(), "futex")
	for _, impl := range append(builtin.Implementations(), builtin.Others()...) {
		for _, workers := range []int{2, 8, 63} {
			b.Run(fmt.Sprintf("impl=%s/workers=%d", impl.Name, workers), func(b *testing.B) {
				var r Result
				for b.Loop() {
					r, err = Run(Spec{
						Machine: machine(64), Seed: 1, Impl: impl, Parker: futex, Workload: w, Values: values,
						Workers: workers, WarmUp: time.Millisecond, Length: 5 * time.Millisecond,
					})
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(r.Time)/float64(r.Ops), "simulated-ns/op")
			})
		}
	}
}
