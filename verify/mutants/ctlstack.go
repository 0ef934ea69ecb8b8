package main

// ForkJoinPool's stack of sleepers.
var ctlstackMutants = []mutant{
	{
		name: "ctl-version-dropped", file: "impls/ctlstack/stack.go",
		old:    `pack(w.released()-1, w.version()+1, top)`,
		new:    `pack(w.released()-1, w.version(), top)`,
		breaks: "a push leaves the version as it is (S3)",
		like:   "ABA",
	},
	{
		name: "ctl-look-dropped", file: "impls/ctlstack/park.go",
		old:    `queue := i.firstWithWork(c.Index); queue >= 0 {`,
		new:    `queue := i.firstWithWork(c.Index); false && queue >= 0 {`,
		breaks: "a worker does not look into the queues after it has joined the stack (L1)",
		like:   "recheck dropped",
	},
	{
		name: "ctl-covered-worker-sleeps", file: "impls/ctlstack/park.go",
		old:    `			if had {`,
		new:    `			if false && had {`,
		breaks: "a worker whose mark a publisher relied on sees its task, and sleeps below one that looked before the task was visible (L1)",
		like:   "this package, until CI met it",
	},
	{
		name: "ctl-look-too-early", file: "impls/ctlstack/park.go",
		old: `	n := &i.nodes[c.Index]
	if !i.push(c.Index) {`,
		new: `	n := &i.nodes[c.Index]
	if i.firstWithWork(c.Index) < 0 && i.push(c.Index) {
		i.discharge(n)
		n.parking.Store(true)
		for !n.chosen.Load() && !i.Closed() {
			i.Parkers[w].Park()
		}
		n.parking.Store(false)
		n.chosen.Store(false)
		n.duty = n.sent.Get()
		return i.Leave(c, impls.Woken)
	}
	if !i.push(c.Index) {`,
		breaks: "a worker looks into the queues before it joins the stack, and not afterwards (L1)",
		like:   "Tokio #5907: the look came before the decrement",
	},
	{
		name: "ctl-mark-cleared-after-look", file: "impls/ctlstack/notify.go",
		old: `	i.discharge(n)
	if queue := i.firstWithWork(c.Index); queue >= 0 {`,
		new: `	queue := i.firstWithWork(c.Index)
	i.discharge(n)
	if queue >= 0 {`,
		breaks: "a worker that found a task looks into the queues before it clears the mark that publishers rely on (L3)",
		like:   "steps swapped",
	},
	{
		name: "ctl-mark-cleared-before-push", file: "impls/ctlstack/park.go",
		old: `	if !i.push(c.Index) {`,
		new: `	i.discharge(n)
	if !i.push(c.Index) {`,
		breaks: "a worker whose push is given up has no duty any more, and has not looked into the queues (L3)",
		like:   "steps swapped",
	},
	{
		name: "ctl-mark-set-late", file: "impls/ctlstack/notify.go",
		old: `		i.pending[queue].Store(true) // before the worker can clear it
		i.choose(core, queue)`,
		new: `		i.choose(core, queue)
		i.pending[queue].Store(true)`,
		breaks: "the mark is set after the worker may have cleared it, and stays for good (L1)",
		like:   "state set after the wake-up that relies on it",
	},
	{
		name: "ctl-stays-without-duty", file: "impls/ctlstack/park.go",
		old: `				n.duty = everywhere
`,
		new:    ``,
		breaks: "a worker that saw work and stayed does not relay (L6)",
		like:   "JDK-8322732: cores idle because signals are not propagated",
	},
	{
		name: "ctl-relay-dropped", file: "impls/ctlstack/notify.go",
		old:    `	if queue := i.firstWithWork(c.Index); queue >= 0 {`,
		new:    `	if queue := i.firstWithWork(c.Index); false && queue >= 0 {`,
		breaks: "a worker that was woken and found a task does not look for more (L6)",
		like:   "signal dropped",
	},
	{
		name: "ctl-stolen-not-relayed", file: "impls/ctlstack/notify.go",
		old:    `		if i.Queues.Stealable(c.Index) {`,
		new:    `		if false && i.Queues.Stealable(c.Index) {`,
		breaks: "a thief wakes no other for the tasks that it has stolen along with its first (L3)",
		like:   "signal dropped",
	},
	{
		name: "ctl-parking-late", file: "impls/ctlstack/park.go",
		old: `		n.parking.Store(true)
		for !chosen() {
			i.Parkers[w].Park()
		}`,
		new: `		for !chosen() {
			n.parking.Store(true)
			i.Parkers[w].Park()
		}`,
		breaks: "a worker looks at chosen before it says that it blocks, so that it may block unseen (L1)",
		like:   "steps swapped",
	},
	{
		name: "ctl-pops-another", file: "impls/ctlstack/stack.go",
		old:    `return old.top() == uint16(core+1) && i.swap(`,
		new:    `return old.top() != 0 && i.swap(`,
		breaks: "a worker that sees work takes itself from below another one (S3)",
		like:   "bookkeeping drift",
	},
	{
		name: "ctl-close-leaves-the-covered", file: "impls/ctlstack/park.go",
		old: `		if i.Closed() {
			i.releaseAll() // itself included, if nothing has taken it yet`,
		new: `		if i.Closed() && i.popSelf(c.Index) {
			return i.Leave(c, impls.Closed)`,
		breaks: "a worker that sees the close wakes itself only, and not at all if another one is on top of it (D2)",
		like:   "signal dropped",
	},
}
