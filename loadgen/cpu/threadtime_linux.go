package cpu

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

func threadTime(id int) (time.Duration, error) {
	// A clock id: the number of the thread, inverted, above three bits: 4 for a thread
	// rather than a process, and 2 for the time that the scheduler counted. It is what
	// pthread_getcpuclockid(3) returns.
	d, err := clock(int32(^id<<3 | 6))
	if err != nil {
		return 0, fmt.Errorf("cpu: CPU time of thread %d: %w", id, err)
	}
	return d, nil
}

func threadSleeps(id int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/status", id))
	if err != nil {
		return 0, fmt.Errorf("cpu: sleeps of thread %d: %w", id, err)
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "voluntary_ctxt_switches:"); ok {
			return strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		}
	}
	return 0, fmt.Errorf("cpu: sleeps of thread %d: the kernel does not count them", id)
}

func processTime(pid int) (time.Duration, error) {
	// Likewise, for a process. It is what clock_getcpuclockid(3) returns.
	d, err := clock(int32(^pid<<3 | 2))
	if err != nil {
		return 0, fmt.Errorf("cpu: CPU time of process %d: %w", pid, err)
	}
	return d, nil
}
