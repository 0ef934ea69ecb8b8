//go:build simulate

package simulated

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/simulate/access"
)

// Where Go puts objects, when it collects them and on how many threads it does so make
// no difference, nor do other simulations in the process.
func TestAnyCompany(t *testing.T) {
	futex, _ := park.Find(park.Kinds(), "futex")
	var specs []Spec
	for i, name := range []string{"fork_join", "remote_spawn", "yield_many"} {
		w, ok := workload.Find(workload.All(), name)
		if !ok {
			t.Fatalf("there is no workload %s", name)
		}
		values, err := w.Values(small(w))
		if err != nil {
			t.Fatal(err)
		}
		for _, impl := range builtin.Implementations()[:2] {
			specs = append(specs, Spec{
				Machine: machine(9), Seed: uint64(i), Impl: impl, Parker: futex,
				Workload: w, Values: values, Workers: 8, Length: 300 * time.Microsecond,
			})
		}
	}
	run := func(spec Spec) string {
		r, err := Run(spec)
		if err != nil {
			t.Error(err)
		}
		// Without the overlay there are 0 to 0.14 for each operation, with it 0.8 to 4.
		if access.Annotated && r.Stats.Plain < r.Stats.Operations/2 {
			t.Errorf("%s: only %d plain accesses, and %d operations", spec.Workload.Name, r.Stats.Plain, r.Stats.Operations)
		}
		return fmt.Sprintf("%+v %+v %v", r.Counters, r.Stats, r.Time)
	}
	if !access.Annotated {
		t.Log("without an overlay, only some accesses are charged")
	}
	var want []string
	for _, spec := range specs {
		want = append(want, run(spec))
	}
	same := func(how string) {
		for i, spec := range specs {
			if got := run(spec); got != want[i] {
				t.Errorf("%s, %s of %s is\n%s, alone\n%s", how, spec.Workload.Name, spec.Impl.Name, got, want[i])
			}
		}
	}
	percent := debug.SetGCPercent(-1)
	defer debug.SetGCPercent(percent)
	same("without garbage collection")
	debug.SetGCPercent(20)
	same("with much garbage collection")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	same("on one thread")
	runtime.GOMAXPROCS(4)

	stop := make(chan struct{})
	var company sync.WaitGroup
	company.Go(func() { // allocates what small objects share a block with, and collects
		var kept [1000]*int16
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				kept[i%len(kept)] = new(int16)
				if i%100_000 == 0 {
					runtime.GC()
				}
			}
		}
	})
	for range 2 {
		company.Go(func() {
			for _, spec := range specs {
				run(spec)
			}
		})
	}
	same("in company")
	close(stop)
	company.Wait()
}
