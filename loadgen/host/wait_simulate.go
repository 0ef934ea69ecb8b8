//go:build simulate

package host

import (
	"context"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/cpu"
)

// rest waits until everything is at rest. It needs no context: a simulation in which
// nothing moves any more ends by itself.
func (s *Scheduler) rest(context.Context) error {
	for !s.AtRest() {
		cpu.Sleep(10 * time.Microsecond)
	}
	return nil
}

// join waits until every worker has returned.
func (s *Scheduler) join(context.Context) error {
	for range s.workers {
		prim.Recv(s.returned)
	}
	return nil
}
