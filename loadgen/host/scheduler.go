package host

import (
	"errors"
	"fmt"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// ErrClosed is returned for a task that arrived after Close was called. It was not
// accepted and will not run.
var ErrClosed = errors.New("host: the scheduler is closed")

// segmentSize is the number of tasks in each segment of a queue without a lock: few
// allocations, and little memory for an empty queue.
const segmentSize = 256

// MaxCores is the largest number of cores that a scheduler can have.
const MaxCores = 1024

// A Config says what scheduler to start.
type Config struct {
	// Cores is the number of tasks that may run at once, from 1 to MaxCores.
	Cores int

	// Workers is the number of workers, at least Cores.
	Workers int

	// Idle is the idle manager to host.
	Idle impls.Implementation

	// NewParker makes a parker for each worker. It is not called if the idle
	// manager prescribes its own, and may be nil then.
	NewParker func() impls.Parker

	// OnStart, unless nil, is called on each worker's goroutine before anything else,
	// in no particular order; it may lock and pin the thread. If it fails for one
	// worker, Start fails.
	OnStart func(worker int) error

	// Seed determines the order in which thieves visit their victims.
	Seed uint64

	// Options are the steps in which hosts differ.
	Options Options
}

func (c Config) validate() error {
	switch {
	case c.Cores < 1 || c.Cores > MaxCores:
		return fmt.Errorf("host: %d cores: want 1 to %d", c.Cores, MaxCores)
	case c.Workers < c.Cores:
		return fmt.Errorf("host: %d workers for %d cores: every core needs a worker", c.Workers, c.Cores)
	case c.Idle.New == nil:
		return errors.New("host: no idle manager")
	case c.Idle.Parker == "" && c.NewParker == nil:
		return fmt.Errorf("host: idle manager %s needs parkers, and none was given", c.Idle.Name)
	}
	return c.Options.validate()
}

// A Scheduler runs tasks on a fixed number of workers. Its methods may be called from
// anywhere except tasks, which use [Worker].Spawn.
type Scheduler struct {
	// Not written while tasks run.
	idle     impls.Idle
	snapshot func(*impls.Snapshot) // nil if the idle manager offers none
	options  Options
	cores    []coreState
	workers  []*worker
	_        [impls.CacheLine]byte

	lock   impls.Mutex // guards inject; the idle manager's too
	inject injection
	_      [impls.CacheLine]byte
	free   *lockless // used in place of lock and inject if the idle manager keeps no lock, else nil

	returned prim.Chan[struct{}] // has a value for each worker that has returned
	failure  failure
	closing  prim.Mutex // held by Close, and guards the next two
	called   bool       // Close has been
	closed   error      // what Close found
	ending   Ending
}

// A coreState is the state that belongs to a core and moves with it from worker to
// worker.
type coreState struct {
	queue runQueue
	next  Task // the task published last, unless the slot is stealable
	slot  slot // the same if it is

	shutDown prim.Int32 // how often the core was shut down; 1 in the end

	_ [impls.CacheLine]byte // the next core's holder is on another CPU
}

// Start makes a scheduler and starts its workers.
func Start(c Config) (*Scheduler, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	c.Workers += c.Options.Spare
	s := newScheduler(c)
	if err := s.start(c); err != nil {
		return nil, err
	}
	return s, nil
}

// newScheduler returns a scheduler whose workers have not been started.
func newScheduler(c Config) *Scheduler {
	s := &Scheduler{
		inject:   newInjection(),
		cores:    make([]coreState, c.Cores),
		workers:  make([]*worker, c.Workers),
		returned: prim.MakeChan[struct{}](c.Workers),
		failure:  newFailure(),
		options:  c.Options,
	}
	s.lock.Kind = c.Options.Lock
	ic := impls.Config{
		Cores:   make([]*impls.Core, c.Cores),
		Workers: c.Workers,
		Queues:  s,
	}
	if c.Idle.Lockless {
		s.free = newLockless(segmentSize)
	} else {
		ic.Lock = &s.lock
	}
	for i := range ic.Cores {
		ic.Cores[i] = &impls.Core{Index: i}
	}
	if c.Idle.Parker == "" {
		for range c.Workers {
			ic.Parkers = append(ic.Parkers, c.NewParker())
		}
	}
	s.idle = c.Idle.New(ic)
	if snapshotter, ok := s.idle.(impls.Snapshotter); ok {
		s.snapshot = snapshotter.Snapshot
	}
	for i := range s.workers {
		s.workers[i] = newWorker(s, i, c.Seed)
	}
	return s
}

// start starts the workers. If one cannot be started, all stop.
func (s *Scheduler) start(c Config) error {
	started := prim.MakeChan[error](c.Workers)
	begin := prim.MakeChan[bool](c.Workers)
	for _, w := range s.workers {
		prim.Go(func() {
			defer func() { prim.Send(s.returned, struct{}{}) }() // also after a runtime.Goexit in a task
			var err error
			if c.OnStart != nil {
				err = c.OnStart(w.id)
			}
			prim.Send(started, err)
			if prim.Recv(begin) {
				w.work()
			}
		})
	}
	var errs []error
	for range s.workers {
		errs = append(errs, prim.Recv(started))
	}
	err := errors.Join(errs...)
	for range s.workers {
		prim.Send(begin, err == nil)
	}
	if err != nil {
		for range s.workers {
			prim.Recv(s.returned)
		}
	}
	return err
}

// Submit adds a task from outside. The only error is [ErrClosed].
func (s *Scheduler) Submit(t Task) error {
	if s.free != nil {
		if !s.free.publish(t) {
			return ErrClosed
		}
		s.idle.NotifyRemote()
		return nil
	}
	s.lock.Lock()
	if s.inject.closed {
		s.lock.Unlock()
		return ErrClosed
	}
	s.inject.push(t)
	s.idle.NotifyRemote() // unlocks
	return nil
}

// SubmitAll adds tasks from outside, all at once, or with [SubmitEach] one after the
// other. The only error is [ErrClosed]; then none was accepted or, with SubmitEach,
// possibly the first few.
func (s *Scheduler) SubmitAll(tasks []Task) error {
	if len(tasks) == 0 {
		return nil
	}
	if s.options.Submission == SubmitEach {
		return s.submitEach(tasks)
	}
	if s.free != nil {
		if !s.free.publish(tasks...) {
			return ErrClosed
		}
		s.idle.NotifyMult(len(tasks))
		return nil
	}
	s.lock.Lock()
	if s.inject.closed {
		s.lock.Unlock()
		return ErrClosed
	}
	s.inject.push(tasks...)
	s.idle.NotifyMult(len(tasks)) // unlocks
	return nil
}

func (s *Scheduler) submitEach(tasks []Task) error {
	for _, t := range tasks {
		if err := s.Submit(t); err != nil {
			return err
		}
	}
	return nil
}

// Nudge notifies the idle manager of a task from outside that does not exist. It may be
// called at any time, even after the scheduler was closed: a manager must tolerate late
// notifications (D6).
func (s *Scheduler) Nudge() {
	if s.free == nil {
		s.lock.Lock()
	}
	s.idle.NotifyRemote() // unlocks
}

// Injected returns the number of tasks in the injection queue, for the idle
// manager.
func (s *Scheduler) Injected() int {
	if s.free != nil {
		return s.free.len()
	}
	return s.inject.len()
}

// Stealable reports whether a thief would find a task at a core, for the idle
// manager.
func (s *Scheduler) Stealable(core int) bool {
	c := &s.cores[core]
	return c.queue.len() > 0 || s.options.Slot == SlotStealable && c.slot.full()
}
