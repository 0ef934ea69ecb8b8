package main

// The parkers. They are tried below mutexonly, which has the fewest steps of its
// own and conserves work strongly.
var parkerMutants = []mutant{
	{
		name: "cond-token-lost", file: "impls/park/cond.go",
		old: `	c.token = true
`,
		new:    ``,
		breaks: "Unpark signals, and leaves no token",
		like:   "token lost in the parker",
		spin:   "narrow/mut17",
	},
	{
		name: "cond-token-kept", file: "impls/park/cond.go",
		old: `	c.token = false
`,
		new:    ``,
		breaks: "Park does not take the token, and returns at once from then on",
		like:   "token not taken",
	},
	{
		name: "cond-signal-first", file: "impls/park/cond.go",
		old: `	c.mu.Lock()
	c.token = true
	c.mu.Unlock()
	c.cond.Signal()`,
		new: `	c.cond.Signal()
	c.mu.Lock()
	c.token = true
	c.mu.Unlock()`,
		breaks: "Unpark signals before there is a token",
		like:   "signal before publication",
	},
	{
		name: "cond-signal-forgotten", file: "impls/park/cond.go",
		old: `	c.cond.Signal()
`,
		new:    ``,
		breaks: "Unpark leaves a token and wakes no thread",
		like:   "signal dropped",
		spin:   "narrow/mut16",
	},
	{
		name: "cond-waits-once", file: "impls/park/cond.go",
		old:      `	for !c.token {`,
		new:      `	if !c.token {`,
		breaks:   "Park does not look for the token again when it wakes",
		like:     "recheck dropped",
		harmless: "A signal that comes late ends the next wait without a token. That is a wake-up for no reason, which managers must bear (S6).",
	},
	{
		name: "cond-token-unlocked", file: "impls/park/cond.go",
		old: `	c.mu.Lock()
	c.token = true
	c.mu.Unlock()`,
		new:    `	c.token = true`,
		breaks: "Unpark sets the token without the lock",
		like:   "flag set outside the lock",
	},
	{
		name: "chan-token-discarded", file: "impls/park/chan.go",
		old: `func (c *Chan) Park() { prim.Recv(c.c) }`,
		new: `func (c *Chan) Park() {
	prim.TryRecv(c.c)
	prim.Recv(c.c)
}`,
		breaks: "Park throws away a token that is there, so an Unpark that comes before is lost",
		like:   "token lost in the parker",
		spin:   "narrow/mut17",
	},
	{
		name: "futex-park-not-atomic", file: "impls/park/futex.go",
		old:    `	if f.word.CompareAndSwap(empty, parked) {`,
		new:    "\tif f.word.Load() == empty {\n\t\tf.word.Store(parked)",
		breaks: "Park's compare-and-swap is a load, then a store, which may wipe out a token",
		like:   "compare-and-swap made load-then-store",
		spin:   "narrow/mut17",
	},
	{
		name: "futex-unpark-not-atomic", file: "impls/park/futex.go",
		old:    `	if f.word.Swap(token) == parked {`,
		new:    "\twas := f.word.Load()\n\tf.word.Store(token)\n\tif was == parked {",
		breaks: "Unpark's swap is a load, then a store: a worker that parks in between is not woken",
		like:   "swap made load-then-store",
		spin:   "narrow/mut16",
	},
	{
		name: "futex-wakes-first", file: "impls/park/futex.go",
		old: `	if f.word.Swap(token) == parked {
		prim.FutexWake(&f.word, 1)
	}`,
		new: `	if f.word.Load() == parked {
		prim.FutexWake(&f.word, 1)
	}
	f.word.Swap(token)`,
		breaks: "Unpark wakes before it leaves the token",
		like:   "signal before publication",
	},
	{
		name: "futex-stores-empty", file: "impls/park/futex.go",
		old:      `	f.word.Swap(empty)`,
		new:      `	f.word.Store(empty)`,
		breaks:   "Park takes the token by a store, and so may not see what the last of several Unparks came after",
		like:     "swap made a store",
		harmless: "A manager unparks a worker only after it took it from the sleepers, so no two Unparks compete for one Park.",
	},
}
