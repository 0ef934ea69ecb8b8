package multithread

import (
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
)

// A state is the word that publishers read without the lock: the number of workers
// that are not sleepers in the upper bits, the number of searchers in the lower half.
// One word, so that a publisher learns both by one instruction, and a worker that
// leaves the searchers to sleep changes both by one.
//
// The upper number changes only under the lock, together with the list of sleepers.
type state struct{ word prim.Uint64 }

const (
	searcher = 1
	unparked = 1 << 16

	// maxWorkers is how many searchers the lower half can count.
	maxWorkers = unparked - 1
)

func searchers(word uint64) int { return int(word & maxWorkers) }
func awake(word uint64) int     { return int(word / unparked) }

// wantsSearcher reports whether a publisher should wake a worker: none searches, and
// one sleeps. It adds 0 instead of loading: in the original's memory model a load
// might come before the publication of the task (Tokio #1768, #1788). In Go's it
// could not, so here the addition is kept for its price only.
func (s *state) wantsSearcher(workers int) bool {
	word := s.word.Add(0)
	return searchers(word) == 0 && awake(word) < workers
}

// wake counts a sleeper that was chosen as awake and searching.
func (s *state) wake() { s.word.Add(unparked + searcher) }

// park takes off a worker that joins the sleepers, and reports whether it was the
// last searcher.
func (s *state) park(searching bool) (last bool) {
	if !searching {
		s.word.Add(^uint64(unparked - 1)) // − unparked
		return false
	}
	return s.leave(unparked + searcher)
}

// trySearch counts a searcher, unless half of the workers search. It checks first
// and counts later, so races can overshoot the limit (S7).
func (s *state) trySearch(workers int) bool {
	if 2*searchers(s.word.Load()) >= workers {
		return false
	}
	s.word.Add(searcher)
	return true
}

// found takes off a searcher that goes on with a task, and reports whether it was the
// last.
func (s *state) found() (last bool) { return s.leave(searcher) }

// leave subtracts delta, one searcher included.
func (s *state) leave(delta uint64) (last bool) {
	word := s.word.Add(-delta)
	if invariants.Enabled && searchers(word) == maxWorkers {
		panic("multithread: the number of searchers is negative (S4)")
	}
	return searchers(word) == 0
}
