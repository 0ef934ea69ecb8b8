//go:build explore || simulate

package verify

import (
	"fmt"
	"math/bits"

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
	parkers []*parker // by worker; none if the manager sleeps in its own way
	ended   int
	stingy  bool                // a worker takes one task from the injection queue, and leaves the others
	greedy  bool                // a thief takes half of a run queue, as in loadgen/host, and not one task
	done    prim.Chan[struct{}] // a token for each task that the scenario waits for

	// For the checks of the snapshot, as far as the manager has one.
	snapshots impls.Snapshotter // nil otherwise
	calls     int               // threads in a call of the manager, or with its lock, that do not sleep there
	held      []hold            // by core
	closing   bool
}

const (
	inManager  = -1
	isShutDown = -2
)

// A hold says whether a worker has the core, and for how many moves of it.
type hold struct {
	held  bool
	moves int
}

type worker struct {
	h    *host
	id   int
	core *impls.Core // nil while it parks
}

// newHost makes a host and starts its workers.
func newHost(s subject, cores, workers int) *host { return newSpurious(s, cores, workers, 0) }

// newSpurious is newHost where each worker's sleep ends for no reason up to the
// given number of times.
func newSpurious(s subject, cores, workers, spurious int) *host {
	h := &host{
		queues: make([]prim.Uint32, cores),
		holder: make([]prim.Var[int], cores),
		held:   make([]hold, cores),
		done:   prim.MakeChan[struct{}](8),
		free:   s.Lockless,
	}
	if s.futex {
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
			p := &parker{Parker: s.newParker(), h: h, spurious: spurious}
			h.parkers = append(h.parkers, p)
			c.Parkers = append(c.Parkers, p)
		}
	}
	h.idle = s.New(c)
	h.snapshots, _ = h.idle.(impls.Snapshotter)
	for id := range workers {
		h.workers = append(h.workers, &worker{h: h, id: id})
	}
	if s.invariants {
		always(h.exclusive)
		if h.snapshots != nil {
			always(h.snapshotIsExact)
		}
	}
	for _, w := range h.workers {
		prim.Go(w.work)
	}
	return h
}

// A parker returns for no reason a few times, or not. It also keeps the number of
// calls in progress: a worker that sleeps, and that nothing has woken yet, is in
// none.
type parker struct {
	impls.Parker
	h        *host
	spurious int
	asleep   bool
	woken    bool // Unpark was called since it last woke
}

func (p *parker) Park() {
	if p.spurious > 0 && choose(2) == 1 {
		p.spurious--
		return
	}
	if !p.woken {
		p.h.calls--
	}
	p.asleep = true
	p.Parker.Park()
	p.asleep = false
	if !p.woken {
		p.h.calls++
	}
	p.woken = false
}

func (p *parker) Unpark() {
	if p.asleep && !p.woken {
		p.h.calls++
	}
	p.woken = true
	p.Parker.Unpark()
}

// wake wakes every worker out of band, without a core or a task for it. That must
// change nothing (S6).
func (h *host) wake() {
	for _, p := range h.parkers {
		p.Unpark()
	}
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
	h.calls++
	defer h.returned()
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

// returned ends what h.calls++ began.
func (h *host) returned() { h.calls-- }

// spawn publishes a task in the worker's run queue.
func (w *worker) spawn(task int) {
	w.h.queues[w.core.Index].Or(1 << task)
	w.h.calls++
	defer w.h.returned()
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
	h.calls++
	defer h.returned()
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
			h.calls++
			h.idle.Found(w.core)
			h.returned()
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
	if !w.core.Searching && !w.search() {
		return nil
	}
	idle := h.snapshot()
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
			if t := w.steal(&h.queues[victim]); t != nil {
				return t
			}
		}
	}
	return nil
}

// steal takes the first task of another core's queue, or half of the tasks. Then it
// moves those that it does not run to its own queue, and meanwhile they can be seen
// in neither (M2).
func (w *worker) steal(q *prim.Uint32) task {
	h := w.h
	if !h.greedy {
		return h.take(q)
	}
	for {
		queued := q.Load()
		if queued == 0 {
			return nil
		}
		rest := queued
		for range (bits.OnesCount32(queued) + 1) / 2 {
			rest &= rest - 1
		}
		if !q.CompareAndSwap(queued, rest) {
			continue
		}
		stolen := queued &^ rest
		if others := stolen & (stolen - 1); others != 0 {
			h.queues[w.core.Index].Or(others)
		}
		return h.tasks[bits.TrailingZeros32(stolen)]
	}
}

func (w *worker) search() bool {
	w.h.calls++
	defer w.h.returned()
	return w.h.idle.Search(w.core)
}

// snapshot takes a snapshot, empty if the manager has none. A core that a worker
// held before the call, and until it ended, must not be in it (S2): an old value
// is allowed, but not one from before that worker got the core.
func (h *host) snapshot() (s impls.Snapshot) {
	if h.snapshots == nil {
		return s
	}
	before := append([]hold(nil), h.held...)
	h.calls++
	h.snapshots.Snapshot(&s)
	h.returned()
	for core, held := range h.held {
		if held.held && held == before[core] && s.IsIdle(core) {
			panic(fmt.Sprintf("S2: core %d was held during the whole snapshot, which says that it was available", core))
		}
	}
	return s
}

// snapshotIsExact is S2 between two steps: while no call is in progress, the
// snapshot is the set of cores that the manager has.
func (h *host) snapshotIsExact() error {
	if h.calls != 0 || h.closing {
		return nil
	}
	var s impls.Snapshot
	h.snapshots.Snapshot(&s)
	for core, held := range h.held {
		if s.IsIdle(core) == held.held {
			return fmt.Errorf("S2: no call is in progress, and the snapshot says %v of core %d (idle: true), which is at %d",
				s.IsIdle(core), core, h.holder[core].Get())
		}
	}
	return nil
}

// park calls Park and keeps the books.
func (w *worker) park() {
	h := w.h
	h.calls++
	defer h.returned()
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
		panic(fmt.Sprintf("S6: worker %d got %v without a core", w.id, reason))
	default:
		h.move(core, inManager, w.id)
		w.core = core
	}
}

// exclusive is S1 between two steps: no two workers have the same core.
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
	h.held[c.Index] = hold{held: to >= 0, moves: h.held[c.Index].moves + 1}
}

// await waits for n tokens, which tasks send.
func (h *host) await(n int) {
	for range n {
		prim.Recv(h.done)
	}
}

// tell is a task that sends a token.
func (h *host) tell(*worker) { prim.Send(h.done, struct{}{}) }

// close shuts the manager down and waits until all workers have returned.
func (h *host) close() {
	h.shutdown()
	wait()
	h.check()
}

func (h *host) shutdown() {
	h.closing = true
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
