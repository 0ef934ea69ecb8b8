package loadgen_test

import (
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// setAffinity does what taskset does to a thread of another process.
func setAffinity(t *testing.T, thread int, to cpu.Set) {
	var mask unix.CPUSet
	for _, n := range to {
		mask.Set(n)
	}
	if err := unix.SchedSetaffinity(thread, &mask); err != nil {
		t.Error(err)
	}
}

// Changes to the threads from outside are detected, and the measurement still
// completes.
func TestAffinityIsChangedFromOutside(t *testing.T) {
	allowed, err := cpu.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	if len(allowed) < 2 {
		t.Skipf("needs two CPUs, only %v is allowed", allowed)
	}
	for _, test := range []struct {
		name    string
		disturb func(*disturbedLoad)
		want    []string
		not     string
	}{
		{"a worker may run elsewhere", func(l *disturbedLoad) { setAffinity(t, l.worker, allowed) }, []string{"affinity"}, ""}, // there it may move
		{"a worker is moved", func(l *disturbedLoad) { setAffinity(t, l.worker, allowed[1:]) }, []string{"affinity", "migrations"}, ""},
		{"a worker is moved and put back", func(l *disturbedLoad) {
			setAffinity(t, l.worker, allowed[1:2])
			if err := l.task(); err != nil { // it sleeps until then, and moves when it wakes
				t.Error(err)
			}
			setAffinity(t, l.worker, allowed[:1])
		}, []string{"migrations"}, "affinity"},
		{"the Go runtime may run on a worker's CPU", func(l *disturbedLoad) {
			all, err := cpu.Threads()
			if err != nil {
				t.Error(err)
			}
			for _, other := range all {
				if other.ID != l.worker && other.ID != cpu.ThreadID() {
					setAffinity(t, other.ID, allowed)
				}
			}
		}, []string{"affinity"}, "migrations"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := disturbed(t, test.disturb)
			if slices.Contains(test.want, "migrations") && fact(t, m, "migrations") == "none-seen" {
				t.Skip("this kernel does not count migrations")
			}
			for _, limit := range test.want {
				if !slices.Contains(m.Invalid, limit) {
					t.Errorf("exceeds %v, want %s among them; %v", m.Invalid, limit, m.Facts)
				}
			}
			if slices.Contains(m.Invalid, test.not) {
				t.Errorf("exceeds %v, want not %s; %v", m.Invalid, test.not, m.Facts)
			}
		})
	}
}
