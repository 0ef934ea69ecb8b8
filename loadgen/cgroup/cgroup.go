// Package cgroup finds the control groups of this process, and reads their CPU limits
// and how often they throttled it.
//
// It only reads files, through an fs.FS whose root is the root of a file system, so it
// works for other machines too: a test's, or a copy of /proc and /sys. It understands
// both versions of control groups, which can be in use at the same time. Where there
// are none, as on systems other than Linux, it finds nothing.
package cgroup

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"
)

// A Group is the folder of a control group, which need not exist.
type Group struct {
	Dir     string // in the file system
	Version int    // 1 or 2, which have different files
}

// Groups returns the control groups of the process for a controller, such as "cpu", and
// all groups above them, whose limits apply too.
//
// In a container the group's path may be the host's, and may not exist or lead out of
// the mount. The walk upwards still ends at the mount, which is the container's own
// group.
func Groups(files fs.FS, controller string) []Group {
	const root = "sys/fs/cgroup"
	var all []Group
	for line := range strings.Lines(read(files, "proc/self/cgroup")) {
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
		case hasItem(controllers, controller):
			// Often both exist, and one is a link to the other.
			mounts = []string{root + "/" + controllers}
			if !exists(files, mounts[0]) {
				mounts[0] = root + "/" + controller
			}
		}
		for _, mount := range mounts {
			for g := own; ; g = path.Dir(g) {
				all = append(all, Group{path.Join(mount, g), version})
				if g == "/" {
					break
				}
			}
		}
	}
	return all
}

// Quota returns how many CPUs' worth of time the groups of the process allow it; 0 if
// they do not limit it. The tightest limit counts.
func Quota(files fs.FS) (cpus float64, known bool) {
	for _, g := range Groups(files, "cpu") {
		// Of version 2, the root has this list and no limit; of version 1, it
		// has the limit itself.
		known = known || exists(files, g.Dir+"/cgroup.controllers") || exists(files, g.Dir+"/cpu.cfs_quota_us")
		if q, ok := g.quota(files); ok && (cpus == 0 || q < cpus) {
			cpus = q
		}
	}
	return cpus, known || cpus > 0
}

// quota reads a group's limit. In version 2 it is "quota period", in
// microseconds, where quota may be "max"; in version 1 a quota of -1 is none.
func (g Group) quota(files fs.FS) (cpus float64, ok bool) {
	if g.Version == 2 {
		quota, period, _ := strings.Cut(read(files, g.Dir+"/cpu.max"), " ")
		return ratio(quota, period)
	}
	return ratio(read(files, g.Dir+"/cpu.cfs_quota_us"), read(files, g.Dir+"/cpu.cfs_period_us"))
}

func ratio(quota, period string) (float64, bool) {
	q, err1 := strconv.ParseFloat(quota, 64)
	p, err2 := strconv.ParseFloat(period, 64)
	if err1 != nil || err2 != nil || !(q > 0) || !(p > 0) {
		return 0, false
	}
	return q / p, true
}

// A Throttling is how a group's quota has throttled its threads since the group was
// created.
type Throttling struct {
	Periods   int64         // in which some thread of the group wanted to run
	Throttled int64         // periods, of those, in which the quota was used up
	Time      time.Duration // time for which runnable threads were stopped
}

// Throttling reads the counters of a group. They are unknown if the group's files do
// not exist. A group without these counters has no quota, so all are 0.
func (g Group) Throttling(files fs.FS) (t Throttling, known bool) {
	name := g.Dir + "/cpu.stat"
	if !exists(files, name) {
		return Throttling{}, false
	}
	for line := range strings.Lines(read(files, name)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.ParseInt(value, 10, 63)
		if err != nil || n < 0 {
			continue
		}
		switch key {
		case "nr_periods":
			t.Periods = n
		case "nr_throttled":
			t.Throttled = n
		case "throttled_usec": // of version 2
			t.Time = time.Duration(min(n, int64(maxTime/time.Microsecond))) * time.Microsecond
		case "throttled_time": // of version 1
			t.Time = min(time.Duration(n), maxTime)
		}
	}
	return t, true
}

// maxTime is a century; the sum of two cannot overflow.
const maxTime = 100 * 365 * 24 * time.Hour

func hasItem(list, item string) bool {
	for s := range strings.SplitSeq(list, ",") {
		if s == item {
			return true
		}
	}
	return false
}

// read returns the content of a file without the space around it, "" if it cannot
// be read.
func read(files fs.FS, name string) string {
	if files == nil {
		return ""
	}
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func exists(files fs.FS, name string) bool {
	if files == nil {
		return false
	}
	_, err := fs.Stat(files, name)
	return err == nil
}
