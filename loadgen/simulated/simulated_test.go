//go:build simulate

package simulated

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/simulate"
)

func machine(cpus int) *simulate.Machine {
	const ns, us = simulate.Nanosecond, simulate.Microsecond
	m := &simulate.Machine{
		Name: "test",
		Costs: simulate.Costs{
			Hit: 500, RMW: 5 * ns, Code: 600, Look: 15 * ns, Now: 22 * ns,
			SameCore: 8 * ns, SameCache: 25 * ns, SameSocket: 105 * ns, OtherSocket: 200 * ns, Memory: 110 * ns,
			Serve: 10 * ns, Overlap: 600,
			Syscall: 150 * ns, Switch: 1000 * ns, Wake: 1800 * ns, Bucket: 50 * ns,
			Slack: 50 * us, Slice: 3000 * us, Preempt: 700 * us,
			GoReady: 1500 * ns, GoWake: 5 * us, GoHandoff: 2 * us, MutexWake: 5 * us,
		},
		Idle:    []simulate.IdleState{{Exit: 600 * ns}, {After: 5 * us, Exit: 1500 * ns}, {After: 100 * us, Exit: 8 * us}, {After: 1000 * us, Exit: 35 * us}},
		Buckets: 256,
		Jitter:  50,
	}
	for i := range cpus {
		m.CPUs = append(m.CPUs, simulate.CPU{Core: i, Cache: i / 8, Socket: i / 64})
	}
	return m
}

// Every manager runs every workload that can be simulated, to the end: those that are
// measured by default with every parker, the others with futexes. Of the workloads that
// use most of the machine the same seed gives the same result.
func TestRun(t *testing.T) {
	kinds := park.Kinds()
	for n, impl := range append(builtin.Implementations(), builtin.Others()...) {
		if strings.HasPrefix(impl.Name, "bitmapfixed-") {
			continue // each of its steps is in bitmap or in bitmapfixed
		}
		for _, w := range workload.All() {
			if w.Hosted || w.Name == "idle" || w.Name == "trickle" {
				continue
			}
			t.Run(impl.Name+"/"+w.Name, func(t *testing.T) { // not in parallel: simulations take turns
				for _, kind := range kinds {
					if impl.Parker != "" {
						kind = park.Kind{Name: impl.Parker}
					} else if kind.Full || n >= len(builtin.Implementations()) && kind.Name != "futex" {
						continue
					}
					values, err := w.Values(small(w))
					if err != nil {
						t.Fatal(err)
					}
					spec := Spec{
						Machine: machine(5), Seed: 1, Impl: impl, Parker: kind,
						Workload: w, Values: values, Workers: 4, Length: 300 * time.Microsecond,
					}
					var first string
					for range repeats[w.Name] + 1 {
						r, err := Run(spec)
						if err != nil {
							t.Fatal(err)
						}
						if r.Ops == 0 || r.Counters.Tasks < uint64(r.Tasks) {
							t.Errorf("%s: %d operations, %d tasks of %d ran", kind.Name, r.Ops, r.Counters.Tasks, r.Tasks)
						}
						result := fmt.Sprintf("%+v %+v %v", r.Counters, r.Stats, r.Time)
						if first == "" {
							first = result
						} else if result != first {
							t.Errorf("%s: the same seed gives\n%s and\n%s", kind.Name, first, result)
						}
					}
					if impl.Parker != "" {
						break
					}
				}
			})
		}
	}
}

// repeats says how often a workload is run again.
var repeats = map[string]int{"wake": 1, "mixed": 1, "remote_spawn": 1, "fork_join": 1}

// small returns values for a workload with which an operation is short.
func small(w workload.Workload) map[string]string {
	v := map[string]string{}
	for _, p := range w.Params {
		switch p.Name {
		case "tasks":
			v[p.Name] = "50"
		case "n":
			v[p.Name] = "14"
		case "cutoff":
			v[p.Name] = "8"
		case "depth":
			v[p.Name] = "2"
		case "pings":
			v[p.Name] = "20"
		}
	}
	return v
}

// oneRun runs a workload with bitmap on 4 workers.
func oneRun(t *testing.T, name string, given map[string]string) Result {
	t.Helper()
	w, ok := workload.Find(workload.All(), name)
	values, err := w.Values(given)
	if !ok || err != nil {
		t.Fatal(name, err)
	}
	futex, _ := park.Find(park.Kinds(), "futex")
	r, err := Run(Spec{
		Machine: machine(5), Seed: 1, Impl: builtin.Implementations()[0], Parker: futex,
		Workload: w, Values: values, Workers: 4, WarmUp: 100 * time.Microsecond, Length: 300 * time.Microsecond, Window: 100,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
