// Package placement says where the threads of a run's launches ran, and which placements
// affect the numbers: threads that shared a core or a CPU, unequal cores, and CPU quotas
// that throttled the process. Launches record this about themselves; the words of all
// report formats are made here.
package placement

import (
	"fmt"
	"strings"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
)

// A Summary is what there is to say about one input.
type Summary struct {
	// Where is a sentence about the CPUs; "" if the launches did not record where they
	// ran, because they were not pinned.
	Where string

	// Warnings are sentences, none if all is well.
	Warnings []string
}

// Of returns the summary of an input.
func Of(in *source.Input) Summary {
	s := Summary{Where: where(in)}
	for _, w := range warnings {
		n, of := 0, 0
		for _, c := range in.Cells {
			if len(c.Launches) == 0 {
				continue
			}
			of++
			for _, l := range c.Launches {
				if len(l.Conditions) > 0 && l.Condition("oversubscribed") != "yes" && w.about(c, &l.Launch) {
					n++
					break
				}
			}
		}
		if n > 0 {
			s.Warnings = append(s.Warnings, fmt.Sprintf(w.text, cells(n, of)))
		}
	}
	s.Warnings = append(s.Warnings, quota(in)...)
	return s
}

// A warning counts the cells with a launch to which it applies. Oversubscribed launches
// share everything, which the report says elsewhere.
type warning struct {
	text  string // with the place of the number of cells
	about func(c *source.Cell, l *record.Launch) bool
}

var warnings = []warning{
	{
		"The load generator ran on an SMT sibling of a worker in %s. It is always busy, so this worker is slower than the others.",
		func(_ *source.Cell, l *record.Launch) bool { return l.Condition("generator-sibling") == "yes" },
	},
	{
		"Workers shared physical cores in %s: they slow each other while both are busy.",
		func(_ *source.Cell, l *record.Launch) bool {
			return l.Condition("shared-cores") == "yes" && l.Condition("generator-sibling") != ""
		},
	},
	{
		// Before there was generator-sibling, shared-cores meant either.
		"Workers shared physical cores with each other, or with the load generator, in %s.",
		func(_ *source.Cell, l *record.Launch) bool {
			return l.Condition("shared-cores") == "yes" && l.Condition("generator-sibling") == ""
		},
	},
	{
		"Workers and load generator ran on fast and on slow cores in %s, so latency depends on which worker is woken.",
		func(_ *source.Cell, l *record.Launch) bool { return several(l, "core-kinds") },
	},
	{
		"Workers and load generator ran on several NUMA nodes in %s: some tasks and wake-ups cross between nodes, others do not.",
		func(_ *source.Cell, l *record.Launch) bool { return several(l, "nodes") },
	},
	{
		"Workers and load generator ran on CPUs with different third-level caches in %s: some tasks and wake-ups cross between caches, others do not.",
		func(_ *source.Cell, l *record.Launch) bool { return several(l, "l3s") && !several(l, "nodes") },
	},
	{
		"The housekeeping threads (Go runtime) shared the load generator's CPU in %s, since no other was free: while they run, tasks are submitted late.",
		func(_ *source.Cell, l *record.Launch) bool {
			return l.Condition("runtime-shares") == string(cpu.ShareGenerator)
		},
	},
	{
		"The housekeeping threads (Go runtime) ran on SMT siblings of workers in %s, since no other CPUs were free: while they run, these workers are slower.",
		func(_ *source.Cell, l *record.Launch) bool {
			return l.Condition("runtime-shares") == string(cpu.ShareWorkers) && !onWorkers(l)
		},
	},
}

// onWorkers reports whether the runtime's threads were on the workers' CPUs: if workers
// are goroutines, they are the same threads.
func onWorkers(l *record.Launch) bool {
	workers, err := cpu.Parse(l.Condition("worker-cpus"))
	if err != nil {
		return false
	}
	rest, err := cpu.Parse(l.Condition("runtime-cpus"))
	return err == nil && len(workers.Without(rest)) == 0
}

func several(l *record.Launch, key string) bool {
	count := l.Condition(key)
	return count != "" && count != "1"
}

func cells(n, of int) string {
	switch {
	case of == 1:
		return "the only cell"
	case n == of:
		return fmt.Sprintf("all %d cells", of)
	}
	return fmt.Sprintf("%d of %d cells", n, of)
}

// quota says what CPU quotas did.
func quota(in *source.Input) (all []string) {
	for _, p := range in.Config {
		if p.Key == "cpu-quota-short" && p.Value == "yes" {
			all = append(all, "The CPU quota was smaller than the busiest cell needs, and the run went on because of -throttled: latencies may be those of the quota.")
			break
		}
	}
	n := 0
	var stopped time.Duration
	for _, l := range in.Launches {
		if periods := l.Condition("throttled-periods"); periods == "" || periods == "0" || periods == "unknown" {
			continue
		}
		n++
		d, _ := time.ParseDuration(l.Condition("throttled")) // unknown counts nothing
		stopped += d
	}
	if n > 0 {
		all = append(all, fmt.Sprintf("A CPU quota stopped the threads of %d of %d launches, for a total of %v of thread time.", n, len(in.Launches), stopped.Round(time.Millisecond)))
	}
	return all
}

// where says on which CPUs threads ran, over all launches.
func where(in *source.Input) string {
	var workers, generator, rest, crowded cpus
	different := false
	last := ""
	for _, c := range in.Cells {
		for _, l := range c.Launches {
			own := l.Condition("worker-cpus")
			switch {
			case l.Condition("pinned") != "yes" || own == "":
				continue
			case l.Condition("oversubscribed") == "yes":
				crowded.add(own)
				crowded.add(l.Condition("generator-cpu"))
				continue
			}
			workers.add(own)
			generator.add(l.Condition("generator-cpu"))
			if onWorkers(&l.Launch) {
				continue // workers are goroutines, on the runtime's threads
			}
			rest.add(l.Condition("runtime-cpus"))
			at := strings.Join([]string{own, l.Condition("generator-cpu"), l.Condition("runtime-cpus")}, " ")
			different = different || last != "" && last != at
			last = at
		}
	}
	switch {
	case len(workers) == 0 && len(crowded) == 0:
		return ""
	case len(workers) == 0:
		return fmt.Sprintf("All launches were oversubscribed: workers, load generator and housekeeping threads shared %s.", crowded)
	}
	text := fmt.Sprintf("Workers ran on %s, the load generator on %s", workers, generator)
	if len(rest) > 0 {
		text += fmt.Sprintf(", the housekeeping threads on %s", rest)
	}
	if different {
		text += ", over all launches"
	}
	text += "."
	if len(crowded) > 0 {
		text += fmt.Sprintf(" In oversubscribed launches all of them shared %s.", crowded)
	}
	return text
}

// cpus are those of several lists.
type cpus cpu.Set

// add adds those of a list; other text adds nothing.
func (c *cpus) add(list string) {
	if set, err := cpu.Parse(list); err == nil {
		*c = cpus(cpu.SetOf(append(*c, set...)...))
	}
}

func (c cpus) String() string {
	if len(c) == 1 {
		return "CPU " + cpu.Set(c).String()
	}
	return "CPUs " + cpu.Set(c).String()
}
