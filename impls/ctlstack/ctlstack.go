package ctlstack

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation is the entry of the catalogue.
var Implementation = impls.Implementation{
	Name:     "ctlstack",
	About:    "one versioned stack of sleepers",
	New:      newCtlStack,
	Lockless: true,
}

// A ctlStack follows ForkJoinPool: all sleepers are in one stack, linked through
// next, whose top and version are one word. To take a sleeper is one
// compare-and-swap.
//
//	publisher                          parker
//	1. the task is visible             1. pushes itself
//	2. pops a sleeper, wakes it        2. looks into all queues; if there is
//	                                      work, pops a sleeper: perhaps itself
//	                                   3. sleeps until it is popped
//
// # Why no wake-up is lost
//
// Suppose that a publisher finds the stack empty. Each worker that sleeps later
// pushes itself after that, and then looks, so it sees the task, or the task was
// taken by then. If it was stolen, and the thief was still copying others along
// with it, the thief's Found comes later and looks again. If the publisher pops a
// sleeper, that one searches after the task was visible.
//
// A parker that sees work and pops another worker than itself may sleep: the one it
// popped searches after this look.
type ctlStack struct {
	tied.Base
	ctl  prim.Uint64
	next []prim.Uint32 // by worker: what is below it in the stack
}

func newCtlStack(c impls.Config) impls.Idle {
	return &ctlStack{Base: tied.New(c), next: make([]prim.Uint32, c.Workers)}
}

func (s *ctlStack) push(w int) {
	for {
		ctl := s.ctl.Load()
		s.next[w].Store(uint32(ctl & tied.TopMask))
		if s.ctl.CompareAndSwap(ctl, tied.WithTop(ctl, uint64(w+1))) {
			return
		}
	}
}

func (s *ctlStack) pop() (w int, ok bool) {
	for {
		ctl := s.ctl.Load()
		top := int(ctl & tied.TopMask)
		if top == 0 {
			return 0, false
		}
		if s.ctl.CompareAndSwap(ctl, tied.WithTop(ctl, uint64(s.next[top-1].Load()))) {
			return top - 1, true
		}
	}
}

// wake wakes one sleeper, and reports whether there was one.
func (s *ctlStack) wake(look *impls.Core) bool {
	w, ok := s.pop()
	if ok {
		s.Choose(w, look)
	}
	return ok
}

func (s *ctlStack) NotifyLocal(c *impls.Core) { s.wake(c) }
func (s *ctlStack) NotifyRemote()             { s.wake(nil) }

func (s *ctlStack) NotifyMult(n int) {
	for n > 0 && s.wake(nil) {
		n--
	}
}

func (s *ctlStack) Found(c *impls.Core) {
	c.Searching = false
	if s.AnyWork() {
		s.wake(nil)
	}
}

func (s *ctlStack) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		return s.Enter(w)
	}
	c.Searching = false
	s.push(w)
	for s.Closed() || s.AnyWork() {
		popped, ok := s.pop()
		switch {
		case ok && popped == w:
			return s.Leave(c, impls.Kept)
		case ok:
			s.Choose(popped, nil)
		}
		if !ok || !s.Closed() {
			break // the one that popped this worker wakes it, or the one that was popped looks
		}
	}
	s.Sleep(w)
	return s.Leave(c, impls.Woken)
}

func (s *ctlStack) Shutdown() []*impls.Core {
	return s.ShutdownBy(func() {
		for s.wake(nil) {
		}
	})
}
