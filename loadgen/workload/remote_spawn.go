package workload

var remoteSpawn = Workload{
	Name:  "remote_spawn",
	About: "several threads outside the pool submit empty tasks at the same time",
	Doc: "Tokio's benchmark of the same name (benches/remote_spawn.rs, tokio-rs/tokio#7944): 12,800 empty " +
		"tasks from 1, 2, 4 … 64 threads outside the pool, which begin together. Every submission takes the " +
		"lock of the injection queue; a design that does much under it, or wakes under it, falls behind as " +
		"threads are added. submit-ns/op is the time until the last thread has submitted. Tokio reports " +
		"that figure too, but with the start and end of the threads in it; here they live on. An operation " +
		"ends when all tasks have run. A sample is the time from a task's submission until it runs, for " +
		"every 8th task. Tokio runs one worker per CPU in addition to the threads, and no more threads than " +
		"CPUs; here the threads have CPUs of their own where there are enough (see generators-share).",
	Submits: "A thread with a CPU of its own, which sleeps in the kernel while it waits. The other producers do " +
		"the same between operations: threads outside the runtime are what Tokio's benchmark is about.",
	Sample:  "task",
	Primary: "ns/op",
	Params: []Param{
		{
			Name:    "producers",
			About:   "threads outside the pool that submit, including the load generator's",
			Default: "1",
			Full:    []string{"1", "2", "4", "8", "16", "32", "64"},
			Parse:   count(1, maxProducers),
		},
		spawnCount("12800"),
	},
	MinWorkers: 2,
	Full:       true,
	Threads:    func(v Values, _ int) int { return v.Int("producers") - 1 },
	New: func(v Values) Load {
		return &contestLoad{shape: func(int) (tasks, producers int, err error) {
			return v.Int("tasks"), v.Int("producers"), nil
		}}
	},
}
