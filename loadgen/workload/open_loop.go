package workload

import (
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// In an open loop tasks arrive on schedule, whether or not earlier ones have run, as
// requests from users and networks do. A submitter that falls behind submits everything
// that is due at once, and latency still counts from the scheduled arrival. So a pool
// that holds up the submitter is charged for the delay that it causes (no coordinated
// omission).
//
// A thread that spins paces itself by the clock. So does a goroutine that blocks after
// each submission. It models one of many such goroutines, with the next always ready,
// so after submitting it yields to whatever it has made runnable. The third kind blocks
// in the network poller until the next arrival is due. It wakes late; that is part of
// the latency, as it is in a server, and part of lag.
//
// An arrival that finds no free task, because openTasks of its source are in flight, is
// not sent, and neither is one that is still due at the end of the run. The generator's
// lateness is measured for each arrival that was sent.

const (
	// openTasks is how many tasks of a source can be in flight at once.
	openTasks = 1 << 14

	// lateAfter is the delay beyond which an arrival counts as late. Preemption of the
	// generator's thread takes longer; submitting a task takes less.
	lateAfter = int64(10 * time.Microsecond)

	// stepEvery is how often a source reports progress.
	stepEvery = int64(100 * time.Millisecond)
)

// An openLoop submits tasks from one or more sources, each a thread with a
// schedule of its own.
type openLoop struct {
	sources []*source

	// draw makes a source's random schedule, before the first run.
	draw func(g *Generator, source int) schedule

	// A group of tasks belongs to each arrival: submitted all at once if atOnce
	// is set, else one by one.
	group  int
	atOnce bool
}

func newOpenLoop(sources, group int, atOnce bool) *openLoop {
	l := &openLoop{group: group, atOnce: atOnce}
	for range sources {
		l.sources = append(l.sources, newSource(group, atOnce))
	}
	return l
}

// Seek is that of Scheduled: all sources move to the same place in their schedules.
func (l *openLoop) Seek(part int) {
	for _, s := range l.sources {
		s.next = partStart(part)
	}
}

// Run is one run of the schedules, from where the last one stopped. Each task is one
// operation.
func (l *openLoop) Run(g *Generator, limit time.Duration) (Totals, error) {
	if l.sources[0].gaps == nil {
		for i, s := range l.sources {
			s.schedule = l.draw(g, i)
		}
	}
	start := g.Now()
	end := start + int64(limit)
	err := g.Beside(len(l.sources), func(i int, by *Submitter) error { return l.sources[i].run(g, by, start, end) })
	if err != nil {
		return Totals{}, err
	}
	took := max(limit, time.Duration(g.Now()-start)) // the last arrival may be earlier, or late
	for _, s := range l.sources {
		s.account.unfinished = s.underWay()
	}
	for _, s := range l.sources {
		if err := s.drain(g); err != nil {
			return Totals{}, err
		}
	}
	return l.totals(took, limit), nil
}

// totals returns what all sources did.
func (l *openLoop) totals(took, limit time.Duration) Totals {
	var sum account
	var lags []*latency.Recorder
	for _, s := range l.sources {
		sum.add(s.account)
		lags = append(lags, s.lag)
	}
	return sum.totals(took, limit, lags)
}

// An account counts what became of one run's arrivals, in tasks. Each one offered was
// either sent or not.
type account struct {
	offered    int64 // came due before the end
	sent       int64
	unsent     int64
	late       int64 // of those sent, more than lateAfter after their time
	unfinished int64 // of those sent, had not run at the end
}

func (a *account) add(b account) {
	a.offered += b.offered
	a.sent += b.sent
	a.unsent += b.unsent
	a.late += b.late
	a.unfinished += b.unfinished
}

// totals leaves out the time of the operations: divided by their number, it would only
// be the inverse of the rate.
func (a account) totals(took, limit time.Duration, lags []*latency.Recorder) Totals {
	return Totals{
		Ops:   a.sent,
		Tasks: a.sent,
		Figures: []Figure{
			Ratio(float64(a.offered), limit.Seconds(), "offered-tasks/sec"),
			Ratio(float64(a.sent-a.unfinished), took.Seconds(), "achieved-tasks/sec"),
			Ratio(float64(a.late), float64(a.offered), "late/arrival"),
			Ratio(float64(a.unsent), float64(a.offered), "unsent/arrival"),
		},
		Lag: lags,
	}
}

// A source is the part of an open loop that one thread submits.
type source struct {
	schedule
	next int // index of the gap before the next arrival

	tasks  []openTask  // a ring of groups; each task is reused once it has run
	all    []host.Task // the same tasks
	group  int
	atOnce bool
	slot   int // index in tasks of the group to use next

	account account           // of the latest run
	lag     *latency.Recorder // likewise
}

func newSource(group int, atOnce bool) *source {
	n := max(1, openTasks/group) * group
	s := &source{
		tasks:  make([]openTask, n),
		all:    make([]host.Task, n),
		group:  group,
		atOnce: atOnce,
		lag:    latency.NewRecorder(),
	}
	for i := range s.tasks {
		s.all[i] = &s.tasks[i]
	}
	return s
}

// run submits what comes due from start to end, and at least one arrival.
func (s *source) run(g *Generator, by *Submitter, start, end int64) error {
	s.account = account{}
	s.lag.Reset()
	a := &s.account
	size := int64(s.group)
	nextStep := start
	for at := start; ; {
		at += s.gaps[s.next]
		first := a.sent == 0
		if at >= end && !first {
			return nil // it is the first of the next run
		}
		arrival := s.next
		s.next = (s.next + 1) % len(s.gaps)
		a.offered += size

		now := g.Now()
		for {
			if now >= nextStep {
				nextStep = now + stepEvery
				if err := g.Step(); err != nil {
					return err
				}
			}
			if now >= at {
				break
			}
			now = by.Until(min(at, nextStep))
		}
		if now >= end && !first || !s.free() {
			a.unsent += size
			continue
		}
		s.lag.Record(now - at)
		if now-at > lateAfter {
			a.late += size
		}
		if err := s.submit(g, by, arrival, at, now); err != nil {
			return err
		}
		a.sent += size
		by.giveWay()
	}
}

// free reports whether the next group of tasks has run.
func (s *source) free() bool {
	for i := range s.group {
		if s.tasks[s.slot+i].underWay.Load() {
			return false
		}
	}
	return true
}

// submit submits the group of an arrival; the next tasks are free for it. The first is
// timed from the reading of Now just before. The service times belong to the arrival,
// so they do not depend on whether earlier ones were sent.
func (s *source) submit(g *Generator, by *Submitter, arrival int, at, now int64) error {
	first := s.slot
	served := arrival * s.group
	if s.slot += s.group; s.slot == len(s.tasks) {
		s.slot = 0
	}
	for i := range s.group {
		t := &s.tasks[first+i]
		t.g, t.at, t.service = g, at, s.services[(served+i)%len(s.services)]
		t.underWay.Store(true)
		if s.atOnce {
			continue
		}
		if i == 0 {
			if err := by.Submit(now, t); err != nil {
				return err
			}
			continue
		}
		if err := g.Pool.Submit(t); err != nil {
			return err
		}
	}
	if s.atOnce {
		return by.SubmitAll(now, s.all[first:first+s.group])
	}
	return nil
}

// underWay returns the number of tasks that have not run.
func (s *source) underWay() (n int64) {
	for i := range s.tasks {
		if s.tasks[i].underWay.Load() {
			n++
		}
	}
	return n
}

// drain waits until every task has run.
func (s *source) drain(g *Generator) error {
	for i := range s.tasks {
		if err := g.ends(&s.tasks[i].underWay); err != nil {
			return err
		}
	}
	return nil
}

// An openTask keeps its worker busy for its service time.
type openTask struct {
	g        *Generator
	at       int64 // scheduled arrival
	service  int64
	underWay prim.Bool

	_ [128 - 32]byte // the neighbouring task may be running on another CPU
}

// Run is the task.
func (t *openTask) Run(w host.Worker) {
	begin := t.g.Now()
	t.g.Record(w, begin-t.at)
	for t.g.Now()-begin < t.service {
	}
	t.underWay.Store(false)
}
