package host

import "github.com/idlebench/idlebench/impls/prim"

// A slot holds the task that its core published last, where thieves may take it
// ([SlotStealable]).
//
//	put    the owner, who alone fills it, writes the task and stores full
//	take   the worker that swaps full for taken reads the task and stores empty
//
// So the task is written before the store of full, read after the swap that saw
// it, and not written again before the store of empty that the owner must see.
// While a thief is between its two steps the owner finds the slot neither full nor
// empty: it does not wait, but uses the run queue.
type slot struct {
	state prim.Uint32
	task  prim.Var[Task]
}

const (
	slotEmpty = iota
	slotFull
	slotTaken // and being read
)

// full reports whether there is a task. To all but the owner it is a hint.
func (s *slot) full() bool { return s.state.Load() == slotFull }

// put fills the slot, and reports whether it did: not if it is full, or if a thief is
// still reading the previous task. Only the owner calls it. Like take it is kept out of
// line.
//
//go:noinline
func (s *slot) put(t Task) bool {
	if s.state.Load() != slotEmpty {
		return false
	}
	s.task.Set(t)
	s.state.Store(slotFull)
	return true
}

// take returns the task, or nil if there is none. Any worker may call it. It is kept
// out of line: hosts with private slots should not pay for its code.
//
//go:noinline
func (s *slot) take() Task {
	// A load first: a thief that finds nothing leaves the line to the owner.
	if s.state.Load() != slotFull || !s.state.CompareAndSwap(slotFull, slotTaken) {
		return nil
	}
	t := s.task.Get()
	s.state.Store(slotEmpty)
	return t
}
