package workload

import "fmt"

var mixed = Workload{
	Name:  "mixed",
	About: "a few workers against many producers, or as many",
	Doc: "folly's contendedUse of its semaphores (LifoSemTests, posters to waiters 1:1 to 31:1), as tasks: for " +
		"each worker there are ratio producers outside, which submit 31 tasks each, all at once, and wait until " +
		"all have run. An operation is that. submit-ns/op is the part until the last producer has submitted. A " +
		"sample is the time from a task's submission until it runs, for every 8th task. Bursts so small that " +
		"workers are falling asleep while the next one comes: what is contended is the manager, not the queue. " +
		"It is bounded below by the tasks times what a submission takes under the lock.",
	Submits: "A thread with a CPU of its own, which sleeps in the kernel while it waits. So do the producers beside it between operations.",
	Sample:  "task",
	Primary: "ns/op",
	Params: []Param{{
		Name:    "ratio",
		About:   "producers for each worker, the load generator's thread among them",
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
