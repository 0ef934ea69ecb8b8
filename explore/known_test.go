package explore

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// abba is a program that may deadlock, and whose threads may panic after that was
// possible.
func abba(panics bool) func() {
	return func() {
		var a, b Mutex
		var n Int32
		Go(func() { a.Lock(); b.Lock(); n.Add(1); b.Unlock(); a.Unlock() })
		Go(func() {
			b.Lock()
			a.Lock()
			first := n.Add(1) == 1
			a.Unlock()
			b.Unlock()
			if panics && first {
				panic("the second was first")
			}
		})
	}
}

func isDeadlock(f *Failure) bool { return f.Kind == Deadlock }

// A known deadlock is counted and ends one execution, not the exploration.
func TestKnown(t *testing.T) {
	for name, s := range exhaustive() {
		if r := Run(abba(false), s(), Limits{}); r.Failure == nil || r.Failure.Kind != Deadlock || r.Known != 0 {
			t.Errorf("%s: got %v, want a deadlock", name, r)
		}
		r := Run(abba(false), s(), Limits{Known: isDeadlock})
		if r.Failure != nil || !r.Complete || r.Known == 0 || r.Known == r.Executions {
			t.Errorf("%s: got %v", name, r)
		}
		if want := fmt.Sprintf("complete, %d known deadlocks", r.Known); !strings.Contains(r.String(), want) {
			t.Errorf("%s: %v does not say %s", name, r, want)
		}
		if r := Run(abba(true), s(), Limits{Known: isDeadlock}); r.Failure == nil || r.Failure.Kind != Panic {
			t.Errorf("%s: the panic was not found: %v", name, r)
		}
		if r := Run(abba(false), s(), Limits{Known: func(*Failure) bool { return false }}); r.Failure == nil || r.Known != 0 {
			t.Errorf("%s: another deadlock was taken for a known one: %v", name, r)
		}
	}
}

// Only deadlocks are asked about: what panics has more that could be done.
func TestOnlyDeadlocksAreKnown(t *testing.T) {
	r := Run(func() { panic("always") }, Bounded(0), Limits{Known: func(*Failure) bool { return true }})
	if r.Failure == nil || r.Known != 0 {
		t.Errorf("got %v", r)
	}
}

// A Var that is touched only where the program then deadlocks is watched.
func TestRaceIsSeenBesideKnownDeadlock(t *testing.T) {
	r := Run(func() {
		var v Var[int]
		c := MakeChan[int](1)
		Go(func() { v.Set(1); Recv(c) })
		v.Set(2)
		Recv(c)
	}, Bounded(-1), Limits{Known: isDeadlock})
	if r.Failure == nil || r.Failure.Kind != Race {
		t.Errorf("the race was not seen: %v", r)
	}
}

// Between two threads' steps an invariant can be seen that reduction would step
// over, since the steps are independent.
func TestReducedRefusesInvariants(t *testing.T) {
	program := func() {
		var a, b Int32
		Always(func() error {
			if b.Load() > a.Load() {
				return fmt.Errorf("a is %d, b is %d", a.Load(), b.Load())
			}
			return nil
		})
		Go(func() { a.Add(1) })
		Go(func() { b.Add(1) })
	}
	for _, bound := range []int{0, 2, -1} {
		if r := Run(program, Bounded(bound), Limits{}); r.Failure == nil || r.Failure.Kind != Invariant {
			t.Errorf("bound %d: not found: %v", bound, r)
		}
	}
	r := Run(program, Reduced(), Limits{})
	if r.Failure == nil || r.Failure.Kind != Panic || !strings.HasPrefix(r.Failure.Message, "explore: Always with Reduced; use Bounded(-1)") {
		t.Errorf("reduced: got %v", r)
	}
}

// Coroutines are used again, and none is left.
func TestCoroutinesEnd(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, program := range []func(){
		abba(false), abba(true),
		func() {
			var m Mutex
			Go(func() { m.Lock(); defer m.Unlock(); m.Lock() })
			m.Lock()
			defer func() { recover(); m.Unlock() }()
			m.Lock()
		},
	} {
		Run(program, Bounded(-1), Limits{})
		Run(program, Random(1), Limits{Executions: 100, Known: isDeadlock})
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}
