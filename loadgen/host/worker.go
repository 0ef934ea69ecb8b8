package host

import (
	"math/rand/v2"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/internal/invariants"
	"github.com/idlebench/idlebench/internal/prim"
	"github.com/idlebench/idlebench/loadgen/latency"
)

const (
	// globalInterval is how many tasks a worker runs before it looks at the
	// injection queue first, so that tasks which keep spawning others cannot
	// starve it. Tokio's initial value.
	globalInterval = 61

	// maintenanceInterval is how many tasks a worker runs before it publishes
	// its counters and looks at the tasks that yielded. Tokio's event interval.
	maintenanceInterval = 61

	// maxNextRuns is how many tasks in a row are taken from the slot, before
	// tasks bypass it, so that two that spawn each other cannot starve the run
	// queue. Tokio's value.
	maxNextRuns = 3
)

type worker struct {
	id   int
	s    *Scheduler
	core *impls.Core // held; nil when parked or done

	tick     uint32 // tasks run, modulo 2³²
	nextRuns int    // tasks in a row that were taken from the slot
	woken    bool   // woken, and has run no task yet
	deferred []Task // have yielded; run when nothing else is left on the core
	counters Counters
	rng      *rand.Rand
	snapshot impls.Snapshot

	_         [impls.CacheLine]byte
	published Counters
	phase     prim.Uint32 // odd while the worker is in Park or done; only grows
	returned  int64       // when the worker returned, by latency.Now
	_         [impls.CacheLine]byte
}

func newWorker(s *Scheduler, id int, seed uint64) *worker {
	w := &worker{id: id, s: s, rng: rand.New(rand.NewPCG(seed, uint64(id)))}
	w.snapshot.Resize(len(s.cores))
	return w
}

// ID returns the worker's number.
func (w *worker) ID() int { return w.id }

// work runs tasks until the scheduler closes.
func (w *worker) work() {
	w.park()
	for w.core != nil {
		w.runTasks()
	}
	w.returned = latency.Now()
}

// runTasks runs tasks until the scheduler closes, or one panics: then it keeps
// the panic for Close to report.
func (w *worker) runTasks() {
	defer func() {
		if r := recover(); r != nil {
			w.s.failure.keep(w.id, r)
		}
	}()
	for w.core != nil {
		t := w.nextTask()
		if t == nil {
			t = w.search()
		}
		if t == nil {
			w.park()
			continue
		}
		w.run(t)
	}
}

func (w *worker) run(t Task) {
	if w.core.Searching {
		w.s.idle.Found(w.core)
	}
	w.woken = false
	w.counters.Tasks++
	w.tick++
	if w.tick%maintenanceInterval == 0 {
		w.publish()
	}
	t.Run(w)
}

// nextTask takes a task from the worker's own queues or the injection queue.
func (w *worker) nextTask() Task {
	core := &w.s.cores[w.core.Index]
	if w.tick%maintenanceInterval == 0 && len(w.deferred) > 0 {
		w.tick++ // else the next call would come here again
		return w.takeDeferred()
	}
	if w.tick%globalInterval == globalInterval-1 {
		if t := w.takeInjected(1); t != nil {
			w.tick++ // else the next call would look there first again
			return t
		}
	}
	if t := core.next; t != nil {
		core.next = nil
		w.nextRuns++
		return t
	}
	w.nextRuns = 0
	if t := core.queue.pop(); t != nil {
		return t
	}
	if t := w.takeInjected(runQueueCap / 2); t != nil {
		return t
	}
	return w.takeDeferred()
}

// takeDeferred takes the task that yielded last, and publishes the others, since
// they have become all there is to do.
func (w *worker) takeDeferred() Task {
	n := len(w.deferred) - 1
	if n < 0 {
		return nil
	}
	t := w.deferred[n]
	w.deferred = w.deferred[:n]
	if n > 0 {
		core := &w.s.cores[w.core.Index]
		for _, other := range w.deferred {
			w.push(&core.queue, other)
		}
		w.deferred = w.deferred[:0]
		w.s.idle.NotifyLocal(w.core)
	}
	return t
}

// takeInjected takes its share of the injection queue, at most limit tasks: it
// returns the first and moves the others to the run queue.
func (w *worker) takeInjected(limit int) Task {
	s := w.s
	if s.inject.len() == 0 {
		return nil
	}
	queue := &s.cores[w.core.Index].queue
	s.lock.Lock()
	defer s.lock.Unlock()
	length := s.inject.len()
	if length == 0 {
		return nil
	}
	// One goes to the caller, so there may be one more than there is room.
	n := min(length/len(s.cores)+1, length, limit, queue.room()+1)
	t := s.inject.pop()
	for range n - 1 {
		// Under the lock: a worker that finds the injection queue empty, under
		// the lock, must find these when it looks at the run queues.
		queue.push(s.inject.pop())
	}
	return t
}

// Spawn publishes a task on the worker's core. The task spawned last goes to
// the slot: it runs next, while its data are in the cache. It needs nobody to be
// woken, since nobody else could take it; the one that it displaces does.
func (w *worker) Spawn(t Task) {
	core := &w.s.cores[w.core.Index]
	if w.nextRuns < maxNextRuns {
		t, core.next = core.next, t
		if t == nil {
			return
		}
	}
	w.push(&core.queue, t)
	w.s.idle.NotifyLocal(w.core)
}

// Yield keeps a task until the core has nothing else to do, or until the next
// maintenance.
func (w *worker) Yield(t Task) { w.deferred = append(w.deferred, t) }

// push appends a task to the run queue, or moves half of it to the injection
// queue if it is full.
func (w *worker) push(q *runQueue, t Task) {
	for q.room() == 0 {
		first, ok := q.claimHalf()
		s := w.s
		if !ok {
			if q.len() == runQueueCap {
				continue // lost to a thief that is done already
			}
			// A thief is copying. Do not wait for it.
			s.lock.Lock()
			s.inject.push(t)
			s.lock.Unlock()
			return
		}
		w.counters.Overflows++
		s.lock.Lock()
		for i := range uint32(runQueueCap / 2) {
			s.inject.push(q.slot(first + i).Get())
		}
		s.lock.Unlock()
	}
	q.push(t)
}

// park gives the core back to the idle manager until there is something to do.
// When the scheduler has closed it leaves the worker without a core.
func (w *worker) park() {
	if invariants.Enabled && w.core != nil {
		if core := &w.s.cores[w.core.Index]; core.next != nil || core.queue.len() > 0 || len(w.deferred) > 0 {
			panic("host: a core with tasks was parked (S5)")
		}
	}
	w.counters.Parks++
	if w.woken {
		w.counters.NoopWakes++
	}
	w.publish()
	w.phase.Add(1)
	core, reason := w.s.idle.Park(w.id, w.core)
	if reason == impls.Closed {
		if core != nil {
			w.s.shutDown(core)
		}
		w.core = nil
		return // still odd
	}
	w.phase.Add(1)
	w.core = core
	w.woken = reason == impls.Woken
	if w.woken {
		w.counters.Wakes++
	}
}
