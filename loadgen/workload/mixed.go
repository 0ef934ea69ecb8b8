package workload

import "fmt"

var mixed = Workload{
	Name:  "mixed",
	About: "a few workers against as many producers, or many more",
	Doc: "folly's contendedUse of its semaphores (LifoSemTests, posters to waiters 1:1 to 31:1), with tasks: " +
		"there are ratio producers outside the pool for each worker, and each submits 31 tasks in one call " +
		"and waits until all have run. That is one operation. submit-ns/op is the part until the last " +
		"producer has submitted. A sample is the time from a task's submission until it runs, for every 8th " +
		"task. The bursts are so small that workers are still falling asleep when the next one comes, so " +
		"the contention is on the manager, not on the queue. Lower bound: the number of tasks times the " +
		"cost of a submission under the lock.",
	Submits: "A thread with a CPU of its own, which sleeps in the kernel while it waits. The other producers do " +
		"the same between operations.",
	Sample:  "task",
	Primary: "ns/op",
	Params: []Param{{
		Name:    "ratio",
		About:   "producers per worker, including the load generator's thread",
		Default: "4",
		Full:    []string{"1", "4", "31"},
		Parse:   count(1, 256),
	}},
	MinWorkers: 2,
	Full:       true,
	Threads:    func(v Values, workers int) int { return v.Int("ratio")*workers - 1 },
	New: func(v Values) Load {
		const each = 31
		return &contestLoad{shape: func(workers int) (tasks, producers int, err error) {
			n := v.Int("ratio") * workers
			if n > maxProducers {
				return 0, 0, fmt.Errorf("workload mixed: ratio=%d is %d producers for %d workers: want at most %d", v["ratio"], n, workers, maxProducers)
			}
			return each * n, n, nil
		}}
	},
}
