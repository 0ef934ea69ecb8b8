package main

// The suite's own design.
var relayMutants = []mutant{
	{
		name: "relay-look-before-bit", file: "impls/relay/park.go",
		old: `	i.idle.add(c.Index)
	i.discharge(n)
	queue := i.work(c.Index)
`,
		new: `	i.discharge(n)
	queue := i.work(c.Index)
	i.idle.add(c.Index)
`,
		breaks: "a parker looks before it can be claimed, and not afterwards (L1)",
		like:   "Tokio #1768, Bun #28907: the two steps of the parker in the wrong order",
	},
	{
		name: "relay-mark-cleared-after-look", file: "impls/relay/park.go",
		old: `	i.discharge(n)
	queue := i.work(c.Index)
`,
		new: `	queue := i.work(c.Index)
	i.discharge(n)
`,
		breaks: "the owner of a mark looks before it clears it, and publishers rely on the mark in between (L3)",
		like:   "recheck too early",
	},
	{
		name: "relay-only-the-latest-stays", file: "impls/relay/park.go",
		old:    `	if (queue != nowhere || i.Closed()) && i.idle.remove(c.Index) {`,
		new:    `	if last := i.idle[0].idle.Load()>>c.Index == 1; (queue != nowhere && last || i.Closed()) && i.idle.remove(c.Index) {`,
		breaks: "a worker that sees work sleeps nevertheless if another one is idle, which may have looked before (L3)",
		like:   "package ctlstack until 2026-11-29: the owner of a mark slept below another worker",
	},
	{
		name: "relay-loser-leaves", file: "impls/relay/park.go",
		old: `	if (queue != nowhere || i.Closed()) && i.idle.remove(c.Index) {
		i.idle.spun(c.Index)`,
		new: `	if queue != nowhere || i.Closed() {
		i.idle.remove(c.Index)
		i.idle.spun(c.Index)`,
		breaks: "a worker that was claimed while it looked leaves without its errand, and its next sleep ends at once (S3)",
		like:   "Tokio #8372: woken out of band, and still a sleeper",
	},
	{
		name: "relay-stays-without-duty", file: "impls/relay/park.go",
		old: `		n.duty = everywhere
`,
		new:    ``,
		breaks: "a worker that saw work and stayed wakes no other for the tasks that are left (L6)",
		like:   "JDK-8322732: cores idle because signals are not propagated",
	},
	{
		name: "relay-blocked-late", file: "impls/relay/park.go",
		old: `	n.blocked.Store(true)
	for !chosen() {
		i.Parkers[w].Park()
	}`,
		new: `	for !chosen() {
		n.blocked.Store(true)
		i.Parkers[w].Park()
	}`,
		breaks: "a worker looks at chosen before it says that it sleeps, so that it may sleep unseen (L1)",
		like:   "steps swapped",
	},
	{
		name: "relay-mark-set-late", file: "impls/relay/notify.go",
		old: `		i.marks[e.queue].Store(true) // before the worker can clear it
		i.choose(core, e)`,
		new: `		i.choose(core, e)
		i.marks[e.queue].Store(true)`,
		breaks: "the mark is set after the worker may have cleared it, and stays for good (L1)",
		like:   "state set after the wake-up that relies on it",
	},
	{
		name: "relay-mark-without-worker", file: "impls/relay/notify.go",
		old: `	core, ok := i.claim(near)
	if ok {
		i.marks[e.queue].Store(true) // before the worker can clear it
		i.choose(core, e)`,
		new: `	i.marks[e.queue].Store(true)
	core, ok := i.claim(near)
	if ok {
		i.choose(core, e)`,
		breaks: "a publisher that finds no idle worker leaves a mark that nobody clears (L1)",
		like:   "Tokio B7, Go #43997: a searcher is counted before there is one",
	},
	{
		name: "relay-duty-ends-without-look", file: "impls/relay/notify.go",
		old:    `	if queue := i.work(c.Index); queue != nowhere {`,
		new:    `	if queue := i.work(c.Index); false && queue != nowhere {`,
		breaks: "a worker that was woken and found a task wakes no other (L6)",
		like:   "NeXosim: a worker that finds work wakes nobody",
	},
	{
		name: "relay-stolen-not-relayed", file: "impls/relay/notify.go",
		old:    `		if i.Queues.Stealable(c.Index) {`,
		new:    `		if false && i.Queues.Stealable(c.Index) {`,
		breaks: "a thief wakes no other for the tasks that it has stolen along with its first (L3)",
		like:   "signal dropped",
	},
	{
		name: "relay-claim-not-checked", file: "impls/relay/idleset.go",
		old:    `			if idle = w.idle.And(^(1 << bit)); idle&(1<<bit) != 0 {`,
		new:    `			if w.idle.And(^(1 << bit)); idle&(1<<bit) != 0 {`,
		breaks: "a publisher does not see that another thread has claimed the worker before (S6)",
		like:   "double assignment",
	},
	{
		name: "relay-injection-left-out", file: "impls/relay/look.go",
		old: `	if i.Queues.Injected() > 0 {
		return i.injection()
	}
`,
		new:    ``,
		breaks: "the look leaves out the injection queue (L1)",
		like:   "B10",
	},
	{
		name: "relay-injection-last", file: "impls/relay/look.go",
		old: `	if i.Queues.Injected() > 0 {
		return i.injection()
	}
	at, low := near/wordBits, uint64(1)<<(near%wordBits)-1`,
		new: `	defer func() {
		if queue == nowhere && i.Queues.Injected() > 0 {
			queue = i.injection()
		}
	}()
	at, low := near/wordBits, uint64(1)<<(near%wordBits)-1`,
		breaks: "the look comes to the injection queue last, and misses a batch that moves from there (M1)",
		like:   "the order of looks (package impls, M1)",
	},
	{
		name: "relay-batch-not-shared", file: "impls/relay/park.go",
		old: `	i.spread(e.more, c.Index)
`,
		new:    ``,
		breaks: "a woken worker does not wake its share of a batch before it looks for work (L6)",
		like:   "signal dropped",
		harmless: "Found goes on with the batch, one worker at a time. It makes a difference in time only, and only with more than " +
			"eight workers.",
	},
	{
		name: "relay-close-not-seen", file: "impls/relay/park.go",
		old:    `	if (queue != nowhere || i.Closed()) &&`,
		new:    `	if queue != nowhere &&`,
		breaks: "a worker that becomes idle after the close does not look at it (D2)",
		like:   "check dropped",
	},
}
