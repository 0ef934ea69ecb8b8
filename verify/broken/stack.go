package broken

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// A stack is a manager whose sleepers are a stack without a lock: publishers pop a
// worker before they take the lock for a core. A worker joins the stack under the
// lock, in the section in which it gave its core back and then looked into all
// queues. So a task that it did not see is published later, and its publisher
// finds the worker in the stack; or another publisher has the worker in hand, and
// wakes it to look everywhere, or puts it back because no core is available, and
// then the workers that have the cores look before they sleep.
//
// The head has a version, which each push raises. Without it a publisher that was
// slow between its load of the head and its compare-and-swap takes a worker that
// was popped and pushed again for the one that it saw, and makes the one that was
// below it then the new head, though that one runs.
type stack struct {
	*base
	head prim.Uint64   // version in the upper half; worker plus one, or 0, in the lower
	next []prim.Uint32 // by worker: the one below, plus one, or 0
}

func newStack(c impls.Config, d defect) impls.Idle {
	return &stack{base: makeBase(c, d), next: make([]prim.Uint32, c.Workers)}
}

func (s *stack) push(w int) {
	for {
		head := s.head.Load()
		s.next[w].Store(uint32(head))
		version := head>>32 + 1
		if s.defect == ignoresVersion {
			version = 0
		}
		if s.head.CompareAndSwap(head, version<<32|uint64(w+1)) {
			return
		}
	}
}

func (s *stack) pop() (w int, ok bool) {
	for {
		head := s.head.Load()
		top := uint32(head)
		if top == 0 {
			return 0, false
		}
		below := s.next[top-1].Load()
		if s.head.CompareAndSwap(head, head>>32<<32|uint64(below)) {
			return int(top - 1), true
		}
	}
}

// NotifyLocal wakes a searcher unless there is one.
func (s *stack) NotifyLocal(*impls.Core) {
	s.c.Lock.Lock()
	searching := s.searching
	s.c.Lock.Unlock()
	if searching == 0 {
		s.wake()
	}
}

// NotifyRemote wakes a searcher. The lock is held, and released.
func (s *stack) NotifyRemote() {
	s.c.Lock.Unlock()
	s.wake()
}

// NotifyMult wakes up to n searchers. The lock is held, and released.
func (s *stack) NotifyMult(n int) {
	s.c.Lock.Unlock()
	for ; n > 0; n-- {
		s.wake()
	}
}

// wake wakes a sleeper as a searcher, if there is a core. The lock is not held.
func (s *stack) wake() {
	w, ok := s.pop()
	if !ok {
		return
	}
	s.c.Lock.Lock()
	if len(s.available) == 0 && !s.closed {
		s.push(w)
		s.c.Lock.Unlock()
		return
	}
	if !s.closed {
		c := s.takeCore()
		s.startSearching(c)
		s.assigned[w] = c
	}
	s.c.Lock.Unlock()
	s.c.Parkers[w].Unpark()
}

// Found wakes another searcher if the worker was the last.
func (s *stack) Found(c *impls.Core) {
	s.c.Lock.Lock()
	last := s.stopSearching(c)
	s.c.Lock.Unlock()
	if last {
		s.wake()
	}
}

// Park is base's, but for the stack.
func (s *stack) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	s.c.Lock.Lock()
	defer s.c.Lock.Unlock()
	if c == nil && len(s.available) > 0 && !s.closed {
		return s.takeCore(), impls.Kept
	}
	if c != nil {
		if s.c.Queues.Injected() > 0 {
			return c, impls.Kept
		}
		if c.Searching {
			s.stopSearching(c)
		}
		if s.closed {
			return c, impls.Closed
		}
		if s.work() {
			s.startSearching(c)
			return c, impls.Kept
		}
		s.available = append(s.available, c)
	}
	if s.closed {
		return nil, impls.Closed
	}
	s.push(w)
	for {
		s.c.Lock.Unlock()
		s.c.Parkers[w].Park()
		s.c.Lock.Lock()
		c := s.assigned[w]
		s.assigned[w] = nil
		switch {
		case s.closed:
			if c != nil && c.Searching {
				s.stopSearching(c)
			}
			return c, impls.Closed
		case c != nil:
			return c, impls.Woken
		}
	}
}

// Shutdown wakes every sleeper and returns the available cores.
func (s *stack) Shutdown() []*impls.Core {
	cores := s.base.Shutdown()
	for {
		w, ok := s.pop()
		if !ok {
			return cores
		}
		s.c.Parkers[w].Unpark()
	}
}
