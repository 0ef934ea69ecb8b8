package host

import (
	"sync/atomic"

	"github.com/idlebench/idlebench/impls"
)

// An Observer checks a scheduler from outside, to see whether it is work-conserving.
// Each check reads what workers write, including the run queues, and some idle
// managers' snapshots take the lock; so it slows them down. It is not safe for
// concurrent use.
type Observer struct {
	s        *Scheduler
	activity *Activity
	snapshot impls.Snapshot
}

// Observer returns a new observer. All tasks of the scheduler must keep the activity; a
// task that does not is taken for a worker that searches.
func (s *Scheduler) Observer(activity *Activity) *Observer {
	o := &Observer{s: s, activity: activity}
	o.snapshot.Resize(len(s.cores))
	return o
}

// An Activity is kept by tasks, so that an observer knows which workers are running one
// and are not searching. The tasks keep it rather than the host, so that only observed
// runs pay for it. The zero value is ready for use.
type Activity struct {
	n atomic.Uint64 // number of changes in the upper half, of running tasks in the lower
}

// Begin is called by a task as it begins to run, and when Spawn has returned.
func (a *Activity) Begin() { a.n.Add(1<<32 + 1) }

// End is called by a task before it ends, and before it calls Spawn: a worker
// that spawns may be about to wake another.
func (a *Activity) End() { a.n.Add(1<<32 - 1) }

// A Debt is what a scheduler owes to its tasks at some time.
type Debt struct {
	// Waiting: a worker is in Park, though a task waits in the injection queue
	// or in a run queue, where it could be stolen. One that was woken and is on
	// its way out of Park counts too, so part of this is the price of waking.
	Waiting bool

	// Stranded: moreover a core is available, and no worker is about to take the task.
	// All workers outside Park run other tasks, and no core has been assigned to a
	// worker that is still in Park. A strictly work-conserving manager excludes this
	// (L3). It is false where the idle manager offers no snapshot.
	Stranded bool
}

// Debt checks once. What it reports as stranded held at one instant. What it reports as
// waiting was read step by step, so it may be a debt that existed at no instant; then
// the next check does not see it.
//
// Only the observer's thread may submit tasks meanwhile: another submitter might be
// about to wake a worker.
func (o *Observer) Debt() Debt {
	m := o.moment()
	if m.parked == 0 || !o.anyTask() {
		return Debt{}
	}
	// Each core is available, held by a worker outside Park, or assigned to one
	// inside. As long as neither phases nor activities change, all workers
	// outside Park stay in their tasks, so none takes the task that was seen
	// or assigns a core.
	available := o.available()
	outside := len(o.s.workers) - m.parked
	stranded := available > 0 && available+outside == len(o.s.cores) && m.running() == outside
	return Debt{Waiting: true, Stranded: stranded && o.moment() == m}
}

// TellsStranded reports whether the idle manager offers a snapshot.
func (o *Observer) TellsStranded() bool { return o.s.snapshot != nil }

// A moment records what workers were doing. Two equal ones prove that no worker entered
// or left Park, and no task began or ended, in between.
type moment struct {
	phases   uint64
	parked   int // workers in Park
	activity uint64
}

func (o *Observer) moment() (m moment) {
	for _, w := range o.s.workers {
		phase := w.phase.Load()
		m.phases += uint64(phase)
		m.parked += int(phase % 2)
	}
	m.activity = o.activity.n.Load()
	return m
}

// running returns how many workers were running a task.
func (m moment) running() int { return int(uint32(m.activity)) }

func (o *Observer) anyTask() bool {
	if o.s.Injected() > 0 {
		return true
	}
	for i := range o.s.cores {
		if o.s.Stealable(i) {
			return true
		}
	}
	return false
}

// available returns the number of available cores, 0 if the manager offers no snapshot.
func (o *Observer) available() (n int) {
	if o.s.snapshot == nil {
		return 0
	}
	o.s.snapshot(&o.snapshot)
	return o.snapshot.Len()
}
