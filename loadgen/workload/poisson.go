package workload

import "time"

var poisson = Workload{
	Name:  "poisson",
	About: "tasks arrive at random at a given utilisation of the pool, whatever became of earlier ones",
	Doc: "Independent users: an open loop with Poisson arrivals, at load × workers / service tasks a second. " +
		"Times of arrival and of service are drawn beforehand from the seed. A sample is the time from when a " +
		"task should have come until its first instruction, for every task; so it counts the generator's " +
		"lateness too, which is reported apart (lag, late, unsent: see to it before believing the rest). At a " +
		"low load every arrival has to wake somebody, and a good value is bounded by the floor of wake; at a " +
		"high one by the queue M/D/k or M/M/k, at one worker and exp load/(1-load) service times in the mean, " +
		"and a manager that leaves workers asleep adds to it. A tail that a lower load does not have, with " +
		"nobody late, is the manager's or the machine's.",
	Submits: "A goroutine that is busy until the next arrival is due, submits the task and gives up its turn, as one of " +
		"many that block after each request. A thread that spins never does (submitter=spin). With poll the network " +
		"poller wakes the goroutine for each arrival: it is late by what that takes, which is in each sample and in lag.",
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
			About:   "mean time that a task takes, spent looking at the clock",
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
			// Independent Poisson processes add up to one.
			gap := float64(sources) / rate
			return drawSchedule(scheduleLength, g.Seed, uint64(i), gap, exponential, service, dist(v["dist"]))
		}
		return l
	},
}

var generatorsParam = Param{
	Name:    "generators",
	About:   "threads that submit, each its share; raise it if there are many late at a high rate",
	Default: "1",
	Parse:   count(1, 64),
}
