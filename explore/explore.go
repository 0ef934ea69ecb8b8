package explore

import (
	"fmt"
	"sync"
	"time"
)

// Limits end an exploration early. Zero fields have the defaults.
type Limits struct {
	Executions int           // default: none for depth-first strategies, 10,000 for random ones
	Steps      int           // of one execution; more are a failure; default 10,000
	Time       time.Duration // default: none

	// Known reports whether a deadlock is known. Then it is counted, and the
	// exploration goes on. Default: none is.
	Known func(*Failure) bool
}

// A Result says what was explored, and what was found.
type Result struct {
	Executions int // including pruned ones
	Pruned     int // executions that were cut, as others cover what they would have shown
	Known      int // executions that ended in a known deadlock
	MaxSteps   int // of the longest execution
	Complete   bool
	Elapsed    time.Duration
	Failure    *Failure // nil if none was found

	// Of a replay: all steps, and where the schedule does not fit the program, or
	// empty.
	Steps     Steps
	Deviation string

	how string // executions were chosen, if not all
}

// String says it in one line.
func (r Result) String() string {
	elapsed := r.Elapsed.Round(time.Millisecond)
	if r.Failure != nil {
		return fmt.Sprintf("failed (%s) in execution %d of at most %d steps, %v", r.Failure.Kind, r.Executions, r.MaxSteps, elapsed)
	}
	covered := r.how
	if r.Complete {
		covered = "complete"
	}
	if r.Known > 0 {
		covered += fmt.Sprintf(", %d known deadlocks", r.Known)
	}
	return fmt.Sprintf("%d executions, at most %d steps, %s, %v", r.Executions, r.MaxSteps, covered, elapsed)
}

// A Strategy chooses schedules.
type Strategy interface {
	// begin is called before each execution, end after it; end reports
	// whether there is another.
	begin(x *execution)
	end(x *execution) bool

	// thread chooses one of the threads that can go on, in the order of their
	// numbers, or nil to give this execution up. There is at least one.
	thread(x *execution, can []*thread) *thread

	// value chooses from 0 to n-1.
	value(x *execution, n int) int

	// complete says whether all was explored when end has returned false.
	complete() bool
}

var exploring sync.Mutex // held by Run

// Run explores the program until it fails, all was explored, or a limit is
// reached. The program is called once for each execution, as its first thread.
func Run(program func(), s Strategy, l Limits) Result {
	exploring.Lock()
	defer exploring.Unlock()
	if l.Steps == 0 {
		l.Steps = 10_000
	}
	r := Result{how: "cut by a limit"}
	if _, ok := s.(interface{ draws() }); ok {
		r.how = "drawn"
		if l.Executions == 0 {
			l.Executions = 10_000
		}
	}
	start := time.Now()
	races := false // until a Var is touched, nobody wants to know
	var x *execution
	defer func() { x.release() }()
	for {
		x = newExecution(program, s, l.Steps, races, x)
		s.begin(x)
		x.run()
		known := x.failure != nil && x.failure.Kind == Deadlock && l.Known != nil && l.Known(x.failure)
		if x.blind && (x.failure == nil || known) {
			races = true
			continue
		}
		r.Executions++
		if x.pruned {
			r.Pruned++
		}
		if known {
			r.Known++
		}
		r.MaxSteps = max(r.MaxSteps, len(x.trace))
		r.Elapsed = time.Since(start)
		more := s.end(x)
		if replay, ok := s.(*replay); ok {
			r.how, r.Steps, r.Deviation = "replayed", x.steps(), replay.deviation
		}
		if x.failure != nil && !known {
			r.Failure = x.failure
			return r
		}
		if !more {
			r.Complete = s.complete()
			return r
		}
		if l.Executions > 0 && r.Executions >= l.Executions || l.Time > 0 && r.Elapsed >= l.Time {
			return r
		}
	}
}
