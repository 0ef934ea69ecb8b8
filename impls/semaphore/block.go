package semaphore

import "github.com/idlebench/idlebench/impls/invariants"

// A stack is a value of blocked. The package documentation has its layout.
type stack uint64

const oneEarly stack = 1 << 16 // a wake-up that came before its waiter

func (s stack) top() uint16     { return uint16(s) }
func (s stack) early() uint16   { return uint16(s >> 16) }
func (s stack) version() uint32 { return uint32(s >> 32) }

func (s stack) pushed(top uint16) stack   { return stack(s.version()+1)<<32 | stack(top) }
func (s stack) popped(below uint16) stack { return stack(s.version())<<32 | stack(below) }

// block waits until a wake-up is meant for the core's worker.
func (i *Idle) block(core int) {
	n := &i.nodes[core]
	for {
		old := stack(i.blocked.Load())
		if old.early() > 0 {
			if i.step(old, old-oneEarly) {
				return
			}
			continue
		}
		n.next.Store(uint32(old.top()))
		if i.step(old, old.pushed(uint16(core+1))) {
			break
		}
	}
	for !n.chosen.Swap(false) {
		i.Parkers[n.worker].Park()
	}
}

// wakeOne wakes the worker that blocked last. If all that are to be woken have yet to
// block, the wake-up is for one of them.
func (i *Idle) wakeOne() {
	for {
		old := stack(i.blocked.Load())
		if old.top() == 0 {
			if i.step(old, old+oneEarly) {
				return
			}
			continue
		}
		n := &i.nodes[old.top()-1]
		if i.step(old, old.popped(uint16(n.next.Load()))) {
			n.chosen.Store(true)
			i.Parkers[n.worker].Unpark()
			return
		}
	}
}

// step takes a step on blocked.
func (i *Idle) step(old, new stack) bool {
	if invariants.Enabled && new.early() > 0 && new.top() != 0 {
		panic("semaphore: a wake-up is left, and a worker blocks (S3)")
	}
	return i.blocked.CompareAndSwap(uint64(old), uint64(new))
}
