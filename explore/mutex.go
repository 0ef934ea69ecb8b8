package explore

import "slices"

var (
	lock      = kind{name: "lock", does: takes}
	tryToLock = kind{name: "try to lock"}
	unlock    = kind{name: "unlock", does: frees}

	wait          = kind{name: "wait", does: frees, second: true}
	wakeUpAndLock = kind{name: "wake up and lock", does: takes}
	signal        = kind{name: "signal"}
	broadcast     = kind{name: "broadcast"}
)

// A Mutex is like sync.Mutex. Its zero value is unlocked.
type Mutex struct {
	object
	held    bool
	waiters threadSet // their next operation is to lock it
}

// Lock blocks until the mutex is free and takes it.
func (m *Mutex) Lock() {
	if x := exploration(); x != nil {
		if m.of != x.number {
			m.waiters = 0 // of another execution
		}
		m.waiters |= only(x.running)
		if m.held {
			x.blocked |= only(x.running)
		}
	}
	t := do(&lock, &m.object, nil, nil)
	if t != nil {
		m.waiters &^= only(t)
	} else if m.held {
		wouldBlock("Mutex.Lock")
	}
	m.take(t)
}

// take and give keep account of the threads that the mutex blocks, so that the
// strategy need not ask each of them at each step.
func (m *Mutex) take(t *thread) {
	m.held = true
	if x := current; x != nil && m.of == x.number {
		x.blocked |= m.waiters
	}
	t.acquire(&m.object)
}

func (m *Mutex) give(t *thread) {
	m.held = false
	if x := current; x != nil && m.of == x.number {
		x.blocked &^= m.waiters
	}
	t.release(&m.object)
}

// TryLock takes the mutex if it is free, and reports whether it did.
func (m *Mutex) TryLock() bool {
	t := do(&tryToLock, &m.object, nil, nil)
	if m.held {
		return false
	}
	m.take(t)
	return true
}

// Unlock frees the mutex.
func (m *Mutex) Unlock() {
	t := do(&unlock, &m.object, nil, nil)
	if !m.held {
		if t == nil {
			return // the execution is over
		}
		panic("unlock of an unlocked mutex")
	}
	m.give(t)
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
	t := do(&wait, &c.object, &c.L.object, nil)
	if t == nil {
		wouldBlock("Cond.Wait")
		return
	}
	if !c.L.held {
		panic("wait on a condition variable whose mutex is not locked")
	}
	c.L.give(t)
	t.woken = false
	c.waiters = append(c.waiters, t)
	do(&wakeUpAndLock, &c.L.object, &c.object, signalled{c})
	c.L.take(t)
}

type signalled struct{ c *Cond }

func (s signalled) ready(t *thread) bool { return t.woken && !s.c.L.held }

// Signal wakes one waiter, if there is any.
func (c *Cond) Signal() {
	do(&signal, &c.object, nil, nil)
	if len(c.waiters) > 0 {
		i := Choose(len(c.waiters))
		c.waiters[i].woken = true
		c.waiters = slices.Delete(c.waiters, i, i+1)
	}
}

// Broadcast wakes all waiters.
func (c *Cond) Broadcast() {
	do(&broadcast, &c.object, nil, nil)
	for _, t := range c.waiters {
		t.woken = true
	}
	c.waiters = nil
}
