package record

import (
	"fmt"
	"strings"

	"golang.org/x/perf/benchunit"
)

// A Unit is a unit that a metric may have.
//
// The name is the one in bench.txt, such as p99-ns/wake. Times are in nanoseconds,
// memory in bytes. The tools of golang.org/x/perf show them in their base unit,
// p99-sec/wake, and find the Unit line by that.
type Unit struct {
	Name   string `json:"name"`
	Better Better `json:"better"`
	About  string `json:"about"` // one line, no full stop
}

// Better is the direction in which a unit improves.
type Better string

const (
	Lower   Better = "lower"
	Higher  Better = "higher"
	Neither Better = "" // informative, neither better nor worse
)

// Units returns the units that the suite's own workloads emit. A workload with another
// one appends it for its [Header].
func Units() []Unit {
	units := []Unit{{"ns/op", Lower, "wall-clock time of one operation of the workload"}}
	for _, per := range []struct{ unit, about string }{
		{"wake", "from the arrival of a task in an idle pool to its first instruction"},
		{"task", "that a task takes, as its workload defines it"},
		{"rest", "from the end of the last task until every worker is parked"},
		{"shutdown", "from the call of Close until every worker has returned and every core is shut down"},
		{"submit", "of a submission: how long the submitter was held up"},
		{"hiccup", "for which a busy thread did not run although it was not switched out"},
	} {
		for _, q := range []struct{ unit, about string }{
			{"p50", "median of the time "},
			{"p90", "90th percentile of the time "},
			{"p99", "99th percentile of the time "},
			{"p99.9", "99.9th percentile of the time "},
			{"max", "longest time "},
			{"tail", "mean of the slowest tenth, each counted as at most ten medians, of the time "},
		} {
			units = append(units, Unit{q.unit + "-ns/" + per.unit, Lower, q.about + per.about})
		}
	}
	for _, stage := range []struct{ name, about string }{
		{"lock", "the submitter waited for the lock, took it and queued the task"},
		{"decide", "the manager decided which worker to wake, from then until it called the parker"},
		{"call", "that call lasted, or less if the worker ran before its end"},
		{"sleep", "the worker did not run yet after the call"},
		{"handover", "the worker took its core and the task"},
		{"notify", "decide and call lasted, which cannot be separated"},
		{"resume", "sleep and the hand-over of the core lasted, which cannot be separated"},
		{"dequeue", "the worker took the task"},
	} {
		units = append(units,
			Unit{"stage-" + stage.name + "-ns/wake", Lower, "mean time of a wake in which " + stage.about},
			Unit{"p50-stage-" + stage.name + "-ns/wake", Lower, "median of the time of a wake in which " + stage.about},
		)
	}
	for n := 1; n <= 512; n *= 2 { // the largest pool has 1024 workers
		units = append(units, Unit{fmt.Sprintf("active%d-ns/op", n), Lower, fmt.Sprintf("time until the number of active workers was %d", n)})
	}
	return append(units,
		Unit{"offered-tasks/sec", Neither, "tasks that came due by the schedule"},
		Unit{"achieved-tasks/sec", Higher, "tasks that were sent and have run"},
		Unit{"late/arrival", Lower, "share of the tasks that the generator sent more than 10 µs late"},
		Unit{"unsent/arrival", Lower, "share of the tasks that the generator could not send"},
		Unit{"p50-ns/lag", Lower, "median of the generator's delay behind its schedule"},
		Unit{"p99-ns/lag", Lower, "99th percentile of the generator's delay behind its schedule"},
		Unit{"max-ns/lag", Lower, "longest delay of the generator behind its schedule"},
		Unit{"submit-ns/op", Lower, "the part of the time until every thread had submitted its tasks"},
		Unit{"all-ns/op", Lower, "time until all workers were active"},
		Unit{"stuck/op", Lower, "share of the bursts that did not reach all workers in time"},
		Unit{"rest-cpu-ns/op", Lower, "CPU time of the workers from the end of their last task until the next burst"},
		Unit{"idle-ns/op", Lower, "the part of a shutdown from Idle.Shutdown on"},
		Unit{"debt-ns/task", Lower, "time for which a worker slept while a task waited that it could have run"},
		Unit{"max-ns/debt", Lower, "longest stretch of such time"},
		Unit{"stranded-ns/task", Lower, "the part of the debt during which a core was available and no worker was on its way to the " +
			"task"},
		Unit{"max-ns/stranded", Lower, "longest stretch of such time"},
		Unit{"unseen-ns/sec", Lower, "time without observation, because the observer had to wait for its CPU"},
		Unit{"now-ns/op", Lower, "time that an uninterrupted reading of the monotonic clock takes"},
		Unit{"wall-ns/op", Lower, "likewise a reading of the wall clock together with the monotonic one"},
		Unit{"min-ns/step", Lower, "least non-zero difference between two readings of the clock"},
		Unit{"min-ns/offset", Lower, "the least by which the clocks of two CPUs must differ"},
		Unit{"max-ns/offset", Lower, "the most by which the clocks of two CPUs can differ"},
		Unit{"hiccups/sec", Lower, "times that a busy thread did not run although it was not switched out"},
		Unit{"lost-ns/sec", Lower, "time of a busy thread lost to interrupts and the hypervisor"},
		Unit{"preempted-ns/sec", Lower, "time of a busy thread for which another thread had its CPU"},
		Unit{"runtime-ns/sec", Lower, "time of a busy thread for which Go's runtime had preempted it"},
		Unit{"tasks/op", Neither, "tasks run by one operation of the workload"},
		Unit{"wakes/task", Lower, "workers woken"},
		Unit{"noop-wakes/wake", Lower, "share of the woken workers that found nothing to do"},
		Unit{"parks/task", Lower, "times a worker found nothing and asked to sleep"},
		Unit{"steals/task", Lower, "successful steals"},
		Unit{"cost-ns/task", Lower, "CPU time of workers, runtime and submitter: all of the process except what the generator used " +
			"to wait"},
		Unit{"cost-ns/sec", Lower, "the same per second, whatever was done in it"},
		Unit{"worker-cpu-ns/task", Lower, "the part of the cost on the workers' threads"},
		Unit{"worker-cpu-ns/sec", Lower, "the same per second"},
		Unit{"submitter-cpu-ns/task", Lower, "the part of the cost on the submitters' threads"},
		Unit{"submitter-cpu-ns/sec", Lower, "the same per second"},
		Unit{"runtime-cpu-ns/task", Lower, "the part of the cost on other threads, which belong to Go's runtime"},
		Unit{"runtime-cpu-ns/sec", Lower, "the same per second"},
		Unit{"slowdown/piece", Lower, "time that a piece of the victim's work takes beside the pool, divided by what it takes alone"},
		Unit{"alone-ns/piece", Lower, "time that a piece of the victim's work takes while the pool is stopped"},
		Unit{"beside-ns/piece", Lower, "the same beside the pool"},
		Unit{"alone-uJ/piece", Lower, "energy in microjoules that the chips use during a piece while the pool is stopped"},
		Unit{"beside-uJ/piece", Lower, "the same beside the pool"},
		Unit{"alone-cycles/piece", Lower, "clock cycles of the victim in a piece while the pool is stopped"},
		Unit{"beside-cycles/piece", Lower, "the same beside the pool"},
		Unit{"alone-instructions/piece", Neither, "instructions of the victim in a piece, which is fixed work, while the pool is stopped"},
		Unit{"beside-instructions/piece", Neither, "the same beside the pool"},
		Unit{"alone-cache-misses/piece", Lower, "cache misses of the victim in a piece while the pool is stopped"},
		Unit{"beside-cache-misses/piece", Lower, "the same beside the pool"},
		Unit{"ns/submit", Lower, "mean time of the timed submissions"},
		Unit{"sys-ns/task", Lower, "CPU time of the process in the kernel, as sampled by the kernel"},
		Unit{"vol-switches/task", Lower, "voluntary context switches of the process"},
		Unit{"invol-switches/task", Lower, "involuntary context switches of the process"},
		Unit{"allocs/task", Lower, "heap allocations"},
		Unit{"B/task", Lower, "bytes allocated on the heap"},
	)
}

// checkUnits rejects a table of units that the benchmark format cannot represent.
func checkUnits(units []Unit) error {
	seen := map[string]string{}
	for _, u := range units {
		if u.Name == "" || strings.ContainsFunc(u.Name, isSpaceOrControl) {
			return fmt.Errorf("unit %q: empty, or with a space in it", u.Name)
		}
		switch u.Better {
		case Lower, Higher, Neither:
		default:
			return fmt.Errorf("unit %s: better=%q: want %q, %q or nothing", u.Name, u.Better, Lower, Higher)
		}
		_, base := benchunit.Tidy(1, u.Name)
		if other, ok := seen[base]; ok {
			return fmt.Errorf("unit %s: the same as %s, which is already there", u.Name, other)
		}
		seen[base] = u.Name
	}
	return nil
}
