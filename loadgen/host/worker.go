package host

import (
	"math/rand/v2"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/latency"
)

const (
	// globalInterval is how often a worker asks for a task before it checks the
	// injection queue first, so that tasks which keep spawning others cannot starve it;
	// with IntervalTuned at the beginning. Tokio's initial value.
	globalInterval = 61

	// maintenanceInterval is how often a worker asks for a task before it publishes its
	// counters and runs tasks that yielded. Tokio's event interval.
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

	tick     int // how often it asked for a task since the last maintenance
	polls    int // the same, since it last checked the injection queue first
	interval interval
	nextRuns int    // tasks in a row that were taken from the slot
	woken    bool   // chosen (impls.Woken), and has run no task since
	running  bool   // in a task's Run
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
	w := &worker{id: id, s: s, interval: newInterval(), rng: rand.New(rand.NewPCG(seed, uint64(id)))}
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

// runTasks runs tasks until the scheduler closes, or one panics: then it keeps the
// panic for the report. A panic in the host itself, or in the idle manager, is not a
// task's: it propagates, and ends the process.
func (w *worker) runTasks() {
	defer func() {
		if !w.running {
			return
		}
		w.running = false
		r := recover()
		if r == nil {
			r = "runtime.Goexit was called, and ended the worker"
		}
		w.s.failure.keep(w.id, r)
	}()
	for w.core != nil {
		w.step()
	}
}

// step runs a task, or parks if there is none.
func (w *worker) step() {
	if t := w.nextTask(); t != nil {
		w.run(t)
		return
	}
	if w.tunes() {
		w.interval.end()
	}
	t := w.search()
	if t == nil {
		w.park()
	}
	if w.tunes() {
		w.interval.begin()
	}
	if t != nil {
		w.interval.ran++
		w.run(t)
	}
}

// tunes reports whether the interval adapts.
func (w *worker) tunes() bool { return w.s.options.Interval == IntervalTuned }

func (w *worker) run(t Task) {
	if w.core.Searching {
		w.s.idle.Found(w.core)
	}
	w.woken = false
	w.counters.Tasks++
	w.running = true
	t.Run(w)
	w.running = false
}

// nextTask takes a task from the worker's own queues or the injection queue.
func (w *worker) nextTask() Task {
	if w.s.options.Ticks == TicksQueue {
		if t := w.takeSlot(&w.s.cores[w.core.Index]); t != nil {
			return t
		}
	}
	t := w.tickedTask()
	if t != nil {
		w.interval.ran++
	}
	return t
}

// tickedTask takes a task that counts for the intervals.
func (w *worker) tickedTask() Task {
	core := &w.s.cores[w.core.Index]
	if w.tick++; w.tick == maintenanceInterval {
		w.tick = 0
		if t := w.maintain(); t != nil {
			return t
		}
	}
	// Counted separately from the ticks; otherwise one of the two intervals would
	// always coincide with the other.
	if w.polls++; w.polls >= w.interval.tasks {
		w.polls = 0
		if w.tunes() {
			w.interval.tune()
		}
		if t := w.takeInjected(0); t != nil {
			return t
		}
	}
	if t := w.takeSlot(core); t != nil {
		return t
	}
	if t := core.queue.pop(); t != nil {
		return t
	}
	if t := w.takeInjected(runQueueCap / 2); t != nil {
		return t
	}
	return w.takeDeferred()
}

// takeSlot takes the task in the core's slot, if there is one.
func (w *worker) takeSlot(core *coreState) (t Task) {
	if w.s.options.Slot == SlotStealable {
		t = core.slot.take()
	} else if t = core.next; t != nil {
		core.next = nil
	}
	if t == nil {
		w.nextRuns = 0
		return nil
	}
	w.nextRuns++
	return t
}

// maintain does periodic work. It returns a task that yielded, if one is to run now.
func (w *worker) maintain() Task {
	w.counters.Maintenances++
	w.publish()
	if w.tunes() {
		w.interval.end()
		w.interval.begin()
	}
	t := w.takeDeferred()
	if s := w.s; s.options.Maintenance == MaintenanceLocked && s.free == nil {
		s.lock.Lock()
		_ = s.inject.closed // Tokio's worker cancels tasks if it is; this one has no use for it
		s.lock.Unlock()
	}
	return t
}

// takeDeferred takes the task that yielded last, and publishes the others: no other
// work is left.
func (w *worker) takeDeferred() Task {
	n := len(w.deferred) - 1
	if n < 0 {
		return nil
	}
	t := w.deferred[n]
	others := w.deferred[:n]
	w.deferred = w.deferred[:0]
	if w.s.options.Submission == SubmitEach {
		others = w.spread(others)
	}
	if len(others) > 0 {
		core := &w.s.cores[w.core.Index]
		for _, other := range others {
			w.push(&core.queue, other)
		}
		w.s.idle.NotifyLocal(w.core)
	}
	return t
}

// maxSpread is how many idle workers a worker wakes for tasks that yielded. Tokio's
// value.
const maxSpread = 2

// spread moves the first of some tasks to the injection queue, one for each idle
// core and at most maxSpread, and returns the others. An idle manager without a
// snapshot counts as one with idle cores.
func (w *worker) spread(tasks []Task) []Task {
	if len(tasks) == 0 {
		return nil
	}
	s := w.s
	n := min(len(tasks), maxSpread)
	if s.snapshot != nil { // which may take the lock
		s.snapshot(&w.snapshot)
		n = min(n, w.snapshot.Len())
	}
	if s.free != nil {
		if n > 0 {
			s.free.append(tasks[:n])
			s.idle.NotifyMult(n)
		}
		return tasks[n:]
	}
	s.lock.Lock()
	if n == 0 {
		s.lock.Unlock()
		return tasks
	}
	s.inject.push(tasks[:n]...)
	s.idle.NotifyMult(n) // unlocks
	return tasks[n:]
}

// takeInjected takes a task from the injection queue, and moves its core's share of the
// others, at most limit, to the run queue. From a queue without a lock it takes one
// task only, as rayon and .NET do.
func (w *worker) takeInjected(limit int) Task {
	s := w.s
	if s.Injected() == 0 {
		return nil
	}
	if s.free != nil {
		return s.free.take()
	}
	queue := &s.cores[w.core.Index].queue
	s.lock.Lock()
	defer s.lock.Unlock()
	length := s.inject.len()
	if length == 0 {
		return nil
	}
	return s.inject.pop(queue, min(length/len(s.cores)+1, limit, length-1, queue.room()))
}

// Spawn publishes a task on the worker's core. The task that was spawned last goes to
// the slot: it runs next, while its data are in the cache. If the slot is private, no
// worker has to be woken for it, since no other could take it; one has to be woken for
// the task that it displaces.
func (w *worker) Spawn(t Task) {
	core := &w.s.cores[w.core.Index]
	if w.nextRuns < maxNextRuns {
		if t = w.fillSlot(core, t); t == nil {
			return
		}
	}
	w.push(&core.queue, t)
	w.s.idle.NotifyLocal(w.core)
}

// fillSlot puts a task into the slot, and returns the one to publish in the run queue
// instead: the one that was there before, or the task itself if a thief is still at the
// slot.
func (w *worker) fillSlot(core *coreState, t Task) Task {
	if w.s.options.Slot == SlotPrivate {
		t, core.next = core.next, t
		return t
	}
	before := core.slot.take()
	if !core.slot.put(t) {
		return t
	}
	if before == nil {
		w.s.idle.NotifyLocal(w.core)
	}
	return before
}

// Yield keeps a task until the core has nothing else to do, or until the next
// maintenance.
func (w *worker) Yield(t Task) { w.deferred = append(w.deferred, t) }

// push appends a task to the run queue. If that is full, it moves half of it and
// the task to the injection queue.
func (w *worker) push(q *runQueue, t Task) {
	for q.room() == 0 {
		first, claimed := q.claimHalf()
		if !claimed && q.room() > 0 {
			continue // lost to a thief that has already finished
		}
		s := w.s
		if claimed {
			w.counters.Overflows++
		}
		if s.free != nil {
			n := 0 // if a thief is copying: do not wait for it
			if claimed {
				n = runQueueCap / 2
			}
			s.free.appendFrom(q, first, n, t)
			return
		}
		s.lock.Lock()
		if claimed {
			s.inject.pushFrom(q, first, runQueueCap/2, t)
		} else { // a thief is copying: do not wait for it
			s.inject.push(t)
		}
		s.lock.Unlock()
		return
	}
	q.push(t)
}

// park gives the core back to the idle manager until there is something to do.
// When the scheduler has closed it leaves the worker without a core.
func (w *worker) park() {
	if invariants.Enabled && w.core != nil {
		if core := &w.s.cores[w.core.Index]; core.next != nil || core.slot.full() || core.queue.len() > 0 || len(w.deferred) > 0 {
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
