package workload

import "time"

var idle = Workload{
	Name:  "idle",
	About: "nothing arrives",
	Stands: "A pool that a program has and does not use: what it costs to have it. There are no tasks, hence no " +
		"samples. CPU time for each second must read 0.0 % of a CPU, less than 500,000 ns: what is left is Go's " +
		"monitor thread, which looks around every 10 ms. It is reported and not judged: designs differ by less than " +
		"the monitor's habits. " +
		"worker-cpu-ns/sec is without that, and must be 0. A parker that spins without end burns a CPU for each " +
		"worker here, 1e9 ns/sec.",
	Submits: "A thread with a CPU of its own, which sleeps in the kernel while it waits. It sleeps for all of the time, and submits nothing.",
	One:     true, // not even that
	Quiet:   true,
	New:     func(Values) Load { return idleLoad{} },
}

type idleLoad struct{}

// Run is one operation, and no tasks.
func (idleLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	const step = 100 * time.Millisecond // how soon the load notices that it is to stop
	for left := limit; left > 0; left -= step {
		g.Sleep(min(left, step))
		if err := g.Step(); err != nil {
			return Totals{}, err
		}
	}
	return Totals{Ops: 1}, nil
}
