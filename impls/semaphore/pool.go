package semaphore

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
)

// overflow is the bit of working that says that a worker was asked for when all were
// working.
const overflow = 1 << 31

// NotifyLocal asks for a worker.
func (i *Idle) NotifyLocal(*impls.Core) { i.request() }

// NotifyRemote asks for a worker.
func (i *Idle) NotifyRemote() { i.request() }

// NotifyMult asks for one worker. Each that finds a task asks for the next.
func (i *Idle) NotifyMult(int) { i.request() }

// Found ends a search. A worker that took a request asks for the next worker, and so
// does one that has stolen more than the task it is about to run.
func (i *Idle) Found(c *impls.Core) {
	c.Searching = false
	n := &i.nodes[c.Index]
	if n.asked || i.Queues.Stealable(c.Index) {
		n.asked = false
		i.request()
	}
}

// request asks for a worker, unless one has been asked for and has not begun to look.
// It is small enough to be inlined: mostly it is this load, and the line stays shared.
func (i *Idle) request() {
	if !i.requested.Load() {
		i.makeRequest()
	}
}

// makeRequest asks for a worker, unless another publisher does.
func (i *Idle) makeRequest() {
	if !i.requested.Swap(true) && i.startWorking() {
		i.release(1)
	}
}

// takeRequest takes the request, if there is one. The caller looks into every queue
// later.
func (i *Idle) takeRequest() bool { return i.requested.Load() && i.requested.Swap(false) }

// startWorking counts one more as working, or leaves a note that all are working.
func (i *Idle) startWorking() bool {
	for {
		w := i.working.Load()
		if w&overflow != 0 {
			return false // whoever clears it takes the request afterwards
		}
		if int(w) >= len(i.nodes) {
			if i.working.CompareAndSwap(w, w|overflow) {
				return false
			}
		} else if i.working.CompareAndSwap(w, w+1) {
			return true
		}
	}
}

// stopWorking counts one less as working. If a worker was asked for when all were
// working, it clears the note instead, and returns false: the caller looks for the
// request again.
func (i *Idle) stopWorking() bool {
	for {
		w := i.working.Load()
		if w&overflow != 0 {
			if invariants.Enabled && int(w&^overflow) < len(i.nodes) {
				panic("semaphore: not all were working, and a worker stopped past the note (L5)")
			}
			if i.working.CompareAndSwap(w, w&^overflow) {
				return false
			}
		} else if i.working.CompareAndSwap(w, w-1) {
			return true
		}
	}
}
