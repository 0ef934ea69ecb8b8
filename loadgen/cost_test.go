package loadgen

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// The cost is all but what the generator burnt. What a thread used is divided where
// the thread does nothing else.
func TestCosts(t *testing.T) {
	before := reading{
		process:   cpu.Usage{CPU: 100},
		generator: cpu.Usage{CPU: 20},
		burnt:     10,
		workers:   50,
	}
	after := reading{
		process:   cpu.Usage{CPU: 1100},
		generator: cpu.Usage{CPU: 720},
		burnt:     610,
		workers:   250,
	}
	for _, test := range []struct {
		name   string
		how    workload.How
		locked bool
		want   map[string]time.Duration
	}{
		{"threads", workload.Spin, true, map[string]time.Duration{"cost": 400, "worker-cpu": 200, "submitter-cpu": 100, "runtime-cpu": 100}},
		{"a thread that sleeps", workload.Thread, true, map[string]time.Duration{"cost": 400, "worker-cpu": 200, "submitter-cpu": 100, "runtime-cpu": 100}},
		{"workers are goroutines", workload.Spin, false, map[string]time.Duration{"cost": 400, "submitter-cpu": 100}},
		{"the submitter is a goroutine", workload.Block, true, map[string]time.Duration{"cost": 400, "worker-cpu": 200}},
		{"all are goroutines", workload.Poll, false, map[string]time.Duration{"cost": 400}},
	} {
		b, a := before, after
		if !test.locked {
			b.workers, a.workers = 0, 0
		}
		got := make(map[string]time.Duration)
		for _, c := range costs(a.since(&b), test.how) {
			got[c.name] = c.time
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestMaxima(t *testing.T) {
	for samples, want := range map[int64]string{
		1: "p99.9,p99,p90,p50", 2: "p99.9,p99,p90", 9: "p99.9,p99,p90", 10: "p99.9,p99", 54: "p99.9,p99", 99: "p99.9,p99",
		100: "p99.9", 999: "p99.9", 1000: "", 100_000: "",
	} {
		if got := maxima(samples); got != want {
			t.Errorf("%d samples: %q, want %q", samples, got, want)
		}
	}
}
