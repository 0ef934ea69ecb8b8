package workload

import "time"

var burst = Workload{
	Name:  "burst",
	About: "several tasks arrive together once per period, whether or not earlier ones have run",
	Doc: "Timers, frames, packets that a device delivers in batches: .NET's thread pool was tuned on bursts " +
		"of two (dotnet/coreclr#5928). An open loop. A sample is the time from a task's scheduled arrival " +
		"to its first instruction, for every task. A burst needs as many awake workers as it has tasks, at " +
		"once; between bursts none is needed. A manager that wakes workers one by one pays in latency; one " +
		"that wakes all of them for two tasks pays in CPU. Lower bounds: the floor of wake for the first " +
		"task, tasks × service / workers for the last. With submit=all the manager learns the number of " +
		"tasks at once.",
	Submits: "As in poisson: a goroutine that is busy until the burst is due, submits it and yields.",
	Sample:  "task",
	Primary: "p99-ns/task",
	Params: []Param{
		{
			Name:    "tasks",
			About:   "tasks per burst",
			Default: "8",
			Full:    []string{"2", "8", "64"},
			Parse:   count(1, openTasks),
		},
		{
			Name:    "period",
			About:   "time from one burst to the next",
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
	About:   "how tasks are submitted: all in one call, or each in its own",
	Default: "all",
	Full:    []string{"all", "each"},
	Parse:   oneOf("all", "each"),
}
