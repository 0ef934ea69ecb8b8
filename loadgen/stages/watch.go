package stages

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// Watch returns an implementation whose managers are those of the given one, watched. A
// recorder watches one manager: the last one made.
func (r *Recorder) Watch(i impls.Implementation) impls.Implementation {
	original := i.New
	parkers := i.Parker == ""
	i.New = func(c impls.Config) impls.Idle {
		r.watch(c.Workers, parkers)
		if !parkers {
			m := original(c)
			return withSnapshot(&sleeper{m, r, r.workers}, m)
		}
		watched := make([]impls.Parker, len(c.Parkers))
		for w, p := range c.Parkers {
			watched[w] = &parker{p, &r.workers[w]}
		}
		c.Parkers = watched
		m := original(c)
		return withSnapshot(&manager{m, r}, m)
	}
	return i
}

// withSnapshot returns a watched manager that offers a snapshot if the original
// does: the host asks for it.
func withSnapshot(watched, original impls.Idle) impls.Idle {
	if s, ok := original.(impls.Snapshotter); ok {
		return snapshotter{watched, s}
	}
	return watched
}

type snapshotter struct {
	impls.Idle
	impls.Snapshotter
}

// A manager decorates one that has parkers.
type manager struct {
	impls.Idle
	r *Recorder
}

func (m *manager) NotifyRemote() {
	m.r.notified = latency.Now()
	m.Idle.NotifyRemote()
}

// A parker decorates one of a manager's.
type parker struct {
	impls.Parker
	at *stamps
}

func (p *parker) Unpark() {
	p.at.called.Store(latency.Now())
	p.Parker.Unpark()
	p.at.returned.Store(latency.Now())
}

// Park keeps the last of several returns: after the earlier ones the worker had not
// been chosen, and went back to sleep.
func (p *parker) Park() {
	p.Parker.Park()
	p.at.woke = latency.Now()
}

// A sleeper decorates a manager that prescribes its own way of sleeping.
type sleeper struct {
	impls.Idle
	r       *Recorder
	workers []stamps
}

func (s *sleeper) NotifyRemote() {
	s.r.notified = latency.Now()
	s.Idle.NotifyRemote()
	s.r.returned = latency.Now()
}

// Park stamps a worker that has slept. One that was kept was not woken.
func (s *sleeper) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	core, reason := s.Idle.Park(w, c)
	if reason == impls.Woken {
		s.workers[w].woke = latency.Now()
	}
	return core, reason
}
