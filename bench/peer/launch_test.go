package peer

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/noise"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// request is for a launch of a fake peer, which is started by a script since requests have
// no arguments.
func request(t *testing.T, mode, name string, params ...record.Param) Request {
	t.Helper()
	if !Supported {
		t.Skip("peers are for Linux")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := t.TempDir() + "/fake"
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexec '"+self+"' "+mode+"\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	w, ok := workload.Find(workload.All(), name)
	if !ok {
		t.Fatalf("no workload %s", name)
	}
	return Request{
		Peer:     record.Peer{Name: "fake", Version: "1.0", Build: "test", Config: Default, Program: script},
		Cell:     record.Cell{Workload: name, Impl: "fake", Park: record.PeerPark, Workers: 1, Params: params},
		Workload: w, CPUs: usable(t), Warmup: time.Millisecond, Time: 20 * time.Millisecond, Seed: 5,
	}
}

func metric(l record.Launch, unit string) float64 {
	i := slices.IndexFunc(l.Metrics, func(m record.Metric) bool { return m.Unit == unit })
	if i < 0 {
		return -1
	}
	return l.Metrics[i].Value
}

// What slices measure adds up to a launch that can be recorded, with the units of launches
// of our own.
func TestLaunchInSlices(t *testing.T) {
	for name, units := range map[string][]string{
		"wake":    {"ns/op", "p50-ns/wake", "p50-ns/lag", "cost-ns/task", "cost-ns/sec", "vol-switches/task"},
		"poisson": {"p50-ns/task", "tail-ns/task", "offered-tasks/sec", "achieved-tasks/sec", "late/arrival", "max-ns/lag", "cost-ns/task"},
	} {
		r := request(t, "honest", name)
		l, err := r.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		kept := 0
		for range 3 {
			if !l.process.stoppedNow() {
				// It was asked to; the kernel may take a moment.
				waitStopped(t, l.process)
			}
			exceeded, err := l.Slice(t.Context(), 2*time.Millisecond, 10*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			if len(exceeded) == 0 {
				kept++
			}
		}
		launch, err := l.End(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := record.EncodeLaunch(&b, launch); err != nil {
			t.Fatal(err)
		}
		known := record.Units()
		for _, m := range launch.Metrics {
			if !slices.ContainsFunc(known, func(u record.Unit) bool { return u.Name == m.Unit }) {
				t.Errorf("%s: unit %s is in no table", name, m.Unit)
			}
		}
		for _, unit := range units {
			if metric(launch, unit) < 0 {
				t.Errorf("%s: no %s, or it is negative", name, unit)
			}
		}
		if launch.N < 1 || launch.Latency.TotalCount() != launch.N || l.kept != kept || l.kept+l.dropped != 3 {
			t.Errorf("%s: %d operations, %d samples, slices %d+%d of which %d were kept", name, launch.N, launch.Latency.TotalCount(), l.kept, l.dropped, kept)
		}
		if kept == 0 && len(launch.Invalid) == 0 {
			t.Errorf("%s: no slice was kept, and the launch is valid", name)
		}
	}
}

func waitStopped(t *testing.T, p *Process) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !p.stoppedNow(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a peer without a slice is not stopped after a minute")
		}
	}
}

// The n-th kept slice of an open loop has the same arrivals in every launch with the same seed.
func TestSlicesAreRepeated(t *testing.T) {
	r := request(t, "honest", "poisson")
	table, _ := r.Workload.Timetable(workload.Values{"load": 500, "service": 10_000, "dist": 1, "generators": 1}, 1, r.Seed)
	l, err := r.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Kill()
	want := int64(0)
	for range 4 {
		kept := l.kept
		if _, err := l.Slice(t.Context(), 0, 5*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		if l.kept > kept {
			want += int64(len(table.Part(2*kept+1, 5*time.Millisecond)))
		}
	}
	if got := l.sum.ran.Tasks; got != want {
		t.Errorf("the slices have %d tasks, the timetable %d", got, want)
	}
}

// Sums are of counts, and quantiles of all samples together; what is unknown in one slice is
// unknown in all.
func TestTally(t *testing.T) {
	hist := func(text string) histogram {
		h, err := message{fields: map[string]string{"h": text}}.histogram("h")
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	var sum tally
	a := Ran{Ops: 3, Tasks: 3, Units: 3, Busy: 300, Waited: 10, latency: hist("100:3")}
	b := Ran{Ops: 1, Tasks: 1, Units: 1, Busy: 900, Waited: 20, latency: hist("900:1")}
	sum.add(a, Outside{CPU: 1010, Over: time.Second}, workers{cpu: 400, sleeps: 3}, time.Second, noise.Report{})
	sum.add(b, Outside{CPU: 3020, Over: time.Second}, workers{cpu: 600, sleeps: 5}, time.Second, noise.Report{})
	wake, _ := workload.Find(workload.All(), "wake")
	l := record.Launch{Metrics: sum.metrics(&Process{cell: Cell{Workload: wake}})}
	for unit, want := range map[string]float64{
		"ns/op": 300, "p50-ns/wake": 100, "max-ns/wake": 900, "cost-ns/task": 1000, "cost-ns/sec": 2000, "worker-cpu-ns/task": 250, "worker-sleeps/task": 2,
	} {
		if got := metric(l, unit); got != want {
			t.Errorf("%s is %v, want %v", unit, got, want)
		}
	}
	sum.add(a, Outside{}, workers{unknown: true}, time.Second, noise.Report{})
	sum.add(a, Outside{}, workers{cpu: 1000}, time.Second, noise.Report{})
	if l.Metrics = sum.metrics(&Process{cell: Cell{Workload: wake}}); metric(l, "worker-cpu-ns/task") >= 0 {
		t.Error("the workers' CPU time is known although it was unknown in one slice")
	}
}

// A whole launch is one slice.
func TestExec(t *testing.T) {
	l, err := request(t, "honest", "wake", record.Param{Name: "gap", Value: "1ms"}).Exec(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if l.N < 1 || l.Condition("slices") == l.Condition("dropped-slices") {
		t.Errorf("%+v", l)
	}
}

// A peer that is another one than the run began with, that refuses, breaks a rule or dies
// fails its launch, and the error says whose and why.
func TestFailedLaunches(t *testing.T) {
	other := request(t, "honest", "wake")
	other.Peer.Version = "0.9"
	for _, test := range []struct {
		r     Request
		point Point
	}{
		{other, Identity},
		{request(t, "picky", "poisson"), Parameter},
		{request(t, "less-work", "wake"), Work},
		{request(t, "dies", "wake"), Ended},
		{request(t, "bad-end", "wake"), Ended},
	} {
		_, err := test.r.Exec(t.Context())
		var fault *Fault
		if !errors.As(err, &fault) || fault.Point != test.point || !strings.HasPrefix(err.Error(), "peer fake: ") {
			t.Errorf("%v, want %s", err, test.point)
		}
	}
}

// A task of an open loop is at least one unit of work, also if its service takes no time.
func TestTaskWithoutService(t *testing.T) {
	w, _ := workload.Find(workload.All(), "poisson")
	p := &Process{open: true, cell: Cell{Workload: w}}
	arrivals := []workload.Arrival{{At: 0, Service: 0}, {At: 10, Service: 7}}
	for units, right := range map[int64]bool{7: false, 8: true} {
		r := Ran{Ops: 2, Tasks: 2, Units: units, Time: time.Second, latency: histogram{total: 2}, lag: histogram{total: 2}}
		fault := p.judge(r, Outside{Passed: time.Second, CPU: time.Second}, time.Second, arrivals)
		if wrong := fault != nil && fault.Point == Work; wrong == right {
			t.Errorf("%d units: %v", units, fault)
		}
	}
}
