package noise

import (
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// A Report says how much a measurement was disturbed. Counts and times are -1 if
// unknown.
type Report struct {
	Time time.Duration // between the readings
	CPUs int           // in use

	Workers, Generator Disturbance

	// Migrations of the pinned threads. Where the kernel does not count them, Counted
	// is false and it is the number of threads that were on another CPU at the end.
	Migrations int64
	Counted    bool

	// Changed is how many of the process's Threads had another affinity than planned at
	// the end. Where affinities are unknown both are 0.
	Changed, Threads int

	// Offline are the CPUs in use that were not online at the end.
	Offline cpu.Set

	// Steal is the time that the hypervisor took from the CPUs in use, and Others the
	// time that other processes, and the kernel on their behalf, used of them. Both
	// come in steps of 10 ms per CPU.
	Steal, Others time.Duration

	// balance is Others before it was cut at 0: the error of a tick of 10 ms can make
	// it negative, and must cancel out in a sum.
	balance time.Duration

	// Throttled is in how many periods the CPU quota of the process's control groups
	// was used up, and ThrottledFor for how long that stopped threads of the groups, in
	// total. ThrottlingAllowed is [Watch.Throttled].
	Throttled         int64
	ThrottledFor      time.Duration
	ThrottlingAllowed bool

	// ClockStep is how far the wall clock moved ahead of the monotonic clock, negative
	// if behind; the true value is within ClockError of that.
	ClockStep, ClockError time.Duration

	// ClockSource is the kernel's clock source, before and after; "" is unknown.
	ClockSource [2]string
}

// Add returns the report of two measurements in sequence, without what happened in
// between. What is unknown of one is unknown of both.
func (r Report) Add(next Report) Report {
	sum := next
	sum.Time += r.Time
	sum.Workers = r.Workers.add(next.Workers)
	sum.Generator = r.Generator.add(next.Generator)
	sum.Migrations = both(r.Migrations, next.Migrations)
	sum.Counted = r.Counted && next.Counted
	sum.Changed = max(r.Changed, next.Changed)
	sum.Threads = min(r.Threads, next.Threads)
	sum.Offline = cpu.SetOf(slices.Concat(r.Offline, next.Offline)...)
	sum.Steal = both(r.Steal, next.Steal)
	sum.Others = -1
	if min(r.Others, next.Others) >= 0 {
		sum.balance += r.balance
		sum.Others = max(0, sum.balance)
	}
	sum.Throttled = both(r.Throttled, next.Throttled)
	sum.ThrottledFor = both(r.ThrottledFor, next.ThrottledFor)
	sum.ClockStep += r.ClockStep
	sum.ClockError += r.ClockError
	sum.ClockSource[0] = r.ClockSource[0]
	return sum
}

func (d Disturbance) add(next Disturbance) Disturbance {
	return Disturbance{both(d.Involuntary, next.Involuntary), both(d.Waited, next.Waited)}
}

// both returns the sum of two counts, -1 if one is unknown.
func both[N ~int64](a, b N) N {
	if min(a, b) < 0 {
		return -1
	}
	return a + b
}

// A Disturbance sums up what other threads did to some threads.
type Disturbance struct {
	// Involuntary is how often one of them was preempted by another thread.
	Involuntary int64

	// Waited is how long they were runnable and did not run, because another thread had
	// the CPU, or because the CPU first had to wake up.
	Waited time.Duration
}

// A Fact is a condition of a measurement; see the package documentation for the
// keys.
type Fact struct{ Key, Value string }

// Facts returns the report as conditions.
func (r Report) Facts() []Fact {
	facts := []Fact{
		{"migrations", r.migrations()},
		{"affinity", r.affinity()},
		{"steal", duration(r.Steal)},
		{"others", duration(r.Others)},
		{"throttled-periods", count(r.Throttled)},
		{"throttled", duration(r.ThrottledFor)},
		{"worker-switches", count(r.Workers.Involuntary)},
		{"worker-wait", duration(r.Workers.Waited)},
		{"generator-switches", count(r.Generator.Involuntary)},
		{"generator-wait", duration(r.Generator.Waited)},
		{"clock-step", r.ClockStep.Round(10 * time.Microsecond).String()},
	}
	if r.clockChanged() {
		facts = append(facts, Fact{"clocksource", r.ClockSource[0] + ">" + r.ClockSource[1]})
	}
	if len(r.Offline) > 0 {
		facts = append(facts, Fact{"offline", r.Offline.String()})
	}
	return facts
}

func (r Report) clockChanged() bool {
	return r.ClockSource[0] != r.ClockSource[1] && r.ClockSource[0] != "" && r.ClockSource[1] != ""
}

const unknown = "unknown"

func (r Report) migrations() string {
	if r.Migrations == 0 && !r.Counted {
		return "none-seen"
	}
	return count(r.Migrations)
}

func (r Report) affinity() string {
	switch {
	case r.Threads == 0:
		return unknown
	case r.Changed > 0:
		return "changed"
	}
	return "kept"
}

func count(n int64) string {
	if n < 0 {
		return unknown
	}
	return fmt.Sprint(n)
}

func duration(d time.Duration) string {
	if d < 0 {
		return unknown
	}
	return d.Round(time.Microsecond).String()
}
