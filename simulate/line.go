package simulate

import "unsafe"

// A line is 64 bytes of memory, as the caches know it.
//
// Either it is owned, and no other CPU has it; or some CPUs share it; or no cache has
// it. A CPU to which it is on its way counts as if it had it: whoever asks next
// gets it from there, when the line is free.
type line struct {
	number   uintptr
	begin    uintptr   // real address
	owner    int32     // CPU that may write, or none
	cached   bool      // some cache has it
	sharers  []uint64  // CPUs that may read, one bit each; nil: none has shared it yet
	free     Time      // when the requests so far are done
	leaving  []window  // former owners that requests have not reached yet
	spinners []*thread // look at it

	name                  string
	accesses, misses      int64
	waited, moved         Time
	searching             Time  // the part of both that was while threads searched
	byFirst               Time  // the part of both that was of threads on CPU 0
	fromFirst, fromOthers int64 // misses for which CPU 0 owned it, and another CPU
}

const none = -1

// A window is for how long a former owner can still use the line.
type window struct {
	cpu   int32
	until Time
}

// An access is what an operation does to a line.
type access uint8

const (
	read   access = iota
	update        // an atomic write; on amd64 they all read, too
)

// touch lets the running thread access the variable at p, in its turn, and lets the
// time pass that this takes. The caller does the operation next.
//
// A thread need not wait for those that are a little behind it if its CPU has the line as
// it needs it. What another asks for takes [Machine].lookahead twice at least until it
// arrives, so nothing that is asked for from now on can have an effect before the thread's
// time; and for half of that way the line may still be used where it is.
//
// It is active and turn, written out: most switches between threads happen here, and
// the fewer calls are open, the faster they are ([coroutine.Coroutine.Take]).
func touch(p unsafe.Pointer, a access) {
	t := current.thread()
	if t == nil {
		return
	}
	s := t.s
	s.stats.Operations++
	t.spend(s.machine.Code)
	l := s.memory.line(p)
	if s.behind(t) && !(t.at-s.queue.first().at < s.lookahead && l.hit(t.cpu.id, a, t.at)) {
		if u := s.replace(t); u != t {
			s.stats.Switches++
			if next, yield := t.Take(&u.Coroutine); next != nil {
				next()
			} else {
				yield(struct{}{})
			}
			t.Resumed()
		}
	}
	t.access(l, a)
	if s.recording != nil {
		t.took(0)
	}
}

// access is touch for a thread whose turn it is.
func (t *thread) access(l *line, a access) {
	m := t.s.machine
	if t.looking {
		t.watch(l)
	}
	l.accesses++
	cost := m.Hit
	if a == update {
		cost += m.RMW
		t.at = max(t.at, t.drain) // a locked instruction waits for the stores before it
	}
	if !l.hit(t.cpu.id, a, t.at) {
		t.s.enter(t.cpu, Stalled, t.at)
		arrival := t.s.request(l, t.cpu.id, a, t.at, cost)
		t.at = arrival
		t.s.enter(t.cpu, t.doing, arrival)
		t.spend(cost)
		t.turn() // the value is that when the line is there
	} else {
		t.spend(cost)
	}
	if a == update {
		t.s.written(l, t)
	}
}

// hit reports whether a CPU has the line as the access needs it.
func (l *line) hit(cpu int, a access, now Time) bool {
	if l.owner == int32(cpu) {
		return true
	}
	if a == read && l.shares(cpu) {
		return true
	}
	return len(l.leaving) > 0 && l.keeps(cpu, now)
}

// keeps reports whether the CPU is a former owner that may still use the line.
func (l *line) keeps(cpu int, now Time) (ok bool) {
	still := l.leaving[:0]
	for _, w := range l.leaving {
		if w.until > now {
			still = append(still, w)
			ok = ok || w.cpu == int32(cpu)
		}
	}
	l.leaving = still
	return ok
}

// request moves a line to a CPU that does not have it as it needs it, and returns
// when it arrives. An update takes some more time there, for which the line is
// busy.
func (s *simulation) request(l *line, cpu int, a access, now, cost Time) (arrival Time) {
	way := s.jittered(s.way(l, cpu, a))
	begin := max(now, l.free)
	arrival = begin + way
	s.stats.Misses++
	s.stats.Waited += begin - now
	l.misses++
	l.waited += begin - now
	l.moved += way
	if s.running.doing == Searching {
		l.searching += arrival - now
	}
	if cpu == 0 {
		l.byFirst += arrival - now
	}
	if l.owner == 0 {
		l.fromFirst++
	} else if l.owner > 0 {
		l.fromOthers++
	}
	if l.owner >= 0 {
		l.leaving = append(l.leaving, window{l.owner, begin + way/2})
	}
	l.cached = true
	if a == read {
		l.free = begin + s.machine.Serve
		if l.owner >= 0 {
			s.share(l, int(l.owner))
			l.owner = none
		}
		s.share(l, cpu)
		return arrival
	}
	l.free = arrival + cost
	l.owner = int32(cpu)
	clear(l.sharers)
	return arrival
}

// way returns how long the line takes: from the nearest CPU that has it, and if it
// is to be written, until the farthest has given it up.
func (s *simulation) way(l *line, cpu int, a access) Time {
	m := s.machine
	if !l.cached {
		return m.Memory
	}
	if l.owner >= 0 {
		return m.distance(int(l.owner), cpu)
	}
	nearest, farthest := never, Time(0)
	far := func(some bool, d Time) {
		if some {
			nearest, farthest = min(nearest, d), max(farthest, d)
		}
	}
	core, cache, socket, others := l.around(&s.cpus[cpu])
	far(core, m.SameCore)
	far(cache, m.SameCache)
	far(socket, m.SameSocket)
	far(others, m.OtherSocket)
	if a == update {
		return farthest
	}
	return nearest
}

// around reports whether a CPU other than c shares the line: the other thread of its core, one that has its
// cache in common with it, only its socket, or neither. It takes many sharers at a time.
func (l *line) around(c *cpu) (core, cache, socket, others bool) {
	if c.sibling != nil {
		core = l.shares(c.sibling.id)
	}
	var inCache, inSocket, elsewhere uint64
	for i, word := range l.sharers {
		if word == 0 {
			continue
		}
		if i == c.id/64 {
			word &^= 1 << (c.id % 64)
		}
		if core && i == c.sibling.id/64 {
			word &^= 1 << (c.sibling.id % 64)
		}
		inCache |= word & c.cache[i]
		inSocket |= word & c.socket[i] &^ c.cache[i]
		elsewhere |= word &^ c.socket[i]
	}
	return core, inCache != 0, inSocket != 0, elsewhere != 0
}

func (l *line) shares(cpu int) bool {
	return l.sharers != nil && l.sharers[cpu/64]>>(cpu%64)&1 != 0
}

func (s *simulation) share(l *line, cpu int) {
	if l.sharers == nil {
		l.sharers = make([]uint64, (len(s.cpus)+63)/64)
	}
	l.sharers[cpu/64] |= 1 << (cpu % 64)
}

// written has those look again that spin on the line.
func (s *simulation) written(l *line, by *thread) {
	for _, t := range l.spinners {
		if t != by {
			s.lookAgain(t, by.at)
		}
	}
}
