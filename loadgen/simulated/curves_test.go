//go:build simulate

package simulated

import (
	"fmt"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A curve is a workload with values with which an operation is short.
type curve struct {
	name, workload string
	values         map[string]string
	length         time.Duration
}

var curves = []curve{
	{"skynet", "skynet", map[string]string{"depth": "4"}, 5 * time.Millisecond},
	{"fork_join", "fork_join", map[string]string{"n": "20", "cutoff": "8"}, 3 * time.Millisecond},
	{"spawn_many_remote_idle", "spawn_many_remote_idle", map[string]string{"tasks": "1000"}, 3 * time.Millisecond},
	{"wakestorm", "wakestorm", map[string]string{"tasks": "1000"}, 3 * time.Millisecond},
	{"wake-200us", "wake", map[string]string{"gap": "200us"}, 20 * time.Millisecond},
	{"wake-20us", "wake", map[string]string{"gap": "20us"}, 10 * time.Millisecond},
	{"poisson-0.5", "poisson", map[string]string{"load": "0.5", "service": "10us"}, 3 * time.Millisecond},
	{"poisson-0.8", "poisson", map[string]string{"load": "0.8", "service": "10us"}, 3 * time.Millisecond},
	{"ping_pong", "ping_pong", map[string]string{"pings": "200"}, 2 * time.Millisecond},
	{"chained_spawn", "chained_spawn", map[string]string{"depth": "1000"}, 2 * time.Millisecond},
	{"yield_many", "yield_many", map[string]string{"tasks": "200", "yields": "10"}, 2 * time.Millisecond},
	{"burst", "burst", map[string]string{"tasks": "8", "period": "500us"}, 10 * time.Millisecond},
	{"ramp_up", "ramp_up", nil, 5 * time.Millisecond},
	{"remote_spawn", "remote_spawn", map[string]string{"tasks": "1000", "producers": "4"}, 3 * time.Millisecond},
}

// BenchmarkCurves simulates each manager in most workloads, on 1 to 255 workers: what
// designs are chosen by (docs/decisions/044-relay.md). All of it takes an hour; choose:
//
//	go test -tags simulate ./loadgen/simulated -run '^$' -benchtime 1x -bench 'Curves/^skynet$/^(bitmap|relay)$/^(2|8)$'
func BenchmarkCurves(b *testing.B) {
	futex, _ := park.Find(park.Kinds(), "futex")
	for _, c := range curves {
		w, ok := workload.Find(workload.All(), c.workload)
		if !ok {
			b.Fatalf("there is no workload %s", c.workload)
		}
		values, err := w.Values(c.values)
		if err != nil {
			b.Fatal(err)
		}
		for _, impl := range append(builtin.Implementations(), builtin.Others()...) {
			kind := futex
			if impl.Parker != "" {
				kind = park.Kind{Name: impl.Parker}
			}
			for _, workers := range []int{1, 2, 4, 8, 16, 63, 255} {
				spec := Spec{
					Machine: machine(64), Seed: 1, Impl: impl, Parker: kind, Workload: w, Values: values,
					Workers: workers, WarmUp: time.Millisecond, Length: c.length,
				}
				if workers >= 64 {
					spec.Machine = machine(256)
				}
				b.Run(fmt.Sprintf("%s/%s/%d", c.name, impl.Name, workers), func(b *testing.B) { report(b, spec) })
			}
		}
	}
}

// report runs a cell, and reports what it took, how long tasks waited and how often
// workers were woken.
func report(b *testing.B, spec Spec) {
	var r Result
	for b.Loop() {
		var err error
		if r, err = Run(spec); err != nil {
			b.Fatal(err)
		}
	}
	if r.Time > 0 {
		b.ReportMetric(float64(r.Time)/float64(r.Ops), "simulated-ns/op")
	}
	if r.Samples != nil && r.Samples.TotalCount() > 0 {
		b.ReportMetric(float64(r.Samples.ValueAtQuantile(50)), "simulated-p50-ns")
		b.ReportMetric(float64(r.Samples.ValueAtQuantile(95)), "simulated-p95-ns")
	}
	tasks := float64(r.Counters.Tasks)
	b.ReportMetric(float64(r.Counters.Wakes)/tasks, "wakes/task")
	b.ReportMetric(float64(r.Counters.NoopWakes)/tasks, "noop-wakes/task")
	b.ReportMetric(float64(r.Counters.Steals)/tasks, "steals/task")
}
