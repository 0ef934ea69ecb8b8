package simulate

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// must runs a program that has to end.
func must(t *testing.T, m *Machine, seed uint64, program func()) Stats {
	t.Helper()
	stats, err := Run(m, seed, program)
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

// A crowd uses everything there is: some workers queue for a mutex, wait on a
// condition variable, on futexes and channels, spin, sleep and compute, on fewer
// CPUs than there are of them. It returns what the workers saw.
func crowd(workers int) func() string {
	return func() string {
		var mutex Mutex
		var total Int64
		var word, gate Uint32
		cond := NewCond(&mutex)
		open := false
		c := MakeChan[int](2)
		done := MakeChan[int](workers)
		var log strings.Builder
		for i := range workers {
			Go(func() {
				mutex.Lock()
				for !open {
					cond.Wait()
				}
				mutex.Unlock()
				for n := range 20 {
					switch (i + n) % 5 {
					case 0:
						mutex.Lock()
						total.Add(int64(i))
						Compute(300 * Nanosecond)
						mutex.Unlock()
					case 1:
						Send(c, i)
						Recv(c)
					case 2:
						seen := word.Load()
						word.Add(1)
						FutexWake(&word, 1)
						FutexWait(&word, seen)
					case 3:
						Spin(2*Microsecond, func() bool { return gate.Load() == uint32(i) })
						gate.Store(uint32(i))
					case 4:
						Sleep(Microsecond)
					}
				}
				log.WriteString(fmt.Sprintf("T%d at %d\n", Number(), Now()))
				Send(done, i)
			})
		}
		Compute(50 * Microsecond)
		mutex.Lock()
		open = true
		mutex.Unlock()
		cond.Broadcast()
		for range workers {
			Recv(done)
		}
		return log.String()
	}
}

// The same seed gives the same execution, to the picosecond, in any company; and
// another seed another one.
func TestDeterministic(t *testing.T) {
	run := func(seed uint64) string {
		var log string
		stats := must(t, small(5, false), seed, func() { log = crowd(12)() })
		return fmt.Sprintf("%+v\n%s", stats, log)
	}
	want := run(1)
	if run(2) == want {
		t.Error("the seed makes no difference")
	}
	var company [][]byte
	for n := range 30 {
		company = append(company, make([]byte, 16*n), make([]byte, 100))
		if n%3 == 0 {
			runtime.GC()
		}
		if n == 10 {
			must(t, small(3, true), 9, func() { crowd(4)() })
		}
		if got := run(1); got != want {
			t.Fatalf("run %d differs:\n%s\nfrom\n%s", n, got, want)
		}
	}
	runtime.KeepAlive(company)
}

// To observe costs nothing.
func TestPeek(t *testing.T) {
	run := func(look func(*Int32)) Time {
		return must(t, small(4, false), 1, func() {
			var n Int32
			for range 3 {
				Go(func() { n.Add(1) })
			}
			for n.Load() < 3 {
				Peek(func() { look(&n) })
			}
		}).Time
	}
	var seen int32
	if with, without := run(func(n *Int32) { seen = n.Load() }), run(func(*Int32) {}); with != without {
		t.Errorf("it takes %v with a look and %v without", with, without)
	}
	if seen == 0 {
		t.Error("nothing was seen")
	}
}

func TestDeadlock(t *testing.T) {
	_, err := Run(small(2, false), 1, func() {
		var word Uint32
		c := MakeChan[int](1)
		var m Mutex
		m.Lock()
		Go(func() { Recv(c) })
		Go(func() { m.Lock() })
		Go(func() { Spin(-1, func() bool { return word.Load() == 2 }) })
		FutexWait(&word, 0)
	})
	if err == nil {
		t.Fatal("it ended")
	}
	for _, want := range []string{"T0 on CPU 0", "on a futex", "T1 on CPU 1", "to receive", "for a mutex", "spins"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}

func TestPanic(t *testing.T) {
	unwound := false
	_, err := Run(small(2, false), 1, func() {
		Go(func() { panic("ouch") })
		defer func() { unwound = true }()
		MakeChan[int](1)
		Sleep(Second)
	})
	if err == nil || !strings.Contains(err.Error(), "T1 panicked") || !strings.Contains(err.Error(), "ouch") {
		t.Errorf("got %v", err)
	}
	if !unwound {
		t.Error("the other thread was not unwound")
	}
}

// Threads that have not ended when the first does are unwound, and no goroutine is
// left.
func TestUnwind(t *testing.T) {
	before := runtime.NumGoroutine()
	var mutex Mutex
	unwound := 0
	must(t, small(2, false), 1, func() {
		for range 5 {
			Go(func() {
				mutex.Lock()
				defer func() {
					unwound++
					recover() // does not help
					mutex.Unlock()
					t.Error("an operation was done after the end")
				}()
				for {
					Sleep(Second)
				}
			})
		}
		Sleep(Millisecond)
	})
	if unwound == 0 {
		t.Error("nothing was unwound")
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines are left, from %d", after, before)
	}
}

// A thread that recovers from being unwound, and returns, does not let others go on.
func TestUnwindRecovered(t *testing.T) {
	wentOn := false
	must(t, small(2, false), 1, func() {
		Go(func() {
			defer func() { recover() }()
			Sleep(Second)
		})
		Go(func() {
			Sleep(2 * Millisecond)
			wentOn = true
		})
		Sleep(Millisecond)
	})
	if wentOn {
		t.Error("another thread went on after the end")
	}
}

func TestOutside(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Go outside of a simulation does not panic")
		}
	}()
	if Number() != -1 || Now() != 0 {
		t.Errorf("outside of a simulation Number is %d and Now %v", Number(), Now())
	}
	Go(func() {})
}
