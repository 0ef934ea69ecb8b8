package main

// The canonical manager: its other files, one after the other.
var bitmapMutants = []mutant{
	// notify.go
	{
		name: "local-claim-not-atomic", file: "impls/bitmap/notify.go",
		old: `	if !i.numSearching.CompareAndSwap(0, 1) {
		return // another publisher is waking a searcher
	}`,
		new: `	if i.numSearching.Load() != 0 {
		return
	}
	i.numSearching.Store(1)`,
		breaks: "NotifyLocal's compare-and-swap is a load, then a store (S4)",
		like:   "compare-and-swap made load-then-store",
		spin:   "fork/mut7",
	},
	{
		name: "local-leaves-no-note", file: "impls/bitmap/notify.go",
		old: `			i.needsSearching.Store(true) // B2: not under the lock
			return`,
		new:    `			return`,
		breaks: "NotifyLocal leaves no note when every core is busy (L5)",
		like:   "signal dropped",
		spin:   "fork/mut27",
	},
	{
		name: "remote-trusts-searcher", file: "impls/bitmap/notify.go",
		old: `	i.numSearching.Add(1)
	i.notifySynced()`,
		new: `	if !i.numSearching.CompareAndSwap(0, 1) {
		i.lock.Unlock()
		return
	}
	i.notifySynced()`,
		breaks: "NotifyRemote wakes no worker if one searches (L1)",
		like:   "Tokio before #5907: notify_remote returned early",
		spin:   "narrow/mut13",
	},
	{
		name: "remote-leaves-no-note", file: "impls/bitmap/notify.go",
		old: `	if len(i.synced.sleepers) == 0 {
		i.needsSearching.Store(true)`,
		new:    `	if len(i.synced.sleepers) == 0 {`,
		breaks: "NotifyRemote leaves no note when no worker sleeps (L5)",
		like:   "signal dropped",
		spin:   "narrow/mut14",
	},
	{
		name: "remote-wakes-no-searcher", file: "impls/bitmap/notify.go",
		old: `	i.numSearching.Add(1)
	i.notifySynced()`,
		new: `	core := i.TryAcquireAvailableCore()
	if core == nil {
		i.needsSearching.Store(true)
		i.lock.Unlock()
		return
	}
	worker := i.assign(core, false)
	i.lock.Unlock()
	i.parkers[worker].Unpark()`,
		breaks: "NotifyRemote wakes a worker that does not search, so it does not relay (L4)",
		like:   "B4, for single tasks",
		spin:   "fork/mut9",
	},
	{
		name: "claim-note-after-lock", file: "impls/bitmap/notify.go",
		old: `	i.needsSearching.Store(true)
	i.numSearching.Add(-1)
	i.lock.Unlock()`,
		new: `	i.numSearching.Add(-1)
	i.lock.Unlock()
	i.needsSearching.Store(true)`,
		breaks: "a claim that fails leaves its note after the lock, and after the count (L5)",
		like:   "B2; what the original's comment \"while the lock is held\" guards",
		spin:   "fork/mut3",
	},
	{
		name: "claim-leaves-no-note", file: "impls/bitmap/notify.go",
		old: `	i.needsSearching.Store(true)
	i.numSearching.Add(-1)
	i.lock.Unlock()`,
		new: `	i.numSearching.Add(-1)
	i.lock.Unlock()`,
		breaks: "a claim that fails leaves no note (L5)",
		like:   "signal dropped",
		spin:   "fork/mut15",
	},
	{
		name: "claim-stays-counted", file: "impls/bitmap/notify.go",
		old: `	i.needsSearching.Store(true)
	i.numSearching.Add(-1)
	i.lock.Unlock()`,
		new: `	i.needsSearching.Store(true)
	i.lock.Unlock()`,
		breaks: "a claim that fails stays counted as a searcher (S4)",
		like:   "counter not decremented",
		spin:   "narrow/mut4",
	},
	{
		name: "wake-forgotten", file: "impls/bitmap/notify.go",
		old: `			i.lock.Unlock()
			i.parkers[worker].Unpark()`,
		new: `			i.lock.Unlock()
			_ = worker`,
		breaks: "the chosen worker is not unparked (S6)",
		like:   "signal dropped",
		spin:   "narrow/mut16",
	},
	{
		name: "wake-under-lock", file: "impls/bitmap/notify.go",
		old: `			i.lock.Unlock()
			i.parkers[worker].Unpark()`,
		new: `			i.parkers[worker].Unpark()
			i.lock.Unlock()`,
		breaks:   "the chosen worker is unparked before the lock is free",
		like:     "steps swapped",
		harmless: "The worker takes the lock before it looks at anything. It waits a little longer, which is a matter of speed.",
	},
	{
		name: "batch-forgets-one", file: "impls/bitmap/notify.go",
		old:    `range workers {`,
		new:    `range workers[:max(0, len(workers)-1)] {`,
		breaks: "NotifyMult does not unpark the last worker that it chose (S6)",
		like:   "signal dropped",
	},
	{
		name: "batch-count-stale", file: "impls/bitmap/notify.go",
		old: `		i.numIdle.Store(int32(len(s.availableCores))) // once for all
`,
		new:    ``,
		breaks: "NotifyMult takes cores and does not lower the number of idle ones (S2)",
		like:   "counter not decremented",
	},
	{
		name: "batch-leaves-no-note", file: "impls/bitmap/notify.go",
		old: `	} else {
		i.needsSearching.Store(true) // B4: only if none was woken
	}`,
		new:    `	}`,
		breaks: "NotifyMult leaves no note though it woke no worker (L6)",
		like:   "B4, made worse",
	},
	{
		name: "sleeper-not-removed", file: "impls/bitmap/notify.go",
		old: `	s.sleepers = s.sleepers[:n]
`,
		new:    ``,
		breaks: "the chosen worker stays among the sleepers (S3)",
		like:   "double assignment",
		spin:   "narrow/mut6",
	},
	{
		name: "sleeper-removed-too-early", file: "impls/bitmap/notify.go",
		old: `	if len(i.synced.sleepers) > 0 {
		if core := i.TryAcquireAvailableCore(); core != nil {
			worker := i.assign(core, true)`,
		new: `	if n := len(i.synced.sleepers) - 1; n >= 0 {
		worker := i.synced.sleepers[n]
		i.synced.sleepers = i.synced.sleepers[:n]
		if core := i.TryAcquireAvailableCore(); core != nil {
			core.Searching = true
			i.synced.assignedCores[worker] = core`,
		breaks: "a worker is taken from the sleepers though there is no core for it (D2)",
		like:   "steps swapped",
	},

	// transition.go
	{
		name: "relay-dropped", file: "impls/bitmap/transition.go",
		old: `	if i.TransitionWorkerFromSearching() {
		i.NotifyLocal(core)
	}`,
		new:    `	i.TransitionWorkerFromSearching()`,
		breaks: "the last searcher that found work wakes no other (L4)",
		like:   "signal dropped",
		spin:   "fork/mut10",
	},
	{
		name: "relay-before-leaving", file: "impls/bitmap/transition.go",
		old: `	core.Searching = false
	if i.TransitionWorkerFromSearching() {
		i.NotifyLocal(core)
	}`,
		new: `	i.NotifyLocal(core)
	core.Searching = false
	i.TransitionWorkerFromSearching()`,
		breaks: "a searcher that found work notifies before it leaves the count, and sees itself (L4)",
		like:   "steps swapped",
	},
	{
		name: "note-taken-before-count", file: "impls/bitmap/transition.go",
		old: `	i.numSearching.Add(1)
	i.needsSearching.Store(false)`,
		new: `	i.needsSearching.Store(false)
	i.numSearching.Add(1)`,
		breaks:   "the note is taken before the searcher is counted",
		like:     "steps swapped",
		spin:     "fork/mut25",
		harmless: "The searcher looks at every queue after both.",
	},
	{
		name: "note-not-taken", file: "impls/bitmap/transition.go",
		old: `	i.needsSearching.Store(false)
`,
		new:    ``,
		breaks: "the note is never taken, so no worker can sleep",
		like:   "signal repeated",
	},
	{
		name: "searcher-not-counted", file: "impls/bitmap/transition.go",
		old: `	i.numSearching.Add(1)
	i.needsSearching.Store(false)`,
		new:    `	i.needsSearching.Store(false)`,
		breaks: "a searcher is not counted (S4)",
		like:   "counter not incremented",
	},
	{
		name: "search-without-limit", file: "impls/bitmap/transition.go",
		old:      `	if 2*searching >= i.numCores-idle {`,
		new:      `	if false && 2*searching >= i.numCores-idle {`,
		breaks:   "every worker may search",
		like:     "bound dropped",
		harmless: "The limit is advice (S7). It saves CPU time, which the benchmarks measure.",
	},
	{
		name: "sleeper-not-added", file: "impls/bitmap/transition.go",
		old:    `	s.sleepers = append(s.sleepers, worker)`,
		new:    `	_ = worker`,
		breaks: "a worker that parks does not join the sleepers (L1, D2)",
		like:   "publication dropped",
	},

	// idle.go and idlemap.go
	{
		name: "core-not-removed", file: "impls/bitmap/idle.go",
		old: `	s.availableCores = s.availableCores[:n]
`,
		new:    ``,
		breaks: "a core that is taken stays among the available ones (S1)",
		like:   "double assignment",
	},
	{
		name: "idle-count-stale", file: "impls/bitmap/idle.go",
		old: `	i.numIdle.Store(int32(len(s.availableCores)))
`,
		new:    ``,
		breaks: "the number of idle cores is not raised (S2)",
		like:   "counter not incremented",
	},
	{
		name: "count-before-map", file: "impls/bitmap/idle.go",
		old: `	i.idleMap.Set(core.Index)
	s.availableCores = append(s.availableCores, core)
	i.numIdle.Store(int32(len(s.availableCores)))`,
		new: `	s.availableCores = append(s.availableCores, core)
	i.numIdle.Store(int32(len(s.availableCores)))
	i.idleMap.Set(core.Index)`,
		breaks: "a core is counted before it is in the map",
		like:   "steps swapped",
		harmless: "Both are written under the lock, and who reads them without it may read an old value. A thief that misses the bit looks into " +
			"an empty queue.",
	},
	{
		name: "map-forgets-others", file: "impls/bitmap/idlemap.go",
		old:    `	chunk.Store(chunk.Load() | 1<<(core%chunkBits))`,
		new:    `	chunk.Store(1 << (core % chunkBits))`,
		breaks: "a core that becomes idle hides the others (S2)",
		like:   "read-modify-write made a store",
	},
	{
		name: "map-keeps-busy", file: "impls/bitmap/idlemap.go",
		old:    `	chunk.Store(chunk.Load() &^ (1 << (core % chunkBits)))`,
		new:    `	chunk.Store(chunk.Load())`,
		breaks: "a busy core stays in the map, so thieves leave it out (S2)",
		like:   "snapshot trusted",
	},

	// shutdown.go
	{
		name: "shutdown-forgets-sleepers", file: "impls/bitmap/shutdown.go",
		old: `		s.sleepers = s.sleepers[:n]
		i.parkers[worker].Unpark()`,
		new: `		s.sleepers = s.sleepers[:n]
		_ = worker`,
		breaks: "Shutdown does not wake the sleepers for whom there is no core (D2)",
		like:   "signal dropped",
		spin:   "abrupt/mut22",
	},
	{
		name: "shutdown-forgets-cores", file: "impls/bitmap/shutdown.go",
		old:    `	return i.ShutdownUnassignedCores()`,
		new:    `	return nil`,
		breaks: "Shutdown leaves the cores that no worker holds (D3)",
		like:   "Tokio #5911: cores that were never shut down",
		spin:   "abrupt/mut23",
	},
	{
		name: "shutdown-leaves-sleepers", file: "impls/bitmap/shutdown.go",
		old: `		s.sleepers = s.sleepers[:n]
`,
		new:      ``,
		breaks:   "Shutdown leaves workers among the sleepers that it has woken (S3)",
		like:     "B1",
		harmless: "Sleepers are left over only if no core is available, and none becomes available after the close, so none can be assigned.",
	},
	{
		name: "shutdown-wakes-after-lock", file: "impls/bitmap/shutdown.go",
		old: `		i.parkers[worker].Unpark()
	}
	i.lock.Unlock()
	return`,
		new: `		defer i.parkers[worker].Unpark()
	}
	i.lock.Unlock()
	return`,
		breaks: "Shutdown wakes the sleepers for whom there is no core after it has released the lock",
		like:   "steps swapped",
		harmless: "The worker takes the lock before it looks at anything, and finds the manager closed whenever it wakes. TestLockWhenWaking " +
			"fails with it, because the original wakes them under the lock.",
	},
	{
		name: "shutdown-takes-one-core", file: "impls/bitmap/shutdown.go",
		old: `		cores = append(cores, core)
`,
		new: `		return append(cores, core)
`,
		breaks: "Shutdown takes only one of the cores that no worker holds (D3)",
		like:   "Tokio #5911: cores that were never shut down",
		spin:   "abrupt2/mut31",
	},
	{
		name: "shutdown-takes-cores-without-lock", file: "impls/bitmap/shutdown.go",
		old: `		i.lock.Lock()
		core := i.TryAcquireAvailableCore()
		i.lock.Unlock()`,
		new:    `		core := i.TryAcquireAvailableCore()`,
		breaks: "Shutdown takes cores without the lock (S1)",
		like:   "double assignment",
	},
	{
		name: "shutdown-twice", file: "impls/bitmap/shutdown.go",
		old: `	if s.closed {
		i.lock.Unlock()
		return nil
	}
`,
		new:      ``,
		breaks:   "Shutdown does not ask whether it was called before (D1)",
		like:     "check dropped",
		spin:     "abrupt/mut28",
		harmless: "The second call finds no sleeper. The cores that it finds are returned once, by whichever call takes them.",
	},
	{
		name: "shutdown-closes-late", file: "impls/bitmap/shutdown.go",
		old: `	s.closed = true
	// Unlike a notification, the original wakes these workers under the lock.
	for len(s.sleepers) > 0 {
		core := i.TryAcquireAvailableCore()
		if core == nil {
			break
		}
		i.parkers[i.assign(core, false)].Unpark()
	}
	for n := len(s.sleepers) - 1; n >= 0; n-- {
		worker := s.sleepers[n]
		s.sleepers = s.sleepers[:n]
		i.parkers[worker].Unpark()
	}
	i.lock.Unlock()
`,
		new: `	for len(s.sleepers) > 0 {
		core := i.TryAcquireAvailableCore()
		if core == nil {
			break
		}
		i.parkers[i.assign(core, false)].Unpark()
	}
	for n := len(s.sleepers) - 1; n >= 0; n-- {
		worker := s.sleepers[n]
		s.sleepers = s.sleepers[:n]
		i.parkers[worker].Unpark()
	}
	i.lock.Unlock()
	i.lock.Lock()
	s.closed = true
	i.lock.Unlock()
`,
		breaks: "Shutdown closes in another critical section than the one in which it takes the sleepers (D2)",
		like:   "one critical section made two",
	},
}
