package jec

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// Search lets every worker search, as an idle one.
func (i *Idle) Search(c *impls.Core) bool {
	i.add(inactive)
	c.Searching = true
	return true
}

// Park blocks until the worker should look again, with its own core. The worker is
// idle when it returns, even if it came without having searched.
func (i *Idle) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		return i.Enter(w)
	}
	if !c.Searching {
		i.add(inactive)
	}
	c.Searching = false
	if prim.YieldTimes(roundsUntilSleepy, i.mayLeave) {
		return i.Leave(c, impls.Kept)
	}
	for {
		events := i.becomeSleepy()
		if prim.YieldTimes(1, i.mayLeave) {
			return i.Leave(c, impls.Kept)
		}
		switch i.sleep(w, events) {
		case slept:
			return i.Leave(c, impls.Woken)
		case mustLook:
			return i.Leave(c, impls.Kept)
		case disturbed:
			// It has looked for long enough: it looks once more.
		}
	}
}

// mayLeave looks for a reason not to sleep.
func (i *Idle) mayLeave() bool { return i.Closed() || i.AnyWork() }

// becomeSleepy makes the jobs-event counter even, and returns it. It changes as soon
// as a task is published.
func (i *Idle) becomeSleepy() (events uint32) {
	for {
		c := i.load()
		if c.sleepy() {
			return c.events()
		}
		if i.swap(c, c+jobs) {
			return (c + jobs).events()
		}
	}
}

// An outcome says whether a worker fell asleep.
type outcome int

const (
	slept     outcome = iota
	disturbed         // tasks were published since the worker became sleepy
	mustLook          // there is a task from outside, or the manager has closed
)

// sleep blocks the worker until it is woken, unless something keeps it awake.
//
// The worker has its lock from before it is counted until it is blocked. So one that
// sees it in the count and wants to wake it waits until it can be woken.
func (i *Idle) sleep(w int, events uint32) outcome {
	worker := &i.workers[w]
	worker.lock.Lock()
	defer worker.lock.Unlock()
	why := i.fallAsleep(events)
	if why != slept {
		return why
	}
	for worker.blocked = true; worker.blocked; worker.lock.Lock() {
		worker.lock.Unlock()
		i.Parkers[w].Park()
	}
	return slept
}

// fallAsleep counts the worker as a sleeper, unless something keeps it awake. The
// worker has its lock.
func (i *Idle) fallAsleep(events uint32) outcome {
	if i.Closed() {
		return mustLook
	}
	for {
		c := i.load()
		if c.events() != events {
			return disturbed
		}
		if i.swap(c, c+sleeping) {
			break
		}
	}
	if i.Queues.Injected() > 0 {
		i.sub(sleeping) // which is left to the one that wakes it otherwise
		return mustLook
	}
	return slept
}
