package host

import "github.com/idlebench/idlebench/impls"

// An Observer looks at a scheduler from outside, for whoever wants to know
// whether it conserves work. Each look reads what workers write, the run queues
// among it, and some idle managers' snapshots take the lock; so it slows them
// down. It is not safe for concurrent use.
type Observer struct {
	s        *Scheduler
	snapshot impls.Snapshot
}

// Observer returns a new observer.
func (s *Scheduler) Observer() *Observer {
	o := &Observer{s: s}
	o.snapshot.Resize(len(s.cores))
	return o
}

// A Debt is what a scheduler owes to its tasks at some time.
type Debt struct {
	// Waiting: a worker is in Park, though a task waits in the injection queue
	// or in a run queue, where it could be stolen.
	Waiting bool

	// Stranded: moreover a core is available. The worker that could use it has
	// not even been chosen. It is false where the idle manager offers no
	// snapshot.
	Stranded bool
}

// Debt looks once. It reads one thing after another, so it may see a debt where
// there is none at any instant; then the next look does not see it.
func (o *Observer) Debt() Debt {
	if !o.anyTask() || !o.anyParked() {
		return Debt{}
	}
	return Debt{Waiting: true, Stranded: o.anyAvailable()}
}

// TellsStranded reports whether the idle manager offers a snapshot.
func (o *Observer) TellsStranded() bool { return o.s.snapshot != nil }

func (o *Observer) anyTask() bool {
	if o.s.inject.len() > 0 {
		return true
	}
	for i := range o.s.cores {
		if o.s.Stealable(i) {
			return true
		}
	}
	return false
}

func (o *Observer) anyParked() bool {
	for _, w := range o.s.workers {
		if w.phase.Load()%2 == 1 {
			return true
		}
	}
	return false
}

func (o *Observer) anyAvailable() bool {
	if o.s.snapshot == nil {
		return false
	}
	o.s.snapshot(&o.snapshot)
	for _, word := range o.snapshot.Words {
		if word != 0 {
			return true
		}
	}
	return false
}
