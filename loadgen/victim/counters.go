package victim

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// An event is what a hardware counter counts, by the kernel's general name for it
// (perf_event.h).
type event struct {
	name   string
	kind   uint32 // PERF_TYPE_HARDWARE
	config uint64
}

var events = [...]event{
	{"cycles", 0, 0},
	{"instructions", 0, 1},
	{"cache-misses", 0, 3},
}

// maxParanoid is the value of perf_event_paranoid up to which any process may count what
// its own threads do in user mode. Some distributions have larger ones, which forbid it.
const maxParanoid = 2

// CanCount says why a machine, below a root, has no hardware counters for this process; nil
// if it seems to have some.
func CanCount(root fs.FS) error {
	entries, err := fs.ReadDir(root, "sys/bus/event_source/devices")
	if err != nil {
		return Lack{"no-perf-events", "no perf events here"}
	}
	found := false
	for _, e := range entries {
		// A processor's own counters: cpu, cpu_core on hybrid ones, armv8_… on Arm.
		found = found || e.Name() == "cpu" || e.Name() == "cpu_core" || strings.HasPrefix(e.Name(), "armv")
	}
	if !found {
		return Lack{"no-pmu", "no counters of the processor here, as in most virtual machines"}
	}
	n, err := strconv.Atoi(readText(root, "proc/sys/kernel/perf_event_paranoid"))
	if err == nil && n > maxParanoid {
		return Lack{"paranoid", fmt.Sprintf("/proc/sys/kernel/perf_event_paranoid is %d, and must be at most %d", n, maxParanoid)}
	}
	return nil
}

// A reading of one counter. The kernel may have several events share one, and then says
// for how much of the time each had it.
type reading struct{ value, enabled, running uint64 }

// scaled is the estimate of the count over all the time.
func (r reading) scaled() float64 {
	if r.running == 0 {
		return 0
	}
	return float64(r.value) * (float64(r.enabled) / float64(r.running))
}
