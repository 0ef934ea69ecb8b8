package simulate

import (
	"testing"
	"unsafe"
)

func ptr[T any](p *T) unsafe.Pointer { return unsafe.Pointer(p) }

// near reports whether got is want, or at most a hundredth more or less.
func near(got, want Time) bool { return got >= want-want/100 && got <= want+want/100 }

// Threads that share a CPU take turns, and all the work gets done.
func TestSlices(t *testing.T) {
	m := exact(2)
	const work = 30 * Millisecond
	var ends []Time
	stats := must(t, m, 1, func() {
		Pin(1)
		done := MakeChan[int](3)
		for i := range 3 {
			Go(func() {
				Pin(0)
				for range 3 {
					Compute(work / 3)
				}
				ends = append(ends, Now())
				Send(done, i)
			})
		}
		for range 3 {
			Recv(done)
		}
	})
	if len(ends) != 3 || !near(ends[2], 3*work) || ends[0] < 2*work {
		t.Errorf("three threads with %v of work each end at %v", work, ends)
	}
	if turns := int64(3 * work / m.Slice); stats.Preempted < turns-6 || stats.Preempted > turns+6 {
		t.Errorf("%d turns, want about %d", stats.Preempted, turns)
	}
}

// A thread that lost its CPU while it spun, got it back and went on can lose it again,
// and goes on as soon as it has it.
func TestSliceAfterSpin(t *testing.T) {
	m := exact(2)
	for _, limit := range []Time{-1, Second} {
		for n := range Time(8) { // half of the times the one that spins has the CPU when it is released
			var ends []Time
			must(t, m, 1, func() {
				var gate Uint32
				Pin(1)
				done := MakeChan[int](2)
				for i := range 2 {
					Go(func() {
						Pin(0)
						if i == 0 {
							Spin(limit, func() bool { return gate.Load() == 1 })
						}
						for range 10 {
							Compute(2 * m.Slice)
						}
						ends = append(ends, Now())
						Send(done, i)
					})
				}
				Compute(n*m.Slice + m.Slice/2)
				gate.Store(1)
				Recv(done)
				Recv(done)
			})
			if len(ends) != 2 || ends[1] > 60*m.Slice {
				t.Errorf("a limit of %v, released after %d slices of %v: the threads ended at %v", limit, n, m.Slice, ends)
			}
		}
	}
}

// A thread that was woken runs before the end of the other's turn, but not at once.
func TestPreempt(t *testing.T) {
	m := exact(2)
	for _, ran := range []Time{0, 2 * Millisecond} {
		var late Time
		must(t, m, 1, func() {
			Pin(1)
			var word Uint32
			done := MakeChan[int](2)
			Go(func() {
				Pin(0)
				FutexWait(&word, 0)
				late = Now() - late
				Send(done, 1)
			})
			Sleep(Millisecond)
			Go(func() {
				Pin(0)
				Compute(20 * Millisecond)
				Send(done, 2)
			})
			Compute(20*Microsecond + ran)
			word.Store(1)
			late = Now()
			FutexWake(&word, 1)
			Recv(done)
			Recv(done)
		})
		least, most := Time(0), 100*Microsecond
		if ran == 0 {
			least, most = m.Preempt-100*Microsecond, m.Preempt+m.exit(Second)+100*Microsecond
		}
		if late < least || late > most {
			t.Errorf("the other has run for %v: woken after %v, want %v to %v", ran, late, least, most)
		}
	}
}

// Everything takes longer while the other thread of the core runs.
func TestSibling(t *testing.T) {
	m := small(4, true)
	m.Jitter = 0
	for _, other := range []int{1, 2} {
		var took Time
		must(t, m, 1, func() {
			Go(func() { Pin(other); Compute(Second) })
			Sleep(10 * Millisecond)
			t0 := Now()
			Compute(Millisecond)
			took = Now() - t0
		})
		want := Millisecond
		if other == 1 {
			want += Millisecond * Time(m.Sibling) / 1000
		}
		if !near(took, want) {
			t.Errorf("with a thread on CPU %d it takes %v, want %v", other, took, want)
		}
	}
}

// The deeper a CPU sleeps, the longer a wake-up takes.
func TestIdle(t *testing.T) {
	m := exact(2)
	for _, idle := range []Time{5 * Microsecond, 100 * Microsecond, 2 * Millisecond} {
		var since, woken, called Time
		must(t, m, 1, func() {
			var word Uint32
			done := MakeChan[int](1)
			Go(func() {
				FutexWait(&word, 0)
				woken = current.running.at
				Send(done, 1)
			})
			Compute(20 * Microsecond)
			since = current.cpus[1].since
			Compute(since + idle - current.running.at)
			word.Store(1)
			FutexWake(&word, 1)
			called = current.running.at
			Recv(done)
		})
		if want := m.exit(called-since) + m.Switch; woken-called != want {
			t.Errorf("after %v of idleness a wake-up takes %v, want %v", idle, woken-called, want)
		}
	}
}
