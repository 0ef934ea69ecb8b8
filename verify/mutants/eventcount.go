package main

// Eigen's eventcount. The first two defects are those that its commit e5ac8cbd7
// repaired.
var eventcountMutants = []mutant{
	{
		name: "eventcount-prewait-takes-signal", file: "impls/eventcount/park.go",
		old: `	i.prewait()
	if i.mayLeave() {`,
		new: `	for s := i.load(); s.signals() > 0; s = i.load() {
		if i.swap(s, s-signal) {
			return i.Leave(c, impls.Woken)
		}
	}
	i.prewait()
	if i.mayLeave() {`,
		breaks: "a worker that is about to announce itself takes the signal of one that has looked already (D2: that of the shutdown, too)",
		like:   "Eigen e5ac8cbd7, first",
	},
	{
		name: "eventcount-cancel-takes-signal", file: "impls/eventcount/state.go",
		old: `	if s.undecided() {
		return s - prewaiter, false`,
		new: `	if s&sigMask == 0 {
		return s - prewaiter, false`,
		breaks: "a worker that cancels takes the signal of one that has looked already (D2)",
		like:   "Eigen e5ac8cbd7, second",
	},
	{
		name: "eventcount-look-before-prewait", file: "impls/eventcount/park.go",
		old: `	i.prewait()
	if i.mayLeave() {`,
		new: `	leave := i.mayLeave()
	i.prewait()
	if leave {`,
		breaks: "a worker looks at the queues before it announces itself (L1)",
		like:   "steps swapped",
	},
	{
		name: "eventcount-found-wakes-nobody", file: "impls/eventcount/notify.go",
		old:    `	if i.load().waiting() && i.AnyWork() {`,
		new:    `	if false && i.load().waiting() && i.AnyWork() {`,
		breaks: "a worker that found a task wakes no other, though it may have taken more tasks along, or one notification was for several (L4)",
		like:   "signal dropped",
	},
	{
		name: "eventcount-commit-past-signal", file: "impls/eventcount/state.go",
		old:    `	if s&sigMask != 0 {`,
		new:    `	if s&sigMask == sigMask {`,
		breaks: "a worker goes to sleep though it was given a signal (L1)",
		like:   "signal dropped",
	},
	{
		name: "eventcount-prewaiters-not-counted", file: "impls/eventcount/state.go",
		old:    `func (s state) waiting() bool { return s.asleep() || s.undecided() }`,
		new:    `func (s state) waiting() bool { return s.asleep() }`,
		breaks: "a publisher wakes only workers that sleep already, and none that is about to (L1)",
		like:   "recheck dropped",
	},
	{
		name: "eventcount-stack-without-epoch", file: "impls/eventcount/park.go",
		old: `			me.epoch += epoch // after the last one it begins again at 0
`,
		new:    ``,
		breaks: "the same top can recur with another worker below it: a publisher that was late puts a worker on the stack that is awake (S3)",
		like:   "ABA",
	},
	{
		name: "eventcount-next-after-wake", file: "impls/eventcount/notify.go",
		old: `			s = state(i.waiters[w].next.Load())
			i.wake(w)`,
		new: `			i.wake(w)
			s = state(i.waiters[w].next.Load())`,
		breaks: "notifyAll reads what was below a sleeper after it has woken it, when it may sleep on top of another (D2)",
		like:   "use of a node that was given away",
	},
	{
		name: "eventcount-all-but-prewaiters", file: "impls/eventcount/state.go",
		old:    `	return pre | pre<<fieldBits | nobody`,
		new:    `	return pre | s&sigMask | nobody`,
		breaks: "Shutdown wakes the sleepers and forgets those that are about to sleep (D2)",
		like:   "signal dropped",
	},
	{
		name: "eventcount-close-not-looked-at", file: "impls/eventcount/park.go",
		old:    `func (i *Idle) mayLeave() bool { return i.Closed() || i.AnyWork() }`,
		new:    `func (i *Idle) mayLeave() bool { return i.AnyWork() }`,
		breaks: "a worker that announced itself does not look whether the manager has closed (D2)",
		like:   "recheck dropped",
	},
}
