package environ

import (
	"fmt"
	"path"
	"strconv"
	"strings"
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

// cpuLimit returns how much CPU time per time the control groups of the process
// allow, in CPUs, or "none". Both versions of control groups may be there at
// once, and then the tighter limit counts.
func cpuLimit(s System) string {
	const root = "sys/fs/cgroup"
	limit, known := 0.0, false
	for line := range strings.Lines(s.file("proc/self/cgroup")) {
		f := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(f) != 3 {
			continue
		}
		controllers, group := f[1], f[2]
		var mounts []string
		var read func(System, string) (float64, bool)
		switch {
		case controllers == "":
			mounts, read = []string{root, root + "/unified"}, cpuMax
		case hasWord(strings.ReplaceAll(controllers, ",", " "), "cpu"):
			mounts, read = []string{root + "/" + controllers, root + "/cpu"}, cfsQuota
		}
		for _, mount := range mounts {
			l := tightest(s, mount, group, read)
			if l > 0 && (limit == 0 || l < limit) {
				limit = l
			}
			// Of version 2, the root has this list and no limit; of version 1,
			// it has the limit itself.
			known = known || s.exists(mount+"/cgroup.controllers") || s.exists(mount+"/cpu.cfs_quota_us")
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

// tightest returns the least limit of a control group and those above it, all
// of which bind, or 0.
//
// In a container the group's path may be the host's, and not be there, or lead
// out of the mount. The walk upwards still ends at the mount, which is the
// container's own group.
func tightest(s System, mount, group string, read func(System, string) (float64, bool)) (limit float64) {
	for group = path.Join("/", group); ; group = path.Dir(group) {
		if l, ok := read(s, path.Join(mount, group)); ok && (limit == 0 || l < limit) {
			limit = l
		}
		if group == "/" {
			return limit
		}
	}
}

// cpuMax reads a limit of version 2: "quota period", in microseconds, where
// quota may be "max".
func cpuMax(s System, dir string) (float64, bool) {
	quota, period, _ := strings.Cut(s.file(dir+"/cpu.max"), " ")
	return ratio(quota, period)
}

// cfsQuota reads a limit of version 1, where a quota of -1 is none.
func cfsQuota(s System, dir string) (float64, bool) {
	return ratio(s.file(dir+"/cpu.cfs_quota_us"), s.file(dir+"/cpu.cfs_period_us"))
}

func ratio(quota, period string) (float64, bool) {
	q, err1 := strconv.ParseFloat(quota, 64)
	p, err2 := strconv.ParseFloat(period, 64)
	if err1 != nil || err2 != nil || !(q > 0) || !(p > 0) {
		return 0, false
	}
	return q / p, true
}
