package noise

import (
	"slices"
	"time"
)

// A Limit is what no launch may exceed that is to count.
type Limit struct {
	Name  string // for Violations
	About string // what exceeds it
	Why   string // it is there, and is what it is

	exceeded func(Report) bool
}

// Shares of the time of the CPUs in use, the same beyond which "bench doctor"
// calls a machine bad.
const (
	maxSteal  = 0.05
	maxOthers = 0.10
)

// maxClockStep is far more than reading two clocks at once is wrong by, and less
// than what any time service or hypervisor corrects with one step.
const maxClockStep = time.Millisecond

var limits = []Limit{
	{
		Name:  "migrations",
		About: "a pinned thread moved to another CPU",
		Why: "The plan says who shares a CPU, a core and a cache with whom; the numbers are for that plan. A " +
			"pinned thread moves only if somebody else changed its affinity or its CPU went offline.",
		exceeded: func(r Report) bool { return r.Migrations > 0 },
	},
	{
		Name:  "affinity",
		About: "in the end some thread of the process had another affinity than planned",
		Why: "Somebody used taskset or changed the cpuset meanwhile. Even where nothing has moved yet, a thread of " +
			"the Go runtime could have run on a worker's CPU.",
		exceeded: func(r Report) bool { return r.Changed > 0 },
	},
	{
		Name:     "offline",
		About:    "in the end a CPU in use was not online",
		Why:      "The kernel then moves its threads to wherever there is room.",
		exceeded: func(r Report) bool { return len(r.Offline) > 0 },
	},
	{
		Name:  "clock",
		About: "the wall clock was set by more than 1 ms against the monotonic one, or the kernel began to read another clock source",
		Why: "Times are taken from the monotonic clock, which is not set. But the wall clock is set when a machine " +
			"or a virtual machine stood still, and then the monotonic one did not see that time. And another " +
			"clock source costs another time to read.",
		exceeded: func(r Report) bool {
			return r.ClockStep.Abs()-r.ClockError > maxClockStep || r.clockChanged()
		},
	},
	{
		Name:  "steal",
		About: "the hypervisor took more than 5 % of the time of the CPUs in use, and a tick of 10 ms",
		Why: "A thread does not see that its CPU stood still; the time is in some latency. On a virtual machine with " +
			"2 CPUs that were both busy with other work, 125 of 151 launches of half a second had none, and the " +
			"others up to 1.6 %. So more than 5 % is not how such a machine is, but a bad moment.",
		exceeded: func(r Report) bool { return r.exceeds(r.Steal, maxSteal) },
	},
	{
		Name:  "others",
		About: "other processes used more than 10 % of the time of the CPUs in use, and a tick of 10 ms",
		Why: "Workers wait for their CPUs; and a CPU that is never idle wakes a worker sooner, which looks like merit. " +
			"On that machine an operation of ping_pong with 4 spinning workers took 86 µs in the median of the " +
			"launches with less than 3 %, 91 µs with 3 to 10 %, 129 µs with 10 to 20 %, 177 µs with 20 to 40 %.",
		exceeded: func(r Report) bool { return r.exceeds(r.Others, maxOthers) },
	},
	{
		Name:  "throttled",
		About: "the CPU quota of a control group was used up and stopped the group's threads",
		Why: "All threads stand still until the period of usually 100 ms is over, so that latencies are those of the " +
			"quota: p50 was 63 ms in launches of which 9 of 16 periods were throttled. Unlike other limits this one " +
			"depends on the subject, since spinning uses up a quota sooner; but what such a launch measured is not " +
			"the subject. \"bench run -throttled\" measures under a quota on purpose.",
		exceeded: func(r Report) bool { return r.Throttled > 0 && !r.ThrottlingAllowed },
	},
}

// exceeds reports whether more than a share of the CPUs' time was used. Times come
// in ticks, so one tick more is not counted: in a short launch it can be most of
// the time, and mean nothing.
func (r Report) exceeds(used time.Duration, share float64) bool {
	return float64(used-tick) > share*float64(r.Time)*float64(r.CPUs)
}

// Limits returns all limits.
func Limits() []Limit { return slices.Clone(limits) }

// Violations returns the names of the limits that the report exceeds, in the
// order of Limits. What is unknown exceeds none.
func (r Report) Violations() []string {
	var names []string
	for _, l := range limits {
		if l.exceeded(r) {
			names = append(names, l.Name)
		}
	}
	return names
}
