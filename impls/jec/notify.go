package jec

import "github.com/idlebench/idlebench/impls"

// NotifyLocal wakes a worker if some sleep and none is idle.
func (i *Idle) NotifyLocal(*impls.Core) { i.published(1, true) }

// NotifyRemote does so, too, and also if there was a task before.
func (i *Idle) NotifyRemote() { i.injected(1) }

// NotifyMult does so for n tasks.
func (i *Idle) NotifyMult(n int) { i.injected(n) }

func (i *Idle) injected(n int) { i.published(n, i.Queues.Injected() <= n) }

// published tells sleepy workers that n tasks were published, and wakes as many as
// the idle workers are too few by. If there were tasks before, the idle workers do not
// count: evidently they are not enough.
func (i *Idle) published(n int, queueWasEmpty bool) {
	c := i.load()
	for c.sleepy() {
		if awake := c + jobs; i.swap(c, awake) {
			c = awake
			break
		}
		c = i.load()
	}
	sleepers := c.sleepers()
	if sleepers == 0 {
		return
	}
	if queueWasEmpty {
		n -= c.idle()
	}
	i.wakeAny(min(n, sleepers))
}

// wakeAny wakes up to n sleepers, those with the lowest numbers.
func (i *Idle) wakeAny(n int) {
	for w := 0; n > 0 && w < len(i.workers); w++ {
		if i.wake(w) {
			n--
		}
	}
}

// wake wakes a worker if it sleeps, and reports whether it did. The one that wakes
// takes the worker from the count, so that the next publisher need not wait for the
// worker to see that.
func (i *Idle) wake(w int) bool {
	worker := &i.workers[w]
	worker.lock.Lock()
	defer worker.lock.Unlock()
	if !worker.blocked {
		return false
	}
	worker.blocked = false
	i.Parkers[w].Unpark()
	i.sub(sleeping)
	return true
}

// Found takes the worker from the idle ones, and wakes up to two sleepers: if there
// was one task there may be more. What a thief has taken along is published again.
func (i *Idle) Found(c *impls.Core) {
	c.Searching = false
	i.wakeAny(min(i.sub(inactive).sleepers(), 2))
	if i.Queues.Stealable(c.Index) {
		i.published(1, true)
	}
}

// Shutdown closes the manager and wakes every sleeper.
func (i *Idle) Shutdown() []*impls.Core {
	return i.ShutdownBy(func() {
		for w := range i.workers {
			i.wake(w)
		}
	})
}
