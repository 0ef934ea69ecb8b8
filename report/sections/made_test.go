package sections

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	pprof "github.com/google/pprof/profile"

	"github.com/idlebench/idlebench/record"
	recorded "github.com/idlebench/idlebench/record/profile"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
)

// subjects are the implementations of a made-up run with their parkers; the last two
// are compared with the others. Higher numbers are slower.
var subjects = []struct {
	impl, park string
	slow       float64
}{
	{"bitmap", "cond", 1}, {"mutexonly", "cond", 1.3}, {"bitmap", "futex", 0.5}, {"mutexonly", "futex", 0.5},
	{"channels", "mailbox", 1.1}, {"floor", "futex", 0.3},
}

// madeCells are all subjects in two workloads, with gaps, loads and workers.
func madeCells() (cells []record.Cell) {
	for _, s := range subjects {
		for _, gap := range []string{"20us", "2ms"} {
			for _, workers := range []int{1, 2} {
				if s.impl == "floor" && workers > 1 {
					continue
				}
				cells = append(cells, record.Cell{Workload: "wake", Impl: s.impl, Park: s.park, Workers: workers, Params: []record.Param{{Name: "gap", Value: gap}}})
			}
		}
		for _, load := range []string{"0.1", "0.9"} {
			if s.impl != "floor" {
				cells = append(cells, record.Cell{Workload: "poisson", Impl: s.impl, Park: s.park, Workers: 1, Params: []record.Param{{Name: "load", Value: load}, {Name: "service", Value: "10us"}}})
			}
		}
	}
	return append(cells, record.Cell{Workload: "platform_clock", Impl: "platform", Park: "none", Workers: 1})
}

// madeRun records a run in a folder, with a launch that is invalid.
func madeRun(t testing.TB, dir string, rounds int) {
	t.Helper()
	cells := madeCells()
	plan := record.Plan{Cells: cells, Rounds: rounds, Time: 100 * time.Millisecond, Warmup: 10 * time.Millisecond, Seed: 7, Stages: true}
	order := make([]int, len(cells))
	for i := range order {
		order[i] = i
	}
	for range rounds {
		plan.Order = append(plan.Order, order)
	}
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	w, err := record.Create(dir, record.Header{
		Start: start, Plan: plan, Units: record.Units(),
		Config: []record.Pair{{Key: "goos", Value: "linux"}, {Key: "cpu", Value: "made up"}, {Key: "cpus", Value: "3"}, {Key: "virtualised", Value: "yes (kvm)"}, {Key: "pinned", Value: "yes"},
			{Key: "commit", Value: "0123456789ab"}, {Key: "go", Value: "go1.26"}},
		Primary: map[string]string{"wake": "p50-ns/wake", "poisson": "p99-ns/task", "platform_clock": "now-ns/op"},
		Args:    []string{"run", "-count", fmt.Sprint(rounds)},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	at := start
	for round := range rounds {
		for i, c := range cells {
			l := madeLaunch(r, c)
			l.Round, l.Start, l.Duration = round, at, time.Second
			if round == 1 && i == 1 {
				l.Invalid = []string{"steal"}
			}
			if err := w.Append(l); err != nil {
				t.Fatal(err)
			}
			at = at.Add(time.Second)
		}
	}
	if err := w.Close(record.Complete); err != nil {
		t.Fatal(err)
	}
}

func madeLaunch(r *rand.Rand, c record.Cell) record.Launch {
	l := record.Launch{Cell: c, N: 200}
	add := func(v float64, unit string) {
		l.Metrics = append(l.Metrics, record.Metric{Value: math.Round(v*100) / 100, Unit: unit})
	}
	slow := 1.0
	for _, s := range subjects {
		if s.impl == c.Impl && s.park == c.Park {
			slow = s.slow
		}
	}
	ns := 20_000 * slow * (1 + 0.02*r.Float64())
	if c.Workload == "platform_clock" {
		add(40, "now-ns/op")
		return l
	}
	per := map[string]string{"wake": "wake", "poisson": "task"}[c.Workload]
	l.Latency = hdrhistogram.New(1, int64(time.Minute), 3)
	for range 300 {
		_ = l.Latency.RecordValue(int64(ns * math.Exp(0.3*r.NormFloat64())))
	}
	l.Conditions = []record.Pair{{Key: "pinned", Value: "yes"}, {Key: "oversubscribed", Value: "no"}, {Key: "worker-cpus", Value: "0"}, {Key: "generator-cpu", Value: "2"},
		{Key: "runtime-cpus", Value: "1"}, {Key: "runtime-shares", Value: "none"}, {Key: "shared-cores", Value: "no"}, {Key: "generator-sibling", Value: "no"}}
	if c.Workers > 1 {
		l.Conditions[2].Value, l.Conditions[4].Value, l.Conditions[5].Value = "0,1", "2", "generator"
	}
	add(ns*1.1, "ns/op")
	for _, q := range []struct {
		name string
		at   float64
	}{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"max", 100}} {
		add(float64(l.Latency.ValueAtQuantile(q.at)), q.name+"-ns/"+per)
	}
	add(ns/2, "cost-ns/task")
	if c.Impl == "floor" {
		return l
	}
	add(1.2, "wakes/task")
	add(0.1, "noop-wakes/wake")
	if load, ok := param(c, "load"); ok {
		offered := map[string]float64{"0.1": 10_000, "0.9": 90_000}[load]
		add(offered, "offered-tasks/sec")
		add(min(offered, 50_000/slow), "achieved-tasks/sec")
		return l
	}
	names := []string{"lock", "decide", "call", "sleep", "handover"}
	if c.Impl == "channels" {
		names = []string{"lock", "notify", "resume", "dequeue"}
	}
	for i, name := range names {
		add(ns*float64(i+1)/15, "stage-"+name+"-ns/wake")
	}
	return l
}

// madeProfile writes a profile of a cell into the folder.
func madeProfile(t testing.TB, dir string, c record.Cell, kind recorded.Kind, scale int64) {
	t.Helper()
	madeProfileOf(t, dir, c, kind, scale, 20)
}

// madeProfileOf is madeProfile with a number of waits at each of two places.
func madeProfileOf(t testing.TB, dir string, c record.Cell, kind recorded.Kind, scale, waits int64) {
	t.Helper()
	p := &pprof.Profile{DurationNanos: 2e9, TimeNanos: 1_760_000_000e9}
	types := []string{"contentions count", "delay nanoseconds"}
	if kind == recorded.CPU {
		types = []string{"samples count", "cpu nanoseconds"}
	}
	for _, typ := range types {
		name, unit, _ := strings.Cut(typ, " ")
		p.SampleType = append(p.SampleType, &pprof.ValueType{Type: name, Unit: unit})
	}
	p.Comments = []string{"idlebench: cell=" + c.Name(), "idlebench: kind=" + string(kind), "idlebench: ops=1000"}
	const module = "github.com/idlebench/idlebench/"
	host := module + "loadgen/host.(*Scheduler).Submit"
	leaf := map[recorded.Kind]string{recorded.CPU: "runtime.futex", recorded.Mutex: "sync.(*Mutex).Unlock", recorded.Block: "sync.(*Mutex).Lock"}[kind]
	for i, stack := range [][]string{
		{leaf, module + "impls/" + c.Impl + ".(*Idle).NotifyRemote", host},
		{leaf, host},
	} {
		s := &pprof.Sample{Value: []int64{waits, scale * int64(i+1) * 1_000_000}}
		for _, name := range stack {
			id := uint64(len(p.Function) + 1)
			f := &pprof.Function{ID: id, Name: name, Filename: "/src/file.go"}
			loc := &pprof.Location{ID: id, Line: []pprof.Line{{Function: f, Line: int64(id)}}}
			p.Function = append(p.Function, f)
			p.Location = append(p.Location, loc)
			s.Location = append(s.Location, loc)
		}
		p.Sample = append(p.Sample, s)
	}
	file := recorded.File(dir, c, kind)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// made records a run with profiles into the folder "run" of an empty working
// directory.
func made(t testing.TB, rounds int) string {
	t.Helper()
	t.Chdir(t.TempDir())
	madeRun(t, "run", rounds)
	for i, c := range madeCells()[:8] {
		for _, kind := range []recorded.Kind{recorded.CPU, recorded.Mutex, recorded.Block} {
			if c.Workload == "wake" {
				madeProfile(t, "run", c, kind, int64(i+1))
			}
		}
	}
	return "run"
}

// report reads inputs and compares what is in them.
func report(t testing.TB, filter string, inputs ...string) *format.Report {
	t.Helper()
	s, err := source.Open(filter, inputs...)
	if err != nil {
		t.Fatal(err)
	}
	return &format.Report{
		Source:           s,
		Groups:           verdict.Of(s, verdict.Options{}),
		Benchstat:        fmt.Sprintf("made up tables of %d inputs\n", len(inputs)),
		BenchstatCommand: "go tool benchstat " + strings.Join(inputs, " "),
		Command:          "report -o page.html " + strings.Join(inputs, " "),
	}
}
