package simulate

import (
	"slices"
	"unsafe"
)

// A Cond is like sync.Cond. Each thread that waits draws a ticket; they are woken in
// the order of the tickets.
type Cond struct {
	L       *Mutex
	tickets Uint32 // drawn so far
	called  uint32 // those below may go on
	_       [condSize - 16]byte
}

const condSize = 56 // of sync.Cond

// NewCond returns a condition variable on m.
func NewCond(m *Mutex) *Cond { return &Cond{L: m} }

// Wait unlocks c.L, waits for Signal or Broadcast, and locks it again.
func (c *Cond) Wait() {
	if current.thread() == nil {
		return
	}
	r := recorder()
	r.begin()
	defer r.end()
	ticket := c.tickets.Add(1) - 1
	r.took(1)
	c.L.Unlock()
	t := active()
	if c.called <= ticket { // otherwise it was called between the two
		t.ticket = ticket
		t.sleepOn(unsafe.Pointer(c), false, t.s.machine.GoWake, "on a condition variable")
	}
	c.L.Lock()
	r.took(1)
}

// Signal wakes the thread that has waited longest, if there is one.
func (c *Cond) Signal() {
	waiting := c.tickets.Load() - c.called
	if waiting == 0 {
		return
	}
	if waiting > 1 {
		recorder().chose(0) // the first
	}
	c.called++
	c.call(c.called - 1)
}

// Broadcast wakes all threads that wait.
func (c *Cond) Broadcast() {
	for last := c.tickets.Load(); c.called != last; {
		c.called++
		c.call(c.called - 1)
	}
}

// call wakes the thread with the ticket, unless it does not sleep yet.
func (c *Cond) call(ticket uint32) {
	t := current.thread()
	if t == nil {
		return
	}
	key := unsafe.Pointer(c)
	queue := t.s.parked[key]
	if i := slices.IndexFunc(queue, func(u *thread) bool { return u.ticket == ticket }); i > 0 {
		u := queue[i]
		copy(queue[1:i+1], queue[:i]) // to the front
		queue[0] = u
	} else if i < 0 {
		return
	}
	t.wakeFrom(key)
}
