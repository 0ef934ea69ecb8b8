package simulate

// A cpu runs one thread at a time. Its event is that it looks whether another is to
// run.
type cpu struct {
	event
	id      int
	sibling *cpu      // the other thread of the core, if there is one
	on      *thread   // that runs or spins here; nil: the CPU is idle
	since   Time      // it has run, or the CPU been idle; perhaps in the future, after a switch
	ready   []*thread // the others, first come first
	state   cpuState

	// The CPUs that share its last-level cache and its socket, one bit each, itself too.
	cache, socket []uint64
}

func cpus(m *Machine) []cpu {
	all := make([]cpu, len(m.CPUs))
	first := make(map[int]*cpu)
	caches, sockets := make(map[int][]uint64), make(map[int][]uint64)
	join := func(sets map[int][]uint64, number, cpu int) []uint64 {
		if sets[number] == nil {
			sets[number] = make([]uint64, (len(all)+63)/64)
		}
		sets[number][cpu/64] |= 1 << (cpu % 64)
		return sets[number]
	}
	for i := range all {
		c := &all[i]
		c.id = i
		c.event.cpu = c
		c.number = i - len(all) // before all threads
		c.cache, c.socket = join(caches, m.CPUs[i].Cache, i), join(sockets, m.CPUs[i].Socket, i)
		if other := first[m.CPUs[i].Core]; other != nil {
			c.sibling, other.sibling = other, c
		} else {
			first[m.CPUs[i].Core] = c
		}
	}
	return all
}

// admit makes a thread ready that was not.
func (s *simulation) admit(t *thread, at Time) {
	c := t.cpu
	t.left, t.target = 0, 0
	if c.on == nil {
		from := max(at, c.since)
		s.enter(c, Waking, from)
		s.run(c, t, from+s.jittered(s.machine.exit(from-c.since)))
		return
	}
	t.at = max(t.at, at)
	c.ready = append(c.ready, t)
	s.plan(c, max(at, c.since+min(s.machine.Preempt, s.machine.Slice)))
}

// run gives a CPU that has none a thread, which is ready.
func (s *simulation) run(c *cpu, t *thread, at Time) {
	c.on = t
	s.enter(c, Waking, at)
	c.since = at + s.jittered(s.machine.Switch)
	s.enter(c, t.state(), c.since)
	if t.target < never {
		t.at = max(t.at, c.since+t.left, t.target)
		s.queue.push(&t.event)
	}
	t.left = 0
	if len(c.ready) > 0 {
		s.plan(c, c.since+s.machine.Slice)
	}
}

// plan has the CPU look at that time, or earlier if that was planned.
func (s *simulation) plan(c *cpu, at Time) {
	switch {
	case c.place == 0:
		c.at = at
		s.queue.push(&c.event)
	case at < c.at:
		c.at = at
		s.queue.moved(&c.event)
	}
}

// vacate takes its thread from a CPU, and gives it the next.
func (s *simulation) vacate(c *cpu, at Time) {
	c.on = nil
	c.since = at + s.machine.Switch
	s.enter(c, Waking, at)
	s.enter(c, Idle, c.since)
	if len(c.ready) > 0 {
		s.run(c, c.pop(), at)
	}
}

// reschedule gives a CPU that others wait for to the first of them.
func (s *simulation) reschedule(c *cpu, now Time) {
	t := c.on
	if t == nil || len(c.ready) == 0 {
		return
	}
	s.stats.Preempted++
	switch {
	case !t.spins:
		t.left = max(0, t.at-now)
		t.at = now
	case t.place == 0: // for as long as it takes
		t.target = never
	default:
		t.target = t.at
		t.at = t.looked
	}
	if t.place > 0 {
		s.queue.remove(&t.event)
	}
	c.ready = append(c.ready, t)
	c.on = nil
	s.run(c, c.pop(), now)
}

func (c *cpu) pop() *thread {
	t := c.ready[0]
	c.ready = append(c.ready[:0], c.ready[1:]...)
	return t
}
