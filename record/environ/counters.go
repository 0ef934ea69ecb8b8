package environ

import (
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/loadgen/cgroup"
	"github.com/idlebench/idlebench/loadgen/cpu"
)

// Counters are kernel counts since boot. They describe the moment only as a difference
// ([Counters.Since]), so they are not facts of a run.
type Counters struct {
	// CPUs is the time of each CPU that is online; nil if unknown.
	CPUs map[int]Ticks

	// Throttled is how often, and for how long, a limit of the process's control groups
	// kept its threads from running; also zero where this is not counted.
	Throttled    uint64
	ThrottledFor time.Duration
}

// Ticks is CPU time in ticks of the kernel, usually a hundredth of a second. What is
// neither busy nor stolen is idle.
type Ticks struct {
	Busy  uint64 // for a process, the kernel or an interrupt of this machine
	Steal uint64 // ready to run while the hypervisor ran something else
	Total uint64
}

// Counters reads the counters.
func (s System) Counters() Counters {
	var c Counters
	for line := range strings.Lines(s.file("proc/stat")) {
		f := strings.Fields(line)
		if len(f) < 9 || !strings.HasPrefix(f[0], "cpu") {
			continue
		}
		n, err := strconv.Atoi(f[0][len("cpu"):])
		if err != nil { // the line for all CPUs has no number
			continue
		}
		if t, ok := parseTicks(f[1:9]); ok {
			if c.CPUs == nil {
				c.CPUs = make(map[int]Ticks)
			}
			c.CPUs[n] = t
		}
	}
	for _, g := range cgroup.Groups(s.FS, "cpu") {
		t, _ := g.Throttling(s.FS)
		c.Throttled += uint64(t.Throttled)
		c.ThrottledFor += t.Time
	}
	return c
}

// parseTicks reads user, nice, system, idle, iowait, irq, softirq and steal.
func parseTicks(f []string) (t Ticks, ok bool) {
	for i, text := range f {
		n, err := strconv.ParseUint(text, 10, 60) // the sum of all must not overflow
		if err != nil {
			return Ticks{}, false
		}
		t.Total += n
		switch i {
		case 3, 4: // idle
		case 7:
			t.Steal = n
		default:
			t.Busy += n
		}
	}
	return t, true
}

// Since returns the counts since an earlier reading. CPUs that came or went in between
// are left out.
func (c Counters) Since(earlier Counters) Counters {
	d := Counters{
		Throttled:    less(c.Throttled, earlier.Throttled),
		ThrottledFor: max(0, c.ThrottledFor-earlier.ThrottledFor),
	}
	for n, t := range c.CPUs {
		if e, ok := earlier.CPUs[n]; ok {
			if d.CPUs == nil {
				d.CPUs = make(map[int]Ticks)
			}
			d.CPUs[n] = Ticks{less(t.Busy, e.Busy), less(t.Steal, e.Steal), less(t.Total, e.Total)}
		}
	}
	return d
}

// less returns a-b, or 0: the kernel's idle times may step back a little.
func less(a, b uint64) uint64 {
	if a < b {
		return 0
	}
	return a - b
}

// Of returns the total time of some CPUs.
func (c Counters) Of(cpus cpu.Set) Ticks {
	var sum Ticks
	for _, n := range cpus {
		t := c.CPUs[n]
		sum.Busy += t.Busy
		sum.Steal += t.Steal
		sum.Total += t.Total
	}
	return sum
}
