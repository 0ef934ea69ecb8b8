package eventcount

import "github.com/idlebench/idlebench/impls"

// NotifyLocal wakes a worker if any waits.
func (i *Idle) NotifyLocal(*impls.Core) { i.NotifyRemote() }

// NotifyRemote wakes a worker if any waits.
func (i *Idle) NotifyRemote() {
	if i.load().waiting() {
		i.notify()
	}
}

// NotifyMult wakes up to n workers.
func (i *Idle) NotifyMult(n int) {
	if n >= len(i.waiters) {
		i.notifyAll()
		return
	}
	for n > 0 && i.notify() {
		n--
	}
}

// notify gives a prewaiter a signal or else wakes a sleeper, and reports whether it
// did either.
func (i *Idle) notify() bool {
	for {
		s := i.load()
		switch {
		case s.undecided():
			if i.swap(s, s+signal) {
				return true
			}
		case s.asleep():
			w := s.top()
			if i.swap(s, s.popped(state(i.waiters[w].next.Load()))) {
				i.wake(w)
				return true
			}
		default:
			return false
		}
	}
}

// notifyAll gives each prewaiter a signal and wakes all sleepers.
func (i *Idle) notifyAll() {
	for s := i.load(); s.waiting(); s = i.load() {
		if !i.swap(s, s.all()) {
			continue
		}
		for s.asleep() {
			w := s.top()
			// A worker that is awake may push itself again, with another next.
			s = state(i.waiters[w].next.Load())
			i.wake(w)
		}
		return
	}
}

// wake wakes a worker that the caller has popped.
func (i *Idle) wake(w int) {
	i.waiters[w].chosen.Store(true)
	i.Parkers[w].Unpark()
}

// Found wakes another worker if one waits and any work is left.
func (i *Idle) Found(c *impls.Core) {
	c.Searching = false
	i.stopSpinning(c)
	if i.load().waiting() && i.AnyWork() {
		i.notify()
	}
}

// Shutdown closes the manager.
func (i *Idle) Shutdown() []*impls.Core { return i.ShutdownBy(i.notifyAll) }
