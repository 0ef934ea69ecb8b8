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
