package main

// The idle part of Go's scheduler.
var goschedMutants = []mutant{
	{
		name: "gosched-recheck-dropped", file: "impls/gosched/park.go",
		old:    `		if core := i.recheck(); core != nil {`,
		new:    `		if core := (*impls.Core)(nil); core != nil {`,
		breaks: "a searcher that would sleep does not look again (L4)",
		like:   "recheck dropped",
	},
	{
		name: "gosched-last-only-rechecks", file: "impls/gosched/park.go",
		old: `		i.leaveSpinners()
		if core := i.recheck(); core != nil {`,
		new: `		i.leaveSpinners()
		if i.spinners.Load() > 0 {
			i.lock.Lock()
			return i.stop(worker)
		}
		if core := i.recheck(); core != nil {`,
		breaks: "only the last searcher looks again, though some that are counted may never look",
		like:   "Go #43997",
	},
	{
		name: "gosched-recheck-too-early", file: "impls/gosched/park.go",
		old: `		i.leaveSpinners()
		if core := i.recheck(); core != nil {
			i.becomeSpinning(core)
			return core, impls.Kept
		}`,
		new: `		core := i.recheck()
		i.leaveSpinners()
		if core != nil {
			i.becomeSpinning(core)
			return core, impls.Kept
		}`,
		breaks: "a searcher looks again before it has left the count (L4)",
		like:   "Tokio #5907: the look came before the decrement",
	},
	{
		name: "gosched-queues-first", file: "impls/gosched/park.go",
		old: `	i.lock.Lock()
	if i.queues.Injected() > 0 {
		if core := i.acquireForWork(); core != nil {
			i.lock.Unlock()
			return core
		}
	}
	i.lock.Unlock()
	for core := range i.cores {
		if !i.mask.has(core) && i.queues.Stealable(core) {
			i.lock.Lock()
			defer i.lock.Unlock()
			return i.acquireForWork()
		}
	}
	return nil`,
		new: `	for core := range i.cores {
		if !i.mask.has(core) && i.queues.Stealable(core) {
			i.lock.Lock()
			defer i.lock.Unlock()
			return i.acquireForWork()
		}
	}
	i.lock.Lock()
	defer i.lock.Unlock()
	if i.queues.Injected() > 0 {
		return i.acquireForWork()
	}
	return nil`,
		breaks:   "a searcher looks at the run queues before the injection queue, and may miss a batch that moves (M1)",
		like:     "the order of looks in Tokio's multi_thread",
		harmless: "Park has looked at the injection queue under the lock before, and a task that comes later finds the core that was released.",
	},
	{
		name: "gosched-note-not-read", file: "impls/gosched/park.go",
		old:    `	case !searched && i.needSpinning.Load():`,
		new:    `	case false && !searched && i.needSpinning.Load():`,
		breaks: "a worker that did not search releases its core whatever the note says (L5)",
		like:   "Go #45867, before the note",
	},
	{
		name: "gosched-no-note", file: "impls/gosched/gosched.go",
		old: `	if len(l.idle) == 0 {
		i.needSpinning.Store(true)
		return false
	}`,
		new: `	if len(l.idle) == 0 {
		return false
	}`,
		breaks: "a publisher that finds no core leaves no note (L5)",
		like:   "Go #45867, before the note",
	},
	{
		name: "gosched-note-after-lock", file: "impls/gosched/notify.go",
		old: `		i.spinners.Add(-1)
		i.lock.Unlock()
		return
	}
	i.lock.Unlock()
`,
		new: `		i.needSpinning.Store(false)
		i.lock.Unlock()
		i.needSpinning.Store(true)
		i.spinners.Add(-1)
		return
	}
	i.lock.Unlock()
`,
		breaks: "a publisher that finds no core sets the note after it has released the lock (L5)",
		like:   "B2",
	},
	{
		name: "gosched-relay-dropped", file: "impls/gosched/notify.go",
		old: `	i.stopSpinning(c)
	i.wake()`,
		new:    `	i.stopSpinning(c)`,
		breaks: "a searcher that found work starts no other (L4)",
		like:   "signal dropped",
	},
	{
		name: "gosched-outside-trusts-searcher", file: "impls/gosched/notify.go",
		old: `	i.lock.Unlock()
	for range n {`,
		new: `	i.lock.Unlock()
	if i.spinners.Load() > 0 {
		return
	}
	for range n {`,
		breaks: "a task from outside wakes no worker while one searches",
		like:   "Tokio before #5907: notify_remote returned early",
	},
	{
		name: "gosched-core-lost", file: "impls/gosched/park.go",
		old: `	if core := i.takeStarting(); core != nil {
		i.lock.Unlock()
		return core, impls.Woken
	}
	i.lists`,
		new:    `	i.lists`,
		breaks: "a core for which there was no worker waits for one that never looks (S1)",
		like:   "signal dropped",
	},
	{
		name: "gosched-close-read-last", file: "impls/gosched/park.go",
		old: `		closed := i.closed.Load()
		core := i.next[worker].Swap(nil)`,
		new: `		core := i.next[worker].Swap(nil)
		closed := i.closed.Load()`,
		breaks: "a worker that wakes looks for its core before it looks at the close, and leaves without it (D4)",
		like:   "Tokio #5911: cores that were never shut down",
	},
}
