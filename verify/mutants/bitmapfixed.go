package main

// The canonical design with its defects repaired. Here the defects themselves are
// mutants, and what would be a repair of them by half.
var bitmapfixedMutants = []mutant{
	{
		name: "fixed-note-unlocked", file: "impls/bitmap/notify.go", design: "bitmapfixed",
		old:    `		if i.repairs&B2 == 0 {`,
		new:    `		if true {`,
		breaks: "a publisher that finds no idle core leaves its note without the lock (L5)",
		like:   "B2",
	},
	{
		name: "fixed-note-after-lock", file: "impls/bitmap/notify.go", design: "bitmapfixed",
		old: `		i.needsSearching.Store(true)
		i.lock.Unlock()
		return
	}
	// B11`,
		new: `		i.lock.Unlock()
		i.needsSearching.Store(true)
		return
	}
	// B11`,
		breaks: "a claim that fails leaves its note after it has released the lock (L5)",
		like:   "B2, repaired by half",
	},
	{
		name: "fixed-claim-without-note", file: "impls/bitmap/notify.go", design: "bitmapfixed",
		old: `		i.numSearching.Add(-1)
		i.needsSearching.Store(true)
		i.lock.Unlock()
		return
	}
	// B11`,
		new: `		i.numSearching.Add(-1)
		i.lock.Unlock()
		return
	}
	// B11`,
		breaks: "a claim that fails leaves no note (L5)",
		like:   "Go #45867, before needspinning",
	},
	{
		name: "fixed-batch-without-note", file: "impls/bitmap/notify.go", design: "bitmapfixed",
		old:    `	if i.repairs&B4 != 0 && len(workers) < n {`,
		new:    `	if false {`,
		breaks: "a batch that wakes too few workers leaves no note (L6)",
		like:   "B4",
	},
	{
		name: "fixed-resume-without-note", file: "impls/bitmap/park.go", design: "bitmapfixed",
		old:    `	} else if i.repairs&B9 != 0 {`,
		new:    `	} else if false {`,
		breaks: "a last look that finds work and no core leaves no note (L4)",
		like:   "B9",
	},
	{
		name: "fixed-look-without-injection", file: "impls/bitmap/park.go", design: "bitmapfixed",
		old:    `	if i.repairs&B10 != 0 && i.queues.Injected() > 0 {`,
		new:    `	if false {`,
		breaks: "the last look leaves out the injection queue (L4)",
		like:   "B10",
	},
}
