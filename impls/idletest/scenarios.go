package idletest

import (
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/impls"
)

// A scenario plays on a new host, whose workers have not started.
type scenario struct {
	name string
	play func(h *host)
}

var scenarios = []scenario{
	{"tasks from outside, one at a time", oneAtATime},
	{"tasks from outside that wait for each other", together},
	{"a batch whose tasks wait for each other", batch},
	{"pairs of tasks, one after the other", pairs},
	{"a parent waits for its child", fork},
	{"a parent waits for one child after the other", forks},
	{"a parent waits for two children that wait for each other", relay},
	{"a worker stays awake for a task for which no other could be woken", note},
	{"many publishers", storm},
	{"shutdown at rest", shutdownAtRest},
	{"shutdown in the midst of it", shutdownInTheMidst},
	{"workers that start after the shutdown", lateWorkers},
}

// open starts all workers and waits until they rest.
func (h *host) open() bool {
	h.start(0, h.workers)
	return h.atRest()
}

// end shuts a host at rest down.
func (h *host) end() {
	if h.atRest() {
		h.available()
		h.close()
		h.finish()
	}
}

// available checks, at rest, that the snapshot has every core and nothing else. A
// worker that is in Park may still be about to give its core back.
func (h *host) available() {
	s, ok := h.idle.(impls.Snapshotter)
	if !ok {
		return
	}
	h.await("S2", "all workers rest, and the snapshot is not the set of all cores", func() bool {
		var snapshot impls.Snapshot
		s.Snapshot(&snapshot)
		for core := range h.cores + 128 {
			if snapshot.IsIdle(core) != (core < h.cores) {
				return false
			}
		}
		return true
	})
}

// oneAtATime: each task must start though nothing else happens (L1).
func oneAtATime(h *host) {
	if !h.open() {
		return
	}
	for range 5 {
		h.submit(func(*worker) {})
		if h.acquire() {
			h.lock.Unlock()
		}
		if !h.await("L1", "a task from outside has not run", func() bool { return h.ran.Load() == h.submitted.Load() }) {
			return
		}
	}
	for range 3 {
		h.submit(func(*worker) {})
		if !h.atRest() {
			return
		}
	}
	h.end()
}

// meeting returns a task of which want must run at once: each waits for the
// others. If the manager misses one in a race that it names, another task from
// outside makes up for it; the first of them to arrive submits that.
func (h *host) meeting(want int, s impls.Situation, invariant, otherwise string) task {
	var arrived, leaders atomic.Int32
	all := func() bool { return int(arrived.Load()) >= want }
	return func(*worker) {
		arrived.Add(1)
		if leaders.Add(1) > 1 {
			h.await(invariant, otherwise, all)
			return
		}
		h.elsewhere(s, invariant, otherwise, all, func() { h.submit(func(*worker) {}) })
	}
}

// together: as many tasks as there are cores must run at once, or those that are
// left wait while a core is idle (L3).
func together(h *host) {
	if !h.open() {
		return
	}
	for range 3 {
		h.calm()
		same := h.meeting(h.cores, impls.Outside, "L3", "tasks from outside that wait for each other do not all run")
		for range h.cores {
			h.submit(same)
		}
		if !h.atRest() {
			return
		}
	}
	h.end()
}

// calm gives workers in Park the time to fall asleep. On their way there a manager
// with races may miss them; most scenarios are about something else.
func (h *host) calm() {
	if len(h.impl.Races) > 0 {
		sleep(time.Millisecond + time.Duration(h.workers)*100*time.Microsecond)
	}
}

// batch: NotifyMult wakes as many as the tasks, the sleepers and the cores
// allow, or those that were about to sleep do not (L6).
func batch(h *host) {
	if !h.open() {
		return
	}
	for _, n := range []int{2, h.cores, 2*h.cores + 1} {
		h.calm()
		same := h.meeting(min(n, h.cores), impls.Batch, "L6", "NotifyMult has not woken as many as it could")
		h.submit(slices.Repeat([]task{same}, n)...)
		if !h.atRest() {
			return
		}
	}
	h.end()
}

// pairs: two tasks that wait for each other, submitted at once or one by one, and
// when they have run the next two, while workers are on their way to sleep. Where
// a manager names races that is when they show, so there is time to fall asleep.
func pairs(h *host) {
	if !h.open() {
		return
	}
	if h.cores > 1 {
		rng := rand.New(rand.NewPCG(h.seed, uint64(h.workers)))
		start := now()
		for n := 0; n < 4 || n < 50 && now()-start < 2*time.Millisecond; n++ {
			h.calm()
			if n%2 == 0 {
				same := h.meeting(2, impls.Batch, "L6", "two tasks that were submitted at once do not both run")
				h.submit(same, same)
			} else {
				same := h.meeting(2, impls.Outside, "L3", "two tasks that wait for each other do not both run")
				h.submit(same)
				h.submit(same)
			}
			if !h.await("L1", "a task from outside has not run", func() bool { return h.ran.Load() == h.submitted.Load() }) {
				return
			}
			delay(rng)
		}
	}
	h.end()
}

// elsewhere waits, in a task, for something that other workers must do. A manager
// that names a race for this situation may miss it, as long as that is rare; then
// it is notified once more.
func (h *host) elsewhere(s impls.Situation, invariant, otherwise string, happened func() bool, notify func()) {
	if !h.excused.excuses(s) {
		h.await(invariant, otherwise, happened)
		return
	}
	start := now()
	late := func() bool { return now()-start > h.patience/20 }
	if !h.await(invariant, otherwise, func() bool { return happened() || late() }) {
		return
	}
	missed := !happened()
	if rare, n := h.excused.waited(s, missed); !rare {
		h.violate(invariant, "%s, in %d of %d cases, which is too often for a race", otherwise, n.misses, n.waits)
		return
	}
	if !missed {
		return
	}
	// Several may have been missed at once.
	for range h.cores {
		notify()
		start = now()
		if !h.await(invariant, otherwise, func() bool { return happened() || late() }) || happened() {
			return
		}
	}
	h.violate(invariant, "%s, not even when notified again", otherwise)
}

// children is elsewhere for tasks that w has spawned.
func (w *worker) children(s impls.Situation, invariant, otherwise string, ran func() bool) {
	w.h.elsewhere(s, invariant, otherwise, ran, func() { w.h.idle.NotifyLocal(w.core) })
}

// fork: a parent publishes a child on its core and waits until it has run, which
// takes another worker (L3).
func fork(h *host) {
	if !h.open() {
		return
	}
	if h.cores > 1 {
		for range 5 {
			h.submit(func(w *worker) {
				var done atomic.Bool
				w.spawn(func(*worker) { done.Store(true) })
				w.children(impls.Fork, "L3", "a child that its parent waits for has not run", done.Load)
			})
			if !h.atRest() {
				return
			}
		}
	}
	h.end()
}

// forks: a parent waits for one child after the other. The worker that ran a child
// is on its way to sleep when the next one is published: how far differs from child
// to child. There are fewer children where a wake takes long.
func forks(h *host) {
	if !h.open() {
		return
	}
	if h.cores > 1 {
		h.submit(func(w *worker) {
			start := now()
			for n := 0; n < 4 || n < 50 && now()-start < 2*time.Millisecond; n++ {
				var done atomic.Bool
				w.spawn(func(*worker) { done.Store(true) })
				w.children(impls.Fork, "L3", "a child that its parent waits for has not run", done.Load)
				delay(w.rng)
			}
		})
		if !h.atRest() {
			return
		}
	}
	h.end()
}

// relay: of two children that wait for each other the first is found by the
// worker that the notification woke; it must wake another for the second (L4).
func relay(h *host) {
	if !h.open() {
		return
	}
	if h.cores > 2 {
		for range 5 {
			h.submit(func(w *worker) {
				var arrived, done atomic.Int32
				child := func(*worker) {
					arrived.Add(1)
					h.await("L4", "the other child has not run", func() bool { return arrived.Load() == 2 })
					done.Add(1)
				}
				w.spawn(child, child)
				w.children(impls.ForkTwo, "L4", "two children that wait for each other have not run", func() bool { return done.Load() == 2 })
			})
			if !h.atRest() {
				return
			}
		}
	}
	h.end()
}

// note: all cores are busy when a child is published; one of the others becomes
// free and must not park, since the parent waits for the child (L5). It does not
// search by itself, or it would find the child without a note; only with a manager
// that says that it needs such a search is it allowed one.
func note(h *host) {
	if !h.open() {
		return
	}
	needed := slices.ContainsFunc(h.impl.Races, func(r impls.Race) bool { return r.Unsearched })
	if h.cores > 1 {
		for range 3 {
			h.calm()
			var release atomic.Bool
			inUse := h.meeting(h.cores, impls.Outside, "L3", "not all cores are in use")
			for range h.cores - 1 {
				h.submit(func(w *worker) {
					inUse(w)
					h.await("L1", "the parent has not run on", release.Load)
				})
			}
			h.submit(func(w *worker) {
				inUse(w)
				h.unsearching.Store(!needed)
				defer h.unsearching.Store(false)
				var done atomic.Bool
				w.spawn(func(*worker) { done.Store(true) })
				release.Store(true)
				w.children(impls.Busy, "L5", "a child published when all were busy has not run", done.Load)
			})
			if !h.atRest() {
				return
			}
		}
	}
	h.end()
}

// publish submits tasks, alone and in batches, that spawn others.
func publish(h *host, times int) {
	leaf := func(*worker) {}
	parent := func(w *worker) {
		w.spawn(leaf)
		w.pause()
		w.spawn(leaf, leaf)
	}
	for i := range times {
		pause()
		switch i % 3 {
		case 0:
			h.submit(parent)
		case 1:
			h.submit(leaf)
		case 2:
			h.submit(parent, leaf, parent)
		}
	}
}

// storm: publishers race with workers that park, and every task runs.
func storm(h *host) {
	h.start(0, h.workers)
	publisher := func() { publish(h, 60) }
	all(publisher, publisher, publisher)
	h.end()
}

func shutdownAtRest(h *host) {
	if !h.open() {
		return
	}
	h.close()
	h.finish()
	afterwards(h)
}

// shutdownInTheMidst: Shutdown, twice at once, races with all other events. Tasks
// may be left over, workers and cores may not.
func shutdownInTheMidst(h *host) {
	h.start(0, h.workers)
	publisher := func() { publish(h, 30) }
	closer := func() {
		for range h.seed % 97 {
			pause()
		}
		h.close()
	}
	all(publisher, publisher, closer, closer)
	h.finish()
	afterwards(h)
}

// lateWorkers: some workers call Park for the first time after the shutdown.
func lateWorkers(h *host) {
	h.start(0, h.workers/2)
	h.submit(func(*worker) {})
	h.close()
	h.start(h.workers/2, h.workers)
	h.finish()
	afterwards(h)
}

// afterwards: events after the shutdown change nothing, and do not block (D6).
func afterwards(h *host) {
	if h.err() != nil {
		return
	}
	notify := func() {
		for n := 1; n <= 3; n++ {
			if h.impl.Lockless || h.acquire() {
				h.idle.NotifyMult(n)
			}
		}
		if h.impl.Lockless || h.acquire() {
			h.idle.NotifyRemote()
		}
		h.close()
	}
	if !inTime(h.patience, notify) {
		h.violate("D6", "a notification after the shutdown has not returned")
	}
	for i := range h.core {
		if holder := h.core[i].holder.Load(); holder != isShutDown {
			h.violate("D6", "core %d %s after the shutdown", i, whereabouts(holder))
		}
	}
}
