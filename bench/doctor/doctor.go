package doctor

import (
	"fmt"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/kernel"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record/environ"
)

// A Visit is what there is to judge: a machine, and its counters over a moment.
type Visit struct {
	System environ.System

	// Use has the CPUs to measure on; nil means all that the process may use.
	Use cpu.Set

	// Before and After are two readings of the counters, while this process did
	// nothing. If they are equal, the doctor knows nothing about the present load.
	Before, After environ.Counters

	// FutexSlots returns the size of this process's futex hash; nil if that is unknown. It
	// is no file of the system.
	FutexSlots func() (kernel.Slots, error)
}

// A Finding is the doctor's opinion on one topic.
type Finding struct {
	Topic  string `json:"topic"`
	State  State  `json:"state"`
	Found  string `json:"found"`
	Why    string `json:"why"`              // why it matters
	Remedy string `json:"remedy,omitempty"` // empty if there is nothing to do, or nothing that helps
}

// State is how bad a finding is; see the package documentation.
type State string

const (
	Good    State = "good"
	Warn    State = "warn"
	Fail    State = "fail"
	Unknown State = "unknown"
)

// A patient is a visit with what several checks need.
type patient struct {
	Visit
	facts   map[string]string
	plan    cpu.Plan // of the default run: as many workers as there are CPUs for
	watched environ.Counters
}

// A check judges one topic. It leaves Topic and Why to the table.
type check struct {
	topic string
	why   string
	judge func(patient) Finding
}

// tune is the remedy for what the script sets.
const tune = "sudo scripts/tune"

// checks is in the order in which findings are shown: who may run where, what
// else runs, and then how CPUs sleep, wake and run.
var checks = []check{
	{"affinity", "Workers and the load generator need a CPU each. If they share one, a wake waits for the other thread's time slice.", affinity},
	{"cpu limit", "When a group has used up its quota, all its threads stop until the period ends, usually up to 100 ms. Spinning workers use it up fastest.", limit},
	{"smt", "Siblings share a core's execution units: a worker that spins, or a thread of another process, slows the other.", siblings},
	{"placement", "Threads that share a core, or run on unequal ones, are not equally fast, so the choice of the worker to wake matters by itself.", placement},
	{"isolation", "On a CPU that is not isolated the kernel may run any thread that is not pinned elsewhere, and the timer tick interrupts workers.", isolation},
	{"interrupts", "An interrupt on a worker's CPU delays what runs there by microseconds, and wakes a CPU that sleeps.", interrupts},
	{"load", "Other work makes wakes wait for a CPU, and takes caches and frequency from the workers.", load},
	{"hypervisor", "Waking a halted virtual CPU takes a trip through the host, often longer than everything that is measured here. Topology and frequency are what the host chooses to show.", hypervisor},
	{"steal", "While the host runs another guest on this CPU, wall time advances and none of our threads run.", steal},
	{"idle states", "A CPU that sleeps deeply takes longer to wake, up to hundreds of microseconds, and which depth it chose depends on the past. That is part of what an idle manager costs, and a source of noise.", idleStates},
	{"halt polling", "A virtual CPU, or the host for it, may poll a while before it halts. Wakes after a short sleep are then much cheaper than after a long one.", haltPolling},
	{"governor", "A CPU that was idle starts at a low frequency and takes milliseconds to speed up: implementations that let it sleep are slowed, those that spin are not.", governor},
	{"boost", "How far a core goes above its nominal frequency depends on heat and on how many others are awake. An implementation that keeps cores awake slows all of them.", boost},
	{"clock", "Latencies are differences of two readings of the clock. If that takes a system call, it costs more than a wake.", clock},
	{"timer slack", "The kernel may fire a timer up to this much late. Timed parkers and Go's timers inherit the delay.", timerSlack},
	{"scheduler", "With lazy preemption a thread that is woken on a busy CPU may wait for the next tick; with delayed dequeue a thread that sleeps stays in the run queue for a while. Both change what waking costs where threads share CPUs.", scheduler},
	{"futex hash", "A futex wait queues in a bucket under the bucket's lock. Sleepers that share one can make each other's wakes longer. On two CPUs no effect on real wakes was found; on many cores it was not measured.", futexHash},
	{"huge pages", "To make huge pages the kernel stops threads to compact and copy memory, at unpredictable moments.", hugePages},
	{"kernel jobs", "The NMI watchdog interrupts every CPU and takes a performance counter. NUMA balancing unmaps pages to see who uses them, and each use is a fault.", kernelJobs},
	{"meters", "Energy and hardware counters say what a victim (-param victim=…) loses besides time.", meters},
}

// Examine makes the findings, one for each topic.
func Examine(v Visit) []Finding {
	p := patient{Visit: v, facts: make(map[string]string), watched: v.After.Since(v.Before)}
	for _, f := range environ.Read(v.System) {
		p.facts[f.Key] = f.Value
	}
	if p.Use == nil {
		p.Use = v.System.Affinity()
	}
	if len(p.Use) > 0 {
		// It fails on arguments only.
		p.plan, _ = cpu.NewPlan(p.Use, v.System.Topology(p.Use), workload.Workload{}.DefaultWorkers(nil, len(p.Use)), 0)
	}
	findings := make([]Finding, len(checks))
	for i, c := range checks {
		f := c.judge(p)
		f.Topic, f.Why = c.topic, c.why
		findings[i] = f
	}
	return findings
}

// Count returns how many findings are in a state.
func Count(findings []Finding, s State) int {
	n := 0
	for _, f := range findings {
		if f.State == s {
			n++
		}
	}
	return n
}

func found(s State, format string, args ...any) Finding {
	return Finding{State: s, Found: fmt.Sprintf(format, args...)}
}

// with adds a remedy.
func (f Finding) with(remedy string) Finding {
	f.Remedy = remedy
	return f
}

// fact returns a fact of the machine, and whether it is known.
func (p patient) fact(key string) (value string, known bool) {
	value = p.facts[key]
	return value, value != environ.Unknown
}

// virtual reports whether this is a virtual machine; not if that is unknown.
func (p patient) virtual() bool {
	v, known := p.fact("virtualised")
	return known && v != "no"
}
