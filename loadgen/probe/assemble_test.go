package probe

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/simulate"
	"github.com/idlebench/idlebench/simulate/machine"
)

// flat returns a figure whose batches were all alike.
func flat(ns float64) Figure { return Figure{ns, ns, ns} }

// made returns made-up results of a number of CPUs.
func made(cpus int) *Results {
	r := &Results{
		Load: flat(0.2), Store: flat(4.1), Add: flat(4.2), Contended: flat(30),
		Look: flat(26), Now: flat(24), Syscall: flat(200), Memory: flat(120), Switch: flat(1400), Late: flat(62_000),
		Chan:  Wake{goGap, flat(9_000), flat(40_000)},
		Cond:  Wake{goGap, flat(11_000), flat(42_000)},
		Mutex: Wake{goGap, flat(10_000), flat(60_000)},

		Handoff: flat(26_000),
		Futex: []Wake{
			{5 * time.Microsecond, flat(2_000), flat(4_000)},
			{20 * time.Microsecond, flat(2_100), flat(4_100)},
			{100 * time.Microsecond, flat(2_000), flat(9_000)},
			{time.Millisecond, flat(2_000), flat(8_000)},
			{10 * time.Millisecond, flat(2_000), flat(50_000)},
		},
	}
	for i := range cpus {
		r.Lines = append(r.Lines, make([]Figure, cpus))
		for j := range cpus {
			switch {
			case i == j:
			case i/2 == j/2:
				r.Lines[i][j] = flat(8)
			case i/8 == j/8:
				r.Lines[i][j] = flat(25)
			default:
				r.Lines[i][j] = flat(200)
			}
		}
	}
	return r
}

// host has two threads a core, and eight CPUs a socket.
func host(cpus int) Host {
	h := Host{Name: "here", Title: "a made-up host", Kernel: "6.17.1", Topology: make(cpu.Topology), Facts: map[string]string{"kernel": "6.17.1"}}
	for c := range cpus {
		h.CPUs = append(h.CPUs, c)
		h.Topology[c] = cpu.Place{Package: c / 8, Core: c / 2 % 4, Siblings: cpu.Set{c &^ 1, c | 1}, L3: c &^ 7}
	}
	return h
}

func assemble(t *testing.T, r *Results, h Host) *machine.File {
	t.Helper()
	f, err := Assemble(r, h)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAssemble(t *testing.T) {
	f := assemble(t, made(16), host(16))
	if got := f.Topology; got.Sockets != 2 || got.Caches != 1 || got.Cores != 4 || got.Threads != 2 {
		t.Errorf("%+v", got)
	}
	const ns, us = float64(simulate.Nanosecond), float64(simulate.Microsecond)
	for key, want := range map[string]float64{
		"hit": 0.2 * ns, "rmw": 4 * ns, "look": 25.2 * ns, "syscall": 200 * ns, "switch": 1200 * ns, "memory": 120 * ns,
		"same_core": 3.8 * ns, "same_cache": 20.8 * ns, "other_socket": 195.8 * ns,
		"wake": 1750 * ns, "go_ready": 10 * us, "buckets": 64, "slice": 2800 * us,
	} {
		if got := float64(f.Costs[key].Value); got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	if _, there := f.Costs["same_socket"]; there {
		t.Error("same_socket is there, and no pair is at that distance")
	}
	// Of what was measured every figure is said to have been.
	for key, c := range f.Costs {
		assumed := strings.Contains(" code serve overlap sibling bucket preempt jitter ", " "+key+" ")
		if kind := f.Sources[c.Source].Kind; (kind == machine.Assumed) != assumed {
			t.Errorf("%s is %s", key, kind)
		}
	}
	// 20 µs is the same state as 5, and 1 ms as 100 µs, than which it cannot be shallower.
	var after []int64
	for _, s := range f.Idle {
		after = append(after, s.After.Value/int64(simulate.Microsecond))
	}
	if len(after) != 3 || after[0] != 0 || after[1] != 44 || after[2] != 3162 {
		t.Errorf("states after %v us", after)
	}
}

// Kernels before 6.16 have the buckets of all processes in one table.
func TestBuckets(t *testing.T) {
	for kernel, want := range map[string]int64{"6.16.0": 64, "6.15.9-arch1": 4096, "5.10.0": 4096, "7.0": 64, "": 64} {
		h := host(16)
		h.Kernel = kernel
		if got := assemble(t, made(16), h).Costs["buckets"].Value; got != want {
			t.Errorf("Linux %s: %d buckets, want %d", kernel, got, want)
		}
	}
}

// Figures that contradict the model, such as a wake-up shorter than its parts, lead to a
// machine that can be simulated all the same.
func TestContradictions(t *testing.T) {
	r := made(2)
	r.Load, r.Add, r.Switch, r.Late, r.Syscall = flat(0.01), flat(0.01), flat(100), flat(0), flat(1)
	for i := range r.Futex {
		r.Futex[i].Waker, r.Futex[i].Sleeper = flat(10), flat(20)
	}
	r.Lines[0][1], r.Lines[1][0] = flat(0.1), flat(0.1)
	r.Mutex.Sleeper = Figure{1, 1, 3e9} // a batch that was disturbed for seconds
	f := assemble(t, r, host(2))
	if len(f.Idle) != 0 || f.Costs["slack"].Value != 0 {
		t.Errorf("%+v, slack %d", f.Idle, f.Costs["slack"].Value)
	}
	if err := f.All().Check(); err != nil {
		t.Error(err)
	}
}

// A figure that no machine has is an error that says which.
func TestOutOfProportion(t *testing.T) {
	r := made(2)
	r.Syscall = flat(1e9)
	if _, err := Assemble(r, host(2)); err == nil || !strings.Contains(err.Error(), "busy? here.toml:") || !strings.Contains(err.Error(), "costs.syscall.value") {
		t.Error(err)
	}
}

// CPUs that the kernel says nothing about are cores of one cache.
func TestUnknownTopology(t *testing.T) {
	h := host(4)
	h.Topology = nil
	f := assemble(t, made(4), h)
	if got := f.Topology; got.Sockets != 1 || got.Caches != 1 || got.Cores != 4 || got.Threads != 1 {
		t.Errorf("%+v", got)
	}
}

// The derivation of constants is the inverse of the simulator: a probe that is simulated
// on the machine that was made of its figure gives the figure.
func TestSimulatedProbes(t *testing.T) {
	r := made(4)
	f := assemble(t, r, host(4))
	m := f.All()
	m.Jitter, m.Sibling = 0, 0
	m.CPUs = m.CPUs[:2] // two cores of one cache
	near := func(what string, got simulate.Time, want, tolerance float64) {
		t.Helper()
		ns := float64(got) / float64(simulate.Nanosecond)
		if math.Abs(ns-want) > tolerance*want {
			t.Errorf("%s: %.0f ns simulated, %.0f measured", what, ns, want)
		}
	}
	for i, w := range r.Futex {
		if w.Gap == time.Millisecond {
			continue // it was measured as shallower than a shorter gap, which the simulator excludes
		}
		var word simulate.Uint32
		waker, sleeper := simulated(t, m, w.Gap, simulatedSleep{
			block: func() {
				for word.Load() == 0 {
					simulate.FutexWait(&word, 0)
				}
				word.Store(0)
			},
			wake: func() { word.Store(1); simulate.FutexWake(&word, 1) },
		})
		near("futex waker", waker, w.Waker.Value, 0.10)
		near("futex sleeper after "+r.Futex[i].Gap.String(), sleeper, w.Sleeper.Value, 0.10)
	}
	var never simulate.Bool
	near("look", aloneOf(t, m, 1000, func() { simulate.SpinTimes(1000, never.Load) }), r.Look.Value, 0.02)
	near("clock", aloneOf(t, m, 1000, func() {
		for range 1000 {
			simulate.Now()
		}
	}), r.Now.Value, 0.05) // and the code between two
	near("late sleep", aloneOf(t, m, 1, func() { simulate.Sleep(simulate.FromDuration(lateSleep)) }), r.Late.Value+float64(lateSleep), 0.001)
	near("half a round trip", roundTripOf(t, m), r.Lines[0][2].Value, 0.02)
	near("yield", yieldOf(t, m), r.Switch.Value, 0.02)

	c := simulate.MakeChan[int](1)
	waker, sleeper := simulated(t, m, goGap, simulatedSleep{
		block: func() { simulate.Recv(c) },
		wake:  func() { simulate.Send(c, 1) },
	})
	near("chan waker", waker, r.Chan.Waker.Value, 0.15) // one constant for three figures
	near("chan sleeper", sleeper, r.Chan.Sleeper.Value, 0.10)

	c = simulate.MakeChan[int](1)
	near("chan sleeper of a waker that blocks", handoffOf(t, m, c), r.Handoff.Value, 0.10)

	var mutex simulate.Mutex
	waker, sleeper = simulated(t, m, goGap, simulatedSleep{
		before: mutex.Lock,
		block:  mutex.Lock,
		wake:   mutex.Unlock,
	})
	near("mutex waker", waker, r.Mutex.Waker.Value, 0.10)
	near("mutex sleeper", sleeper, r.Mutex.Sleeper.Value, 0.10)
}

// handoffOf is handoffs on a simulated machine.
func handoffOf(t *testing.T, m *simulate.Machine, call *simulate.Chan[int]) (sleeper simulate.Time) {
	t.Helper()
	answer := simulate.MakeChan[simulate.Time](1)
	_, err := simulate.Run(m, 1, func() {
		simulate.Go(func() {
			simulate.Recv(call)
			simulate.Send(answer, simulate.Now())
		})
		simulate.Compute(simulate.FromDuration(goGap))
		before := simulate.Now()
		simulate.Send(call, 1)
		sleeper = simulate.Recv(answer) - before
	})
	if err != nil {
		t.Fatal(err)
	}
	return sleeper
}

// aloneOf returns the time of n operations that f does on a thread of its own, for one.
func aloneOf(t *testing.T, m *simulate.Machine, n int, f func()) (each simulate.Time) {
	t.Helper()
	_, err := simulate.Run(m, 1, func() {
		start := simulate.Now()
		f()
		each = (simulate.Now() - start - simulate.Time(m.Now)) / simulate.Time(n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return each
}

// roundTripOf is roundTrip on a simulated machine.
func roundTripOf(t *testing.T, m *simulate.Machine) (half simulate.Time) {
	t.Helper()
	const trips = 2000
	var line simulate.Uint32
	take := func(from, to uint32) {
		for !line.CompareAndSwap(from, to) {
		}
	}
	_, err := simulate.Run(m, 1, func() {
		simulate.Go(func() {
			for range trips {
				take(1, 0)
			}
		})
		take(0, 1) // the other one has begun when it has the line again
		start := simulate.Now()
		for range trips - 1 {
			take(0, 1)
		}
		half = (simulate.Now() - start) / (2 * (trips - 1))
	})
	if err != nil {
		t.Fatal(err)
	}
	return half
}

// yieldOf is switches on a simulated machine.
func yieldOf(t *testing.T, m *simulate.Machine) (each simulate.Time) {
	t.Helper()
	const turns = 1000
	_, err := simulate.Run(m, 1, func() {
		var over simulate.Bool
		simulate.Go(func() {
			simulate.Pin(0)
			for !over.Load() {
				simulate.Yield()
			}
		})
		simulate.Sleep(simulate.Millisecond) // the other one has begun
		start := simulate.Now()
		for range turns / 2 {
			simulate.Yield()
		}
		each = (simulate.Now() - start) / turns
		over.Store(true)
	})
	if err != nil {
		t.Fatal(err)
	}
	return each
}

type simulatedSleep struct{ before, block, wake func() }

// simulated returns what a wake-up after a gap costs the waker, and the time until the
// sleeper runs. Before, if there is one, is called by the waker before the sleeper
// begins.
func simulated(t *testing.T, m *simulate.Machine, gap time.Duration, s simulatedSleep) (waker, sleeper simulate.Time) {
	t.Helper()
	_, err := simulate.Run(m, 1, func() {
		var round, woken simulate.Int64
		if s.before != nil {
			s.before()
		}
		simulate.Go(func() {
			round.Store(1)
			s.block()
			woken.Store(int64(simulate.Now()))
		})
		simulate.Spin(-1, func() bool { return round.Load() == 1 })
		simulate.Compute(simulate.FromDuration(gap))
		before := simulate.Now()
		s.wake()
		waker = simulate.Now() - before
		simulate.Spin(-1, func() bool { return woken.Load() != 0 })
		sleeper = simulate.Time(woken.Load()) - before
	})
	if err != nil {
		t.Fatal(err)
	}
	return waker, sleeper
}

// A line that takes another time at the end is noticed; the usual differences are not.
func TestMoved(t *testing.T) {
	r := made(4)
	r.Again = []Figure{flat(9), flat(100), flat(20)}
	if got := r.Moved(cpu.SetOf(0, 1, 2, 3)); got.String() != "2" {
		t.Errorf("moved: %v", got)
	}
}

func TestFigures(t *testing.T) {
	var batches []float64
	for i := range 101 {
		batches = append(batches, float64((i*37)%101)) // 0 to 100 in some order
	}
	for _, test := range []struct {
		name   string
		figure func([]float64) Figure
		value  float64
	}{{"undisturbed", undisturbed, 12.5}, {"typical", typical, 50}} {
		if got, want := test.figure(batches), (Figure{test.value, 10, 90}); got != want {
			t.Errorf("%s: %+v, want %+v", test.name, got, want)
		}
		if got, want := test.figure([]float64{7}), flat(7); got != want {
			t.Errorf("%s: %+v, want %+v", test.name, got, want)
		}
	}
}
