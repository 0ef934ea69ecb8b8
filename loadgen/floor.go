package loadgen

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
)

// FloorFutex is a thread that waits on a bare futex for its one task: the lower bound
// for waking a sleeping thread on this machine.
func FloorFutex() Subject {
	return oneThread("floor", "futex", "a thread that waits on a bare futex for one task", func() waiter { return park.NewFutex() })
}

// FloorSpin is a thread that spins until its one task is there: the lower bound for any
// signal to another CPU on this machine.
func FloorSpin() Subject {
	s := oneThread("floor", "spin", "a thread that spins until its one task is there", func() waiter { return new(spinner) })
	s.Spins = true
	return s
}

// Platform is the machine itself: a thread that sleeps until its one task is there. It
// is for the workloads of package calibrate, which do not measure how it is woken.
func Platform() Subject {
	s := oneThread("platform", "none", "the machine itself, for calibration", func() waiter { return newGeneratorParker() })
	s.Platform = true
	return s
}

func oneThread(impl, park, about string, newWaiter func() waiter) Subject {
	return Subject{
		Impl:    impl,
		Park:    park,
		About:   about,
		OneTask: true,
		Start: func(set Setting) (Running, error) {
			f := &floor{waiter: newWaiter(), ended: make(chan struct{})}
			started := make(chan error)
			go f.work(set.OnStart, started)
			return f, <-started
		},
	}
}

type waiter interface {
	Park()
	Unpark()
}

// A spinner waits by polling.
type spinner struct{ token atomic.Bool }

func (s *spinner) Park() {
	for !s.token.Load() {
	}
	s.token.Store(false)
}

func (s *spinner) Unpark() { s.token.Store(true) }

// A floor is one thread with a slot for one task. Submit stores it there, and the
// waiter's token hands it over.
type floor struct {
	waiter waiter
	task   host.Task // nil ends the thread
	tasks  uint64    // tasks handed over; owned by the generator

	run   atomic.Uint64 // tasks that have ended
	ended chan struct{}
}

func (f *floor) work(onStart func(int) error, started chan<- error) {
	defer close(f.ended)
	if onStart != nil {
		if err := onStart(0); err != nil {
			started <- err
			return
		}
	}
	started <- nil
	for {
		f.waiter.Park()
		if f.task == nil {
			return
		}
		f.task.Run(floorWorker{f})
		f.run.Add(1)
	}
}

func (f *floor) Submit(t host.Task) error {
	f.task = t
	f.tasks++
	f.waiter.Unpark()
	return nil
}

// SubmitAll takes one task only.
func (f *floor) SubmitAll(tasks []host.Task) error {
	if len(tasks) != 1 {
		return fmt.Errorf("loadgen: %d tasks at once for the floor, which holds one", len(tasks))
	}
	return f.Submit(tasks[0])
}

func (f *floor) Settle(ctx context.Context) error {
	for f.run.Load() != f.tasks {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return nil
}

func (f *floor) Counters() host.Counters { return host.Counters{} }

func (f *floor) Close(ctx context.Context) error {
	if err := f.Settle(ctx); err != nil {
		return err
	}
	f.task = nil
	f.waiter.Unpark()
	select {
	case <-f.ended:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (f *floor) State() string {
	if f.run.Load() == f.tasks {
		return "the thread waits"
	}
	return "the thread has not run its task"
}

// A floorWorker is the thread as its task sees it.
type floorWorker struct{ f *floor }

func (w floorWorker) ID() int { return 0 }

// Spawn and Yield panic: there is only one slot, and the running task occupies it.
func (w floorWorker) Spawn(host.Task) { panic("loadgen: a task of the floor spawned another") }
func (w floorWorker) Yield(host.Task) { panic("loadgen: a task of the floor yielded") }
