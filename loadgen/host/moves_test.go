package host

import (
	"testing"

	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
)

// fullWorker returns a worker of a scheduler with one core, whose run queue is
// full. Nothing else runs.
func fullWorker() *worker {
	s := newScheduler(Config{
		Cores: 1, Workers: 1, Idle: mutexonly.Implementation, NewParker: park.Kinds()[0].New,
	})
	w := s.workers[0]
	w.core, _ = s.idle.Park(0, nil)
	for range runQueueCap {
		w.push(&s.cores[0].queue, number(0))
	}
	return w
}

// 129 pushes and pops of the injection queue: a full run queue overflows, which
// moves 128 tasks and the new one, and the worker takes them back.
func BenchmarkOverflowAndBack(b *testing.B) {
	w := fullWorker()
	queue := &w.s.cores[0].queue
	var task Task = number(0)
	for b.Loop() {
		w.push(queue, task)
		task = w.takeInjected(runQueueCap / 2)
	}
	if queue.room() != 0 || w.s.inject.len() != 0 {
		b.Fatalf("%d tasks in the run queue, %d injected", queue.len(), w.s.inject.len())
	}
}

// A batch from outside, taken by one worker.
func BenchmarkSubmitAllAndTake(b *testing.B) {
	w := fullWorker()
	s := w.s
	queue := &s.cores[0].queue
	for queue.pop() != nil {
	}
	var tasks [runQueueCap / 2]Task
	for i := range tasks {
		tasks[i] = number(i)
	}
	for b.Loop() {
		if err := s.SubmitAll(tasks[:]); err != nil {
			b.Fatal(err)
		}
		for t := w.takeInjected(runQueueCap / 2); t != nil; t = queue.pop() {
		}
	}
}

// Without a lock the same tasks go there and back, and none is lost.
func TestOverflowWithoutLock(t *testing.T) {
	impl := mutexonly.Implementation // its events are not used
	s := newScheduler(Config{Cores: 1, Workers: 1, Idle: impl, NewParker: park.Kinds()[0].New})
	w := s.workers[0]
	w.core, _ = s.idle.Park(0, nil)
	s.free = newLockless(10)
	queue := &s.cores[0].queue
	const tasks = runQueueCap + 1
	for i := range tasks {
		w.push(queue, number(i))
	}
	if got, want := s.Injected(), runQueueCap/2+1; got != want || w.counters.Overflows != 1 {
		t.Errorf("%d tasks were injected in %d overflows, want %d in 1", got, w.counters.Overflows, want)
	}
	seen := make(map[Task]bool)
	for task := w.nextTask(); task != nil; task = w.nextTask() {
		seen[task] = true
	}
	if len(seen) != tasks || s.Injected() != 0 {
		t.Errorf("%d of %d tasks came back, %d are left", len(seen), tasks, s.Injected())
	}
}
