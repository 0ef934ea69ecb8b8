package main

// The canonical policy under one mutex. It conserves work strongly, so here the
// original's defects B2 and B4 are mutants.
var mutexonlyMutants = []mutant{
	{
		name: "mutex-note-after-lock", file: "impls/mutexonly/mutexonly.go",
		old: `	if !ok {
		i.needs = true
	}
	i.lock.Unlock()
	if ok {
		i.parkers[worker].Unpark()
	}`,
		new: `	i.lock.Unlock()
	if ok {
		i.parkers[worker].Unpark()
		return
	}
	i.lock.Lock()
	i.needs = true
	i.lock.Unlock()`,
		breaks: "a notification that can wake no worker leaves its note in another critical section (L5)",
		like:   "B2, for tasks from outside too",
	},
	{
		name: "mutex-batch-without-relay", file: "impls/mutexonly/mutexonly.go",
		old: `	for ; n > 1 && len(i.sleepers) > 0 && len(i.available) > 0; n-- {
		i.NotifyRemote()
		i.lock.Lock()
	}
	i.NotifyRemote() // the last one, or the note that more are needed`,
		new: `	var wake []int
	for range n {
		worker, ok := i.assign(false)
		if !ok {
			break
		}
		wake = append(wake, worker)
	}
	if len(wake) == 0 {
		i.needs = true
	}
	i.lock.Unlock()
	for _, worker := range wake {
		i.parkers[worker].Unpark()
	}`,
		breaks: "NotifyMult wakes workers that do not search, and leaves no note if it wakes fewer than it should (L6)",
		like:   "B4",
	},
	{
		name: "mutex-relay-dropped", file: "impls/mutexonly/mutexonly.go",
		old: `	if i.stopSearching(core) {
		i.NotifyRemote()
		return
	}
	i.lock.Unlock()
}

// Park`,
		new: `	i.stopSearching(core)
	i.lock.Unlock()
}

// Park`,
		breaks: "the last searcher that found work wakes no other (L4)",
		like:   "signal dropped",
	},
	{
		name: "mutex-last-look-dropped", file: "impls/mutexonly/mutexonly.go",
		old:    `		if last && i.anyStealable() {`,
		new:    `		if false && last && i.anyStealable() {`,
		breaks: "the last searcher to leave without work does not look again (L4)",
		like:   "recheck dropped",
	},
	{
		name: "mutex-note-not-read", file: "impls/mutexonly/mutexonly.go",
		old:    `		if !core.Searching && i.needs {`,
		new:    `		if false && !core.Searching && i.needs {`,
		breaks: "Park does not read the note (L5)",
		like:   "Tokio #5907: a worker about to wait did not look at it",
	},
	{
		name: "mutex-count-not-lowered", file: "impls/mutexonly/mutexonly.go",
		old: `	i.searching--
`,
		new:    ``,
		breaks: "a searcher that leaves stays counted (S4)",
		like:   "counter not decremented",
	},
	{
		name: "mutex-close-leaves-sleeper", file: "impls/mutexonly/mutexonly.go",
		old:      `		return nil, impls.Closed // it is not a sleeper, so it is assigned no core`,
		new:      "\t\ti.sleepers = append(i.sleepers, worker)\n\t\treturn nil, impls.Closed",
		breaks:   "a worker that comes after the close joins the sleepers and leaves (S3)",
		like:     "B1",
		harmless: "Shutdown takes every core in the section in which it closes, and none becomes available afterwards, so none can be assigned.",
	},
	{
		name: "mutex-search-unlocked", file: "impls/mutexonly/mutexonly.go",
		old: `	i.lock.Lock()
	defer i.lock.Unlock()
	if 2*i.searching >= i.cores-len(i.available) {
		return false
	}`,
		new: `	if 2*i.searching >= i.cores-len(i.available) {
		return false
	}
	i.lock.Lock()
	defer i.lock.Unlock()`,
		breaks: "Search reads the counts before it has the lock",
		like:   "emptiness read outside the lock",
	},
	{
		name: "mutex-snapshot-unlocked", file: "impls/mutexonly/mutexonly.go",
		old: `	i.lock.Lock()
	defer i.lock.Unlock()
	dst.Resize(i.cores)`,
		new:    `	dst.Resize(i.cores)`,
		breaks: "Snapshot reads the stack of cores without the lock",
		like:   "emptiness read outside the lock",
	},
	{
		name: "mutex-window-before-release", file: "impls/mutexonly/mutexonly.go",
		old: `		i.available = append(i.available, core)
	} else`,
		new: `		i.lock.Unlock()
		i.lock.Lock()
		i.available = append(i.available, core)
	} else`,
		breaks: "Park drops the lock between its checks and the release of the core (S5, L1)",
		like:   "one critical section made two",
	},
	{
		name: "mutex-shutdown-forgets-sleepers", file: "impls/mutexonly/mutexonly.go",
		old: `	wake = append(wake, i.sleepers...)
`,
		new:    ``,
		breaks: "Shutdown does not wake the sleepers for whom there is no core (D2)",
		like:   "signal dropped",
	},
}
