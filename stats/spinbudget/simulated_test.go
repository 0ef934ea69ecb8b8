//go:build simulate

package spinbudget

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/gaps"
	"github.com/idlebench/idlebench/loadgen/simulated"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/simulate"
)

// machine has CPUs that sleep deeper the longer they are idle, by a factor of 20.
func machine() *simulate.Machine {
	const ns, us = simulate.Nanosecond, simulate.Microsecond
	return &simulate.Machine{
		Name: "test",
		CPUs: []simulate.CPU{{Core: 0}, {Core: 1}},
		Costs: simulate.Costs{
			Hit: 500, RMW: 5 * ns, Code: 600, Look: 15 * ns, Now: 22 * ns,
			SameCore: 8 * ns, SameCache: 25 * ns, SameSocket: 105 * ns, OtherSocket: 200 * ns, Memory: 110 * ns,
			Serve: 10 * ns, Overlap: 600,
			Syscall: 150 * ns, Switch: 1000 * ns, Wake: 1800 * ns, Bucket: 50 * ns,
			Slack: 50 * us, Slice: 3000 * us, Preempt: 700 * us,
			GoReady: 1500 * ns, GoWake: 5 * us, GoHandoff: 2 * us, MutexWake: 5 * us,
		},
		Idle:    []simulate.IdleState{{Exit: 600 * ns}, {After: 5 * us, Exit: 1500 * ns}, {After: 100 * us, Exit: 12 * us}},
		Buckets: 256,
		Jitter:  50,
	}
}

// On a simulated machine, with the real scheduler, idle managers and parkers, each predicted
// mean latency is within 10 % of what that budget gives, as the method claims. At the higher
// loads some tasks wait for each other.
func TestLatencyOnASimulatedMachine(t *testing.T) {
	for _, load := range []string{"0.02", "0.1", "0.2"} {
		for _, impl := range []impls.Implementation{bitmap.Implementation, mutexonly.Implementation} {
			t.Run(impl.Name+"/"+load, func(t *testing.T) { predictSimulated(t, impl, load) })
		}
	}
}

func predictSimulated(t *testing.T, impl impls.Implementation, load string) {
	w, _ := workload.Find(workload.All(), "poisson")
	values, err := w.Values(map[string]string{"load": load, "service": "5us", "submitter": "spin"})
	if err != nil {
		t.Fatal(err)
	}
	measure := func(kind park.Kind) (mean, tasks float64) {
		r, err := simulated.Run(simulated.Spec{
			Machine: machine(), Seed: 1, Impl: impl, Parker: kind,
			Workload: w, Values: values, Workers: 1, WarmUp: time.Millisecond, Length: 50 * time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		return r.Samples.Mean(), float64(r.Tasks)
	}
	kind := func(name string) park.Kind {
		k, ok := park.Find(park.Kinds(), name)
		if !ok {
			if k, ok = park.Parse(name); !ok {
				t.Fatal("no parker ", name)
			}
		}
		return k
	}
	var r Round
	recorder := gaps.NewRecorder()
	err = recorder.Around(func() error {
		_, r.Tasks = measure(recorder.Kind(kind("futex")))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	workers, lost := recorder.Gaps()
	if len(workers) != 1 || lost != 0 {
		t.Fatalf("%d workers slept, %d gaps were lost", len(workers), lost)
	}
	var own []Gap
	for _, g := range workers[0] {
		own = append(own, Gap{Idle: float64(g.Idle), Wake: float64(g.Wake)}) // simulated threads have no CPU clock
	}
	r.Gaps = [][]Gap{own}
	r.Sleep.Latency, _ = measure(kind("futex"))
	r.Spin.Latency, _ = measure(kind("spin"))
	m, err := newModel(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, us := range []int{2, 10, 30, 50, 100, 300} {
		budget := time.Duration(us) * time.Microsecond
		got := m.predict(float64(budget), 1).latency
		want, _ := measure(kind(fmt.Sprintf("spin-futex-%dus", us)))
		if math.Abs(got/want-1) > 0.10 {
			t.Errorf("budget %v: predicted %.0f ns, simulated %.0f ns: %+.1f %%", budget, got, want, 100*(got/want-1))
		} else {
			t.Logf("budget %v: predicted %.0f ns, simulated %.0f ns: %+.1f %%", budget, got, want, 100*(got/want-1))
		}
	}
}
