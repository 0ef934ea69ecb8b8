package explore

import "slices"

// A Mutex is like sync.Mutex. Its zero value is unlocked.
type Mutex struct {
	object
	held bool
}

func (m *Mutex) ready(*thread) bool { return !m.held }

// Lock blocks until the mutex is free and takes it.
func (m *Mutex) Lock() {
	t := do(op{name: "lock", a: &m.object, ready: m, mutex: &m.object, does: takes})
	if t == nil && m.held {
		wouldBlock("Mutex.Lock")
	}
	m.held = true
	t.acquire(&m.object)
}

// TryLock takes the mutex if it is free, and reports whether it did.
func (m *Mutex) TryLock() bool {
	t := do(op{name: "try to lock", a: &m.object})
	if m.held {
		return false
	}
	m.held = true
	t.acquire(&m.object)
	return true
}

// Unlock frees the mutex.
func (m *Mutex) Unlock() {
	t := do(op{name: "unlock", a: &m.object, mutex: &m.object, does: frees})
	if !m.held {
		if t == nil {
			return // the execution is over
		}
		panic("unlock of an unlocked mutex")
	}
	m.held = false
	t.release(&m.object)
}

// A Cond is like sync.Cond. Which of several waiters Signal wakes is chosen: Go
// does not promise an order.
type Cond struct {
	L *Mutex

	object
	waiters []*thread
}

// NewCond returns a condition variable on m.
func NewCond(m *Mutex) *Cond { return &Cond{L: m} }

// Wait unlocks L, blocks until it is woken, and locks L.
func (c *Cond) Wait() {
	t := do(op{name: "wait", a: &c.object, b: &c.L.object, mutex: &c.L.object, does: frees})
	if t == nil {
		wouldBlock("Cond.Wait")
		return
	}
	if !c.L.held {
		panic("wait on a condition variable whose mutex is not locked")
	}
	c.L.held = false
	t.release(&c.L.object)
	t.woken = false
	c.waiters = append(c.waiters, t)
	do(op{name: "wake up and lock", a: &c.L.object, b: &c.object, ready: signalled{c}, mutex: &c.L.object, does: takes})
	c.L.held = true
	t.acquire(&c.L.object)
}

type signalled struct{ c *Cond }

func (s signalled) ready(t *thread) bool { return t.woken && !s.c.L.held }

// Signal wakes one waiter, if there is any.
func (c *Cond) Signal() {
	do(op{name: "signal", a: &c.object})
	if len(c.waiters) > 0 {
		i := Choose(len(c.waiters))
		c.waiters[i].woken = true
		c.waiters = slices.Delete(c.waiters, i, i+1)
	}
}

// Broadcast wakes all waiters.
func (c *Cond) Broadcast() {
	do(op{name: "broadcast", a: &c.object})
	for _, t := range c.waiters {
		t.woken = true
	}
	c.waiters = nil
}

// wouldBlock panics if the program is not being explored, where blocking has no
// meaning. In the end of an execution it does nothing.
func wouldBlock(what string) {
	if current == nil {
		panic("explore: " + what + " would block, and there is no exploration in which another thread could go on")
	}
}

// acquire and release are the edges of Go's memory model, for data races. They
// may be called on nil, outside an exploration.
func (t *thread) acquire(o *object) {
	if t != nil && t.x.races {
		t.sync.join(o.released)
	}
}

func (t *thread) release(o *object) {
	if t != nil && t.x.races {
		o.released.join(t.sync)
	}
}
