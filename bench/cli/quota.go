package cli

import (
	"flag"
	"fmt"

	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// throttledFlag declares the flag to measure under a quota.
func throttledFlag(flags *flag.FlagSet, to *bool) {
	flags.BoolVar(to, "throttled", false, "measure although the CPU quota (of a container, say) is smaller than what the cells need; the results say so")
}

// A shortage is a CPU quota that is smaller than what the cells of a plan need.
type shortage struct {
	quota float64 // CPUs
	cell  record.Cell
	busy  int // threads of that cell, at most one for each CPU
	use   cpu.Set
}

// shortage compares the CPU quota with the busiest of the cells; nil if the quota is
// large enough, or unknown.
func (a app) shortage(system environ.System, use cpu.Set, cells []record.Cell) *shortage {
	quota, _ := system.CPUQuota()
	if quota == 0 {
		return nil
	}
	s := shortage{quota: quota, use: use}
	for _, c := range cells {
		if n := a.busy(c, len(use)); n > s.busy {
			s.cell, s.busy = c, n
		}
	}
	if quota >= float64(s.busy) {
		return nil
	}
	return &s
}

// busy returns how many threads of a cell want a CPU at once, on so many CPUs: the
// workers, the generator with the threads beside it, and one of the Go runtime's.
// Whether workers sleep most of the time is not asked: when many tasks come at once
// all of them are busy, and that is when a quota stops them.
func (a app) busy(c record.Cell, cpus int) int {
	n := c.Workers + 2
	// Another program may have cells that this one does not know.
	if spec, err := matrix.Spec(a.catalog, c, nil); err == nil && spec.Workload.Threads != nil {
		n += spec.Workload.Threads(spec.Values, c.Workers)
	}
	return min(n, cpus)
}

// refuse is the error of wrong usage that a shortage is, unless it was asked for with
// -throttled.
func (s *shortage) refuse(subcommand string, throttled bool) error {
	if s == nil || throttled {
		return nil
	}
	fewer := ""
	if n := int(s.quota); n >= 2 {
		fewer = fmt.Sprintf(", or use %d of the CPUs %v (-cpus)", n, s.use)
	}
	return command.Usagef("%s: the CPU quota is %.4g CPUs, and %s keeps up to %d CPUs busy, with its workers, the load generator and the Go runtime. "+
		"When the quota is used up the kernel stops all of them, usually for tens of milliseconds. "+
		"Raise it to %d CPUs (docker run --cpus %[5]d, Kubernetes limits.cpu: %[5]d, systemd CPUQuota=%d%%)%s. "+
		"With -throttled it is measured all the same, and the results say so.",
		subcommand, s.quota, s.cell.Name(), s.busy, s.busy, 100*s.busy, fewer)
}
