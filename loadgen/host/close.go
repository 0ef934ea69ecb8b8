package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// settleLook is how long Settle polls before it begins to sleep between two checks.
// Waking from a timer takes a goroutine that is locked to its thread up to a
// millisecond, which would be most of the time of a close.
const settleLook = int64(time.Millisecond)

// Settle waits until everything is at rest: every accepted task has run and every
// worker is parked. No tasks may be submitted meanwhile. If the context ends first, the
// error contains the scheduler's state.
func (s *Scheduler) Settle(ctx context.Context) error {
	for end := latency.Now() + settleLook; latency.Now() < end; cpu.Yield() {
		if s.AtRest() {
			return nil
		}
	}
	return s.rest(ctx)
}

// AtRest reports whether, at some instant during the call, every worker was in Park and
// no task was in the injection queue. A worker enters Park with empty queues only, so
// then there was no task at all. Phases only grow, so if they add up to the same twice,
// each stayed as it was in between, and there was such an instant. What a worker does
// inside Park, such as spinning for a while before it sleeps, is up to the idle manager
// and its parker. It may still let the worker out again, because of a note, or because
// a wake-up is in flight: then Phases grows.
func (s *Scheduler) AtRest() bool {
	before := s.Phases()
	for _, w := range s.workers {
		if w.phase.Load()%2 == 0 {
			return false
		}
	}
	return s.quiet() && s.Injected() == 0 && s.Phases() == before
}

// quiet reports whether no task is being submitted. Under the lock none is.
func (s *Scheduler) quiet() bool { return s.free == nil || s.free.quiet() }

// Phases returns a number that grows whenever a worker enters or leaves Park.
func (s *Scheduler) Phases() (sum uint64) {
	for _, w := range s.workers {
		sum += uint64(w.phase.Load())
	}
	return sum
}

// Close refuses further tasks, waits until the accepted ones have run, shuts the idle
// manager down and waits until every worker has returned. Its error reports tasks that
// panicked, and violations by the idle manager. If the context ends first, the error
// contains the scheduler's state, and whatever still runs is abandoned. Later calls
// return the result of the first one.
func (s *Scheduler) Close(ctx context.Context) error {
	s.closing.Lock()
	defer s.closing.Unlock()
	if !s.called {
		s.called = true
		s.closed = s.close(ctx)
	}
	return s.closed
}

func (s *Scheduler) close(ctx context.Context) error {
	s.ending.Called = latency.Now()
	if s.free != nil {
		s.free.close()
	} else {
		s.lock.Lock()
		s.inject.closed = true
		s.lock.Unlock()
	}
	if err := s.Settle(ctx); err != nil {
		return err
	}
	s.ending.Shutdown = latency.Now()
	for _, core := range s.idle.Shutdown() {
		s.shutDown(core)
	}
	s.ending.Returned = latency.Now()
	if err := s.join(ctx); err != nil {
		return err
	}
	for _, w := range s.workers {
		s.ending.Returned = max(s.ending.Returned, w.returned)
	}
	errs := []error{s.Err()}
	for i := range s.cores {
		if n := s.cores[i].shutDown.Load(); n != 1 {
			errs = append(errs, fmt.Errorf("host: core %d was shut down %d times, not once (D3)", i, n))
		}
	}
	return errors.Join(errs...)
}

// An Ending says when a scheduler ended, in readings of latency.Now.
type Ending struct {
	Called   int64 // Close was called
	Shutdown int64 // everything was at rest, and Shutdown of the idle manager was called
	Returned int64 // every worker had returned, and every core was shut down
}

// Ending returns when the scheduler ended. It is valid after [Scheduler.Close]
// has returned without having been cut short.
func (s *Scheduler) Ending() Ending { return s.ending }

func (s *Scheduler) shutDown(core *impls.Core) { s.cores[core.Index].shutDown.Add(1) }

// State describes the scheduler for a person who has to find out why it hangs. It may
// be called at any time, and waits for no lock that a worker needs.
func (s *Scheduler) State() string {
	var b strings.Builder
	c := s.Counters()
	fmt.Fprintf(&b, "injection queue: %d tasks; counted so far: %+v\n", s.Injected(), c)
	for _, w := range s.workers {
		state := "runs"
		if w.phase.Load()%2 == 1 {
			state = "is parked or done"
		}
		fmt.Fprintf(&b, "worker %d %s\n", w.id, state)
	}
	if err := s.Err(); err != nil {
		fmt.Fprintln(&b, err)
	}
	for i := range s.cores {
		core := &s.cores[i]
		if n := core.queue.len(); n > 0 {
			fmt.Fprintf(&b, "core %d: %d tasks in the run queue\n", i, n)
		}
		if core.shutDown.Load() > 0 {
			fmt.Fprintf(&b, "core %d is shut down\n", i)
		}
	}
	return b.String()
}
