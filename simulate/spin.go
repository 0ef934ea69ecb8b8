package simulate

import "slices"

// Spin looks until done says so or the time is over, on the CPU; a negative time
// never is. It reports whether it was done. Done may read variables of this package
// and nothing else that changes. A look in vain is repeated when a line is written
// that it read.
func Spin(d Time, done func() bool) bool {
	t := active()
	if t == nil {
		return done()
	}
	r := recorder()
	end := never
	if d >= 0 {
		end = t.at + d
		r.chose(0) // the explorer looks once or twice
	}
	for {
		t.looking, t.again = true, false
		inVain := r.looks()
		ok := done()
		t.looking = false
		if !ok {
			t.spend(t.s.machine.Look)
			if t.at < end && !t.again {
				t.await(end)
			}
		}
		for _, l := range t.watched {
			l.forget(t)
		}
		t.watched = t.watched[:0]
		if ok || t.at >= end && !t.again {
			return ok
		}
		inVain()
	}
}

// watch notes that the thread reads the line in a look. A write from now on makes
// it look again.
func (t *thread) watch(l *line) {
	if !slices.Contains(t.watched, l) {
		t.watched = append(t.watched, l)
		l.spinners = append(l.spinners, t)
	}
}

func (l *line) forget(t *thread) {
	if i := slices.Index(l.spinners, t); i >= 0 {
		l.spinners = slices.Delete(l.spinners, i, i+1)
	}
}

// await lets the thread stand still, on its CPU, until a line that it watches is
// written or the time comes.
func (t *thread) await(end Time) {
	t.why = "spins"
	t.spins = true
	t.looked = t.at
	t.s.enter(t.cpu, t.state(), t.at)
	if end < never {
		t.at = end
		t.s.queue.push(&t.event)
	}
	t.pass()
	t.spins, t.target = false, 0
	t.s.enter(t.cpu, t.state(), t.at)
}

// lookAgain has a thread that spins go on at some time, but not before it was done
// with its last look. If another thread has its CPU, it does so when it has it
// again.
func (s *simulation) lookAgain(t *thread, at Time) {
	t.again = true
	at = max(at, t.looked)
	switch {
	case !t.spins: // it is still looking
	case t.cpu.on != t:
		t.target = min(t.target, at)
	case t.place == 0:
		t.at = at
		s.queue.push(&t.event)
	case at < t.at:
		t.at = at
		s.queue.moved(&t.event)
	}
}

// SpinTimes looks until done says so, at most n times, and reports whether it was
// done.
func SpinTimes(n int, done func() bool) bool {
	r := recorder()
	r.chose(0)
	for i := range n {
		inVain := r.looks()
		if done() {
			return true
		}
		if i < n-1 {
			inVain()
		}
		if t := current.thread(); t != nil {
			t.spend(t.s.machine.Look)
			t.turn()
		}
	}
	return false
}

// YieldTimes yields and then looks, until done says so, at most n times. It reports
// whether it was done.
func YieldTimes(n int, done func() bool) bool {
	r := recorder()
	if n > 1 {
		r.chose(0)
	}
	for i := range n {
		Yield()
		inVain := r.looks()
		if done() {
			return true
		}
		if i < n-1 {
			inVain()
		}
	}
	return false
}
