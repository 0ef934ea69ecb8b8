package idletest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/impls"
)

// A task is run by a worker that holds a core.
type task func(w *worker)

// A host is a scheduler as small as the contract allows, with books.
type host struct {
	impl           impls.Implementation
	idle           impls.Idle
	scenario       string
	cores, workers int
	seed           uint64
	patience       time.Duration
	snapshots      func(*worker) bool // whether this search leaves out idle cores

	lock     impls.Mutex
	injected []task // guarded by lock
	n        atomic.Int32

	queues []queue // by core
	core   []book  // by core
	worker []*worker
	sleep  []*watchedParker // by worker; nil if the design sleeps by itself

	unsearching atomic.Bool // workers park without asking for leave to search

	submitted, ran atomic.Int64
	excused        *tally
	running        sync.WaitGroup
	alive          atomic.Int32 // workers that have not returned

	mu         sync.Mutex
	violations []error
	broken     atomic.Bool // a violation was found: all goroutines should end
}

// A queue is a core's run queue. Any worker may take from it.
type queue struct {
	mu    sync.Mutex
	tasks []task
	n     atomic.Int32
}

// A book says where a core is.
type book struct {
	holder   atomic.Int32 // a worker; inManager or isShutDown
	holds    atomic.Int32 // how often a worker got it
	useCount int          // plain: the race detector sees who does not order its use
}

const (
	inManager  = -1
	isShutDown = -2
)

// A worker is a goroutine that is given cores.
type worker struct {
	h     *host
	id    int
	core  *impls.Core
	phase atomic.Value // string, for the report
	rng   *rand.Rand
	holds []int32      // for snapshot
	parks atomic.Int64 // calls of Park
	woken atomic.Int64 // times Park said Woken
	ended atomic.Bool
	shut  atomic.Bool // Park said Closed
}

func newHost(impl impls.Implementation, newParker func() impls.Parker, cores, workers int, seed uint64) *host {
	h := &host{
		impl: impl, cores: cores, workers: workers, seed: seed,
		queues: make([]queue, cores),
		core:   make([]book, cores),
		worker: make([]*worker, workers),
	}
	c := impls.Config{Workers: workers, Queues: h}
	if !impl.Lockless {
		c.Lock = &h.lock
	}
	for i := range cores {
		c.Cores = append(c.Cores, &impls.Core{Index: i})
		h.core[i].holder.Store(inManager)
	}
	for i := range workers {
		h.worker[i] = &worker{h: h, id: i, rng: rand.New(rand.NewPCG(seed, uint64(i)))}
		h.worker[i].phase.Store("not started")
		if impl.Parker == "" {
			p := &watchedParker{Parker: newParker(), w: h.worker[i]}
			h.sleep = append(h.sleep, p)
			c.Parkers = append(c.Parkers, p)
		}
	}
	// In a third of the hosts each search trusts the snapshot, so that one that
	// stays wrong hides a task for good; in a third none does.
	h.snapshots = []func(*worker) bool{
		func(*worker) bool { return true },
		func(*worker) bool { return false },
		func(w *worker) bool { return w.rng.IntN(2) == 0 },
	}[seed%3]
	h.idle = impl.New(c)
	if seed%2 == 0 && impl.Parker == "" {
		start(h.wake)
	}
	return h
}

// wake wakes workers out of band, for no reason, until they have all returned or
// something is wrong. That must change nothing (S6). It goes on for a short time
// only, and then leaves the manager to itself: a wake-up for no reason can make
// good one that was lost.
func (h *host) wake() {
	rng := rand.New(rand.NewPCG(h.seed, uint64(h.workers)))
	for range min(50*h.workers, 500) {
		if h.broken.Load() {
			return
		}
		h.sleep[rng.IntN(h.workers)].Parker.Unpark()
		pauseFor(rng.Uint32())
		if rng.IntN(8) == 0 {
			sleep(time.Microsecond)
		}
	}
}

// start starts workers from the first to the last but one.
func (h *host) start(first, end int) {
	for _, w := range h.worker[first:end] {
		h.running.Add(1)
		h.alive.Add(1)
		start(w.work)
	}
}

// Injected and Stealable are the manager's view of the host.
func (h *host) Injected() int {
	pause()
	return int(h.n.Load())
}

func (h *host) Stealable(core int) bool {
	pause()
	return h.queues[core].n.Load() > 0
}

// acquire takes the lock, and reports false if it is never free.
func (h *host) acquire() bool {
	return h.await("lock", "the lock is held", h.lock.TryLock)
}

// submit publishes tasks from outside, n at once.
func (h *host) submit(tasks ...task) {
	h.submitted.Add(int64(len(tasks)))
	if !h.acquire() {
		return
	}
	h.injected = append(h.injected, tasks...)
	h.n.Store(int32(len(h.injected)))
	if h.impl.Lockless {
		h.lock.Unlock() // it is the host's alone
	}
	if len(tasks) == 1 {
		h.idle.NotifyRemote()
	} else {
		h.idle.NotifyMult(len(tasks))
	}
}

// spawn publishes tasks on the worker's core, with one notification.
func (w *worker) spawn(tasks ...task) {
	w.h.submitted.Add(int64(len(tasks)))
	q := &w.h.queues[w.core.Index]
	q.mu.Lock()
	q.tasks = append(q.tasks, tasks...)
	q.n.Store(int32(len(q.tasks)))
	q.mu.Unlock()
	w.pause()
	w.h.idle.NotifyLocal(w.core)
}

func (q *queue) take() task {
	if q.n.Load() == 0 {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.tasks) == 0 {
		return nil
	}
	t := q.tasks[0]
	q.tasks = q.tasks[1:]
	q.n.Store(int32(len(q.tasks)))
	return t
}

func (h *host) takeInjected() task {
	if h.n.Load() == 0 || !h.acquire() {
		return nil
	}
	defer h.lock.Unlock()
	if len(h.injected) == 0 {
		return nil
	}
	t := h.injected[0]
	h.injected = h.injected[1:]
	h.n.Store(int32(len(h.injected)))
	return t
}

// work is a worker's life.
func (w *worker) work() {
	h := w.h
	defer h.running.Done()
	defer h.alive.Add(-1)
	defer w.ended.Store(true)
	defer func() {
		if r := recover(); r != nil {
			h.violate(invariantIn(fmt.Sprint(r)), "worker %d panicked: %v", w.id, r)
		}
	}()
	for w.park(); w.core != nil && !h.broken.Load(); {
		t := w.find()
		if t == nil {
			w.park()
			continue
		}
		if w.core.Searching {
			h.idle.Found(w.core)
			if w.core.Searching {
				h.violate("S4", "worker %d still searches after Found", w.id)
			}
		}
		w.phase.Store("runs a task")
		t(w)
		h.ran.Add(1)
		w.phase.Store("looks for work")
	}
	w.phase.Store("has returned")
}

// find takes a task from the worker's own queue, from outside, or from others if
// the manager lets it.
func (w *worker) find() task {
	h := w.h
	if t := h.queues[w.core.Index].take(); t != nil {
		return t
	}
	if t := h.takeInjected(); t != nil {
		return t
	}
	w.pause()
	if !w.core.Searching {
		if h.unsearching.Load() {
			return nil // as a host does whose run queue has no room for what it would steal
		}
		may := h.idle.Search(w.core)
		if may != w.core.Searching {
			h.violate("S4", "Search returned %v and left Searching %v", may, w.core.Searching)
		}
		if !may {
			return nil
		}
	}
	idle := w.snapshot()
	start := w.rng.IntN(h.cores)
	if w.core.Look != nil {
		start, w.core.Look = w.core.Look.Index, nil
	}
	for i := range h.cores {
		victim := (start + i) % h.cores
		if idle.IsIdle(victim) {
			continue
		}
		if t := h.queues[victim].take(); t != nil {
			return t
		}
	}
	return h.takeInjected()
}

// snapshot takes a snapshot, now and then. A core that some worker held before the
// call, and until it ended, must not be in it (S2): an old value is allowed, but
// not one from before that worker got the core.
func (w *worker) snapshot() (s impls.Snapshot) {
	h := w.h
	snapshotter, ok := h.idle.(impls.Snapshotter)
	if !ok || !h.snapshots(w) {
		return s
	}
	w.holds = w.holds[:0]
	for i := range h.core {
		b := &h.core[i]
		holds := b.holds.Load()
		if b.holder.Load() < 0 {
			holds = -1
		}
		w.holds = append(w.holds, holds)
	}
	snapshotter.Snapshot(&s)
	for i := range h.core {
		b := &h.core[i]
		if w.holds[i] >= 0 && s.IsIdle(i) && b.holder.Load() >= 0 && b.holds.Load() == w.holds[i] {
			h.violate("S2", "a snapshot says that core %d is available, and worker %d has held it all the time", i, b.holder.Load())
		}
	}
	return s
}

// park calls Park and checks what it returns.
func (w *worker) park() {
	h, old := w.h, w.core
	if old != nil && !h.core[old.Index].holder.CompareAndSwap(int32(w.id), inManager) {
		h.violate("S1", "worker %d parks with core %d, which it does not hold", w.id, old.Index)
	}
	w.core = nil
	w.pause()
	w.phase.Store("is in Park")
	w.parks.Add(1)
	c, reason := h.idle.Park(w.id, old)
	w.phase.Store("looks for work")
	if c != nil {
		h.hold(w, c)
	}
	switch {
	case reason == impls.Closed:
		w.shut.Store(true)
		if c != nil {
			h.shutDown(c)
		}
		return
	case c == nil:
		h.violate("S6", "worker %d got %q without a core", w.id, reason)
		return
	case reason == impls.Woken:
		w.woken.Add(1)
	}
	w.core = c
}

// hold enters that a worker got a core.
func (h *host) hold(w *worker, c *impls.Core) {
	if c.Index < 0 || c.Index >= h.cores {
		h.violate("S1", "core %d was never there", c.Index)
		return
	}
	b := &h.core[c.Index]
	b.holds.Add(1) // first, so that a hold that is seen has its number
	if !b.holder.CompareAndSwap(inManager, int32(w.id)) {
		h.violate("S1", "worker %d got core %d, which %s", w.id, c.Index, whereabouts(b.holder.Load()))
		return
	}
	b.useCount++ // plain: the manager orders one holder after the other
}

func (h *host) shutDown(c *impls.Core) {
	b := &h.core[c.Index]
	if old := b.holder.Swap(isShutDown); old == isShutDown {
		h.violate("D3", "core %d was shut down twice", c.Index)
	}
}

func whereabouts(holder int32) string {
	switch holder {
	case inManager:
		return "is the manager's"
	case isShutDown:
		return "is shut down"
	}
	return fmt.Sprintf("worker %d holds", holder)
}

// close calls Shutdown and shuts down what it returns.
func (h *host) close() {
	for _, c := range h.idle.Shutdown() {
		if c == nil {
			h.violate("D3", "Shutdown returned a core that is nil")
			continue
		}
		if b := &h.core[c.Index]; !b.holder.CompareAndSwap(inManager, isShutDown) {
			h.violate("D3", "Shutdown returned core %d, which %s", c.Index, whereabouts(b.holder.Load()))
		}
	}
}

// finish checks that everybody has left and every core was shut down.
func (h *host) finish() {
	if !h.await("D2", "some workers have not returned after Shutdown", func() bool { return h.alive.Load() == 0 }) {
		return
	}
	h.running.Wait()
	for i := range h.core {
		if holder := h.core[i].holder.Load(); holder != isShutDown {
			h.violate("D3", "core %d was not shut down: it %s", i, whereabouts(holder))
		}
	}
	if cores := h.idle.Shutdown(); len(cores) > 0 {
		h.violate("D1", "another Shutdown returned %d cores", len(cores))
	}
	for i, p := range h.sleep {
		w := h.worker[i]
		most := w.woken.Load()
		if w.shut.Load() {
			most++
		}
		if n := p.unparks.Load(); n > most {
			h.violate("S6", "worker %d was unparked %d times, but chosen at most %d times", i, n, most)
		}
	}
}

// await waits for what must happen by itself.
func (h *host) await(invariant, otherwise string, happened func() bool) bool {
	return h.awaitFor(h.patience, invariant, otherwise, happened)
}

func (h *host) awaitFor(patience time.Duration, invariant, otherwise string, happened func() bool) bool {
	for wait, begin := time.Microsecond, now(); !happened(); {
		if h.broken.Load() {
			return false
		}
		if now()-begin > patience {
			h.violate(invariant, "%s, for %v", otherwise, patience)
			return false
		}
		if now()-begin < time.Millisecond {
			offer()
			continue
		}
		sleep(wait)
		wait = min(2*wait, time.Millisecond)
	}
	return true
}

// atRest waits until every task has run and every worker is in Park. It has more
// patience than the tasks, which know better what they wait for.
func (h *host) atRest() bool {
	return h.awaitFor(3*h.patience, "L1", "a task has not run, or a worker has not parked", func() bool {
		if h.ran.Load() != h.submitted.Load() {
			return false
		}
		var parks [2]int64
		for pass := range parks {
			for _, w := range h.worker {
				if w.phase.Load() != "is in Park" {
					return false
				}
				parks[pass] += w.parks.Load()
			}
		}
		return parks[0] == parks[1]
	})
}

func (h *host) violate(invariant, format string, args ...any) {
	v := &Violation{
		Invariant: invariant,
		Scenario:  h.scenario,
		Cores:     h.cores,
		Workers:   h.workers,
		Seed:      h.seed,
		Detail:    fmt.Sprintf(format, args...),
		State:     h.state(),
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.violations = append(h.violations, v)
	h.broken.Store(true)
}

func (h *host) err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return errors.Join(h.violations...)
}

// state describes the host. It takes no lock that the manager might hold.
func (h *host) state() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\tof %d tasks %d have run; %d are in the injection queue\n",
		h.submitted.Load(), h.ran.Load(), h.n.Load())
	for i := range min(h.cores, 8) {
		holder := h.core[i].holder.Load()
		fmt.Fprintf(&b, "\tcore %d: %s, %d tasks in its run queue\n", i, whereabouts(holder), h.queues[i].n.Load())
	}
	for _, w := range h.worker[:min(h.workers, 8)] {
		fmt.Fprintf(&b, "\tworker %d %v", w.id, w.phase.Load())
		if h.sleep != nil {
			fmt.Fprintf(&b, "; unparked %d times, woken %d times", h.sleep[w.id].unparks.Load(), w.woken.Load())
		}
		b.WriteByte('\n')
	}
	if h.workers > 8 {
		fmt.Fprintf(&b, "\t… and %d more workers\n", h.workers-8)
	}
	return b.String()
}

var invariant = regexp.MustCompile(`\b[SLD][1-7]\b`)

// invariantIn finds the invariant that a panic of an assertion names.
func invariantIn(message string) string {
	if name := invariant.FindString(message); name != "" {
		return name
	}
	return "panic"
}

// A watchedParker counts, pauses, and sometimes returns for no reason.
type watchedParker struct {
	impls.Parker
	w       *worker
	unparks atomic.Int64
}

func (p *watchedParker) Park() {
	if p.w.rng.IntN(8) == 0 {
		offer()
		return
	}
	p.w.pause()
	p.Parker.Park()
}

func (p *watchedParker) Unpark() {
	p.unparks.Add(1)
	pause()
	p.Parker.Unpark()
}

// pause lets others go first, now and then.
func (w *worker) pause() { pauseFor(w.rng.Uint32()) }

// delay stays busy for a random time: half of the times up to some tens of
// microseconds, for as long as workers spin before they sleep; half of the times
// less, each order of magnitude as often as the others.
func delay(rng *rand.Rand) {
	bits := 17
	if rng.IntN(2) == 0 {
		bits = rng.IntN(bits)
	}
	compute(rng.IntN(1 << bits))
}

func pause() { pauseFor(random()) }

func pauseFor(random uint32) {
	switch random % 8 {
	case 0:
		offer()
	case 1:
		compute(int(random >> 24))
	}
}
