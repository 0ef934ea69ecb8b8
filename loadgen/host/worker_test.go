package host_test

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
)

func plain() host.Config {
	return host.Config{Idle: mutexonly.Implementation, NewParker: park.Kinds()[0].New}
}

// A task that yields comes back at each maintenance, though the injection queue
// is never empty, and the counters are published then.
func TestMaintenanceUnderLoad(t *testing.T) {
	s := start(t, plain(), 1, 1)
	const others = 20_000
	var ran, yields int // by the one worker only
	var published uint64
	var yielder taskFunc
	yielder = func(w host.Worker) {
		yields++
		if ran < others {
			w.Yield(yielder)
		}
	}
	other := taskFunc(func(host.Worker) {
		if ran++; ran == others/2 {
			published = s.Counters().Tasks
		}
	})
	tasks := []host.Task{yielder}
	for range others {
		tasks = append(tasks, other)
	}
	if err := s.SubmitAll(tasks); err != nil {
		t.Fatal(err)
	}
	closeNow(t, s)
	if want := others / 100; yields < want {
		t.Errorf("the task that yields ran %d times beside %d others, want at least %d", yields, others, want)
	}
	if want := uint64(others/2 - 200); published < want {
		t.Errorf("%d tasks were counted after %d, want at least %d", published, others/2, want)
	}
}

// A task that was injected does not wait for a worker that always has tasks of
// its own.
func TestInjectedTaskIsNotStarved(t *testing.T) {
	s := start(t, plain(), 1, 1)
	const limit = 1_000_000
	var injected atomic.Bool
	spawned := 0
	var spawner taskFunc
	spawner = func(w host.Worker) {
		if spawned++; !injected.Load() && spawned < limit {
			w.Spawn(spawner)
		}
	}
	tasks := []host.Task{taskFunc(func(w host.Worker) { w.Spawn(spawner) })}
	for range 1000 { // more than the worker takes at once
		tasks = append(tasks, taskFunc(func(host.Worker) {}))
	}
	s.SubmitAll(append(tasks, taskFunc(func(host.Worker) { injected.Store(true) })))
	closeNow(t, s)
	if spawned == limit {
		t.Error("an injected task waited for the spawned ones")
	}
}

// A panic in a task is reported while the scheduler runs, and in its state.
func TestFailureIsToldAtOnce(t *testing.T) {
	s := start(t, plain(), 1, 1)
	if err := s.Err(); err != nil {
		t.Fatalf("before any task: %v", err)
	}
	s.Submit(taskFunc(func(host.Worker) { panic("the first") }))
	settle(t, s)
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "the first") {
		t.Errorf("Err: %v", err)
	}
	if state := s.State(); !strings.Contains(state, "the first") {
		t.Errorf("the state does not tell of the panic: %s", state)
	}
	select {
	case <-s.Failed():
	default:
		t.Error("Failed is not closed")
	}
	if err := s.Close(t.Context()); err == nil {
		t.Error("Close does not tell of the panic")
	}
}

// A task that ends its goroutine takes the worker with it, which cannot be prevented.
// It is reported.
func TestGoexitIsReported(t *testing.T) {
	s := start(t, plain(), 1, 1)
	s.Submit(taskFunc(func(host.Worker) { runtime.Goexit() }))
	<-s.Failed()
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "runtime.Goexit was called") {
		t.Errorf("Err: %v", err)
	}
}
