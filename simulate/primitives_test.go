package simulate

import (
	"slices"
	"testing"
)

// each runs a test on machines of several shapes with several seeds.
func each(t *testing.T, program func(t *testing.T, seed uint64)) {
	for seed := range uint64(30) {
		must(t, small(1+int(seed)%9, seed%2 == 0), seed, func() { program(t, seed) })
	}
}

// join starts n threads and waits until all have ended.
func join(n int, f func(i int)) {
	done := MakeChan[int](n)
	for i := range n {
		Go(func() {
			f(i)
			Send(done, i)
		})
	}
	for range n {
		Recv(done)
	}
}

func TestMutex(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		var m Mutex
		holders, total := 0, 0
		join(7, func(i int) {
			for n := range 25 {
				if n%5 == i%5 {
					for !m.TryLock() {
						Compute(Microsecond)
					}
				} else {
					m.Lock()
				}
				holders++
				if holders > 1 {
					t.Errorf("seed %d: %d threads hold the mutex", seed, holders)
				}
				Compute(Time(n%3) * 400 * Microsecond) // some queue for more than a millisecond
				holders--
				total++
				m.Unlock()
				Compute(Time(i) * Microsecond)
			}
		})
		if total != 7*25 || m.state.v != 0 {
			t.Errorf("seed %d: it was locked %d times; state %d", seed, total, m.state.v)
		}
	})
}

func TestUnlockOfUnlocked(t *testing.T) {
	_, err := Run(small(1, false), 1, func() { new(Mutex).Unlock() })
	if err == nil {
		t.Error("no error")
	}
}

// No signal is lost, and each wakes one thread.
func TestCond(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		var m Mutex
		c := NewCond(&m)
		tokens, woken := 0, 0
		join(6, func(i int) {
			if i < 3 {
				for range 20 {
					m.Lock()
					for tokens == 0 {
						c.Wait()
						woken++
					}
					tokens--
					m.Unlock()
				}
				return
			}
			for n := range 20 {
				Compute(Time(n*i) * Microsecond)
				m.Lock()
				tokens++
				m.Unlock()
				c.Signal()
			}
		})
		if tokens != 0 || woken > 60 {
			t.Errorf("seed %d: %d tokens are left, and 60 signals woke %d times", seed, tokens, woken)
		}
	})
}

func TestBroadcast(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		var m Mutex
		c := NewCond(&m)
		open, waiting := false, 0
		join(6, func(i int) {
			m.Lock()
			if i < 5 {
				waiting++
				for !open {
					c.Wait()
				}
				m.Unlock()
				return
			}
			for waiting < 5 {
				m.Unlock()
				Sleep(10 * Microsecond)
				m.Lock()
			}
			open = true
			m.Unlock()
			c.Broadcast()
		})
	})
}

// Values arrive once each, those of one sender in order, and no more are under way
// than the channel holds.
func TestChan(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		c := MakeChan[[2]int](1 + int(seed)%3)
		var got [3][]int
		received := 0
		join(5, func(i int) {
			if i < 3 {
				for n := range 20 {
					if v := [2]int{i, n}; n%2 == 0 || !TrySend(c, v) {
						Send(c, v)
					}
				}
				return
			}
			for range 30 {
				v, ok := TryRecv(c)
				if !ok {
					v = Recv(c)
				}
				if l := Len(c); l > 1+int(seed)%3 {
					t.Errorf("seed %d: %d values are under way", seed, l)
				}
				received++
				got[v[0]] = append(got[v[0]], v[1])
			}
		})
		for i := range got {
			slices.Sort(got[i])
			for n, v := range got[i] {
				if n != v {
					t.Errorf("seed %d: from %d came %v", seed, i, got[i])
					break
				}
			}
		}
		if received != 60 {
			t.Errorf("seed %d: %d values were received", seed, received)
		}
	})
}

// No wake-up is lost between the look at the word and the sleep, and no more threads
// are woken than asked for.
func TestFutex(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		var words [4]Uint32
		join(8, func(i int) {
			w := &words[i%4]
			for n := range 20 {
				if i < 4 {
					Compute(Time(n*i*300) * Nanosecond)
					w.Add(1)
					FutexWake(w, 1)
					continue
				}
				for {
					v := w.Load()
					if v > 0 && w.CompareAndSwap(v, v-1) {
						break
					}
					if v == 0 {
						FutexWait(w, 0)
					}
				}
			}
		})
		for i := range words {
			if words[i].v != 0 {
				t.Errorf("seed %d: word %d is %d", seed, i, words[i].v)
			}
		}
	})
	var woken int
	must(t, small(4, false), 1, func() {
		var w Uint32
		for range 3 {
			Go(func() {
				FutexWait(&w, 0)
				woken++
			})
		}
		Sleep(Millisecond)
		FutexWake(&w, 2)
		Sleep(Millisecond)
	})
	if woken != 2 {
		t.Errorf("%d threads were woken", woken)
	}
}

// A write between two looks is not missed, and the time is kept.
func TestSpin(t *testing.T) {
	each(t, func(t *testing.T, seed uint64) {
		var word Uint32
		join(4, func(i int) {
			for n := range 20 {
				want := uint32(4*n + i)
				if !Spin(-1, func() bool { return word.Load() == want }) {
					t.Errorf("seed %d: not done", seed)
				}
				word.Store(want + 1)
			}
		})
		t0 := Now()
		if Spin(50*Microsecond, func() bool { return word.Load() == 7 }) {
			t.Errorf("seed %d: done", seed)
		}
		if d := Now() - t0; d < 50*Microsecond || d > 60*Microsecond {
			t.Errorf("seed %d: to spin for 50 µs took %v", seed, d)
		}
		looks := 0
		if SpinTimes(5, func() bool { looks++; return false }) || looks != 5 {
			t.Errorf("seed %d: %d looks", seed, looks)
		}
		if !SpinTimes(5, func() bool { return true }) {
			t.Errorf("seed %d: not done", seed)
		}
	})
}

func TestYield(t *testing.T) {
	m := exact(2)
	var order []int
	must(t, m, 1, func() {
		Pin(1)
		join(2, func(i int) {
			Pin(0)
			for range 3 {
				order = append(order, i)
				Yield()
			}
		})
	})
	for i := 1; i < len(order); i++ {
		if order[i] == order[i-1] {
			t.Errorf("the turns are %v", order)
			break
		}
	}
}
