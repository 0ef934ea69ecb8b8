package workload

import (
	"runtime"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// How says who submits, and so how the generator waits: for the time of the next
// arrival, and for the end of what it has submitted. It decides results. A
// goroutine that a submitter readies is in the run queue of the submitter's P.
// While the submitter spins, another thread has to come and steal it from there;
// once it blocks, its own thread goes on with what it readied.
type How int64

const (
	// Block is an ordinary goroutine that blocks after it has submitted, as the
	// handler of a request does. It is busy until then: it waits for the time of
	// an arrival by looking at the clock.
	Block How = iota

	// Spin is a thread with a CPU of its own, which waits by looking: a poll-mode
	// driver, a game's main loop, or a thread outside Go that never blocks.
	Spin

	// Poll is an ordinary goroutine that Go's network poller wakes for each
	// arrival, and that blocks after it has submitted: a server at low load.
	Poll

	// Thread is a thread with a CPU of its own that sleeps in the kernel until
	// what it has submitted is done. Loads without the parameter have it.
	Thread
)

// hows are the values of the parameter submitter, in the order of the constants.
var hows = []string{"block", "spin", "poll"}

// String returns the name that the parameter has.
func (h How) String() string {
	if h == Thread {
		return "thread"
	}
	return hows[h]
}

// Goroutine reports whether the submitter is an ordinary goroutine, which may run
// on any of the process's threads, and not a thread of its own.
func (h How) Goroutine() bool { return h == Block || h == Poll }

// How returns who submits with these values: what the parameter says; without it a
// thread, or where nearly nothing is to happen the poller, which rests in between.
// A thread that sleeps in a system call has Go's monitor thread take its P away, and
// look around for a millisecond after that.
func (w Workload) How(v Values) How {
	if h, ok := v["submitter"]; ok {
		return How(h)
	}
	if w.MostlyIdle {
		return Poll
	}
	return Thread
}

// submitterParam lets the user choose who submits. The default comes first in the
// default matrix, and the others follow it.
func submitterParam(first How, others ...How) Param {
	p := Param{
		Name:    "submitter",
		About:   "who submits: block, a goroutine that blocks afterwards; spin, a thread that never does; poll, a goroutine that the network poller wakes",
		Default: first.String(),
		Full:    []string{first.String()},
		Parse:   oneOf(hows...),
	}
	for h := range How(len(hows)) {
		if h != first {
			p.Full = append(p.Full, h.String())
		}
	}
	if others != nil {
		p.Sweep = []string{first.String()}
		for _, h := range others {
			p.Sweep = append(p.Sweep, h.String())
		}
	}
	return p
}

// A Submitter is a thread or goroutine that submits tasks: the generator's own, or
// one beside it ([Generator.Beside]). Its methods are for that thread alone.
//
// What it burns while it waits is the harness's and no cost of the pool, so the
// submitter adds it up. It does so by the clock it looks at anyway, since asking
// the kernel for the CPU time of a thread costs up to a microsecond: the time between
// two looks, if the thread ran all along. Only where it offers its CPU to others
// between two looks ([Generator].Shares) does it ask, since others may have run in
// all of that time.
type Submitter struct {
	g     *Generator
	burnt int64 // ns of CPU time spent waiting and preparing

	since int64 // CPU time of the thread when the wait began, if that is asked for
	depth int   // waits within waits

	switches int64 // of the thread when it last looked, in a wait that is long
	watches  bool  // the wait is long

	timer   *pollTimer
	times   *latency.Recorder // of submissions that were timed
	pending int64             // the last of them, which has not been recorded; -1 for none
}

func newSubmitter(g *Generator) *Submitter {
	return &Submitter{g: g, times: latency.NewRecorder(), pending: -1}
}

const (
	// away is the time between two looks at the clock from which on the thread may
	// not have run in between: a look takes less than 0.1 µs, an interrupt some µs.
	away = int64(5_000)

	// longWait is the time from which on a wait is worth asking the kernel at its
	// beginning, and when the thread was away, how often the thread was switched
	// out. If it was not, an interrupt or the hypervisor had its CPU, and the
	// kernel counts that as the thread's time.
	longWait = int64(20_000)
)

// watch begins a wait that may be long.
func (s *Submitter) watch(long bool) {
	if s.watches = long; long {
		s.switches = s.g.switches()
	}
}

// burn counts the time since the last look as burnt, unless the thread was switched
// out meanwhile, and looks again.
func (s *Submitter) burn(last int64) (now int64) {
	now = s.g.Now()
	d := now - last
	if d < away {
		s.burnt += d
		return now
	}
	if s.watches {
		if n := s.g.switches(); n == s.switches {
			s.burnt += d
		} else {
			s.switches = n
		}
	}
	return now
}

// switches is threadSwitches, unless a test has it otherwise.
func (g *Generator) switches() int64 {
	if g.switched != nil {
		return g.switched()
	}
	return threadSwitches()
}

// threadSwitches returns how often the calling thread was switched out, -1 where that
// is unknown.
func threadSwitches() int64 {
	u, err := cpu.ThreadUsage()
	if err != nil || u.Voluntary+u.Involuntary == 0 {
		return -1
	}
	return u.Voluntary + u.Involuntary
}

// await and awaited enclose a wait in which others may have the CPU. A goroutine
// stays on its thread meanwhile, whose CPU time is read.
func (s *Submitter) await() {
	if s.depth++; s.depth > 1 {
		return
	}
	runtime.LockOSThread()
	s.since = threadTime()
}

func (s *Submitter) awaited() {
	if s.depth--; s.depth > 0 {
		return
	}
	s.burnt += threadTime() - s.since
	runtime.UnlockOSThread()
}

// threadTime returns the CPU time of the calling thread in nanoseconds, 0 where it
// is unknown: there is no cost then, either.
func threadTime() int64 {
	u, _ := cpu.ThreadUsage()
	return int64(u.CPU)
}

// Spin waits until done says so, without giving up the thread.
func (s *Submitter) Spin(done func() bool) {
	if s.g.Shares {
		s.await()
		for !done() {
			s.g.Pause()
		}
		s.awaited()
		return
	}
	s.flush()
	if done() {
		return
	}
	s.watch(true)
	for last := s.g.Now(); !done(); {
		s.g.Pause()
		last = s.burn(last)
	}
}

// SpinUntil waits for a time as read from Now, without giving up the thread, and
// returns the reading with which it ended.
func (s *Submitter) SpinUntil(ns int64) (now int64) {
	now = s.g.Now()
	if s.g.Shares && now < ns {
		s.await()
		for ; now < ns; now = s.g.Now() {
			s.g.Pause()
		}
		s.awaited()
	}
	if now < ns {
		s.flush()
		s.watch(ns-now > longWait)
	}
	for now < ns {
		s.g.Pause()
		now = s.burn(now)
	}
	return now
}

// Until waits for a time as read from Now, as the submitter does, and returns a
// reading of Now from after the wait.
func (s *Submitter) Until(ns int64) (now int64) {
	if s.g.How == Poll {
		s.poll(ns - s.g.Now())
		return s.g.Now()
	}
	return s.SpinUntil(ns)
}

// arrive has the network poller wake the submitter, if that is how it comes to
// submit: for loads whose operations follow each other without a pause.
func (s *Submitter) arrive() {
	if s.g.How == Poll {
		s.poll(pollSoon)
	}
}

// pollSoon is time enough for the submitter to block before it is woken.
const pollSoon = int64(20_000)

// poll blocks in the network poller for about that long, if it is positive.
func (s *Submitter) poll(ns int64) {
	if ns <= 0 {
		return
	}
	s.flush()
	if s.timer == nil {
		s.timer = newPollTimer()
	}
	s.timer.wait(ns)
}

// giveWay is called by loads that have more to submit and do not wait for what
// they have submitted. A goroutine that blocks has others go on: this one gives
// up its turn, and is ready again at once, as the goroutine of the next request.
func (s *Submitter) giveWay() {
	if s.g.How == Block {
		runtime.Gosched()
	}
}

// Submit submits a task, and times that. The start is a reading of Now, just
// before.
func (s *Submitter) Submit(start int64, t host.Task) error {
	s.flush()
	err := s.g.Pool.Submit(t)
	s.pending = s.g.Now() - start
	return err
}

// SubmitAll submits tasks, all at once, and times that.
func (s *Submitter) SubmitAll(start int64, tasks []host.Task) error {
	s.flush()
	err := s.g.Pool.SubmitAll(tasks)
	s.pending = s.g.Now() - start
	return err
}

// flush records how long the last submission took. That is left for the next wait,
// since a goroutine holds up what it has readied until it blocks.
func (s *Submitter) flush() {
	if s.pending >= 0 {
		s.times.Record(s.pending)
		s.pending = -1
	}
}

// prepare calls f, which prepares what is to be submitted. That is the harness's
// work.
func (s *Submitter) prepare(f func()) {
	s.await()
	f()
	s.awaited()
}

// Beside calls f for the generator's own submitter, number 0, and at the same time
// for 1 to n-1, each on a thread of its own that is where it belongs, or on a
// goroutine of its own if that is what submits. It returns when all have. If a
// thread cannot be pinned, f is not called.
func (g *Generator) Beside(n int, f func(i int, s *Submitter) error) error {
	return g.beside.run(g, n, f)
}

// own returns the generator's submitter.
func (g *Generator) own() *Submitter {
	if g.submitter == nil {
		g.submitter = newSubmitter(g)
	}
	return g.submitter
}

// Spin, SpinUntil, Until and Submit are those of the generator's own submitter.
func (g *Generator) Spin(done func() bool)                 { g.own().Spin(done) }
func (g *Generator) SpinUntil(ns int64) (now int64)        { return g.own().SpinUntil(ns) }
func (g *Generator) Until(ns int64) (now int64)            { return g.own().Until(ns) }
func (g *Generator) Submit(start int64, t host.Task) error { return g.own().Submit(start, t) }

// Done is called by the last task of an operation: it wakes the generator, which
// waits for it by Finish.
func (g *Generator) Done() {
	g.ended.Store(g.Now())
	g.Wake()
}

// Finish waits for Done, and returns how long the operation took that began at start:
// until its last task called Done. How soon the submitter goes on after that depends
// on how the harness waits, and is no part of the operation.
func (g *Generator) Finish(start int64) (took int64) {
	g.own().flush()
	g.Wait()
	return g.ended.Load() - start
}

// Burnt returns the CPU time in nanoseconds that submitters have burnt by waiting
// and preparing, up to now: the generator's own and those of Beside that have
// ended.
func (g *Generator) Burnt() int64 { return g.own().burnt + g.beside.burnt() }

// BesideUsage returns what the threads of Beside have used, all of them.
func (g *Generator) BesideUsage() cpu.Usage { return g.beside.usage() }

// Submissions returns the recorders of the times of submissions, of all submitters.
func (g *Generator) Submissions() []*latency.Recorder {
	g.own().flush()
	return append(g.beside.recorders(), g.own().times)
}
