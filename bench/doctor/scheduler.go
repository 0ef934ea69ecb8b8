package doctor

import (
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/loadgen/kernel"
	"github.com/idlebench/idlebench/loadgen/victim"
)

// goThreads is about how many threads Go's runtime has besides those of workers and the
// load generator.
const goThreads = 6

// futexHash judges the table in which threads wait on futexes.
func futexHash(p patient) Finding {
	if p.FutexSlots == nil {
		return found(Unknown, "not known here")
	}
	now, err := p.FutexSlots()
	online := p.System.Online()
	workers := len(p.plan.Workers)
	switch {
	case err != nil && p.System.Newer(6, 16):
		return found(Unknown, "%v", err)
	case err != nil:
		return found(Good, "one table for all processes: this kernel has no private ones, which came with Linux 6.16")
	case now == kernel.Global:
		return found(Good, "one table for all processes")
	case len(online) == 0 || workers == 0:
		return found(Unknown, "%d buckets for this process; what a launch will have is not known here", now)
	}
	chosen := kernel.Chosen(workers+1+goThreads, len(online))
	text := fmt.Sprintf("the kernel will choose about %d buckets for %s", chosen, phrase.Count(workers, "worker"))
	if int(chosen) < workers {
		return found(Warn, "%s, which share them", text).with(
			fmt.Sprintf("bench run -param futex_slots=default -param futex_slots=%d shows whether it matters", kernel.Chosen(workers, workers)))
	}
	return found(Good, "%s", text)
}

// scheduler judges how the kernel's scheduler preempts, and takes threads off its queues.
func scheduler(p patient) Finding {
	mode := p.System.Preemption()
	delayed, known := p.System.DelayedDequeue()
	var parts []string
	if mode != "" {
		parts = append(parts, "preemption "+mode)
	}
	switch {
	case known && delayed:
		parts = append(parts, "delayed dequeue on")
	case known:
		parts = append(parts, "delayed dequeue off")
	case p.System.Newer(6, 12):
		parts = append(parts, "delayed dequeue unknown, on by default since Linux 6.12")
	}
	text := strings.Join(parts, "; ")
	const mount = "as root, mount -t debugfs none /sys/kernel/debug, and run the doctor again as root"
	switch {
	case mode == "lazy":
		return found(Warn, "%s", text).with("not needed to compare implementations; as root, echo full > /sys/kernel/debug/sched/preempt, or preempt=full on the kernel's command line")
	case known && !delayed && p.System.Newer(6, 12):
		return found(Warn, "%s, which is not the kernel's default", text).with("as root, echo DELAY_DEQUEUE > /sys/kernel/debug/sched/features")
	case text == "":
		return found(Unknown, "not known here")
	case mode == "":
		return found(Unknown, "%s; preemption is not known here", text).with(mount)
	}
	return found(Good, "%s", text)
}

// meters says what the machine can measure itself of a victim.
func meters(p patient) Finding {
	if p.System.FS == nil {
		return found(Unknown, "not known here")
	}
	var has, lacks []string
	if packages, err := victim.Packages(p.System.FS); err != nil {
		lacks = append(lacks, err.Error())
	} else {
		has = append(has, "energy of "+phrase.Count(len(packages), "package"))
	}
	if err := victim.CanCount(p.System.FS); err != nil {
		lacks = append(lacks, err.Error())
	} else {
		has = append(has, "hardware counters")
	}
	if lacks == nil {
		return found(Good, "%s", strings.Join(has, ", "))
	}
	remedy := p.elsewhere("", "modprobe intel_rapl_msr; as root, chmod a+r /sys/class/powercap/*/energy_uj and sysctl kernel.perf_event_paranoid=2")
	if p.virtual() {
		remedy = "use a whole machine, if that matters"
	}
	return found(Unknown, "%s", strings.Join(append(has, lacks...), "; ")).with(remedy)
}
