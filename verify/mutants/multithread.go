package main

// Tokio's multi-threaded scheduler.
var multithreadMutants = []mutant{
	{
		name: "multithread-last-look-dropped", file: "impls/multithread/park.go",
		old:    `	if last {`,
		new:    `	if false && last {`,
		breaks: "the last searcher to leave without work does not look again (L4)",
		like:   "recheck dropped",
	},
	{
		name: "multithread-look-too-early", file: "impls/multithread/park.go",
		old: `	i.Lock.Lock()
	if i.Closed() {
		i.Lock.Unlock()
		return c, impls.Closed
	}
	last := i.state.park(c.Searching)`,
		new: `	if c.Searching && searchers(i.state.word.Load()) == 1 {
		i.notifyIfWork()
	}
	i.Lock.Lock()
	if i.Closed() {
		i.Lock.Unlock()
		return c, impls.Closed
	}
	last := i.state.park(c.Searching) && false`,
		breaks: "the last searcher looks before it has left the count (L4)",
		like:   "Tokio #5907: the look came before the decrement",
	},
	{
		name: "multithread-relay-dropped", file: "impls/multithread/multithread.go",
		old:    `	if i.state.found() {`,
		new:    `	if i.state.found() && false {`,
		breaks: "the last searcher that found work wakes no other (L4)",
		like:   "signal dropped",
	},
	{
		name: "multithread-second-check-dropped", file: "impls/multithread/multithread.go",
		old: `	if !i.state.wantsSearcher(i.workers) {
		i.Lock.Unlock()
		return
	}`,
		new: `	if len(i.sleepers) == 0 {
		i.Lock.Unlock()
		return
	}`,
		breaks:   "each of two publishers at once wakes a worker",
		like:     "emptiness read outside the lock",
		harmless: "A searcher more is woken, and counted as such: a wake-up that was not needed, but no state that is wrong.",
	},
	{
		name: "multithread-counts-without-lock", file: "impls/multithread/multithread.go",
		old: `	if !i.state.wantsSearcher(i.workers) {
		i.Lock.Unlock()
		return
	}
	worker := i.choose()`,
		new: `	if searchers(i.state.word.Load()) > 0 {
		i.Lock.Unlock()
		return
	}
	worker := i.choose()`,
		breaks: "a publisher pops a sleeper that another has popped meanwhile (S3)",
		like:   "emptiness read outside the lock",
	},
	{
		name: "multithread-searcher-not-counted", file: "impls/multithread/state.go",
		old:    `func (s *state) wake() { s.word.Add(unparked + searcher) }`,
		new:    `func (s *state) wake() { s.word.Add(unparked) }`,
		breaks: "a worker that was chosen is not counted as a searcher (S4)",
		like:   "Tokio #8372: a wake-up that the counts did not know of",
	},
	{
		name: "multithread-searcher-not-taken-off", file: "impls/multithread/state.go",
		old: `	return s.leave(unparked + searcher)
`,
		new: `	s.word.Add(^uint64(unparked - 1))
	return true
`,
		breaks: "a searcher that goes to sleep stays counted (S4)",
		like:   "counter not decremented",
	},
	{
		name: "multithread-wakes-by-itself", file: "impls/multithread/park.go",
		old:    `		case !sleeps:`,
		new:    `		case !sleeps || true:`,
		breaks: "a worker that woke for no reason searches, and stays among the sleepers (S3)",
		like:   "Tokio #8372: a task dump woke workers, which joined the sleepers twice",
	},
	{
		name: "multithread-joins-in-two-steps", file: "impls/multithread/park.go",
		old: `	last := i.state.park(c.Searching)
	i.sleepers = append(i.sleepers, worker)`,
		new: `	last := i.state.park(c.Searching)
	i.Lock.Unlock()
	i.Lock.Lock()
	i.sleepers = append(i.sleepers, worker)`,
		breaks: "the word counts a sleeper that is not in the stack (S2)",
		like:   "one critical section made two",
	},
	{
		name: "multithread-close-read-too-early", file: "impls/multithread/park.go",
		old: `	i.Lock.Lock()
	if i.Closed() {
		i.Lock.Unlock()
		return c, impls.Closed
	}`,
		new: `	if i.Closed() {
		return c, impls.Closed
	}
	i.Lock.Lock()`,
		breaks: "a worker looks whether the manager is closed before it has the lock (D2)",
		like:   "emptiness read outside the lock",
	},
	{
		name: "multithread-load-for-addition", file: "impls/multithread/state.go",
		old:      `	word := s.word.Add(0)`,
		new:      `	word := s.word.Load()`,
		breaks:   "a publisher reads the word instead of adding 0",
		like:     "Tokio #1768, and #8201, which tried it again",
		harmless: "Go's atomics are sequentially consistent: the load cannot come before the publication.",
	},
}
