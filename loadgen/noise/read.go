package noise

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/loadgen/cgroup"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A Reading is what was read at one moment. What could not be read is unknown, and so
// is what is derived from it.
type Reading struct {
	threads     map[int]thread               // by id
	cpus        map[int]cpuTime              // by number; nil if unknown
	used        time.Duration                // CPU time of the process; -1 if unknown
	affinities  []cpu.Thread                 // of all threads of the process
	online      cpu.Set                      // nil if unknown
	clockSource string                       // "" if unknown
	throttling  map[string]cgroup.Throttling // by folder of a control group; nil if unknown
	wall        offset
	at          time.Duration // by the monotonic clock
}

// A thread holds the kernel's counts for one thread; -1 is unknown.
type thread struct {
	involuntary int64         // context switches
	waited      time.Duration // runnable while another thread had the CPU
	migrations  int64
	cpu         int64 // CPU on which it was last seen
}

// readThread reads the kernel's counts for a thread of this process.
func readThread(files fs.FS, id int) thread {
	t := thread{-1, -1, -1, -1}
	dir := fmt.Sprintf("proc/self/task/%d/", id)
	if text, err := fs.ReadFile(files, dir+"status"); err == nil {
		t.involuntary = parseInvoluntary(string(text))
	}
	if text, err := fs.ReadFile(files, dir+"schedstat"); err == nil {
		t.waited = parseWaited(string(text))
	}
	if text, err := fs.ReadFile(files, dir+"stat"); err == nil {
		t.cpu = parseLastCPU(string(text))
	}
	if n, err := cpu.Migrations(id); err == nil {
		t.migrations = n
	}
	return t
}

// parseInvoluntary finds the count in the status file of a thread.
func parseInvoluntary(status string) int64 {
	for line := range strings.Lines(status) {
		if key, value, _ := strings.Cut(line, ":"); key == "nonvoluntary_ctxt_switches" {
			return parseCount(value)
		}
	}
	return -1
}

// parseWaited reads the second of the three numbers in the schedstat file of a thread:
// nanoseconds on a run queue. A kernel that does not count writes zeros; then the first
// number, the time that the thread ran, is zero too.
func parseWaited(schedstat string) time.Duration {
	f := strings.Fields(schedstat)
	if len(f) != 3 || f[0] == "0" {
		return -1
	}
	return time.Duration(parseCount(f[1]))
}

// parseLastCPU finds field 39 in the stat file of a thread. The second field is the
// thread's name in parentheses, which may itself contain parentheses and spaces.
func parseLastCPU(stat string) int64 {
	const last, afterName = 39, 3
	f := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(f) <= last-afterName {
		return -1
	}
	return parseCount(f[last-afterName])
}

// parseCount returns -1 for anything but a count.
func parseCount(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// tick is the unit of times in /proc/stat. It is the kernel's interface (USER_HZ,
// which is 100 on all of Go's architectures), not its timer interrupt.
const tick = 10 * time.Millisecond

// maxTicks is a century; the sum of two cannot overflow.
const maxTicks = 100 * 365 * 24 * int64(time.Hour/tick)

// A cpuTime holds the kernel's counts for a CPU since boot.
type cpuTime struct {
	idle  time.Duration // no thread wanted the CPU
	steal time.Duration // the hypervisor ran something else
}

// parseStat reads the times of each CPU in /proc/stat; nil if they are not there.
func parseStat(stat string) map[int]cpuTime {
	const idle, ioWait, steal = 4, 5, 8 // after the name: user, nice, system, idle, …
	var all map[int]cpuTime
	for line := range strings.Lines(stat) {
		f := strings.Fields(line)
		if len(f) <= steal || !strings.HasPrefix(f[0], "cpu") {
			continue
		}
		n, err := strconv.Atoi(f[0][len("cpu"):])
		i, w, s := parseCount(f[idle]), parseCount(f[ioWait]), parseCount(f[steal])
		// The line for all CPUs has no number.
		if err != nil || min(i, w, s) < 0 || max(i, w, s) > maxTicks {
			continue
		}
		if all == nil {
			all = make(map[int]cpuTime)
		}
		all[n] = cpuTime{idle: time.Duration(i+w) * tick, steal: time.Duration(s) * tick}
	}
	return all
}

// readThrottling reads how CPU quotas throttled the control groups of this process and
// those above, whose quotas apply too.
func readThrottling(files fs.FS) map[string]cgroup.Throttling {
	var all map[string]cgroup.Throttling
	for _, g := range cgroup.Groups(files, "cpu") {
		if t, known := g.Throttling(files); known {
			if all == nil {
				all = make(map[string]cgroup.Throttling)
			}
			all[g.Dir] = t
		}
	}
	return all
}

// An offset is how far the wall clock has moved ahead of the monotonic clock since some
// moment.
type offset struct {
	ahead time.Duration
	error time.Duration // at most
}

// readOffset reads one clock between two readings of the other. Of a few attempts it
// keeps the one with the shortest time in between.
func readOffset() offset {
	best := offset{error: 1 << 62}
	for range 5 {
		before := latency.Now()
		wall := time.Now().UnixNano()
		after := latency.Now()
		if e := time.Duration(after - before); e < best.error {
			best = offset{time.Duration(wall - before), e}
		}
	}
	return best
}

// readLine returns the contents of a file with one line, "" if it cannot be read.
func readLine(files fs.FS, name string) string {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
