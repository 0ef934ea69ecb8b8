package main

import "regexp"

// A reason says why our best design misses a target. It is written by hand, and has no figure
// that a new measurement would make wrong.
type reason struct {
	fields *regexp.Regexp // "ROW against PEER"
	why    string
}

// reasons are the known ones. The first that fits a field is its.
var reasons = []reason{
	{regexp.MustCompile(`^wake, .*, (block|poll) against (goroutines|ants)$`),
		"**No thread is woken.** Here the submitter is an ordinary goroutine. What it readies is a goroutine of the same scheduler, and once the submitter blocks " +
			"its own thread runs that next, on the same CPU. A worker that is a thread with a CPU of its own has to be woken by the kernel there; the floor, which is a bare futex " +
			"between two threads, is what such a design can reach. With a submitter that spins, and so keeps its thread, the order is the other way round."},
	{regexp.MustCompile(`^wake, gap 200us, (block|poll) against tokio-alt$`),
		"**It has not gone to sleep.** A worker of `multi_thread_alt` naps three times before it parks, which takes some 150 µs with the kernel's timer slack. A task that comes " +
			"200 µs after the last one often finds it between two naps, and waits for no wake-up; docs/bridge.md has how often it sleeps, and `bitmap` with the same naps."},
	{regexp.MustCompile(`^wake, `),
		"**The process is a Go program.** CPU time is that of the whole process, and ours has a monitor thread and a network poller that Go's runtime keeps while next to nothing " +
			"happens, or while a goroutine spins. The longer the gap, the more of a task's cost is theirs. What our workers need is in the column beside; where that is above 1, `relay` " +
			"spins for a while before it sleeps ([target.md](target.md#why-it-is-missed)). Latencies are those of the floor, so no tail is significantly shorter than that of " +
			"a runtime which is at the floor as well."},
	{regexp.MustCompile(`^spawn_many_remote_busy2 `),
		"**The queue for tasks from outside is asked too seldom.** Each task keeps a worker for 10 µs and spawns the next, so a worker has always something to do. Our host looks for tasks " +
			"from outside after 61 of its own; Tokio as often as is 200 µs, which is after 20. With the host's option `interval.tuned`, which does the same, `relay` took 47 to 49 ms where " +
			"it took 165 to 168 without, and Tokio 35 to 53 (four rounds, interleaved, 2026-11-29: `bench run -workload spawn_many_remote_busy2 -impl relay -park futex -param host=default " +
			"-param host=interval.tuned -workers 2 -peer tokio,tokio-alt -count 4`). Why goroutines take a fraction of either was not traced."},
	{regexp.MustCompile(`^chained_spawn `),
		"**The second worker is awake for nothing.** There is one task at a time. It is ahead in time; the CPU time is that of a worker that looks for more."},
}

const unexplained = "**Not explained:**"

// why returns the reason for a field.
func why(r row, peer string) string {
	for _, known := range reasons {
		if known.fields.MatchString(r.name + " against " + peer) {
			return known.why
		}
	}
	return unexplained
}

func texts() (all []string) {
	for _, r := range reasons {
		all = append(all, r.why)
	}
	return all
}
