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
}

// A Result says what was explored, and what was found.
type Result struct {
	Executions int // including pruned ones
	Pruned     int // executions that were cut, as others cover what they would have shown
	MaxSteps   int // of the longest execution
	Complete   bool
	Elapsed    time.Duration
	Failure    *Failure // nil if none was found
}

// String says it in one line.
func (r Result) String() string {
	covered := "cut by a limit"
	if r.Complete {
		covered = "complete"
	}
	s := fmt.Sprintf("%d executions, at most %d steps, %s, %v", r.Executions, r.MaxSteps, covered, r.Elapsed.Round(time.Millisecond))
	if r.Failure != nil {
		s = fmt.Sprintf("failed (%s) in execution %d of at most %d steps, %v", r.Failure.Kind, r.Executions, r.MaxSteps, r.Elapsed.Round(time.Millisecond))
	}
	return s
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
	if _, random := s.(interface{ random() }); random && l.Executions == 0 {
		l.Executions = 10_000
	}
	var r Result
	start := time.Now()
	races := false // until a Var is touched, nobody wants to know
	var x *execution
	for {
		x = newExecution(program, s, l.Steps, races, x)
		s.begin(x)
		x.run()
		if x.blind && x.failure == nil {
			races = true
			continue
		}
		r.Executions++
		if x.pruned {
			r.Pruned++
		}
		r.MaxSteps = max(r.MaxSteps, len(x.trace))
		r.Elapsed = time.Since(start)
		if x.failure != nil {
			r.Failure = x.failure
			return r
		}
		if !s.end(x) {
			r.Complete = s.complete()
			return r
		}
		if l.Executions > 0 && r.Executions >= l.Executions || l.Time > 0 && r.Elapsed >= l.Time {
			return r
		}
	}
}
