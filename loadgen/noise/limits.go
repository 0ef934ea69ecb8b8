package noise

import (
	"slices"
	"time"
)

// A Limit is a bound that no launch may exceed if it is to count.
type Limit struct {
	Name  string // for Violations
	About string // what exceeds it
	Why   string // why it exists, and why at this value

	exceeded func(Report) bool
}

// Shares of the time of the CPUs in use; beyond the same shares "bench doctor" fails a
// machine.
const (
	maxSteal  = 0.05
	maxOthers = 0.10
)

// maxClockStep is far more than the error of reading two clocks at once, and less than
// any time service or hypervisor corrects in one step.
const maxClockStep = time.Millisecond

var limits = []Limit{
	{
		Name:  "migrations",
		About: "a pinned thread moved to another CPU",
		Why: "The plan decides which threads share a CPU, a core and a cache; the numbers are for that plan. " +
			"A pinned thread moves only if another process changed its affinity or its CPU went offline.",
		exceeded: func(r Report) bool { return r.Migrations > 0 },
	},
	{
		Name:  "affinity",
		About: "at the end some thread of the process had a different affinity than planned",
		Why: "Another process used taskset or changed the cpuset meanwhile. Even if nothing has moved yet, a " +
			"thread of the Go runtime could have run on a worker's CPU.",
		exceeded: func(r Report) bool { return r.Changed > 0 },
	},
	{
		Name:     "offline",
		About:    "at the end a CPU in use was not online",
		Why:      "The kernel then moves its threads to wherever there is room.",
		exceeded: func(r Report) bool { return len(r.Offline) > 0 },
	},
	{
		Name: "clock",
		About: "the wall clock was stepped by more than 1 ms against the monotonic one, or the kernel switched " +
			"to another clock source",
		Why: "Times are taken from the monotonic clock, which is not stepped. But the wall clock is set " +
			"after a machine or a virtual machine was suspended, and the monotonic one did not count that " +
			"time. And reading another clock source takes a different time.",
		exceeded: func(r Report) bool {
			return r.ClockStep.Abs()-r.ClockError > maxClockStep || r.clockChanged()
		},
	},
	{
		Name:  "steal",
		About: "the hypervisor took more than 5 % of the time of the CPUs in use, plus one tick of 10 ms",
		Why: "A thread does not notice that its CPU was stopped; the time shows up in some latency. On a " +
			"virtual machine with 2 CPUs that were both busy with other work, 125 of 151 launches of half a " +
			"second had no steal, and the others up to 1.6 %. So more than 5 % is an unusual moment even on " +
			"such a machine.",
		exceeded: func(r Report) bool { return r.exceeds(r.Steal, maxSteal) },
	},
	{
		Name:  "others",
		About: "other processes used more than 10 % of the time of the CPUs in use, plus one tick of 10 ms",
		Why: "Workers wait for their CPUs; and a CPU that is never idle wakes a worker sooner, which " +
			"flatters the manager. On that machine the median time of a ping_pong operation with 4 spinning " +
			"workers was 86 µs in launches with less than 3 %, 91 µs with 3 to 10 %, 129 µs with 10 to 20 " +
			"%, 177 µs with 20 to 40 %.",
		exceeded: func(r Report) bool { return r.exceeds(r.Others, maxOthers) },
	},
	{
		Name:  "throttled",
		About: "the CPU quota of a control group was used up and stopped the group's threads",
		Why: "All threads stop until the period, usually 100 ms, is over, so the latencies are the quota's: " +
			"p50 was 63 ms in launches with 9 of 16 periods throttled. Unlike other limits this one depends " +
			"on the subject, since spinning uses up a quota sooner; but what such a launch measures is not " +
			"the subject. \"bench run -throttled\" measures under a quota on purpose.",
		exceeded: func(r Report) bool { return r.Throttled > 0 && !r.ThrottlingAllowed },
	},
}

// exceeds reports whether more than a share of the CPUs' time was used. Times come in
// ticks, so one extra tick is allowed: in a short launch one tick can exceed the share
// and mean nothing.
func (r Report) exceeds(used time.Duration, share float64) bool {
	return float64(used-tick) > share*float64(r.Time)*float64(r.CPUs)
}

// Limits returns all limits.
func Limits() []Limit { return slices.Clone(limits) }

// Violations returns the names of the limits that the report exceeds, in the order of
// Limits. Unknown values exceed none.
func (r Report) Violations() []string {
	var names []string
	for _, l := range limits {
		if l.exceeded(r) {
			names = append(names, l.Name)
		}
	}
	return names
}
