package workload

var mixed = Workload{
	Name:  "mixed",
	About: "a few workers against many producers, or the other way round",
	Stands: "folly's contendedUse of its semaphores (LifoSemTests, posters to waiters 1:1 to 31:1), as tasks: m " +
		"producers outside submit 31 tasks each, all at once, and wait until all have run. An operation is " +
		"that. A sample is the time from a task's submission until it runs, for every 8th task. Bursts so " +
		"small that workers are falling asleep while the next one comes: what is contended is the manager, " +
		"not the queue. The ratio to vary is producers to -workers.",
	Sample:  "task",
	Primary: "ns/op",
	Params:  []Param{producerCount("4", "1", "4", "31")},
	Needs:   3,
	Full:    true,
	Threads: func(v Values) int { return v.Int("producers") - 1 },
	New: func(v Values) Load {
		const each = 31
		return newContestLoad(each*v.Int("producers"), v.Int("producers"))
	},
}
