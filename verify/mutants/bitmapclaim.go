package main

var bitmapclaimMutants = []mutant{
	{
		name: "bit-load-store", file: "impls/bitmapclaim/bitmap.go",
		old: `			old := b[at].And(^(1 << n))
`,
		new: `			old := b[at].Load()
			b[at].Store(old &^ (1 << n))
`,
		breaks: "two publishers can claim the same sleeper, and a bit that is set in between is lost (S3)",
		like:   "read-modify-write made a store",
	},
	{
		name: "bit-not-checked", file: "impls/bitmapclaim/bitmap.go",
		old:    `			if old&(1<<n) != 0 {`,
		new:    `			if old = 1 << n; old != 0 {`,
		breaks: "a publisher does not see that another thread has claimed the sleeper before (S6)",
		like:   "double assignment",
	},
	{
		name: "bit-look-before-bit", file: "impls/bitmapclaim/idle.go",
		old: `	i.idle.set(c.Index)
	if c.Searching {
		c.Searching = false
		i.searching.Add(-1)
	}
	if (i.Closed() || i.anyWork()) && i.idle.clear(c.Index) {`,
		new: `	work := i.Closed() || i.anyWork()
	i.idle.set(c.Index)
	if c.Searching {
		c.Searching = false
		i.searching.Add(-1)
	}
	if work && i.idle.clear(c.Index) {`,
		breaks: "a parker looks before it can be claimed and before it leaves the count",
		like:   "Tokio #1768, Bun #28907: the two steps of the parker in the wrong order",
	},
	{
		name: "bit-count-after-look", file: "impls/bitmapclaim/idle.go",
		old: `	if c.Searching {
		c.Searching = false
		i.searching.Add(-1)
	}
	if (i.Closed() || i.anyWork()) && i.idle.clear(c.Index) {
		i.searching.Add(1)
		return i.Leave(c, impls.Kept)
	}
`,
		new: `	work := i.Closed() || i.anyWork()
	if c.Searching {
		c.Searching = false
		i.searching.Add(-1)
	}
	if work && i.idle.clear(c.Index) {
		i.searching.Add(1)
		return i.Leave(c, impls.Kept)
	}
`,
		breaks: "a searcher looks before it leaves the count, and publishers rely on it in between (L4)",
		like:   "recheck too early",
	},
	{
		name: "bit-loser-leaves-mark", file: "impls/bitmapclaim/idle.go",
		old: `	if (i.Closed() || i.anyWork()) && i.idle.clear(c.Index) {
		i.searching.Add(1)
		return`,
		new: `	if i.Closed() || i.anyWork() {
		if i.idle.clear(c.Index) {
			i.searching.Add(1)
		}
		return`,
		breaks: "a worker that lost its own bit goes on, and is chosen once more when it sleeps next (S3)",
		like:   "Tokio #8372: woken out of band, and still a sleeper",
	},
	{
		name: "bit-relay-dropped", file: "impls/bitmapclaim/idle.go",
		old:    `	if i.searching.Add(-1) == 0 && i.anyWork() {`,
		new:    `	if i.searching.Add(-1) == 0 && false {`,
		breaks: "the last searcher that finds work wakes no other (L4)",
		like:   "NeXosim: a worker that finds work wakes nobody",
	},
	{
		name: "bit-injection-left-out", file: "impls/bitmapclaim/idle.go",
		old: `	if i.Queues.Injected() > 0 {
		return true
	}
	for word`,
		new:    `	for word`,
		breaks: "the look leaves out the injection queue (L1)",
		like:   "B10",
	},
	{
		name: "bit-counted-late", file: "impls/bitmapclaim/idle.go",
		old: `		i.searching.Add(1) // before it can leave the count
		i.Choose(i.owner[core], look)`,
		new: `		i.Choose(i.owner[core], look)
		i.searching.Add(1)`,
		breaks: "a woken worker may leave the count before it is in it",
		like:   "counter incremented late",
	},
	{
		name: "bit-close-not-seen", file: "impls/bitmapclaim/idle.go",
		old:    `	if (i.Closed() || i.anyWork()) &&`,
		new:    `	if i.anyWork() &&`,
		breaks: "a worker that comes to sleep after the close does not look at it (D2)",
		like:   "check dropped",
	},
	{
		name: "bit-batch-not-checked", file: "impls/bitmapclaim/bitmap.go",
		old:    `claimed |= set(idle & want)`,
		new:    `claimed |= set(want)`,
		breaks: "a batch takes a sleeper for claimed that another thread has claimed (S6)",
		like:   "double assignment",
	},
}
