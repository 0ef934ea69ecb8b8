package workload

var remoteSpawn = Workload{
	Name:  "remote_spawn",
	About: "several threads outside submit empty tasks at once",
	Stands: "Tokio's benchmark of the same name (tokio-rs/tokio #7944): 12,800 empty tasks from 1, 2, 4 … 64 " +
		"threads outside. An operation is all of them; the last to run tells. A sample is the time from a " +
		"task's submission until it runs, for every 8th task. Every submission takes the lock of the " +
		"injection queue, and a design that does much under it, or wakes under it, falls behind as threads " +
		"are added. The producers share the load generator's CPUs.",
	Sample:  "task",
	Primary: "ns/op",
	Params:  []Param{producerCount("1", "1", "2", "4", "8", "16", "32", "64"), spawnCount("12800")},
	Needs:   3,
	Full:    true,
	Threads: func(v Values) int { return v.Int("producers") - 1 },
	New:     func(v Values) Load { return newContestLoad(v.Int("tasks"), v.Int("producers")) },
}
