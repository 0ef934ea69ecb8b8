package broken

import "github.com/idlebench/idlebench/impls"

// A base is the canonical policy under one mutex, with a defect. Each event is one
// critical section, so each sees what the earlier ones did: a publisher finds a
// searcher, who looks into every queue in the section in which it leaves; or a
// sleeper and a core, and wakes it; or neither, and leaves the note, which the next
// worker reads before it sleeps.
type base struct {
	c         impls.Config
	defect    defect
	searching int  // workers that search, and wake-ups in flight
	note      bool // a publisher could wake no worker
	closed    bool
	sleepers  []int
	available []*impls.Core
	assigned  []*impls.Core // by worker

	locals    int  // calls of NotifyLocal that found no searcher
	signalled bool // since a worker parked
	cache     impls.Snapshot
	cached    int // key of the cache, plus one
}

func newBase(c impls.Config, d defect) impls.Idle { return makeBase(c, d) }

func makeBase(c impls.Config, d defect) *base {
	return &base{
		c: c, defect: d,
		available: append([]*impls.Core(nil), c.Cores...),
		assigned:  make([]*impls.Core, c.Workers),
	}
}

// NotifyLocal wakes a searcher unless there is one.
func (b *base) NotifyLocal(*impls.Core) {
	b.c.Lock.Lock()
	if b.searching > 0 {
		b.c.Lock.Unlock()
		return
	}
	b.locals++
	if b.defect == dropsEveryFourth && b.locals%4 == 0 || b.defect == signalsOncePerPark && b.signalled {
		b.c.Lock.Unlock()
		return
	}
	b.signalled = true
	b.NotifyRemote()
}

// NotifyRemote wakes a searcher. The lock is held, and released.
func (b *base) NotifyRemote() {
	w, ok := b.assign()
	b.note = b.note || !ok
	b.c.Lock.Unlock()
	if ok {
		b.c.Parkers[w].Unpark()
	}
}

// NotifyMult wakes up to n searchers. The lock is held, and released.
func (b *base) NotifyMult(n int) {
	if b.defect == wakesOneOfMany {
		w, ok := b.assign()
		if ok {
			b.stopSearching(b.assigned[w])
		}
		b.c.Lock.Unlock()
		if ok {
			b.c.Parkers[w].Unpark()
		}
		return
	}
	for ; n > 1; n-- {
		b.NotifyRemote()
		b.c.Lock.Lock()
	}
	b.NotifyRemote()
}

// assign gives a core to a sleeper, to search with.
func (b *base) assign() (w int, ok bool) {
	if len(b.sleepers) == 0 || len(b.available) == 0 {
		return 0, false
	}
	w = b.sleepers[len(b.sleepers)-1]
	if b.defect != wakesTwice {
		b.sleepers = b.sleepers[:len(b.sleepers)-1]
	}
	core := b.takeCore()
	b.startSearching(core)
	b.assigned[w] = core
	return w, true
}

func (b *base) takeCore() *impls.Core {
	core := b.available[len(b.available)-1]
	b.available = b.available[:len(b.available)-1]
	return core
}

func (b *base) startSearching(c *impls.Core) {
	c.Searching = true
	b.searching++
	b.note = false
}

// stopSearching reports whether the worker was the last searcher.
func (b *base) stopSearching(c *impls.Core) (last bool) {
	c.Searching = false
	b.searching--
	return b.searching == 0
}

// Search lets the worker search unless half of the busy cores do.
func (b *base) Search(c *impls.Core) bool {
	b.c.Lock.Lock()
	defer b.c.Lock.Unlock()
	if 2*b.searching >= len(b.c.Cores)-len(b.available) {
		return false
	}
	b.startSearching(c)
	return true
}

// Found wakes another searcher if the worker was the last.
func (b *base) Found(c *impls.Core) {
	b.c.Lock.Lock()
	if b.stopSearching(c) && b.defect != relaysNothing && (b.defect != signalsOncePerPark || !b.signalled) {
		b.NotifyRemote()
		return
	}
	b.c.Lock.Unlock()
}

// Park gives the core back and sleeps, unless there is work.
func (b *base) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	b.c.Lock.Lock()
	defer b.c.Lock.Unlock()
	b.signalled = false
	if c == nil {
		if len(b.available) > 0 && !b.closed {
			return b.takeCore(), impls.Kept
		}
		return b.sleep(w)
	}
	if b.c.Queues.Injected() > 0 {
		return c, impls.Kept
	}
	if !c.Searching && b.note {
		b.startSearching(c)
		return c, impls.Kept
	}
	if c.Searching {
		if !b.leave(c) {
			return c, impls.Kept
		}
	}
	if b.closed && b.defect != leaksCore {
		return c, impls.Closed
	}
	b.available = append(b.available, c)
	return b.sleep(w)
}

// leave takes the worker off the searchers, and reports whether it may sleep. If it
// was the last it must find the queues empty after it has left; if not it searches
// on.
func (b *base) leave(c *impls.Core) bool {
	switch b.defect {
	case looksBeforeLeaving:
		if b.searching == 1 && b.work() {
			return false
		}
		b.c.Lock.Unlock()
		b.c.Lock.Lock()
		b.stopSearching(c)
		return true
	case takesNoteLate:
		if b.stopSearching(c) && b.work() {
			b.startSearching(c)
			return false
		}
		b.c.Lock.Unlock()
		b.c.Lock.Lock()
		b.note = false
		return true
	}
	if b.stopSearching(c) && b.work() {
		b.startSearching(c)
		return false
	}
	return true
}

// work reports whether a run queue has a task.
func (b *base) work() bool {
	for i := range b.c.Cores {
		if b.c.Queues.Stealable(i) {
			return true
		}
	}
	return false
}

// sleep blocks until a core is assigned to the worker or the manager is closed.
func (b *base) sleep(w int) (*impls.Core, impls.Reason) {
	if b.closed {
		return nil, impls.Closed
	}
	b.sleepers = append(b.sleepers, w)
	for {
		b.c.Lock.Unlock()
		b.c.Parkers[w].Park()
		b.c.Lock.Lock()
		c := b.assigned[w]
		b.assigned[w] = nil
		if b.defect == wakesTwice && c != nil {
			b.forget(w)
		}
		switch {
		case b.closed:
			if c != nil && c.Searching {
				b.stopSearching(c)
			}
			return c, impls.Closed
		case c != nil:
			return c, impls.Woken
		case b.defect == staysSleeper && len(b.available) > 0:
			c := b.takeCore()
			b.startSearching(c)
			return c, impls.Kept
		}
	}
}

// forget takes a worker from the sleepers.
func (b *base) forget(w int) {
	for i, sleeper := range b.sleepers {
		if sleeper == w {
			b.sleepers = append(b.sleepers[:i], b.sleepers[i+1:]...)
			return
		}
	}
}

// Shutdown wakes every sleeper and returns the available cores.
func (b *base) Shutdown() []*impls.Core {
	b.c.Lock.Lock()
	if b.closed {
		b.c.Lock.Unlock()
		return nil
	}
	b.closed = true
	wake, cores := b.sleepers, b.available
	b.sleepers, b.available = nil, nil
	b.c.Lock.Unlock()
	for _, w := range wake {
		b.c.Parkers[w].Unpark()
	}
	return cores
}

// Snapshot overwrites dst with the set of available cores.
func (b *base) Snapshot(dst *impls.Snapshot) {
	b.c.Lock.Lock()
	defer b.c.Lock.Unlock()
	dst.Resize(len(b.c.Cores))
	if key := len(b.available) + 1; b.defect != cachesSnapshot || b.cached != key {
		b.cached = key
		b.cache.Resize(len(b.c.Cores))
		for _, c := range b.available {
			b.cache.Words[c.Index/64] |= 1 << (c.Index % 64)
		}
	}
	copy(dst.Words, b.cache.Words)
}
