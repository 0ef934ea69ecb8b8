package simulate

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// checkLines reports a line that is owned and shared, or owned by no CPU.
func (s *simulation) checkLines() error {
	for _, l := range s.memory.lines {
		sharers := 0
		for _, w := range l.sharers {
			sharers += bits.OnesCount64(w)
		}
		switch {
		case l.owner != none && (l.owner < 0 || int(l.owner) >= len(s.cpus)):
			return fmt.Errorf("line %d is owned by CPU %d", l.number, l.owner)
		case l.owner != none && sharers > 0:
			return fmt.Errorf("line %d is owned by CPU %d and shared by %d", l.number, l.owner, sharers)
		case !l.cached && (l.owner != none || sharers > 0):
			return fmt.Errorf("line %d is in no cache and in some", l.number)
		}
	}
	return nil
}

// Whatever threads do: a line has one owner or sharers, no thread's time goes back,
// operations happen in the order of their times, and requests for a line end
// in the order in which they were made.
func TestInvariants(t *testing.T) {
	for seed := range uint64(20) {
		m := small(2+int(seed)%9, seed%2 == 0)
		operations := 0
		must(t, m, seed, func() {
			s := current
			words := new([24]Uint64)
			running := MakeChan[int](16)
			var latest Time
			free := map[*line]Time{}
			for i := range 12 {
				Go(func() {
					var before Time
					for n := range 60 {
						w := &words[(i*7+n*5)%len(words)]
						switch n % 4 {
						case 0:
							w.Load()
						case 1:
							w.Add(1)
						case 2:
							w.CompareAndSwap(uint64(n), 1)
						case 3:
							Compute(Time(n) * Nanosecond)
						}
						now := s.running.at
						if now < before {
							t.Errorf("seed %d: T%d goes back from %v to %v", seed, s.running.number, before, now)
						}
						if s.running.number != i+1 {
							t.Errorf("seed %d: T%d runs as T%d", seed, i+1, s.running.number)
						}
						before, latest = now, max(latest, now)
						if err := s.checkLines(); err != nil {
							t.Errorf("seed %d: %v", seed, err)
						}
						for _, l := range s.memory.lines {
							if l.free < free[l] {
								t.Errorf("seed %d: line %d was busy until %v and is now until %v", seed, l.number, free[l], l.free)
							}
							free[l] = l.free
						}
						operations++
					}
					Send(running, i)
				})
			}
			for range 12 {
				Recv(running)
			}
		})
		if operations != 12*60 {
			t.Errorf("seed %d: %d operations", seed, operations)
		}
	}
}

// exact returns a machine without chance.
func exact(cpus int) *Machine {
	m := small(cpus, false)
	m.Jitter = 0
	return m
}

// What single accesses cost.
func TestAccess(t *testing.T) {
	m := exact(16)
	a := new(struct {
		x Uint64
		y Uint64
		_ [48]byte
		z Uint64
	})
	step := m.Code + m.Hit
	for _, test := range []struct {
		name   string
		before func()
		do     func()
		want   Time
	}{
		{"first load", func() {}, func() { a.x.Load() }, step + m.Memory},
		{"second load", func() { a.x.Load() }, func() { a.x.Load() }, step},
		{"load of a neighbour", func() { a.x.Load() }, func() { a.y.Load() }, step},
		{"load from another line", func() { a.x.Load() }, func() { a.z.Load() }, step + m.Memory},
		{"update of what is owned", func() { a.x.Store(1) }, func() { a.x.Add(1) }, step + m.RMW},
		{"update of what is shared with none", func() { a.x.Load() }, func() { a.x.Add(1) }, step + m.RMW},
		{"load from the same cache", func() { Pin(1); a.x.Store(1); Pin(0) }, func() { a.x.Load() }, step + m.SameCache},
		{"load from the same socket", func() { Pin(4); a.x.Store(1); Pin(0) }, func() { a.x.Load() }, step + m.SameSocket},
		{"load from another socket", func() { Pin(8); a.x.Store(1); Pin(0) }, func() { a.x.Load() }, step + m.OtherSocket},
		{"load from the nearest", func() { Pin(8); a.x.Load(); Pin(1); a.x.Load(); Pin(0) }, func() { a.x.Load() }, step + m.SameCache},
		{"update, with the farthest giving up", func() { Pin(8); a.x.Load(); Pin(1); a.x.Load(); Pin(0) }, func() { a.x.Add(1) }, step + m.RMW + m.OtherSocket},
		{"plain load", func() { Pin(1); a.x.Store(1); Pin(0) }, func() { Read(ptr(&a.x), 8) }, m.exposed(m.Hit + m.SameCache)},
		{"plain store", func() { Pin(1); a.x.Store(1); Pin(0) }, func() { Write(ptr(&a.x), 8) }, m.exposed(m.Hit)},
		{"plain load of what is there", func() { a.x.Load() }, func() { Read(ptr(&a.x), 8) }, m.exposed(m.Hit)},
		{"plain load of two lines", func() {}, func() { Read(ptr(a), 72) }, 2 * m.exposed(m.Hit+m.Memory)},
		{"an update after a plain store", func() { Pin(1); a.x.Store(1); Pin(0); a.z.Store(1); Write(ptr(&a.x), 8) }, func() { a.z.Add(1) }, m.RMW + m.SameCache + m.Hit - m.exposed(m.Hit)},
		{"the clock", func() {}, func() { Now() }, m.Code + m.Now},
	} {
		must(t, m, 1, func() {
			test.before()
			t0 := current.running.at
			test.do()
			if got := current.running.at - t0; got != test.want {
				t.Errorf("%s takes %v ps, want %v ps", test.name, int64(got), int64(test.want))
			}
		})
	}
}

// Requests for one line queue: the last of many waits for all before it.
func TestQueueing(t *testing.T) {
	m := exact(4)
	var x Uint64
	var times []Time
	must(t, m, 1, func() {
		x.Store(1)
		ready := new(Uint32)
		done := MakeChan[int](3)
		for range 3 {
			Go(func() {
				Spin(-1, func() bool { return ready.Load() == 1 })
				Sleep(Second - Now())
				t0 := current.running.at
				x.Add(1)
				times = append(times, current.running.at-t0)
				Send(done, 1)
			})
		}
		Sleep(10 * Millisecond)
		ready.Store(1)
		for range 3 {
			Recv(done)
		}
	})
	one := m.SameCache + m.Hit + m.RMW
	for i := 1; i < len(times); i++ {
		if times[i] <= times[i-1] || times[i] < one {
			t.Errorf("the times are %v; one alone takes %v", times, one)
		}
	}
	if len(times) != 3 || times[2] < 2*one {
		t.Errorf("the times are %v: the last has not waited", times)
	}
}

// A line comes from the nearest of its sharers, and is given up by the farthest, whichever
// they are: compared with looking at them one by one.
func TestWayAmongSharers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, smt := range []bool{false, true} {
		m := small(150, smt) // more than two words of bits, the last one not full
		for i := range m.CPUs {
			m.CPUs[i].Socket = m.CPUs[i].Cache / 5
		}
		s := &simulation{machine: m, cpus: cpus(m)}
		for range 3000 {
			l := &line{owner: none, cached: true}
			cpu := r.IntN(len(s.cpus))
			nearest, farthest := never, Time(0)
			for range 1 + r.IntN(4) {
				other := r.IntN(len(s.cpus))
				if r.IntN(2) == 0 { // often a near one, or itself
					other = min(max(0, cpu-3+r.IntN(7)), len(s.cpus)-1)
				}
				s.share(l, other)
				if other != cpu {
					d := m.distance(other, cpu)
					nearest, farthest = min(nearest, d), max(farthest, d)
				}
			}
			if got := s.way(l, cpu, read); got != nearest {
				t.Fatalf("smt %v: a read by CPU %d of %x takes %v, want %v", smt, cpu, l.sharers, got, nearest)
			}
			if got := s.way(l, cpu, update); got != farthest {
				t.Fatalf("smt %v: an update by CPU %d of %x takes %v, want %v", smt, cpu, l.sharers, got, farthest)
			}
		}
	}
}
