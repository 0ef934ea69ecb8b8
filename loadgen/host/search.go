package host

import "time"

// searchRounds is how often a searching worker looks at the other cores before
// it gives up. Tokio's value.
const searchRounds = 4

// search looks for work elsewhere, if the idle manager lets it.
func (w *worker) search() Task {
	s := w.s
	if !s.cores[w.core.Index].queue.canSteal() {
		return nil
	}
	if !w.core.Searching && !s.idle.Search(w.core) {
		return nil
	}
	w.counters.Searches++
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
		spin(time.Duration(round) * time.Microsecond)
	}
	return nil
}

// steal looks once at every core that was not idle. It begins with the one that
// the idle manager hinted at, or with a random one.
func (w *worker) steal() Task {
	cores := w.s.cores
	own := w.core.Index
	victim := w.rng.IntN(len(cores))
	if w.core.Look != nil {
		victim, w.core.Look = w.core.Look.Index, nil
	}
	for range cores {
		if victim != own && !w.snapshot.IsIdle(victim) {
			if t, n := cores[victim].queue.stealInto(&cores[own].queue); t != nil {
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

// spin keeps the CPU busy for d.
func spin(d time.Duration) {
	if d == 0 {
		return
	}
	for start := time.Now(); time.Since(start) < d; {
	}
}
