package main

// zap's thread pool. One of the mutants was zap's own code for a day.
var wakingtokenMutants = []mutant{
	{
		name: "token-kept", file: "impls/wakingtoken/notify.go",
		old: `		holds.token = false
		i.pass()`,
		new:    `		i.pass()`,
		breaks: "a worker that has passed its token on passes one on again when it finds the next task (L4)",
		like:   "zap ab55893, repaired by 506029c",
	},
	{
		name: "token-not-given-back", file: "impls/wakingtoken/park.go",
		old:    `				asleep -= token`,
		new:    `				asleep -= 0`,
		breaks: "a worker that goes to sleep with a token leaves it out, and no publisher wakes another (L1)",
		like:   "counter not decremented",
	},
	{
		name: "token-note-dropped", file: "impls/wakingtoken/notify.go",
		old:    `		case word&note != 0:`,
		new:    `		case word&note != 0 || word&tokens != 0:`,
		breaks: "a publisher relies on the worker that is waking, which may have looked already (L1)",
		like:   "Go #43997: a publisher relied on a spinning thread that had looked",
	},
	{
		name: "token-back-without-note", file: "impls/wakingtoken/notify.go",
		old: `		n, rest := 0, word-token|note
		for n < i.fanOut && top(rest) != 0 {
			rest, woken[n] = i.popped(rest)
			n++
		}`,
		new: `		n, rest := 0, word-token
		for n < i.fanOut && top(rest) != 0 {
			rest, woken[n] = i.popped(rest)
			rest |= note
			n++
		}`,
		breaks: "a worker that finds no sleeper to pass its token to leaves no note that there may be more work (L5)",
		like:   "the note was set only if a worker was woken",
	},
	{
		name: "token-sleeps-past-note", file: "impls/wakingtoken/park.go",
		old: `			asleep := i.pushed(word, w)
			if *hasToken {`,
		new: `			asleep := i.pushed(word, w)
			word = i.word.Load()
			if *hasToken {`,
		breaks: "a parker replaces a word other than the one in which it saw no note (L1)",
		like:   "check and act in two steps",
	},
	{
		name: "token-surplus-unannounced", file: "impls/wakingtoken/notify.go",
		old:    `	} else if i.Queues.Stealable(core.Index) || i.Queues.Injected() > 0 {`,
		new:    `	} else if i.Queues.Injected() > 0 {`,
		breaks: "a thief without a token does not notify for what it took along (M2)",
		like:   "signal dropped",
	},
	{
		name: "token-injected-unannounced", file: "impls/wakingtoken/notify.go",
		old:    `	} else if i.Queues.Stealable(core.Index) || i.Queues.Injected() > 0 {`,
		new:    `	} else if i.Queues.Stealable(core.Index) {`,
		breaks: "a finder without a token leaves tasks in the injection queue without a notification (L1)",
		like:   "W1, for tasks from outside too",
	},
	{
		name: "token-chosen-too-early", file: "impls/wakingtoken/notify.go",
		old: `			if rest, w := i.popped(word); i.replace(word, rest|note) {
				i.Choose(w, nil)
				return
			}`,
		new: `			rest, w := i.popped(word)
			i.Choose(w, nil)
			if i.replace(word, rest|note) {
				return
			}`,
		breaks: "a publisher wakes a sleeper before it has taken it from the stack (S6)",
		like:   "signal before publication",
	},
	{
		name: "token-close-forgotten", file: "impls/wakingtoken/park.go",
		old:    `	for !i.replace(word, word&^tied.TopMask|closed|note) {`,
		new:    `	for !i.replace(word, word&^tied.TopMask|note) {`,
		breaks: "a worker that comes after the shutdown goes to sleep (D2)",
		like:   "B1, the other way round: a sleeper that is not woken",
	},
	{
		name: "token-note-not-cleared", file: "impls/wakingtoken/park.go",
		old: `	i.clearNote()
	return i.Leave(core, impls.Woken)`,
		new:      `	return i.Leave(core, impls.Woken)`,
		breaks:   "a worker that wakes leaves the note, though it will look into all queues",
		like:     "redundant wake-up",
		harmless: "The note keeps one more worker from sleeping for one more look.",
	},
}
