package victim

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// Counters are read as they are where there is no processor's: with the kernel's own
// events, which every Linux has.
func TestCounters(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var m Meters
	m.open([...]event{
		{"clock", unix.PERF_TYPE_SOFTWARE, unix.PERF_COUNT_SW_TASK_CLOCK},
		{"nonsense", 1 << 20, 0},
		{"faults", unix.PERF_TYPE_SOFTWARE, unix.PERF_COUNT_SW_PAGE_FAULTS},
	})
	defer m.Close()
	if m.counters[0] == nil {
		t.Skipf("this system has no perf events for us: %v", m.noCounter)
	}
	if m.HasCounter(1) || m.noCounter == nil {
		t.Error("an event that no kernel has is counted")
	}
	w := NewWorker(m)
	s := w.Run(w.now(), w.now()+1e6)
	if s.Counts[0] <= 0 || s.Counts[1] != 0 {
		t.Errorf("a piece took %v ns by the kernel's count", s.Counts)
	}
	if got := m.Counters(); got != "cycles,cache-misses" { // by their places
		t.Errorf("%q", got)
	}
}
