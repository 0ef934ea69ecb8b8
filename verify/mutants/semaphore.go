package main

// .NET's request and LIFO semaphore.
var semaphoreMutants = []mutant{
	{
		name: "sem-look-dropped", file: "impls/semaphore/park.go",
		old:    `if i.Closed() || i.AnyWork() {`,
		new:    `if i.Closed() {`,
		breaks: "a worker that took a request does not look into the queues before it ceases to work (L1)",
		like:   "recheck dropped",
	},
	{
		name: "sem-request-taken-after-look", file: "impls/semaphore/park.go",
		old: `		if i.takeRequest() {
			n.asked = true
			return i.Leave(c, why)
		}
		if i.Closed() || i.AnyWork() {
			return i.Leave(c, why)
		}`,
		new: `		if i.Closed() || i.AnyWork() {
			return i.Leave(c, why)
		}
		i.takeRequest()`,
		breaks: "a worker looks into the queues before it takes the request that publishers rely on (L1)",
		like:   "dotnet/runtime #121887: the flag was cleared after the look",
	},
	{
		name: "sem-overflow-dropped", file: "impls/semaphore/pool.go",
		old:    `			if i.working.CompareAndSwap(w, w|overflow) {`,
		new:    `			if true {`,
		breaks: "a request that came when all were working leaves no note (L5)",
		like:   "recheck dropped",
	},
	{
		name: "sem-overflow-cleared-and-stopped", file: "impls/semaphore/pool.go",
		old: `			if i.working.CompareAndSwap(w, w&^overflow) {
				return false`,
		new: `			if i.working.CompareAndSwap(w, w&^overflow-1) {
				return true`,
		breaks: "a worker clears the note and goes to wait, without another look for the request (L5)",
		like:   "Go #45867: the note was not acted on",
	},
	{
		name: "sem-spinners-not-absorbed", file: "impls/semaphore/counts.go",
		old:    `	wake = min(t.signals(), t.waiters()+t.spinners()) - t.spinners() - t.woken()`,
		new:    `	wake = min(t.signals(), t.waiters()) - 2*t.spinners() - t.woken()`,
		breaks: "a release trusts each spinner with two signals, and wakes too few waiters (L1)",
		like:   "signal dropped",
	},
	{
		name: "sem-woken-not-lowered", file: "impls/semaphore/counts.go",
		old: `		t -= oneWoken
`,
		new:    "\t\tt += 0\n",
		breaks: "a waiter that woke stays counted as on its way, so that the next is not woken (L1)",
		like:   "counter not decremented",
	},
	{
		name: "sem-gives-up-past-signal", file: "impls/semaphore/counts.go",
		old: `	if t.signals() > 0 {
		return t - oneSpinner - oneSignal
	}
	return t - oneSpinner + oneWaiter`,
		new:    `	return t - oneSpinner + oneWaiter`,
		breaks: "a spinner that gives up leaves the signal that it was to absorb, and blocks (L1)",
		like:   "recheck dropped",
	},
	{
		name: "sem-early-wake-lost", file: "impls/semaphore/block.go",
		old:    `			if i.step(old, old+oneEarly) {`,
		new:    `			if i.step(old, old) {`,
		breaks: "a wake-up that comes before its waiter blocks is dropped (L1)",
		like:   "signal dropped",
	},
	{
		name: "sem-stopped-after-wait", file: "impls/semaphore/park.go",
		old: `			i.resumeWorking()
`,
		new:    "",
		breaks: "a worker that was woken, and found no signal, works uncounted, and is subtracted twice (S4)",
		like:   "Tokio #8372: a counter that underflows",
	},
	{
		name: "sem-chain-dropped", file: "impls/semaphore/pool.go",
		old:    `	if n.asked || i.Queues.Stealable(c.Index) {`,
		new:    `	if n.asked = false; i.Queues.Stealable(c.Index) {`,
		breaks: "a worker that was asked for and found a task does not ask for the next (L6)",
		like:   "signal dropped",
	},
	{
		name: "sem-stolen-not-relayed", file: "impls/semaphore/pool.go",
		old:    `	if n.asked || i.Queues.Stealable(c.Index) {`,
		new:    `	if n.asked {`,
		breaks: "a thief asks for no other worker for the tasks that it has stolen along with its first (L3)",
		like:   "signal dropped",
	},
	{
		name: "sem-version-dropped", file: "impls/semaphore/block.go",
		old:    `return stack(s.version()+1)<<32 | stack(top) }`,
		new:    `return stack(s.version())<<32 | stack(top) }`,
		breaks: "a push leaves the version as it is (S3)",
		like:   "ABA",
	},
}
