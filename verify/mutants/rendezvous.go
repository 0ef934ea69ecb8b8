package main

// A spinner that is handed the work, and a stack of sleepers behind it.
var rendezvousMutants = []mutant{
	{
		name: "rendezvous-look-dropped", file: "impls/rendezvous/park.go",
		old:    `	for i.Closed() || last && i.AnyWork() {`,
		new:    `	for i.Closed() || false && last && i.AnyWork() {`,
		breaks: "the last searcher to go to sleep does not look into the queues (L4)",
		like:   "recheck dropped",
	},
	{
		name: "rendezvous-look-too-early", file: "impls/rendezvous/park.go",
		old: `	last := i.push(w, searching)
	for i.Closed() || last && i.AnyWork() {`,
		new: `	work := i.AnyWork()
	last := i.push(w, searching)
	for i.Closed() || last && work {`,
		breaks: "a parker looks into the queues before it is in the stack (L1)",
		like:   "Tokio #5907: the look came before the decrement",
	},
	{
		name: "rendezvous-spinner-does-not-look", file: "impls/rendezvous/park.go",
		old:    `	work = i.Closed() || last && i.AnyWork()`,
		new:    `	work = i.Closed() || false && last && i.AnyWork()`,
		breaks: "the last searcher to enter the slot does not look into the queues (L4)",
		like:   "recheck dropped",
	},
	{
		name: "rendezvous-claim-lost", file: "impls/rendezvous/park.go",
		old:    `	if i.slot.CompareAndSwap(number, 0) {`,
		new:    "\tif i.slot.Load() == number {\n\t\ti.slot.Store(0)",
		breaks: "a spinner whose time is over leaves the slot in two steps, and a hand-over in between is lost (S6)",
		like:   "check and act in two steps",
		harmless: "The worker looks into all queues once it is in the stack, or another worker searches and does. Lost are the core to" +
			" look at, and a wake-up in the counts.",
	},
	{
		name: "rendezvous-relay-dropped", file: "impls/rendezvous/notify.go",
		old:    `	if !i.leave() || !i.AnyWork() {`,
		new:    `	if i.leave(); true {`,
		breaks: "the last searcher that found work does not look for more (L4)",
		like:   "signal dropped",
	},
	{
		name: "rendezvous-count-kept", file: "impls/rendezvous/idle.go",
		old:    `			asleep -= searcher`,
		new:    `			asleep -= 0`,
		breaks: "a searcher that goes to sleep stays counted, and publishers rely on it (S4)",
		like:   "counter not decremented",
	},
	{
		name: "rendezvous-spinner-uncounted", file: "impls/rendezvous/park.go",
		old: `			i.ctl.Add(searcher)
			return i.Leave(c, impls.Woken)`,
		new:    `			return i.Leave(c, impls.Woken)`,
		breaks: "a spinner that was chosen is not counted, and later leaves all the same (S4)",
		like:   "Tokio #8372: the counter underflows",
	},
	{
		name: "rendezvous-close-unseen", file: "impls/rendezvous/park.go",
		old:    `	for i.Closed() || last && i.AnyWork() {`,
		new:    `	for last && i.AnyWork() {`,
		breaks: "a worker that comes after the shutdown goes to sleep (D2)",
		like:   "B1, the other way round: a sleeper that is not woken",
	},
	{
		name: "rendezvous-not-last", file: "impls/rendezvous/idle.go",
		old:    `func (i *Idle) leave() (last bool) { return i.ctl.Add(^uint64(searcher-1))&searchers == 0 }`,
		new:    `func (i *Idle) leave() (last bool) { return i.ctl.Add(^uint64(searcher-1))&searchers == searcher }`,
		breaks: "the last but one to leave the searchers looks, and the last does not (L4)",
		like:   "off by one",
	},
	{
		name: "rendezvous-popped-uncounted", file: "impls/rendezvous/idle.go",
		old:    `tied.WithTop(ctl, below)+searcher) {`,
		new:    `tied.WithTop(ctl, below)) {`,
		breaks: "a sleeper that was woken is not counted, and later leaves all the same (S4)",
		like:   "Tokio #8372: the counter underflows",
	},
}
