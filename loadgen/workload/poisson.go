package workload

import "time"

var poisson = Workload{
	Name:  "poisson",
	About: "tasks arrive at random at a given utilisation of the pool, whether or not earlier ones have run",
	Doc: "Independent users: an open loop with Poisson arrivals, at load × workers / service tasks a second. " +
		"Arrival and service times are sampled in advance from the seed. A sample is the time from a task's " +
		"scheduled arrival to its first instruction, for every task. It includes the generator's lateness, " +
		"which is also reported separately (lag, late, unsent): check those before you trust the rest. At " +
		"low load every arrival has to wake a worker, and the floor of wake is the lower bound. At high " +
		"load the queue is: M/D/k or M/M/k, for one worker and exp a mean of load/(1-load) service times; a " +
		"manager that leaves workers asleep adds to it. A tail that is absent at lower load, while no " +
		"arrival is late, comes from the manager or the machine.",
	Submits: "A goroutine that is busy until the next arrival is due, submits the task and yields, like one of " +
		"many that block after each request. A thread that spins never yields (submitter=spin). With poll " +
		"the network poller wakes the goroutine for each arrival; the delay of that wake is in each sample " +
		"and in lag.",
	Sample:  "task",
	Primary: "p50-ns/task",
	Params: []Param{
		{
			Name:    "load",
			About:   "utilisation of the pool, from 0.01 to 2; from 1 on it is overloaded",
			Default: "0.5",
			Sweep:   []string{"0.2", "0.5", "0.8"},
			Full:    []string{"0.1", "0.2", "0.5", "0.8", "0.9", "0.95"},
			Parse:   perMille(0.01, 2),
		},
		{
			Name:    "service",
			About:   "mean service time of a task, spent polling the clock",
			Default: "10us",
			Full:    []string{"1us", "10us", "100us"},
			Parse:   duration(100*time.Nanosecond, time.Second),
		},
		distParam("exp", "fixed", "exp"),
		generatorsParam,
		submitterParam(Block, Spin, Poll),
	},
	MinWorkers: 1,
	Draws:      true,
	Threads:    func(v Values, _ int) int { return v.Int("generators") - 1 },
	New: func(v Values) Load {
		sources := v.Int("generators")
		l := newOpenLoop(sources, 1, false)
		l.draw = func(g *Generator, i int) schedule {
			service := float64(v.Duration("service"))
			rate := float64(v.Int("load")) / 1000 * float64(g.Workers) / service
			// The sum of independent Poisson processes is a Poisson process.
			gap := float64(sources) / rate
			return drawSchedule(scheduleLength, g.Seed, uint64(i), gap, exponential, service, dist(v["dist"]))
		}
		return l
	},
}

var generatorsParam = Param{
	Name:    "generators",
	About:   "threads that submit, each an equal share; use more if many arrivals are late at a high rate",
	Default: "1",
	Parse:   count(1, 64),
}
