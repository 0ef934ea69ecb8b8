package environ

import (
	"fmt"
	"path"
	"strconv"
	"strings"

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

// A group is the folder of a control group.
type group struct {
	dir     string
	version int // 1 or 2, which have different files
}

// groups returns the control groups of the process that have to do with a
// controller, and all above them, whose limits bind too. Both versions of
// control groups may be there at once. Not every folder exists.
//
// In a container the group's path may be the host's, and not be there, or lead
// out of the mount. The walk upwards still ends at the mount, which is the
// container's own group.
func (s System) groups(controller string) []group {
	const root = "sys/fs/cgroup"
	var all []group
	for line := range strings.Lines(s.file("proc/self/cgroup")) {
		f := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(f) != 3 {
			continue
		}
		controllers, own := f[1], path.Join("/", f[2])
		var mounts []string
		version := 1
		switch {
		case controllers == "":
			mounts, version = []string{root, root + "/unified"}, 2
		case hasWord(strings.ReplaceAll(controllers, ",", " "), controller):
			// Often both are there, and one is a link to the other.
			mounts = []string{root + "/" + controllers}
			if !s.exists(mounts[0]) {
				mounts[0] = root + "/" + controller
			}
		}
		for _, mount := range mounts {
			for g := own; ; g = path.Dir(g) {
				all = append(all, group{path.Join(mount, g), version})
				if g == "/" {
					break
				}
			}
		}
	}
	return all
}

// cpuLimit returns how much CPU time per time the control groups of the process
// allow, in CPUs, or "none". The tightest limit counts.
func cpuLimit(s System) string {
	limit, known := 0.0, false
	for _, g := range s.groups("cpu") {
		// Of version 2, the root has this list and no limit; of version 1, it
		// has the limit itself.
		known = known || s.exists(g.dir+"/cgroup.controllers") || s.exists(g.dir+"/cpu.cfs_quota_us")
		if l, ok := g.quota(s); ok && (limit == 0 || l < limit) {
			limit = l
		}
	}
	switch {
	case limit > 0:
		return strconv.FormatFloat(limit, 'g', 4, 64)
	case known:
		return "none"
	default:
		return ""
	}
}

// quota reads a group's limit. In version 2 it is "quota period", in
// microseconds, where quota may be "max"; in version 1 a quota of -1 is none.
func (g group) quota(s System) (cpus float64, ok bool) {
	if g.version == 2 {
		quota, period, _ := strings.Cut(s.file(g.dir+"/cpu.max"), " ")
		return ratio(quota, period)
	}
	return ratio(s.file(g.dir+"/cpu.cfs_quota_us"), s.file(g.dir+"/cpu.cfs_period_us"))
}

func ratio(quota, period string) (float64, bool) {
	q, err1 := strconv.ParseFloat(quota, 64)
	p, err2 := strconv.ParseFloat(period, 64)
	if err1 != nil || err2 != nil || !(q > 0) || !(p > 0) {
		return 0, false
	}
	return q / p, true
}

// Affinity returns the CPUs that the process may run on, or nil if that is
// unknown.
func (s System) Affinity() cpu.Set {
	set, err := cpu.Parse(field(s.file("proc/self/status"), "Cpus_allowed_list"))
	if err != nil {
		return nil
	}
	return set
}

// Cpuset returns the CPUs that the control groups leave to the process, or nil
// if that is unknown. Its affinity may be narrower.
func (s System) Cpuset() cpu.Set {
	for _, g := range s.groups("cpuset") {
		for _, name := range []string{"cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus"} {
			if set, err := cpu.Parse(s.file(g.dir + "/" + name)); err == nil {
				return set
			}
		}
	}
	return nil
}
