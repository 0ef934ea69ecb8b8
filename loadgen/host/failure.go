package host

import (
	"fmt"
	"runtime"

	"github.com/idlebench/idlebench/impls/prim"
)

// Failed returns a channel that is closed when a task has panicked.
func (s *Scheduler) Failed() <-chan struct{} { return s.failure.failed }

// Err returns the first panic of a task so far, with its stack, and how many
// there were; nil if there was none. It may be called at any time.
func (s *Scheduler) Err() error { return s.failure.err() }

// A failure keeps the first panic of a task, and counts them all.
type failure struct {
	failed chan struct{} // closed with the first

	mu    prim.Mutex
	first error
	count int
}

func newFailure() failure { return failure{failed: make(chan struct{})} }

func (f *failure) keep(worker int, value any) {
	stack := make([]byte, 16<<10)
	stack = stack[:runtime.Stack(stack, false)]
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	if f.first == nil {
		f.first = fmt.Errorf("host: a task panicked on worker %d: %v\n%s", worker, value, stack)
		close(f.failed)
	}
}

func (f *failure) err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count > 1 {
		return fmt.Errorf("%w\nhost: %d tasks panicked in all; this was the first", f.first, f.count)
	}
	return f.first
}
