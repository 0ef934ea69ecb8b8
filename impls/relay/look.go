package relay

import "math/bits"

// work looks into all queues, and returns one with work, or nowhere: the injection queue,
// which comes first (M1), or a run queue, from the given core on. It leaves out the cores
// of idle workers: a worker becomes idle with an empty run queue, and puts nothing there
// until it was claimed.
func (i *Idle) work(near int) (queue int) {
	if i.Queues.Injected() > 0 {
		return i.injection()
	}
	at, low := near/wordBits, uint64(1)<<(near%wordBits)-1
	if core := i.workIn(at, ^low); core != nowhere {
		return core
	}
	for next := at + 1; next < at+len(i.idle); next++ {
		if core := i.workIn(next%len(i.idle), ^uint64(0)); core != nowhere {
			return core
		}
	}
	return i.workIn(at, low)
}

// workIn returns a core with work among some of a word's.
func (i *Idle) workIn(at int, among uint64) (core int) {
	among &= wordOf(at, len(i.nodes))
	if among == 0 {
		return nowhere
	}
	for busy := among &^ i.idle[at].idle.Load(); busy != 0; busy &= busy - 1 {
		core := at*wordBits + bits.TrailingZeros64(busy)
		if i.Queues.Stealable(core) {
			return core
		}
	}
	return nowhere
}
