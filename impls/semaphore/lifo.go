package semaphore

import "github.com/idlebench/idlebench/impls/prim"

// release adds n signals, and wakes waiters if the spinners do not suffice.
func (i *Idle) release(n int) {
	for {
		old := tally(i.counts.Load())
		t, wake := old.released(n)
		if i.counts.CompareAndSwap(uint64(old), uint64(t)) {
			for ; wake > 0; wake-- {
				i.wakeOne()
			}
			return
		}
	}
}

// wait waits for a signal, on behalf of a core's worker. It reports whether the worker
// has taken one, which is so unless it was woken and another came first, and
// whether it has blocked, or was woken when it was about to.
func (i *Idle) wait(core int) (signal, blocked bool) {
	before, after := i.change(tally.arrived)
	if before.signals() > 0 {
		return true, false
	}
	if after.spinners() > before.spinners() {
		if prim.Spin(budget, i.absorb) {
			return true, false
		}
		if before, _ = i.change(tally.gaveUp); before.signals() > 0 {
			return true, false
		}
	}
	i.block(core)
	before, _ = i.change(tally.awoke)
	return before.signals() > 0, true
}

// absorb lets a spinner take a signal, if there is one.
func (i *Idle) absorb() bool {
	for {
		t := tally(i.counts.Load())
		if t.signals() == 0 {
			return false
		}
		if i.counts.CompareAndSwap(uint64(t), uint64(t-oneSignal-oneSpinner)) {
			return true
		}
	}
}
