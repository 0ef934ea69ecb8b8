package workload

import "time"

var idle = Workload{
	Name:  "idle",
	About: "nothing arrives",
	Doc: "A pool that a program has and does not use: what it costs to have it. There are no tasks, hence no " +
		"samples. worker-cpu-ns/sec must be 0. What is left of cost-ns/sec is that the generator is woken once, at " +
		"the end of the launch, and that Go's monitor thread looks around. It is reported and not judged: that one " +
		"wake is most of it, and no design's merit. A parker that spins without end burns a CPU for each worker " +
		"here, 1e9 ns/sec.",
	Submits:    "Nothing is submitted. The generator is a goroutine that blocks in the network poller for all of the time.",
	OneTask:    true, // not even that
	MostlyIdle: true,
	New:        func(Values) Load { return idleLoad{} },
}

type idleLoad struct{}

// Run is one operation, and no tasks.
func (idleLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	const step = 500 * time.Millisecond // how soon the load notices that it is to stop
	for left := limit; left > 0; left -= step {
		g.Until(g.Now() + int64(min(left, step)))
		if err := g.Step(); err != nil {
			return Totals{}, err
		}
	}
	return Totals{Ops: 1}, nil
}
