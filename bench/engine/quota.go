package engine

import (
	"fmt"

	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

// A Shortage is a CPU quota that is smaller than the cells of a plan need. It is the
// error of a run that is not to begin because of it.
type Shortage struct {
	Quota float64     // CPUs
	Cell  record.Cell // the cell that needs most
	Busy  int         // threads that Cell keeps busy, at most one for each CPU
	CPUs  cpu.Set     // to measure on
}

func (s *Shortage) Error() string {
	return fmt.Sprintf("the CPU quota is %.4g CPUs, and %s keeps up to %d CPUs busy", s.Quota, s.Cell.Name(), s.Busy)
}

// Shortage compares the CPU quota of this process with the busiest of the cells. It
// returns nil if the quota is large enough, or unknown.
func (e *Engine) Shortage(use cpu.Set, cells []record.Cell) *Shortage {
	quota, _ := e.System.CPUQuota()
	if quota == 0 {
		return nil
	}
	s := Shortage{Quota: quota, CPUs: use}
	for _, c := range cells {
		if n := e.busy(c, len(use)); n > s.Busy {
			s.Cell, s.Busy = c, n
		}
	}
	if quota >= float64(s.Busy) {
		return nil
	}
	return &s
}

// checkQuota returns the shortage as an error, unless the plan accepts one.
func (e *Engine) checkQuota(use cpu.Set, p record.Plan) error {
	if s := e.Shortage(use, p.Cells); s != nil && !p.Throttled {
		return s
	}
	return nil
}

// busy returns how many threads of a cell want a CPU at the same time, at most one for
// each of the CPUs: the workers, the load generator with its extra threads, a victim, and
// one of the Go runtime. Workers count even if they sleep most of the time: when many tasks
// arrive at once all of them are busy, and that is when a quota stops them.
func (e *Engine) busy(c record.Cell, cpus int) int {
	n := c.Workers + 2
	// In an A/B run the other program may have cells that this one does not know.
	if spec, err := matrix.Spec(e.Catalog, c, nil); err == nil {
		if spec.Workload.Threads != nil {
			n += spec.Workload.Threads(spec.Values, c.Workers)
		}
		if spec.HasVictim() {
			n++
		}
	}
	return min(n, cpus)
}
