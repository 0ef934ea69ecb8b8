package probe

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// twoCPUs returns the first CPUs of this machine. Where there is one only, the test is skipped.
func twoCPUs(t *testing.T) cpu.Set {
	t.Helper()
	cpus, err := cpu.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	if len(cpus) < 2 {
		t.Skip("needs 2 CPUs")
	}
	return cpus[:2]
}

// All figures of this machine are there, and none is nonsense. How large they are is not
// the test's business.
func TestSteps(t *testing.T) {
	cpus := twoCPUs(t)
	r := new(Results)
	for _, s := range r.steps(cpus, cpus[1], 1<<12) {
		if err := s.do(t.Context(), time.Millisecond); err != nil {
			t.Fatalf("%s: %v", s.what, err)
		}
	}
	for name, f := range map[string]Figure{
		"load": r.Load, "store": r.Store, "add": r.Add, "contended": r.Contended, "look": r.Look, "now": r.Now,
		"syscall": r.Syscall, "memory": r.Memory, "switch": r.Switch, "late": r.Late, "line": r.Lines[0][1],
		"chan": r.Chan.Sleeper, "cond": r.Cond.Sleeper, "mutex": r.Mutex.Sleeper, "handoff": r.Handoff, "chan waker": r.Chan.Waker,
		"futex": r.Futex[0].Sleeper, "futex waker": r.Futex[len(gaps)-1].Waker,
	} {
		if !(f.Value > 0) || !(f.Low > 0) || f.Low > f.High {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if r.Lines[0][1] != r.Lines[1][0] || r.Lines[0][0] != (Figure{}) {
		t.Errorf("%+v", r.Lines)
	}
	// A machine on which other tests run may have figures that no idle machine has.
	if _, err := Assemble(r, Host{Name: "here", Title: "this machine", CPUs: cpus}); err != nil && !strings.Contains(err.Error(), "is this machine busy?") {
		t.Error(err)
	}
}

// Where a CPU has to be idle, only the thread that is measured runs there.
func TestIdleCPUsAreReserved(t *testing.T) {
	cpus := twoCPUs(t)
	strays := func(c int) int {
		t.Helper()
		found, err := cpu.Strays(cpu.SetOf(c))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	idle := make(map[string][]int)
	for _, s := range new(Results).steps(cpus, cpus[1], 1) {
		if s.idle == nil {
			continue
		}
		idle[s.what] = s.idle
		s.run = func(context.Context, time.Duration) error {
			if n := strays(s.idle[0]); n > 0 {
				t.Errorf("%s: %d threads may run on CPU %d", s.what, n, s.idle[0])
			}
			return nil
		}
		if err := s.do(t.Context(), 0); err != nil {
			t.Error(err)
		}
		if strays(s.idle[0]) == 0 {
			t.Errorf("%s: the threads are not let back to CPU %d", s.what, s.idle[0])
		}
	}
	if want := map[string][]int{"sleep": {cpus[0]}, "wake-ups": {cpus[1]}}; !reflect.DeepEqual(idle, want) {
		t.Errorf("idle are %v, want %v", idle, want)
	}
}

// A process that has one CPU only keeps its threads there.
func TestReserveAll(t *testing.T) {
	cpus, err := cpu.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	release, err := reserve(cpus)
	if err != nil {
		t.Fatal(err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}

// A calibration that is interrupted ends soon, and with the cause.
func TestInterrupted(t *testing.T) {
	cpus := twoCPUs(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	_, err := Measure(ctx, cpus, func(_, _ time.Duration, what string) {
		if what == "atomic add" {
			cancel(cause)
		}
		if what == "pause" {
			t.Errorf("it went on")
		}
	})
	if !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

func TestTooFewCPUs(t *testing.T) {
	_, err := Measure(t.Context(), cpu.SetOf(3), nil)
	if err == nil || err.Error() != "probe: needs 2 CPUs, to measure what moves between them; may use CPU 3 only" {
		t.Error(err)
	}
}

// Where a thread may not be pinned, no function of the group runs, and it is an error.
func TestTogether(t *testing.T) {
	cpus, err := cpu.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	err = together([]int{cpus[0], 60000}, func() { t.Error("it ran") }, func() { t.Error("it ran") })
	if err == nil {
		t.Error("pinned to CPU 60000")
	}
}
