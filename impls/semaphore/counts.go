package semaphore

// A tally is a value of counts. The package documentation has its layout.
type tally uint64

const (
	oneSignal  tally = 1
	oneWaiter  tally = 1 << 32
	oneSpinner tally = 1 << 48
	oneWoken   tally = 1 << 56

	maxSpinners = 1<<8 - 1
	maxWoken    = 1<<8 - 1
)

func (t tally) signals() int  { return int(uint32(t)) }
func (t tally) waiters() int  { return int(uint16(t >> 32)) }
func (t tally) spinners() int { return int(uint8(t >> 48)) }
func (t tally) woken() int    { return int(uint8(t >> 56)) }

// released is t after a release by n signals, with the number of waiters to wake: those
// that were not woken yet, as far as there are signals for them that no spinner and no
// woken waiter will take.
func (t tally) released(n int) (_ tally, wake int) {
	t += tally(n) * oneSignal
	wake = min(t.signals(), t.waiters()+t.spinners()) - t.spinners() - t.woken()
	wake = max(0, min(wake, n))
	return t + tally(min(wake, maxWoken-t.woken()))*oneWoken, wake
}

// arrived is t after a worker has come to wait, who takes a signal, spins or blocks.
func (t tally) arrived() tally {
	switch {
	case t.signals() > 0:
		return t - oneSignal
	case t.spinners() < maxSpinners:
		return t + oneSpinner
	}
	return t + oneWaiter
}

// gaveUp is t after a spinner has come to the end of its time: it takes a signal, or
// becomes a waiter.
func (t tally) gaveUp() tally {
	if t.signals() > 0 {
		return t - oneSpinner - oneSignal
	}
	return t - oneSpinner + oneWaiter
}

// awoke is t after a waiter was woken: it is none any more, and takes a signal if there
// is one.
func (t tally) awoke() tally {
	if t.signals() > 0 {
		t -= oneSignal
	}
	if t.woken() > 0 { // not all are counted
		t -= oneWoken
	}
	return t - oneWaiter
}

// change takes a step on counts, and returns the values before and after it.
func (i *Idle) change(step func(tally) tally) (before, after tally) {
	for {
		before = tally(i.counts.Load())
		after = step(before)
		if i.counts.CompareAndSwap(uint64(before), uint64(after)) {
			return before, after
		}
	}
}
