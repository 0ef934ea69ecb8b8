//go:build simulate

package simulated

import (
	"slices"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/variant"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/simulate"
)

// Threads are where package cpu puts them, with the CPUs that are used numbered from 0.
func TestPlace(t *testing.T) {
	// 64 cores of one thread, 8 to a cache; and 2 cores of 2 threads.
	big := machine(64)
	small := machine(4)
	for i := range small.CPUs {
		small.CPUs[i] = simulate.CPU{Core: i % 2}
	}
	for _, test := range []struct {
		name            string
		m               *simulate.Machine
		workers, beside int
		cores           []int // of the CPUs, in their order
		worker, others  []int // CPUs
		shares          bool
	}{
		{"one of two", machine(2), 1, 0, []int{1, 0}, []int{1}, nil, false},
		{"two of two", machine(2), 2, 0, []int{1, 0}, []int{1, 0}, nil, true},
		{"three of two", machine(2), 3, 1, []int{1, 0}, []int{1, 0, 1}, []int{1}, true},
		{"the generator is in the workers' cache", big, 2, 0, []int{7, 0, 1}, []int{1, 2}, nil, false},
		{"a full cache", big, 8, 0, []int{63, 0, 1, 2, 3, 4, 5, 6, 7}, []int{1, 2, 3, 4, 5, 6, 7, 8}, nil, false},
		{"others submit", big, 1, 2, []int{7, 0, 1, 2}, []int{1}, []int{2, 3}, false},
		{"siblings come last", small, 2, 0, []int{1, 0, 1}, []int{1, 2}, nil, false},
		{"too many submit", small, 2, 4, []int{1, 0, 1, 0}, []int{1, 2}, []int{3, 0, 3, 0}, true},
	} {
		p, err := place(test.m, test.workers, test.beside)
		if err != nil {
			t.Fatal(err)
		}
		var cores []int
		for _, c := range p.machine.CPUs {
			cores = append(cores, c.Core)
		}
		if !slices.Equal(cores, test.cores) || !slices.Equal(p.workers, test.worker) || !slices.Equal(p.beside, test.others) || p.shares() != test.shares {
			t.Errorf("%s: cores %v, workers %v, others %v, shares %v; want %v, %v, %v, %v",
				test.name, cores, p.workers, p.beside, p.shares(), test.cores, test.worker, test.others, test.shares)
		}
		if p.machine.Check() != nil || len(test.m.CPUs) < len(cores) {
			t.Errorf("%s: %v", test.name, p.machine.Check())
		}
	}
	if _, err := place(big, 0, 0); err == nil {
		t.Error("no workers are placed")
	}
}

// With as many workers as CPUs every load that submits from outside ends, because the
// thread that submits gives way while it waits.
func TestSharedCPU(t *testing.T) {
	futex, _ := park.Find(park.Kinds(), "futex")
	for name, given := range map[string]map[string]string{
		"wake":                   {"submitter": "spin", "gap": "20us"},
		"poisson":                {"submitter": "spin"},
		"spawn_many_remote_idle": {"tasks": "50"},
		"remote_spawn":           {"tasks": "50", "producers": "2"},
		"fork_join":              {"n": "14"},
	} {
		w, _ := workload.Find(workload.All(), name)
		values, err := w.Values(given)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Run(Spec{
			Machine: machine(2), Seed: 1, Impl: bitmap.Implementation, Parker: futex,
			Workload: w, Values: values, Workers: 2, Length: 300 * time.Microsecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		var workers, submitter simulate.Time
		for _, s := range simulate.States() {
			workers, submitter = workers+r.Spent[s], submitter+r.Submitter[s]
		}
		if want := 2 * (r.End - r.Start); r.CPUs != 2 || r.Ops == 0 || submitter != 0 || workers < want*99/100 || workers > want*101/100 {
			t.Errorf("%s: %d CPUs, %d operations, workers' CPUs %v, want %v; submitter's %v", name, r.CPUs, r.Ops, workers, want, submitter)
		}
	}
}

// An injected delay takes the machine's time: it is in every wake-up, and no other time is.
func TestInjectedDelay(t *testing.T) {
	futex, _ := park.Find(park.Kinds(), "futex")
	w, _ := workload.Find(workload.All(), "wake")
	values, err := w.Values(map[string]string{"gap": "100us"})
	if err != nil {
		t.Fatal(err)
	}
	p50 := func(delay time.Duration) time.Duration {
		impl := bitmap.Implementation
		if delay > 0 {
			impl = variant.Late(impl, delay)
		}
		r, err := Run(Spec{
			Machine: machine(2), Seed: 1, Impl: impl, Parker: futex,
			Workload: w, Values: values, Workers: 1, WarmUp: time.Millisecond, Length: 5 * time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		return time.Duration(r.Samples.ValueAtQuantile(50))
	}
	const delay = 20 * time.Microsecond
	const jitter = delay / 100 // what else is in a wake-up differs between the runs
	if more := p50(delay) - p50(0); more < delay-jitter || more > delay+delay/10 {
		t.Errorf("a delay of %v makes a wake-up %v longer", delay, more)
	}
}
