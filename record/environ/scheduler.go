package environ

import (
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// debugSched has what the kernel says of its scheduler, to root and if it is mounted.
const debugSched = "sys/kernel/debug/sched/"

// Preemption returns how the kernel preempts what runs: none, voluntary, full, lazy or rt;
// "" if that is unknown.
//
// A kernel that can choose says what it chose in debugfs. Otherwise its command line
// decides, then the configuration that it was built with, then its name.
func (s System) Preemption() string {
	if _, rest, ok := strings.Cut(s.file(debugSched+"preempt"), "("); ok {
		chosen, _, _ := strings.Cut(rest, ")")
		return chosen
	}
	version := s.file("proc/version")
	if hasWord(version, "PREEMPT_RT") {
		return "rt"
	}
	dynamic := hasWord(version, "PREEMPT_DYNAMIC")
	if dynamic {
		for word := range strings.FieldsSeq(s.file("proc/cmdline")) {
			if mode, ok := strings.CutPrefix(word, "preempt="); ok {
				return mode
			}
		}
	}
	config := s.config()
	for _, mode := range []struct{ option, name string }{
		{"CONFIG_PREEMPT_LAZY=y", "lazy"}, {"CONFIG_PREEMPT=y", "full"},
		{"CONFIG_PREEMPT_VOLUNTARY=y", "voluntary"}, {"CONFIG_PREEMPT_NONE=y", "none"},
	} {
		if slices.Contains(config, mode.option) {
			return mode.name
		}
	}
	switch {
	case hasWord(version, "PREEMPT_LAZY"):
		return "lazy"
	case hasWord(version, "PREEMPT"):
		return "full"
	}
	return "" // dynamic, or one of none and voluntary, which names do not tell apart
}

// config returns the lines of the configuration that the kernel was built with, none if it
// does not show it.
func (s System) config() []string {
	if s.FS == nil {
		return nil
	}
	f, err := s.FS.Open("proc/config.gz")
	if err != nil {
		return nil
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil
	}
	const most = 4 << 20 // ten times what kernels have
	text, err := io.ReadAll(io.LimitReader(z, most))
	if err != nil {
		return nil
	}
	return strings.Split(string(text), "\n")
}

// DelayedDequeue reports whether a thread that falls asleep may stay in the run queue until
// its turn would have come (EEVDF, Linux 6.12). It is known to root, where debugfs is
// mounted.
func (s System) DelayedDequeue() (on, known bool) {
	features := s.file(debugSched + "features")
	on = hasWord(features, "DELAY_DEQUEUE")
	return on, on || hasWord(features, "NO_DELAY_DEQUEUE")
}

// Online returns the CPUs that are online, nil if that is unknown.
func (s System) Online() cpu.Set {
	set, err := cpu.Parse(s.file(sysCPU + "online"))
	if err != nil {
		return nil
	}
	return set
}

// Newer reports whether the kernel is of at least this release; not if that is unknown.
func (s System) Newer(major, minor int) bool {
	var a, b int
	if _, err := fmt.Sscanf(s.file("proc/sys/kernel/osrelease"), "%d.%d", &a, &b); err != nil {
		return false
	}
	return a > major || a == major && b >= minor
}
