package workload

import "time"

var burst = Workload{
	Name:  "burst",
	About: "several tasks arrive together once in a period, whatever became of earlier ones",
	Doc: "Timers, frames, packets that a device delivers in batches: .NET's thread pool was tuned on bursts " +
		"of two (dotnet/coreclr#5928). An open loop; a sample is the time from when a task's burst should have " +
		"come until its first instruction, for every task. A burst wants as many workers awake as it has tasks, " +
		"at once; between bursts nobody is needed. Who wakes one by one pays in latency, who wakes all for two " +
		"tasks pays in CPU. It is bounded below by the floor of wake for the first task and by " +
		"tasks × service / workers for the last. submit=all gives the manager the number at once.",
	Submits: "As with poisson: a goroutine that is busy until the burst is due, submits it and gives up its turn.",
	Sample:  "task",
	Primary: "p99-ns/task",
	Params: []Param{
		{
			Name:    "tasks",
			About:   "tasks of a burst",
			Default: "8",
			Full:    []string{"2", "8", "64"},
			Parse:   count(1, openTasks),
		},
		{
			Name:    "period",
			About:   "time from a burst to the next",
			Default: "1ms",
			Parse:   duration(time.Microsecond, 10*time.Second),
		},
		serviceParam("10us"),
		distParam("fixed"),
		submitParam,
		submitterParam(Block),
	},
	MinWorkers: 2,
	Full:       true,
	Draws:      true,
	New: func(v Values) Load {
		l := newOpenLoop(1, v.Int("tasks"), v["submit"] == submitAll)
		l.draw = func(g *Generator, i int) schedule {
			return drawSchedule(scheduleLength, g.Seed, uint64(i), float64(v.Duration("period")), fixed,
				float64(v.Duration("service")), dist(v["dist"]))
		}
		return l
	},
}

// How the tasks of a batch are submitted.
const (
	submitAll  = iota // with one call
	submitEach        // one by one
)

var submitParam = Param{
	Name:    "submit",
	About:   "how: all with one call, or each by itself",
	Default: "all",
	Full:    []string{"all", "each"},
	Parse:   oneOf("all", "each"),
}
