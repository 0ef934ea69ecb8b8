package host_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
)

// patience is how long a test waits for what must happen. It is only ever
// waited out by a hang.
const patience = 30 * time.Second

type taskFunc func(w host.Worker)

func (f taskFunc) Run(w host.Worker) { f(w) }

// forEach runs a test with every idle manager and parker that this system has, and
// with one parker for the designs that are measured on request: each with the default host,
// and with one in which every option is another.
func forEach(t *testing.T, test func(t *testing.T, c host.Config)) {
	other := host.Tokio()
	other.Slot = host.SlotStealable
	each := func(name string, c host.Config) {
		t.Run(name, func(t *testing.T) { test(t, c) })
		c.Options = other
		t.Run(name+"/"+other.String(), func(t *testing.T) { test(t, c) })
	}
	for _, impl := range builtin.Implementations() {
		if impl.Parker != "" {
			each(impl.Name, host.Config{Idle: impl})
			continue
		}
		for _, kind := range park.Kinds() {
			if kind.Missing != "" || kind.Spins {
				continue // as many workers as here cannot spin
			}
			each(impl.Name+"/"+kind.Name, host.Config{Idle: impl, NewParker: kind.New})
		}
	}
	for _, impl := range builtin.Others() {
		each(impl.Name, host.Config{Idle: impl, NewParker: park.Kinds()[0].New})
	}
}

func start(t *testing.T, c host.Config, cores, workers int) *host.Scheduler {
	t.Helper()
	c.Cores, c.Workers, c.Seed = cores, workers, 1
	s, err := host.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeNow(t *testing.T, s *host.Scheduler) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

// Every accepted task runs once, whichever thread publishes it and however the
// publishers race with the workers and with Close.
func TestEveryTaskRunsOnce(t *testing.T) {
	forEach(t, func(t *testing.T, c host.Config) {
		for _, size := range []struct{ cores, workers int }{{1, 1}, {1, 2}, {2, 2}, {3, 5}, {8, 8}} {
			s := start(t, c, size.cores, size.workers)
			const producers, each, children = 3, 300, 3
			var runs [producers * each * (1 + children)]atomic.Int32
			var accepted atomic.Int64
			var wg sync.WaitGroup
			for p := range producers {
				wg.Go(func() {
					var batch []host.Task
					for i := range each {
						first := (p*each + i) * (1 + children)
						task := taskFunc(func(w host.Worker) {
							runs[first].Add(1)
							for child := 1; child <= children; child++ {
								w.Spawn(taskFunc(func(host.Worker) { runs[first+child].Add(1) }))
							}
						})
						if i%5 == 4 {
							batch = append(batch, task)
							continue
						}
						if s.Submit(task) == nil {
							accepted.Add(1)
						}
					}
					if s.SubmitAll(batch) == nil {
						accepted.Add(int64(len(batch)))
					}
				})
			}
			wg.Wait()
			closeNow(t, s)
			for i := range runs {
				if n := runs[i].Load(); n != 1 {
					t.Fatalf("%d cores, %d workers: task %d ran %d times", size.cores, size.workers, i, n)
				}
			}
			if got, want := s.Counters().Tasks, uint64(len(runs)); got != want {
				t.Errorf("%d cores, %d workers: counted %d tasks of %d", size.cores, size.workers, got, want)
			}
		}
	})
}

// Close accepts no task after it began, and runs each that was accepted before.
func TestCloseRacesWithSubmit(t *testing.T) {
	forEach(t, func(t *testing.T, c host.Config) {
		for range 20 {
			s := start(t, c, 2, 3)
			var ran, accepted atomic.Int64
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					for {
						err := s.Submit(taskFunc(func(host.Worker) { ran.Add(1) }))
						if errors.Is(err, host.ErrClosed) {
							return
						}
						accepted.Add(1)
					}
				})
			}
			closeNow(t, s)
			wg.Wait()
			if ran.Load() != accepted.Load() {
				t.Fatalf("%d tasks were accepted, %d ran", accepted.Load(), ran.Load())
			}
			if err := s.SubmitAll([]host.Task{taskFunc(nil)}); !errors.Is(err, host.ErrClosed) {
				t.Fatalf("SubmitAll after Close returned %v", err)
			}
		}
	})
}

// A run queue that overflows loses nothing.
func TestOverflow(t *testing.T) {
	forEach(t, func(t *testing.T, c host.Config) {
		s := start(t, c, 1, 1) // no worker steals
		var ran atomic.Int64
		const n = 2000
		s.Submit(taskFunc(func(w host.Worker) {
			for range n {
				w.Spawn(taskFunc(func(host.Worker) { ran.Add(1) }))
			}
		}))
		closeNow(t, s)
		if ran.Load() != n {
			t.Errorf("%d of %d tasks ran", ran.Load(), n)
		}
		if s.Counters().Overflows == 0 {
			t.Error("the run queue did not overflow")
		}
	})
}

// A task that waits for others, published before and after it, gets them run
// by other workers: the pool does reach its parallelism.
func TestBlockedTasksRunInParallel(t *testing.T) {
	forEach(t, func(t *testing.T, c host.Config) {
		const cores = 4
		s := start(t, c, cores, cores)
		for range 20 {
			var barrier sync.WaitGroup
			barrier.Add(cores)
			var tasks []host.Task
			for range cores {
				tasks = append(tasks, taskFunc(func(host.Worker) { barrier.Done(); barrier.Wait() }))
			}
			for _, task := range tasks {
				s.Submit(task)
			}
			settle(t, s)
		}
		closeNow(t, s)
	})
}

func settle(t *testing.T, s *host.Scheduler) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestPanicIsReported(t *testing.T) {
	s := start(t, host.Config{Idle: mutexonly.Implementation, NewParker: park.Kinds()[0].New}, 1, 1)
	var after atomic.Bool
	s.Submit(taskFunc(func(host.Worker) { panic("the first") }))
	s.Submit(taskFunc(func(host.Worker) { panic("the second") }))
	s.Submit(taskFunc(func(host.Worker) { after.Store(true) }))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := s.Close(ctx)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"the first", "host_test.go", "2 tasks panicked"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	if !after.Load() {
		t.Error("the panic stopped the worker")
	}
	if again := s.Close(ctx); again == nil || again.Error() != err.Error() {
		t.Errorf("Close the second time returned %v", again)
	}
}

// A hang is reported with the state, not waited out.
func TestHangIsReported(t *testing.T) {
	s := start(t, host.Config{Idle: mutexonly.Implementation, NewParker: park.Kinds()[0].New}, 1, 1)
	release := make(chan struct{})
	running := make(chan struct{})
	s.Submit(taskFunc(func(host.Worker) { close(running); <-release }))
	<-running
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("the test gave up"))
	err := s.Close(ctx)
	for _, want := range []string{"the test gave up", "worker 0 runs"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	close(release)
}

// losesCore is an idle manager that forgets cores when it closes.
type losesCore struct{ impls.Idle }

func (l losesCore) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	c, reason := l.Idle.Park(w, c)
	if reason == impls.Closed {
		c = nil
	}
	return c, reason
}

func TestLostCoreIsReported(t *testing.T) {
	impl := mutexonly.Implementation
	impl.New = func(c impls.Config) impls.Idle { return losesCore{mutexonly.New(c)} }
	s := start(t, host.Config{Idle: impl, NewParker: park.Kinds()[0].New}, 1, 1)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := s.Close(ctx)
	if want := "core 0 was shut down 0 times"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

func TestConfigErrors(t *testing.T) {
	good := host.Config{Cores: 1, Workers: 1, Idle: mutexonly.Implementation, NewParker: park.Kinds()[0].New}
	for _, test := range []struct {
		name string
		edit func(*host.Config)
		want string
	}{
		{"no cores", func(c *host.Config) { c.Cores = 0 }, "0 cores: want 1 to 1024"},
		{"many cores", func(c *host.Config) { c.Cores = 1025 }, "1025 cores"},
		{"few workers", func(c *host.Config) { c.Cores = 2 }, "1 workers for 2 cores"},
		{"no idle manager", func(c *host.Config) { c.Idle = impls.Implementation{} }, "no idle manager"},
		{"no parkers", func(c *host.Config) { c.NewParker = nil }, "mutexonly needs parkers"},
		{"a worker that cannot start", func(c *host.Config) {
			c.OnStart = func(w int) error { return fmt.Errorf("no CPU for worker %d", w) }
		}, "no CPU for worker 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := good
			test.edit(&c)
			_, err := host.Start(c)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}
