package workload

import (
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// How says what submits, and so how the generator waits for the next arrival and for
// the end of what it has submitted. The choice affects results. A goroutine that a
// submitter readies is in the run queue of the submitter's P. While the submitter
// spins, another thread has to steal it from there; once the submitter blocks, its own
// thread runs it.
type How int64

const (
	// Block is an ordinary goroutine that blocks after it has submitted, as the handler
	// of a request does. It is busy until then: it waits for an arrival by polling the
	// clock.
	Block How = iota

	// Spin is a thread with a CPU of its own, which waits by polling: a poll-mode
	// driver, a game's main loop, or a thread outside Go that never blocks.
	Spin

	// Poll is an ordinary goroutine that Go's network poller wakes for each arrival,
	// and that blocks after it has submitted: a server at low load.
	Poll

	// Thread is a thread with a CPU of its own that sleeps in the kernel until what it
	// has submitted is done. Loads without the parameter use it.
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

// How returns what submits with these values: the value of the parameter; without one a
// thread, or the poller if nearly nothing happens, since the poller is idle in between.
// After a thread sleeps in a system call, Go's monitor thread takes its P away and
// stays active for another millisecond.
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
		Name: "submitter",
		About: "what submits: block, a goroutine that blocks afterwards; spin, a thread that never does; poll, " +
			"a goroutine that the network poller wakes",
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

// A Submitter is a thread or goroutine that submits tasks: the generator's own, or a
// further one ([Generator.Beside]). Only that thread may call its methods.
//
// CPU time that a submitter spends waiting is a cost of the harness, not of the pool,
// so the submitter adds it up. It uses the clock readings that it takes anyway, since
// asking the kernel for a thread's CPU time costs up to a microsecond: the time between
// two readings counts if the thread ran throughout. Only where it may not have run does
// it ask the kernel: after a long step between two readings, and where it offers its CPU
// to others meanwhile ([Generator].Shares).
type Submitter struct {
	g     *Generator
	burnt int64 // ns of CPU time spent waiting and preparing

	since int64 // CPU time of the thread when the wait began, if the kernel is asked
	depth int   // nesting depth of waits

	watches bool  // the wait is long
	asked   usage // what the kernel said last in it
	counted int64 // what was burnt since then

	timer   *pollTimer
	times   *latency.Recorder // of submissions that were timed
	pending int64             // the last of them, not recorded yet; -1 for none
}

func newSubmitter(g *Generator) *Submitter {
	return &Submitter{g: g, times: latency.NewRecorder(), pending: -1}
}

const (
	// away is the time between two clock readings above which the thread may not have
	// run in between: a reading takes less than 0.1 µs, an interrupt some µs.
	away = int64(5_000)

	// longWait is how long a wait must be to be worth asking the kernel for the thread's
	// CPU time, at its beginning and whenever the thread was away. Whether it was switched
	// out would not do: what the hypervisor takes is no switch, and no CPU time of the
	// thread's either (Linux with CONFIG_PARAVIRT_TIME_ACCOUNTING).
	longWait = int64(20_000)
)

// watch begins a wait that may be long.
func (s *Submitter) watch(long bool) {
	if s.watches = long; long {
		s.asked, s.counted = s.g.usage(), 0
	}
}

// burn counts the time since the last reading as spent waiting, as far as the thread ran,
// and reads the clock again.
func (s *Submitter) burn(last int64) (now int64) {
	now = s.g.Now()
	d := now - last
	if d < away {
		s.burnt += d
		s.counted += d
		return now
	}
	if !s.watches {
		return now
	}
	// A goroutine may be on another thread by now, whose CPU time says nothing of it. What
	// was counted since the last question may be too much: the kernel may take off later
	// what the hypervisor had before.
	used := s.g.usage()
	if used.thread == s.asked.thread && used.ns > 0 {
		s.burnt += min(d, max(-s.counted, used.ns-s.asked.ns-s.counted))
	}
	s.asked, s.counted = used, 0
	return now
}

// A usage is the CPU time of a thread in nanoseconds.
type usage struct{ thread, ns int64 }

// usage returns that of the calling thread, unless a test replaces it.
func (g *Generator) usage() usage {
	if g.used != nil {
		return g.used()
	}
	return usage{threadID(), threadTime()}
}

// await and awaited enclose a wait in which others may have the CPU. A goroutine is
// locked to its thread meanwhile, since the thread's CPU time is read.
func (s *Submitter) await() {
	if s.depth++; s.depth > 1 {
		return
	}
	lockThread()
	s.since = threadTime()
}

func (s *Submitter) awaited() {
	if s.depth--; s.depth > 0 {
		return
	}
	s.burnt += threadTime() - s.since
	unlockThread()
}

// Spin waits until done returns true, without giving up the thread.
func (s *Submitter) Spin(done func() bool) {
	if prim.Simulated && !s.g.Shares {
		prim.Spin(-1, done)
		return
	}
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

// SpinUntil waits for a time on the clock Now, without giving up the thread, and
// returns the last reading.
func (s *Submitter) SpinUntil(ns int64) (now int64) {
	now = s.g.Now()
	if prim.Simulated && !s.g.Shares {
		prim.Spin(time.Duration(max(0, ns-now)), never)
		return s.g.Now()
	}
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

func never() bool { return false }

// Until waits for a time on the clock Now, in the submitter's manner, and returns a
// reading of Now from after the wait.
func (s *Submitter) Until(ns int64) (now int64) {
	if s.g.How == Poll {
		s.poll(ns - s.g.Now())
		return s.g.Now()
	}
	return s.SpinUntil(ns)
}

// arrive has the network poller wake the submitter if it is of that kind: for loads
// whose operations follow each other without a pause.
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

// giveWay is called by loads that have more to submit and do not wait for what they
// have submitted. A goroutine that blocks lets others run: this one yields and is ready
// again at once, as the goroutine of the next request would be.
func (s *Submitter) giveWay() {
	if s.g.How == Block {
		yield()
	}
}

// Submit submits a task and times the submission. The start is a reading of Now from
// just before.
func (s *Submitter) Submit(start int64, t host.Task) error {
	s.flush()
	err := s.g.Pool.Submit(t)
	s.pending = s.g.Now() - start
	return err
}

// SubmitAll submits tasks in one call and times the submission.
func (s *Submitter) SubmitAll(start int64, tasks []host.Task) error {
	s.flush()
	err := s.g.Pool.SubmitAll(tasks)
	s.pending = s.g.Now() - start
	return err
}

// flush records how long the last submission took. This is deferred to the next wait,
// since a goroutine holds up what it has readied until it blocks.
func (s *Submitter) flush() {
	if s.pending >= 0 {
		s.times.Record(s.pending)
		s.pending = -1
	}
}

// prepare calls f, which prepares what is to be submitted. Its CPU time counts as the
// harness's.
func (s *Submitter) prepare(f func()) {
	s.await()
	f()
	s.awaited()
}

// Beside calls f for the generator's own submitter, number 0, and at the same time for
// 1 to n-1, each on a pinned thread of its own, or on a goroutine of its own if
// goroutines submit. It returns when all have returned. If a thread cannot be pinned, f
// is not called.
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

// Spin, SpinUntil, Until and Submit call the generator's own submitter.
func (g *Generator) Spin(done func() bool)                 { g.own().Spin(done) }
func (g *Generator) SpinUntil(ns int64) (now int64)        { return g.own().SpinUntil(ns) }
func (g *Generator) Until(ns int64) (now int64)            { return g.own().Until(ns) }
func (g *Generator) Submit(start int64, t host.Task) error { return g.own().Submit(start, t) }

// Done is called by the last task of an operation: it wakes the generator, which waits
// in Finish.
func (g *Generator) Done() {
	g.ended.Store(g.Now())
	g.Wake()
}

// Finish waits for Done, and returns how long the operation that began at start took:
// until its last task called Done. How soon the submitter continues after that depends
// on how the harness waits, and is not part of the operation.
func (g *Generator) Finish(start int64) (took int64) {
	g.own().flush()
	g.Wait()
	return g.ended.Load() - start
}

// Burnt returns the CPU time in nanoseconds that submitters have spent waiting and
// preparing so far: the generator's own and those of Beside that have ended.
func (g *Generator) Burnt() int64 { return g.own().burnt + g.beside.burnt() }

// BesideUsage returns what all threads of Beside have used.
func (g *Generator) BesideUsage() cpu.Usage { return g.beside.usage() }

// Submissions returns the recorders of submission times, of all submitters.
func (g *Generator) Submissions() []*latency.Recorder {
	g.own().flush()
	return append(g.beside.recorders(), g.own().times)
}
