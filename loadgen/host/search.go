package host

import (
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/cpu"
)

// searchRounds is how many times a searching worker visits the other cores before it
// gives up. Tokio's value.
const searchRounds = 4

// search looks for work elsewhere, if the idle manager allows it.
func (w *worker) search() Task {
	s := w.s
	if !s.cores[w.core.Index].queue.canSteal() {
		return nil
	}
	if !w.core.Searching && !s.idle.Search(w.core) {
		return nil
	}
	w.counters.Searches++
	searching(true)
	defer searching(false)
	if s.snapshot != nil {
		s.snapshot(&w.snapshot)
	}
	for round := range searchRounds {
		if t := w.steal(); t != nil {
			return t
		}
		if t := w.takeInjected(runQueueCap / 2); t != nil {
			return t
		}
		if round > 0 {
			w.pause(time.Duration(round) * time.Microsecond)
		}
	}
	return nil
}

// steal visits once each core that was not idle. It begins with the one that the idle
// manager hinted at, or with a random one.
func (w *worker) steal() Task {
	cores := w.s.cores
	own := w.core.Index
	victim := w.rng.IntN(len(cores))
	if w.core.Look != nil {
		victim, w.core.Look = w.core.Look.Index, nil
	}
	for range cores {
		if victim != own && !w.snapshot.IsIdle(victim) {
			if t, n := w.stealFrom(&cores[victim], &cores[own].queue); t != nil {
				w.counters.Steals++
				w.counters.Stolen += uint64(n)
				return t
			}
		}
		if victim++; victim == len(cores) {
			victim = 0
		}
	}
	return nil
}

// stealFrom takes half of a core's run queue or, where that is empty and the slot
// is not private, the task in the slot. It returns a task and the number taken.
func (w *worker) stealFrom(victim *coreState, dst *runQueue) (Task, int) {
	t, n := victim.queue.stealInto(dst)
	if t == nil && w.s.options.Slot == SlotStealable {
		if t = victim.slot.take(); t != nil {
			n = 1
			w.counters.SlotSteals++
		}
	}
	return t, n
}

// pause lets d pass between two search rounds, as the host's options say.
func (w *worker) pause(d time.Duration) {
	switch w.s.options.Pause {
	case PauseSpin:
		prim.Spin(d, never)
	case PauseSleep:
		cpu.Sleep(d)
	}
}

func never() bool { return false }
