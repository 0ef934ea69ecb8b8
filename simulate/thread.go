package simulate

import (
	"fmt"

	"github.com/idlebench/idlebench/internal/coroutine"
)

// A thread is a thread of the program. Its event's time is the thread's: when it
// has done what it did last.
type thread struct {
	coroutine.Coroutine
	event
	s     *simulation
	cpu   *cpu
	ended bool
	doing State  // Running or Searching
	timer bool   // it sleeps; its event is the end of that
	why   string // it waits, for an error

	position position // in the recording
	drain    Time     // when its plain stores are done
	ticket   uint32   // of a Cond
	longer   Time     // it sleeps in Go's scheduler, and takes that much longer to be woken
	finder   *thread  // readied it in Go's scheduler; its event is that a thread finds it
	readied  *thread  // was readied last by this one, and may still wait to be found

	// While another thread has its CPU:
	left   Time // what it had still to do
	target Time // it does not go on earlier; never: only when a line is written

	// While it spins:
	spins   bool // it waits, on its CPU, for the time or for a line to be written
	looking bool // its accesses are those of a look
	again   bool // a line was written that it read in this look
	looked  Time // the end of the last look
	watched []*line
}

// start makes a thread. It is not yet ready.
func (s *simulation) start(f func()) *thread {
	t := &thread{s: s, doing: Running}
	t.thread = t
	t.number = len(s.threads)
	t.cpu = &s.cpus[t.number%len(s.cpus)]
	t.why = "to be started"
	s.threads = append(s.threads, t)
	s.group.Create(&t.Coroutine, func() *coroutine.Coroutine { return t.life(f) })
	return t
}

// life runs the thread to its end, and returns who goes on then.
func (t *thread) life(f func()) (next *coroutine.Coroutine) {
	s := t.s
	returned := false
	defer func() {
		if returned {
			return
		}
		r := recover()
		if r == (coroutine.Released{}) {
			panic(r)
		}
		if r == nil { // runtime.Goexit, as by testing.T.FailNow: goes on with it in Run
			s.panicked(t, "runtime.Goexit")
			t.HandOver(s.group.Main())
		}
		s.panicked(t, r)
		next = s.group.Main()
	}()
	f()
	if s.ending { // the thread has recovered from being unwound
		panic(coroutine.Released{})
	}
	t.ended = true
	t.handoff()
	next = s.group.Main()
	if t.number > 0 {
		for _, u := range s.waits {
			s.admit(u, t.at)
		}
		s.waits = s.waits[:0]
		s.vacate(t.cpu, t.at)
		if u := s.next(); u != nil {
			s.running = u
			next = &u.Coroutine
		}
	}
	returned = true
	return next
}

// Go starts a thread. It belongs to the CPU of its number.
func Go(f func()) {
	s := current
	if s == nil {
		panic("simulate: Go is called outside of a simulation")
	}
	t := active()
	t.spend(s.machine.Syscall + s.machine.Wake)
	t.turn()
	t.took(0)
	child := s.start(f)
	child.position.last = t.position.last
	s.admit(child, t.at)
}

// Pin moves the calling thread to a CPU. It panics if the machine has no such CPU.
func Pin(id int) {
	s := current
	if s == nil {
		return
	}
	if id < 0 || id >= len(s.cpus) {
		panic(fmt.Sprintf("simulate: machine %q has no CPU %d, it has %d", s.machine.Name, id, len(s.cpus)))
	}
	t := active()
	t.spend(s.machine.Syscall)
	t.turn()
	if to := &s.cpus[id]; to != t.cpu {
		s.vacate(t.cpu, t.at)
		t.cpu = to
		s.admit(t, t.at)
		t.pass()
	}
}

// Number returns the number of the calling thread, from 0 in the order in which they
// were started, or -1 outside of a simulation.
func Number() int {
	if s := current; s != nil && s.running != nil {
		return s.running.number
	}
	return -1
}

// active returns the thread whose operation it is, in its turn, or nil if the
// operation happens at once.
func active() *thread {
	t := current.thread()
	if t == nil {
		return nil
	}
	s := t.s
	s.stats.Operations++
	t.spend(s.machine.Code)
	t.turn()
	return t
}

// spend lets time pass for the thread.
func (t *thread) spend(cost Time) {
	if other := t.cpu.sibling; other != nil && other.on != nil {
		cost += cost * Time(t.s.machine.Sibling) / 1000
	}
	t.at += t.s.jittered(cost)
}

// turn lets all those go first that are behind this thread, which runs.
func (t *thread) turn() {
	if s := t.s; s.behind(t) {
		t.handOver(s.replace(t))
	}
}

// behind reports whether an event comes before the thread's, which runs.
func (s *simulation) behind(t *thread) bool {
	return len(s.queue) > 0 && s.queue.first().before(&t.event)
}

// replace puts the thread that runs into the queue, and returns the one to run.
func (s *simulation) replace(t *thread) *thread {
	u := s.happen(s.queue.replaceFirst(&t.event))
	if u == nil {
		u = s.next() // there is one, since t is in the queue, or another in its place
	}
	s.running = u
	return u
}

// pass runs another thread; this one has said when it goes on, or waits for others.
func (t *thread) pass() { t.handOver(t.s.next()) }

func (t *thread) handOver(u *thread) {
	s := t.s
	switch {
	case u == t:
		s.running = t
	case u != nil:
		s.stats.Switches++
		s.running = u
		t.HandOver(&u.Coroutine)
	default:
		s.running = nil
		t.HandOver(s.group.Main()) // and does not come back
	}
}

// block takes the thread from its CPU until another admits it.
func (t *thread) block(why string) {
	t.why = why
	t.s.vacate(t.cpu, t.at)
	t.pass()
}

// Compute lets time pass for the calling thread: what it does meanwhile concerns no
// other.
func Compute(d Time) {
	if t := active(); t != nil && d > 0 {
		t.spend(d)
		t.turn()
	}
}

// Sleep takes the calling thread from its CPU for that long, and somewhat longer as
// timers do.
func Sleep(d Time) {
	t := active()
	if t == nil || d <= 0 {
		return
	}
	t.spend(t.s.machine.Syscall)
	t.turn()
	t.why = "for a timer"
	t.s.vacate(t.cpu, t.at)
	t.at += d + t.s.machine.Slack
	t.timer = true
	t.s.queue.push(&t.event)
	t.pass()
}

// Now returns the time since the simulation began, or 0 outside of one.
func Now() Time {
	s := current
	if s == nil || s.running == nil {
		return 0
	}
	if t := active(); t != nil {
		t.spend(s.machine.Now)
	}
	if s.recording != nil {
		return 0
	}
	return s.running.at
}

// Yield lets another thread that is ready have the calling thread's CPU.
func Yield() {
	t := active()
	if t == nil {
		return
	}
	s := t.s
	t.spend(s.machine.Syscall)
	t.turn()
	if c := t.cpu; len(c.ready) > 0 {
		s.vacate(c, t.at)
		s.admit(t, t.at)
		t.pass()
	}
}
