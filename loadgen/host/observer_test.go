package host_test

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
)

// observedTask runs f and keeps an activity.
func observedTask(a *host.Activity, f func(w host.Worker)) taskFunc {
	return func(w host.Worker) {
		a.Begin()
		f(w)
		a.End()
	}
}

// await waits until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

// A heldParker keeps woken workers in Park until the gate is closed.
type heldParker struct {
	impls.Parker
	asleep, woken *atomic.Int32
	gate          <-chan struct{}
}

func (p heldParker) Park() {
	p.asleep.Add(1)
	p.Parker.Park()
	p.asleep.Add(-1)
	p.woken.Add(1)
	<-p.gate
}

// startHeld starts a scheduler with as many cores as workers, and waits until all
// of these are asleep: a worker that is merely in Park may still look around.
func startHeld(t *testing.T, impl impls.Implementation, workers int, gate <-chan struct{}) (s *host.Scheduler, asleep, woken *atomic.Int32) {
	t.Helper()
	asleep, woken = new(atomic.Int32), new(atomic.Int32)
	newParker := func() impls.Parker { return heldParker{park.NewCond(), asleep, woken, gate} }
	s = start(t, host.Config{Idle: impl, NewParker: newParker}, workers, workers)
	await(t, "all workers are asleep", func() bool { return int(asleep.Load()) == workers })
	return s, asleep, woken
}

// A worker that was woken and has not arrived yet will take the task: it waits, but is
// not stranded, however many other workers sleep while cores are available.
func TestWokenWorkerIsOnItsWay(t *testing.T) {
	for _, impl := range []impls.Implementation{bitmap.Implementation, mutexonly.Implementation} {
		t.Run(impl.Name, func(t *testing.T) {
			gate := make(chan struct{})
			s, _, woken := startHeld(t, impl, 3, gate)
			var activity host.Activity
			o := s.Observer(&activity)
			if d := o.Debt(); d != (host.Debt{}) {
				t.Errorf("at rest: %+v", d)
			}
			s.Submit(observedTask(&activity, func(host.Worker) {}))
			for range 10_000 {
				if d := o.Debt(); d != (host.Debt{Waiting: true}) {
					t.Fatalf("one of three workers was woken for the task: %+v", d)
				}
			}
			await(t, "a worker is woken", func() bool { return woken.Load() == 1 })
			if d := o.Debt(); d != (host.Debt{Waiting: true}) {
				t.Errorf("one of three workers has been woken for the task: %+v", d)
			}
			close(gate)
			closeNow(t, s)
		})
	}
}

// A deafIdle misses what workers publish, and takes its time for it.
type deafIdle struct {
	*bitmap.Idle
	told chan<- struct{}
	gate <-chan struct{}
}

func (d deafIdle) NotifyLocal(*impls.Core) {
	d.told <- struct{}{}
	<-d.gate
}

// A task without a notification is stranded, unless a worker outside Park is doing
// something other than running a task: notifying, or searching.
func TestStrandedTask(t *testing.T) {
	told, gate := make(chan struct{}), make(chan struct{})
	impl := bitmap.Implementation
	impl.New = func(c impls.Config) impls.Idle { return deafIdle{bitmap.New(c), told, gate} }
	open := make(chan struct{})
	close(open)
	s, _, _ := startHeld(t, impl, 3, open)
	var activity host.Activity
	o := s.Observer(&activity)
	var spawned atomic.Bool
	end := make(chan struct{})
	empty := observedTask(&activity, func(host.Worker) {})
	// A batch, for which the canonical design wakes no searcher: no worker searches
	// before the task spawns.
	s.SubmitAll([]host.Task{observedTask(&activity, func(w host.Worker) {
		w.Spawn(empty) // into the slot
		activity.End()
		w.Spawn(empty) // displaces the other, which can be stolen
		activity.Begin()
		spawned.Store(true)
		<-end
	})})
	<-told
	for range 1000 {
		if d := o.Debt(); d != (host.Debt{Waiting: true}) {
			t.Fatalf("a worker is about to wake another: %+v", d)
		}
	}
	close(gate)
	await(t, "the task has spawned", spawned.Load)
	for range 1000 {
		if d := o.Debt(); d != (host.Debt{Waiting: true, Stranded: true}) {
			t.Fatalf("a task that can be stolen, two workers asleep, none searching: %+v", d)
		}
	}
	close(end)
	closeNow(t, s)
}

// lateQueues are what the canonical idle manager sees of the work. Once armed, the
// next look of a last searcher at the last of two cores takes long: until the gate
// is closed.
type lateQueues struct {
	impls.Queues
	armed   *atomic.Bool
	looking chan<- struct{}
	gate    <-chan struct{}
}

func (q lateQueues) Stealable(core int) bool {
	stealable := q.Queues.Stealable(core)
	caller, _, _, _ := runtime.Caller(1) // not the invariants, which look too
	if core == 1 && strings.HasSuffix(runtime.FuncForPC(caller).Name(), ".anyWork") && q.armed.CompareAndSwap(true, false) {
		q.looking <- struct{}{}
		<-q.gate
	}
	return stealable
}

// B4 of the canonical design, on the real thing: a batch of two wakes the one
// worker that is asleep, the other is on its way there, and no note is left. The
// second task is stranded until the first ends.
func TestB4IsStranded(t *testing.T) {
	var armed atomic.Bool
	looking, gate := make(chan struct{}), make(chan struct{})
	impl := bitmap.Implementation
	impl.New = func(c impls.Config) impls.Idle {
		c.Queues = lateQueues{c.Queues, &armed, looking, gate}
		return bitmap.New(c)
	}
	open := make(chan struct{})
	close(open)
	s, asleep, _ := startHeld(t, impl, 2, open)
	var activity host.Activity
	o := s.Observer(&activity)

	armed.Store(true)
	s.Submit(observedTask(&activity, func(host.Worker) {})) // its worker searches afterwards
	select {
	case <-looking:
	case <-time.After(patience):
		t.Fatal("in vain: a worker takes its last look")
	}
	await(t, "the other worker is asleep", func() bool { return asleep.Load() == 1 })
	began, end := make(chan struct{}), make(chan struct{})
	s.SubmitAll([]host.Task{
		observedTask(&activity, func(host.Worker) { close(began); <-end }),
		observedTask(&activity, func(host.Worker) {}),
	})
	<-began
	close(gate)
	for range 10_000 {
		if d := o.Debt(); d != (host.Debt{Waiting: true, Stranded: true}) {
			t.Fatalf("the rest of a batch waits beside a worker that sleeps: %+v", d)
		}
	}
	close(end)
	closeNow(t, s)
}
