package workload

import "time"

var idle = Workload{
	Name:  "idle",
	About: "nothing arrives",
	Doc: "A pool that a program has but does not use: what does it cost to have one? There are no tasks, " +
		"hence no samples. worker-cpu-ns/sec must be 0. What remains in cost-ns/sec is one wake of the " +
		"generator, at the end of the launch, and Go's monitor thread. The workload is reported but not " +
		"judged: that one wake is most of the cost, and no merit of any design. A parker that spins without " +
		"limit burns one CPU per worker here, 1e9 ns/sec each. What that does to others is measured with " +
		"-param victim=sibling, other or same: slowdown/piece.",
	Submits:    "Nothing is submitted. The generator is a goroutine that blocks in the network poller all the time.",
	OneTask:    true, // so it does not even spin
	MostlyIdle: true,
	Whole:      wholeQuiet,
	New:        func(Values) Load { return idleLoad{} },
}

// wholeQuiet is why loads that are MostlyIdle measure in one go.
const wholeQuiet = "Go's runtime rests only some 30 ms after it was woken to begin a slice, and its work before that is " +
	"more than what is measured"

type idleLoad struct{}

// Run is one operation, and no tasks.
func (idleLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	const step = 500 * time.Millisecond // how soon the load notices that it should stop
	for left := limit; left > 0; left -= step {
		g.Until(g.Now() + int64(min(left, step)))
		if err := g.Step(); err != nil {
			return Totals{}, err
		}
	}
	return Totals{Ops: 1}, nil
}
