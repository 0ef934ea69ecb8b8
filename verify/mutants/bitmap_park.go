package main

// The canonical manager: park.go, where most can go wrong.
var bitmapParkMutants = []mutant{
	{
		name: "last-look-dropped", file: "impls/bitmap/park.go",
		old:    `if last && i.anyWork() {`,
		new:    `if false && last && i.anyWork() {`,
		breaks: "the last searcher to leave without work does not look again (L4)",
		like:   "recheck dropped",
		spin:   "fork/mut1",
	},
	{
		name: "last-look-too-early", file: "impls/bitmap/park.go",
		old: `		last := i.TransitionWorkerFromSearching()
		// The look at the queues must come after the count: a publisher that
		// saw this searcher has put its task where this look finds it.
		if last && i.anyWork() {`,
		new: `		stealable := i.anyWork()
		last := i.TransitionWorkerFromSearching()
		if last && stealable {`,
		breaks: "the last searcher looks before it leaves the count (L4)",
		like:   "Tokio #5907: the look came before the decrement",
		spin:   "fork/mut2",
	},
	{
		name: "last-look-trusts-old-snapshot", file: "impls/bitmap/park.go",
		old: `		last := i.TransitionWorkerFromSearching()
		// The look at the queues must come after the count: a publisher that
		// saw this searcher has put its task where this look finds it.
		if last && i.anyWork() {`,
		new: `		var idle impls.Snapshot
		i.Snapshot(&idle)
		stealable := func() bool {
			for core := range i.numCores {
				if !idle.IsIdle(core) && i.queues.Stealable(core) {
					return true
				}
			}
			return false
		}
		last := i.TransitionWorkerFromSearching()
		if last && stealable() {`,
		breaks: "the last look leaves out cores that were idle before it left the count",
		like:   "snapshot trusted",
	},
	{
		name: "last-look-trusts-map", file: "impls/bitmap/park.go",
		old:    `if i.queues.Stealable(core) {`,
		new:    `if i.idleMap.chunks[core/chunkBits].Load()>>(core%chunkBits)&1 == 0 && i.queues.Stealable(core) {`,
		breaks: "the last look leaves out cores that are idle at that moment",
		like:   "snapshot trusted",
		harmless: "The queue of a core that is idle is empty (S5). A task published there after the map was read comes after the searcher " +
			"left the count, so its publisher sees no searcher because of this one.",
	},
	{
		name: "injection-not-rechecked", file: "impls/bitmap/park.go",
		old:    `if i.queues.Injected() > 0 {`,
		new:    `if false && i.queues.Injected() > 0 {`,
		breaks: "Park does not look at the injection queue (S5)",
		like:   "recheck dropped",
		spin:   "narrow/mut18",
	},
	{
		name: "injection-read-before-lock", file: "impls/bitmap/park.go",
		old: `	i.lock.Lock()
	if core == nil {
		if core = i.TryAcquireAvailableCore(); core != nil {
			i.lock.Unlock()
			return core, impls.Kept
		}
		return i.waitForCore(worker)
	}

	if i.queues.Injected() > 0 {`,
		new: `	injected := i.queues.Injected()
	i.lock.Lock()
	if core == nil {
		if core = i.TryAcquireAvailableCore(); core != nil {
			i.lock.Unlock()
			return core, impls.Kept
		}
		return i.waitForCore(worker)
	}

	if injected > 0 {`,
		breaks: "Park looks at the injection queue before it has the lock (S5)",
		like:   "emptiness read outside the lock",
		spin:   "narrow/mut19",
	},
	{
		name: "note-not-read-before-release", file: "impls/bitmap/park.go",
		old:    `if !wasSearching && i.TransitionWorkerToSearchingIfNeeded(core) {`,
		new:    `if false && i.TransitionWorkerToSearchingIfNeeded(core) {`,
		breaks: "Park does not read the note before it releases the core",
		like:   "recheck dropped",
		spin:   "fork/mut12",
		harmless: "waitForCore reads it again, and takes a core if one is available. If none is, another worker took the core that was just " +
			"released. That worker reads the note before it sleeps, or searches and looks at every queue.",
	},
	{
		name: "note-not-read-before-sleep", file: "impls/bitmap/park.go",
		old:    `	if i.needsSearching.Load() {`,
		new:    `	if false && i.needsSearching.Load() {`,
		breaks: "waitForCore does not read the note (L5)",
		like:   "Tokio #5907: a worker about to wait did not look at it",
		spin:   "narrow/mut11",
	},
	{
		name: "close-leaves-sleeper", file: "impls/bitmap/park.go",
		old: `		i.lock.Unlock()
		return nil, impls.Closed`,
		new: `		s.sleepers = append(s.sleepers, worker)
		i.lock.Unlock()
		return nil, impls.Closed`,
		breaks: "a worker that comes after the close joins the sleepers and leaves (D5)",
		like:   "B1",
		spin:   "close/mut8",
	},
	{
		name: "close-not-seen-before-release", file: "impls/bitmap/park.go",
		old:    `	if i.synced.closed {`,
		new:    `	if false && i.synced.closed {`,
		breaks: "a worker gives its core back after the close (D3)",
		like:   "Tokio #5911: cores that were never shut down",
	},
	{
		name: "close-before-core", file: "impls/bitmap/park.go",
		old: `		if core != nil && core.Searching {
			core.Searching = false
			i.TransitionWorkerFromSearching()
		}
		return core, impls.Closed`,
		new:    `		return nil, impls.Closed`,
		breaks: "a worker looks at the close before the core assigned to it (D4)",
		spin:   "abrupt/mut21",
	},
	{
		name: "closing-searcher-stays-counted", file: "impls/bitmap/park.go",
		old: `		if core != nil && core.Searching {
			core.Searching = false
			i.TransitionWorkerFromSearching()
		}`,
		new:      ``,
		breaks:   "a searcher that finds the manager closed stays counted (S4)",
		like:     "counter not decremented",
		harmless: "After the close no worker is woken and no core released, so the count decides nothing any more.",
	},
	{
		name: "spurious-wake-believed", file: "impls/bitmap/park.go",
		old: `		if core == nil && !closed {
			continue
		}`,
		new:    ``,
		breaks: "a wake-up for no reason is taken for a real one (S6)",
		spin:   "spurious/mut29",
	},
	{
		name: "assigned-core-not-cleared", file: "impls/bitmap/park.go",
		old: `		s.assignedCores[worker] = nil
		i.lock.Unlock()`,
		new:    `		i.lock.Unlock()`,
		breaks: "a woken worker leaves its core assigned to it (S1)",
		like:   "double assignment",
	},
	{
		name: "resumed-search-not-counted", file: "impls/bitmap/park.go",
		old: `	core := i.TryAcquireAvailableCore()
	if core != nil {
		i.TransitionWorkerToSearching(core)
	} else if i.repairs&B9 != 0 {
		i.needsSearching.Store(true)
	}
	return core`,
		new:    `	return i.TryAcquireAvailableCore()`,
		breaks: "the last searcher that finds work goes on uncounted",
		spin:   "fork/mut24",
		harmless: "The worker comes to Search next. If that refuses it, another worker searches and looks when it leaves, or a claim fails " +
			"and leaves the note.",
	},
	{
		name: "resume-without-lock", file: "impls/bitmap/park.go",
		old: `	i.lock.Lock()
	defer i.lock.Unlock()
	core := i.TryAcquireAvailableCore()`,
		new:    `	core := i.TryAcquireAvailableCore()`,
		breaks: "a core is taken without the lock (S1)",
		like:   "double assignment",
	},
	{
		name: "park-one-section", file: "impls/bitmap/park.go",
		old: `	i.ReleaseCore(core)
	i.lock.Unlock()

	if wasSearching {`,
		new: `	i.ReleaseCore(core)
	if !wasSearching {
		return i.waitForCore(worker)
	}
	i.lock.Unlock()
	{`,
		breaks: "a worker that was not searching releases its core and joins the sleepers in one critical section",
		like:   "this suite before it followed the original here",
		spin:   "fork/mut30",
		harmless: "It leaves out schedules and adds none, so it breaks nothing. It makes B2 and B4 more likely, which is why it is not the " +
			"original's design; TestParkIsTwoSections of package verify fails with it.",
	},
	{
		name: "close-not-seen-before-sleep", file: "impls/bitmap/park.go",
		old:    `	if s.closed {`,
		new:    `	if false && s.closed {`,
		breaks: "a worker that released its core before the close joins the sleepers after it (D2)",
		like:   "check dropped between two critical sections",
	},
	{
		name: "window-before-release", file: "impls/bitmap/park.go",
		old: `	core.Searching = false
	i.ReleaseCore(core)`,
		new: `	i.lock.Unlock()
	i.lock.Lock()
	core.Searching = false
	i.ReleaseCore(core)`,
		breaks: "Park drops the lock between its checks and the release of the core (S5, D3)",
		like:   "one critical section made two",
	},
	{
		name: "window-before-sleep", file: "impls/bitmap/park.go",
		old: `	i.TransitionWorkerToParked(worker)
	for {`,
		new: `	i.lock.Unlock()
	i.lock.Lock()
	i.TransitionWorkerToParked(worker)
	for {`,
		breaks: "waitForCore drops the lock between its checks and the stack of sleepers (L1, D2)",
		like:   "one critical section made two",
	},
}
