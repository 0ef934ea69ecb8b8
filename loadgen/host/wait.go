//go:build !simulate

package host

import (
	"context"
	"fmt"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
)

// rest waits until everything is at rest, and sleeps meanwhile.
func (s *Scheduler) rest(ctx context.Context) error {
	pause := 10 * time.Microsecond
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for !s.AtRest() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("host: tasks have not ended: %w\n%s", context.Cause(ctx), s.State())
		case <-timer.C:
			pause = min(2*pause, time.Millisecond)
			timer.Reset(pause)
		}
	}
	return nil
}

// join waits until every worker has returned.
func (s *Scheduler) join(ctx context.Context) error {
	returned := make(chan struct{})
	go func() {
		for range s.workers {
			prim.Recv(s.returned)
		}
		close(returned)
	}()
	select {
	case <-returned:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("host: workers have not returned from Park after Shutdown: %w\n%s",
			context.Cause(ctx), s.State())
	}
}
