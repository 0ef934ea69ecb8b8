package simulate

import "unsafe"

// A Var is a plain variable that threads take turns with.
type Var[T any] struct{ v T }

// Get returns the value.
func (v *Var[T]) Get() T {
	Read(unsafe.Pointer(v))
	return v.v
}

// Set changes the value.
func (v *Var[T]) Set(to T) {
	Write(unsafe.Pointer(v))
	v.v = to
}

// Read lets the time pass that a plain load at p takes. A load for which the line
// has to move overlaps with others.
func Read(p unsafe.Pointer) {
	t := current.thread()
	if t == nil {
		return
	}
	s := t.s
	l := s.memory.line(p)
	l.accesses++
	if !l.hit(t.cpu.id, read, t.at) {
		t.turn() // before a request others go first that are behind; before a hit it makes no difference
		begin := t.at
		arrival := s.request(l, t.cpu.id, read, begin, s.machine.Hit)
		s.enter(t.cpu, Stalled, begin)
		t.at += (arrival - begin) * Time(1000-s.machine.Overlap) / 1000
		s.enter(t.cpu, t.doing, t.at)
	}
	t.spend(s.machine.Hit)
}

// Write lets the time pass that a plain store at p takes. The thread does not wait
// for the line, but its next atomic write does.
func Write(p unsafe.Pointer) {
	t := current.thread()
	if t == nil {
		return
	}
	s := t.s
	l := s.memory.line(p)
	l.accesses++
	if !l.hit(t.cpu.id, update, t.at) {
		t.turn()
		t.drain = max(t.drain, s.request(l, t.cpu.id, update, t.at, s.machine.Hit))
	}
	t.spend(s.machine.Hit)
	s.written(l, t)
}
