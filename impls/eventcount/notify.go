package eventcount

import "github.com/idlebench/idlebench/impls"

// NotifyLocal wakes a worker if any waits, and lets it look at c first.
func (i *Idle) NotifyLocal(c *impls.Core) {
	if i.load().waiting() {
		i.notify(c)
	}
}

// NotifyRemote wakes a worker if any waits.
func (i *Idle) NotifyRemote() {
	if i.load().waiting() {
		i.notify(nil)
	}
}

// NotifyMult wakes up to n workers.
func (i *Idle) NotifyMult(n int) {
	if n >= len(i.waiters) {
		i.notifyAll()
		return
	}
	for n > 0 && i.notify(nil) {
		n--
	}
}

// notify gives a prewaiter a signal or else wakes a sleeper, and reports whether it
// did either.
func (i *Idle) notify(look *impls.Core) bool {
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
				i.wake(w, look)
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
			i.wake(w, nil)
		}
		return
	}
}

// wake wakes a worker that the caller has popped. So the worker's core is the
// caller's to write to until it has set chosen.
func (i *Idle) wake(w int, look *impls.Core) {
	i.Core[w].Look = look
	i.waiters[w].chosen.Store(true)
	i.Parkers[w].Unpark()
}

// Found wakes another worker if one waits and any work is left.
func (i *Idle) Found(c *impls.Core) {
	c.Searching = false
	i.stopSpinning(c)
	if i.load().waiting() && i.AnyWork() {
		i.notify(nil)
	}
}

// Shutdown closes the manager.
func (i *Idle) Shutdown() []*impls.Core { return i.ShutdownBy(i.notifyAll) }
