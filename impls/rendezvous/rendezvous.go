package rendezvous

import (
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation is the entry of the catalogue.
var Implementation = impls.Implementation{
	Name:  "rendezvous",
	About: "one spinner is handed the wake-up, the others sleep in a locked stack",
	New:   newRendezvous,
}

// A rendezvous has at most one spinner. It puts its number into a slot and polls a
// word of its own. A publisher that takes the number from the slot hands the
// wake-up, with the core to look at, to the spinner, which costs no system call.
// Behind it is a stack of sleepers under the host's lock.
//
//	publisher                          parker
//	1. the task is visible             1. if the slot is free: puts itself there,
//	2. takes the spinner from the         looks into all queues, polls for a while,
//	   slot, if there is one, and         and takes itself from the slot again
//	   hands over; else               2. under the lock: sleepers + 1, looks into
//	3. if there are sleepers, pops        all queues, pushes itself; sleeps
//	   one under the lock, wakes it
//
// A spinner whose number is gone from the slot was chosen, and awaits the hand-over.
//
// # Why no wake-up is lost
//
// Suppose that a publisher sees no spinner and no sleeper. Each worker that enters
// the slot or the count later looks later. A spinner that had left the slot, because
// its time was over, has yet to enter the count, and then looks. If the publisher takes
// the lock and finds the stack empty, a parker whose section comes later looks in
// it, and one whose section was earlier saw work or was popped. What a thief
// hides from these looks it sees itself in Found.
type rendezvous struct {
	tied.Base
	slot     prim.Uint32 // the spinner's number plus 1; 0: there is none
	sleepers prim.Int32  // not less than len(stack)
	stack    []int       // guarded by the lock
}

// budget is how long a spinner polls: far longer than a hand-over takes.
const budget = 20 * time.Microsecond

func newRendezvous(c impls.Config) impls.Idle { return &rendezvous{Base: tied.New(c)} }

// handOver gives a wake-up to the spinner, if there is one.
func (r *rendezvous) handOver(look *impls.Core) bool {
	s := r.slot.Load()
	if s == 0 || !r.slot.CompareAndSwap(s, 0) {
		return false
	}
	r.HandOver(int(s-1), look)
	return true
}

// wakeLocked wakes a sleeper, if there is one. The lock is held, and released.
func (r *rendezvous) wakeLocked(look *impls.Core) bool {
	n := len(r.stack) - 1
	if n < 0 {
		r.Lock.Unlock()
		return false
	}
	w := r.stack[n]
	r.stack = r.stack[:n]
	r.sleepers.Add(-1)
	r.Lock.Unlock()
	r.Choose(w, look)
	return true
}

func (r *rendezvous) notify(look *impls.Core) {
	if !r.handOver(look) && r.sleepers.Load() > 0 {
		r.Lock.Lock()
		r.wakeLocked(look)
	}
}

func (r *rendezvous) NotifyLocal(c *impls.Core) { r.notify(c) }

func (r *rendezvous) NotifyRemote() {
	if r.handOver(nil) {
		r.Lock.Unlock()
		return
	}
	r.wakeLocked(nil)
}

func (r *rendezvous) NotifyMult(n int) {
	r.NotifyRemote()
	for ; n > 1; n-- {
		r.notify(nil)
	}
}

func (r *rendezvous) Found(c *impls.Core) {
	c.Searching = false
	if r.AnyWork() {
		r.notify(nil)
	}
}

func (r *rendezvous) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		return r.Enter(w)
	}
	c.Searching = false
	if r.slot.CompareAndSwap(0, uint32(w+1)) {
		handed := func() bool { return r.Chosen(w) }
		work := r.Closed() || r.AnyWork()
		if !work {
			prim.Spin(budget, handed)
		}
		if !r.slot.CompareAndSwap(uint32(w+1), 0) {
			prim.Spin(-1, handed)
			r.Sleep(w) // returns at once
			return r.Leave(c, impls.Woken)
		}
		if work {
			return r.Leave(c, impls.Kept)
		}
	}
	r.Lock.Lock()
	r.sleepers.Add(1)
	if r.Closed() || r.AnyWork() {
		r.sleepers.Add(-1)
		r.Lock.Unlock()
		return r.Leave(c, impls.Kept)
	}
	r.stack = append(r.stack, w)
	r.Lock.Unlock()
	r.Sleep(w)
	return r.Leave(c, impls.Woken)
}

func (r *rendezvous) Shutdown() []*impls.Core {
	return r.ShutdownBy(func() {
		r.handOver(nil)
		for more := true; more; {
			r.Lock.Lock()
			more = r.wakeLocked(nil)
		}
	})
}
