package host

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
)

// hasBug is an idle manager with a bug.
type hasBug struct{ impls.Idle }

func (hasBug) Search(*impls.Core) bool { panic("the manager's bug") }

// A panic of the idle manager is not taken for a task's: it ends the process.
func TestManagersPanicGoesOn(t *testing.T) {
	s := newScheduler(Config{
		Cores: 1, Workers: 1, NewParker: park.Kinds()[0].New,
		Idle: impls.Implementation{New: func(c impls.Config) impls.Idle { return hasBug{mutexonly.New(c)} }},
	})
	defer func() {
		if r := recover(); r != "the manager's bug" {
			t.Errorf("the worker panicked with %v", r)
		}
		if err := s.Err(); err != nil {
			t.Errorf("kept as a task's: %v", err)
		}
	}()
	s.workers[0].work()
}
