package environ

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/loadgen/cgroup"
	"github.com/idlebench/idlebench/loadgen/cpu"
)

// transparentHugePages returns the chosen one of "always [madvise] never".
func transparentHugePages(s System) string {
	_, rest, _ := strings.Cut(s.file("sys/kernel/mm/transparent_hugepage/enabled"), "[")
	chosen, _, ok := strings.Cut(rest, "]")
	if !ok {
		return ""
	}
	return chosen
}

// memory returns the memory's size in GiB, rounded: the exact number changes
// with every kernel.
func memory(s System) string {
	kB, err := strconv.ParseUint(strings.TrimSuffix(field(s.file("proc/meminfo"), "MemTotal"), " kB"), 10, 64)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%.1f GiB", float64(kB)/(1<<20))
}

// load returns the load averages over 1, 5 and 15 minutes.
func load(s System) string {
	f := strings.Fields(s.file("proc/loadavg"))
	if len(f) < 3 {
		return ""
	}
	return strings.Join(f[:3], " ")
}

// cpuLimit returns how many CPUs' worth of time the control groups of the process
// allow, or "none".
func cpuLimit(s System) string {
	switch limit, known := s.CPUQuota(); {
	case limit > 0:
		return strconv.FormatFloat(limit, 'g', 4, 64)
	case known:
		return "none"
	default:
		return ""
	}
}

// CPUQuota returns the limit of CPU time that the control groups set for the
// process, in CPUs; 0 if they set none.
func (s System) CPUQuota() (cpus float64, known bool) { return cgroup.Quota(s.FS) }

// Affinity returns the CPUs that the process may run on, or nil if that is
// unknown.
func (s System) Affinity() cpu.Set {
	set, err := cpu.Parse(field(s.file("proc/self/status"), "Cpus_allowed_list"))
	if err != nil {
		return nil
	}
	return set
}

// Cpuset returns the CPUs that the control groups allow the process, or nil if that is
// unknown. Its affinity may be narrower.
func (s System) Cpuset() cpu.Set {
	for _, g := range cgroup.Groups(s.FS, "cpuset") {
		for _, name := range []string{"cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus"} {
			if set, err := cpu.Parse(s.file(g.Dir + "/" + name)); err == nil {
				return set
			}
		}
	}
	return nil
}
