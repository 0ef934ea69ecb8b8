package main

// Rayon's jobs-event counter.
var jecMutants = []mutant{
	{
		name: "jec-publication-not-counted", file: "impls/jec/notify.go",
		old:    `	for c.sleepy() {`,
		new:    `	for false && c.sleepy() {`,
		breaks: "a publisher leaves the counter as it is, so a sleepy worker does not notice (L1)",
		like:   "recheck dropped",
	},
	{
		name: "jec-counter-not-compared", file: "impls/jec/park.go",
		old:    `		if c.events() != events {`,
		new:    `		if false && c.events() != events {`,
		breaks: "a sleepy worker sleeps though a task was published (L3)",
		like:   "rollover, which rayon takes for tasks of workers, at any time",
	},
	{
		name: "jec-sleepy-after-look", file: "impls/jec/park.go",
		old: `		events := i.becomeSleepy()
		if prim.YieldTimes(1, i.mayLeave) {
			return i.Leave(c, impls.Kept)
		}
`,
		new: `		if prim.YieldTimes(1, i.mayLeave) {
			return i.Leave(c, impls.Kept)
		}
		events := i.becomeSleepy()
`,
		breaks: "a worker looks for the last time before it announces that it is sleepy (L3)",
		like:   "steps swapped",
	},
	{
		name: "jec-last-look-dropped", file: "impls/jec/park.go",
		old:    `	if i.Queues.Injected() > 0 {`,
		new:    `	if false && i.Queues.Injected() > 0 {`,
		breaks: "a worker that is counted as a sleeper does not look at the injection queue again (L1)",
		like:   "Go #43997: a recheck before sleep was left out",
	},
	{
		name: "jec-self-wake-not-counted", file: "impls/jec/park.go",
		old: `		i.sub(sleeping) // which is left to the one that wakes it otherwise
`,
		new:    ``,
		breaks: "a worker that decides not to sleep stays in the count of sleepers (S4)",
		like:   "Tokio #8372: bookkeeping drifts when a worker wakes by itself",
	},
	{
		name: "jec-counted-before-locked", file: "impls/jec/park.go",
		old: `	worker.lock.Lock()
	defer worker.lock.Unlock()
	why := i.fallAsleep(events)
	if why != slept {
		return why
	}`,
		new: `	why := i.fallAsleep(events)
	if why != slept {
		return why
	}
	worker.lock.Lock()
	defer worker.lock.Unlock()`,
		breaks: "a worker is counted as a sleeper before it has its lock: the one that wants to wake it finds it awake (L1)",
		like:   "one critical section made two",
	},
	{
		name: "jec-found-wakes-nobody", file: "impls/jec/notify.go",
		old:    `	i.wakeAny(min(i.sub(inactive).sleepers(), 2))`,
		new:    `	i.sub(inactive)`,
		breaks: "a worker that found a task wakes no other (L4)",
		like:   "signal dropped",
	},
	{
		name: "jec-woken-stays-counted", file: "impls/jec/notify.go",
		old: `	i.Parkers[w].Unpark()
	i.sub(sleeping)
`,
		new: `	i.Parkers[w].Unpark()
`,
		breaks: "a sleeper that was woken stays in the count (S4)",
		like:   "counter not decremented",
	},
	{
		name: "jec-shutdown-wakes-one", file: "impls/jec/notify.go",
		old: `		for w := range i.workers {
			i.wake(w)
		}`,
		new: `		for w := range i.workers {
			if i.wake(w) {
				return
			}
		}`,
		breaks: "Shutdown wakes one sleeper and forgets the others (D2)",
		like:   "signal dropped",
	},
	{
		name: "jec-close-not-looked-at", file: "impls/jec/park.go",
		old: `	if i.Closed() {
		return mustLook
	}
`,
		new:    ``,
		breaks: "a worker that has its lock does not look whether the manager has closed (D2)",
		like:   "recheck dropped",
	},
}
