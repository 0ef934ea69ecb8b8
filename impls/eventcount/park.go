package eventcount

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// Search lets the worker search if it becomes the spinner or sees work.
func (i *Idle) Search(c *impls.Core) bool {
	c.Searching = i.startSpinning(c) || i.AnyWork()
	return c.Searching
}

// Park blocks until the worker should look again, with its own core.
func (i *Idle) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		return i.Enter(w)
	}
	if i.startSpinning(c) {
		found := prim.Spin(spinTime, i.mayLeave)
		i.stopSpinning(c)
		if found {
			return i.Leave(c, impls.Kept)
		}
	}
	c.Searching = false
	i.prewait()
	if i.mayLeave() {
		if i.cancel() {
			return i.Leave(c, impls.Woken)
		}
		return i.Leave(c, impls.Kept)
	}
	if i.commit(w) {
		i.sleep(w)
	}
	return i.Leave(c, impls.Woken)
}

// mayLeave looks for a reason not to sleep.
func (i *Idle) mayLeave() bool { return i.Closed() || i.AnyWork() }

// prewait announces that a worker is about to look and then to sleep.
func (i *Idle) prewait() { i.word.Add(uint64(prewaiter)) }

// cancel withdraws a prewaiter, and reports whether it took a signal along.
func (i *Idle) cancel() (chosen bool) {
	for {
		s := i.load()
		to, chosen := s.cancelled()
		if i.swap(s, to) {
			return chosen
		}
	}
}

// commit makes a prewaiter a sleeper, or takes a signal. It reports whether the
// worker sleeps now.
func (i *Idle) commit(w int) (sleeps bool) {
	me := &i.waiters[w]
	for {
		s := i.load()
		to, sleeps := s.committed(state(w) | me.epoch)
		if sleeps {
			me.next.Store(uint64(s & topMask))
		}
		if !i.swap(s, to) {
			continue
		}
		if sleeps {
			me.epoch += epoch // after the last one it begins again at 0
		}
		return sleeps
	}
}

// sleep blocks until w was popped. It may have been popped before.
func (i *Idle) sleep(w int) {
	for !i.waiters[w].chosen.Swap(false) {
		i.Parkers[w].Park()
	}
}

// startSpinning makes the worker with c the spinner unless another is. It reports
// whether the worker is.
func (i *Idle) startSpinning(c *impls.Core) bool {
	mine := &i.spinner[c.Index].set
	if !*mine {
		// The load leaves the line with those who only look.
		*mine = !i.spinning.Load() && i.spinning.CompareAndSwap(false, true)
	}
	return *mine
}

// stopSpinning lets another worker become the spinner if the one with c is.
func (i *Idle) stopSpinning(c *impls.Core) {
	if mine := &i.spinner[c.Index].set; *mine {
		*mine = false
		i.spinning.Store(false)
	}
}
