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

// A Result says what was explored and what was found.
type Result struct {
	Executions int // including pruned ones
	Pruned     int // executions abandoned because others cover what they would have shown
	Known      int // executions that ended in a known deadlock
	MaxSteps   int // of the longest execution
	Complete   bool
	Elapsed    time.Duration
	Failure    *Failure // nil if none was found

	// Of a replay: all steps, and where the schedule does not fit the program, if
	// it does not.
	Steps     Steps
	Deviation string

	how string // executions were chosen, if not all
}

// String returns a line.
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
	// begin is called before each execution; it may ask for clocks, histories
	// or places. end is called after it and reports whether there is another.
	begin(x *execution)
	end(x *execution) bool

	// thread chooses one of the threads that can go on, of which there is at
	// least one, or nil to abandon this execution.
	thread(x *execution, can threadSet) *thread

	// value chooses from 0 to n-1.
	value(x *execution, n int) int

	// complete says whether all was explored when end has returned false.
	complete() bool
}

var exploring sync.Mutex // held by Run

// Run explores the program until it fails, everything was explored, or a limit is
// reached. The program is called once for each execution, as its first thread.
func Run(program func(), s Strategy, l Limits) (r Result) {
	exploring.Lock()
	defer exploring.Unlock()
	if l.Steps == 0 {
		l.Steps = 10_000
	}
	r.how = "cut by a limit"
	if _, ok := s.(interface{ samples() }); ok {
		r.how = "sampled"
		if l.Executions == 0 {
			l.Executions = 10_000
		}
	}
	x := &execution{program: program, strategy: s, limit: l.Steps}
	defer x.release()
	start := time.Now()
	defer func() { r.Elapsed = time.Since(start) }()
	for {
		x.reset()
		s.begin(x)
		x.run()
		if x.exited {
			return r // and on with runtime.Goexit, from release
		}
		known := x.failure != nil && x.failure.Kind == Deadlock && l.Known != nil && l.Known(x.failure)
		if x.blind && (x.failure == nil || known) {
			x.races = true // from now on, since the program has a Var
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
		if l.Executions > 0 && r.Executions >= l.Executions || l.Time > 0 && time.Since(start) >= l.Time {
			return r
		}
	}
}
