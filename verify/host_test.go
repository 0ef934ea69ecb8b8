//go:build explore

package verify

import (
	"fmt"
	"math/bits"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// A task is run by a worker that holds a core.
type task func(w *worker)

// A host is a scheduler with as few steps as the contract allows. What it books
// in plain variables is no step: threads take turns. No choice depends on what
// is booked, except what the manager's lock orders, so the strategies that
// remember and reduce lose nothing by that.
type host struct {
	idle    impls.Idle
	lock    impls.Mutex
	n       prim.Int32 // tasks in the injection queue
	inject  []int
	outside prim.Uint32     // the injection queue of a manager without a lock: a bit for each task
	free    bool            // the manager keeps no lock, and outside is used
	queues  []prim.Uint32   // by core: a bit for each task in its run queue
	tasks   []task          // all there will be; known by their place here
	holder  []prim.Var[int] // by core: a worker, inManager or isShutDown
	workers []*worker
	ended   int
	stingy  bool                // a worker takes one task from the injection queue, and leaves the others
	done    prim.Chan[struct{}] // a token for each task that the scenario waits for
}

const (
	inManager  = -1
	isShutDown = -2
)

type worker struct {
	h    *host
	id   int
	core *impls.Core // nil while it parks
}

// newHost makes a host and starts its workers.
func newHost(s subject, cores, workers int) *host { return newSpurious(s, cores, workers, 0) }

// newSpurious is newHost with so many wake-ups for no reason for each worker to be
// had.
func newSpurious(s subject, cores, workers, spurious int) *host {
	h := &host{
		queues: make([]prim.Uint32, cores),
		holder: make([]prim.Var[int], cores),
		done:   prim.MakeChan[struct{}](8),
		free:   s.Lockless,
	}
	if *futex {
		h.lock.Kind = impls.FutexMutex
	}
	c := impls.Config{Workers: workers, Queues: h}
	if !h.free {
		c.Lock = &h.lock
	}
	for i := range cores {
		c.Cores = append(c.Cores, &impls.Core{Index: i})
		h.holder[i].Set(inManager)
	}
	if s.newParker != nil {
		for range workers {
			c.Parkers = append(c.Parkers, &parker{s.newParker(), spurious})
		}
	}
	h.idle = s.New(c)
	for id := range workers {
		h.workers = append(h.workers, &worker{h: h, id: id})
	}
	if *strategy != "reduced" || *replay != "" { // which has no invariants
		explore.Always(h.exclusive)
	}
	for _, w := range h.workers {
		prim.Go(w.work)
	}
	return h
}

// A parker wakes for no reason a few times, or not.
type parker struct {
	impls.Parker
	spurious int
}

func (p *parker) Park() {
	if p.spurious > 0 && explore.Choose(2) == 1 {
		p.spurious--
		return
	}
	p.Parker.Park()
}

func (h *host) Stealable(core int) bool { return h.queues[core].Load() != 0 }

func (h *host) Injected() int {
	if h.free {
		return bits.OnesCount32(h.outside.Load())
	}
	return int(h.n.Load())
}

// task enters a task, before any thread could publish one: the numbers must not
// depend on the schedule.
func (h *host) task(f task) int {
	h.tasks = append(h.tasks, f)
	return len(h.tasks) - 1
}

// submit publishes tasks from outside, all at once.
func (h *host) submit(tasks ...int) {
	if h.free {
		var all uint32
		for _, task := range tasks {
			all |= 1 << task
		}
		h.outside.Or(all)
	} else {
		h.lock.Lock()
		h.inject = append(h.inject, tasks...)
		h.n.Store(int32(len(h.inject)))
	}
	if len(tasks) == 1 {
		h.idle.NotifyRemote()
	} else {
		h.idle.NotifyMult(len(tasks))
	}
}

// spawn publishes a task in the worker's run queue.
func (w *worker) spawn(task int) {
	w.h.queues[w.core.Index].Or(1 << task)
	w.h.idle.NotifyLocal(w.core)
}

// take takes the first task of a queue.
func (h *host) take(q *prim.Uint32) task {
	for {
		queued := q.Load()
		if queued == 0 {
			return nil
		}
		if q.CompareAndSwap(queued, queued&(queued-1)) {
			return h.tasks[bits.TrailingZeros32(queued)]
		}
	}
}

// takeInjected takes a task from the injection queue, and moves the core's share
// of the others to its run queue, as loadgen/host does: they are visible there
// before the count is lowered (M1). Without a lock it takes one task only.
func (w *worker) takeInjected() task {
	h := w.h
	if h.free {
		return h.take(&h.outside)
	}
	if h.n.Load() == 0 {
		return nil
	}
	h.lock.Lock()
	defer h.lock.Unlock()
	length := len(h.inject)
	if length == 0 {
		return nil
	}
	share := min(length/len(h.queues)+1, length-1)
	if h.stingy {
		share = 0
	}
	first, others := h.inject[0], h.inject[1:1+share]
	h.inject = h.inject[1+share:]
	for _, other := range others {
		h.queues[w.core.Index].Or(1 << other)
	}
	h.n.Store(int32(len(h.inject)))
	return h.tasks[first]
}

// work is a worker's life.
func (w *worker) work() {
	h := w.h
	for w.park(); w.core != nil; {
		t := w.find()
		if t == nil {
			w.park()
			continue
		}
		if w.core.Searching {
			h.idle.Found(w.core)
		}
		t(w)
	}
	h.ended++
}

func (w *worker) find() task {
	h := w.h
	if t := h.take(&h.queues[w.core.Index]); t != nil {
		return t
	}
	if t := w.takeInjected(); t != nil {
		return t
	}
	if !w.core.Searching && !h.idle.Search(w.core) {
		return nil
	}
	var idle impls.Snapshot
	if s, ok := h.idle.(impls.Snapshotter); ok {
		s.Snapshot(&idle)
	}
	first := w.core.Index + 1
	if w.core.Look != nil {
		first, w.core.Look = w.core.Look.Index, nil
	}
	for i := range h.queues {
		victim := (first + i) % len(h.queues)
		if victim == w.core.Index {
			continue
		}
		if !idle.IsIdle(victim) {
			if t := h.take(&h.queues[victim]); t != nil {
				return t
			}
		}
	}
	return nil
}

// park calls Park and keeps the books.
func (w *worker) park() {
	h := w.h
	old := w.core
	if old != nil {
		h.move(old, w.id, inManager)
		w.core = nil
	}
	core, reason := h.idle.Park(w.id, old)
	switch {
	case reason == impls.Closed && core == nil:
	case reason == impls.Closed:
		h.move(core, inManager, isShutDown)
	case core == nil:
		panic(fmt.Sprintf("S6: worker %d was told %v without a core", w.id, reason))
	default:
		h.move(core, inManager, w.id)
		w.core = core
	}
}

// exclusive is S1 between two steps: nobody else has the core of a worker.
func (h *host) exclusive() error {
	for _, w := range h.workers {
		if w.core != nil && h.holder[w.core.Index].Get() != w.id {
			return fmt.Errorf("S1: worker %d has core %d, which is at %d", w.id, w.core.Index, h.holder[w.core.Index].Get())
		}
	}
	return nil
}

// move enters that a core goes from one place to another. The entry is a Var: if
// nothing orders a handover, that is a data race in whatever order it happens.
func (h *host) move(c *impls.Core, from, to int) {
	holder := &h.holder[c.Index]
	if at := holder.Get(); at != from {
		panic(fmt.Sprintf("S1: core %d goes from %d to %d, but was at %d", c.Index, from, to, at))
	}
	holder.Set(to)
}

// await waits for n tokens, which tasks send.
func (h *host) await(n int) {
	for range n {
		prim.Recv(h.done)
	}
}

// tell is a task that sends a token.
func (h *host) tell(*worker) { prim.Send(h.done, struct{}{}) }

// close shuts the manager down and waits until everybody has left.
func (h *host) close() {
	h.shutdown()
	explore.Wait()
	h.check()
}

func (h *host) shutdown() {
	for _, c := range h.idle.Shutdown() {
		h.move(c, inManager, isShutDown)
	}
}

// check is called when all threads but the caller have ended.
func (h *host) check() {
	if h.ended != len(h.workers) {
		panic(fmt.Sprintf("D2: %d of %d workers have returned", h.ended, len(h.workers)))
	}
	for core := range h.holder {
		if at := h.holder[core].Get(); at != isShutDown {
			panic(fmt.Sprintf("D3: core %d was not shut down, it is at %d", core, at))
		}
	}
}
