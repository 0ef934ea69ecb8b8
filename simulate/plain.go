package simulate

import "unsafe"

// A Var is a plain variable that threads take turns with.
type Var[T any] struct{ v T }

// Get returns the value.
func (v *Var[T]) Get() T {
	Read(unsafe.Pointer(v), unsafe.Sizeof(v.v))
	return v.v
}

// Set changes the value.
func (v *Var[T]) Set(to T) {
	Write(unsafe.Pointer(v), unsafe.Sizeof(v.v))
	v.v = to
}

// Read lets the time pass that a plain load of size bytes at p takes, line by line, as
// far as it does not overlap with others ([Costs].Overlap). What is on a stack costs
// nothing, and does not escape because of the call.
func Read(p unsafe.Pointer, size uintptr) {
	if simulated() {
		if t := current.thread(); t != nil {
			t.plain(p, size, read)
		}
	}
}

// Write lets the time pass that a plain store of size bytes at p takes, line by line.
// The thread does not wait for the lines, but its next atomic write does. What is on
// a stack costs nothing, and does not escape because of the call.
func Write(p unsafe.Pointer, size uintptr) {
	if simulated() {
		if t := current.thread(); t != nil {
			t.plain(p, size, update)
		}
	}
}

// plain is Read and Write. Only a request waits for the thread's turn. A hit does not:
// that a line is there is judged as of the thread's last turn, so a thread that is
// behind may ask for it a little late. No value depends on it, since nothing is
// plain that two threads access unordered.
func (t *thread) plain(p unsafe.Pointer, size uintptr, a access) {
	for size > 0 && p != nil {
		l := t.s.memory.shared(p)
		if l == nil {
			return
		}
		t.s.stats.Plain++
		if a == read {
			t.load(l)
		} else {
			t.store(l)
		}
		rest := l.begin + lineSize - uintptr(p) // of the line
		if size <= rest {
			return
		}
		p = unsafe.Add(p, rest)
		size -= rest
	}
}

func (t *thread) load(l *line) {
	s := t.s
	if t.looking {
		t.watch(l)
	}
	l.accesses++
	cost := s.machine.Hit
	if !l.hit(t.cpu.id, read, t.at) {
		t.turn()
		cost += s.request(l, t.cpu.id, read, t.at, cost) - t.at
		s.enter(t.cpu, Stalled, t.at)
	}
	t.spend(s.machine.exposed(cost))
	s.enter(t.cpu, t.doing, t.at)
}

func (t *thread) store(l *line) {
	s := t.s
	l.accesses++
	if !l.hit(t.cpu.id, update, t.at) {
		t.turn()
		t.drain = max(t.drain, s.request(l, t.cpu.id, update, t.at, s.machine.Hit))
	}
	t.spend(s.machine.exposed(s.machine.Hit))
	s.written(l, t)
}

// exposed returns how much of a plain access a thread waits for.
func (m *Machine) exposed(cost Time) Time { return cost * Time(1000-m.Overlap) / 1000 }

// Locked lets the time pass that an atomic write at p takes. It is for those that are
// not operations of this package.
func Locked(p unsafe.Pointer) {
	if simulated() {
		touch(p, update)
	}
}
