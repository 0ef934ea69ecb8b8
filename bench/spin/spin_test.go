package spin

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/gaps"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/spinbudget"
)

var update = flag.Bool("update", false, "write the golden files")

// Costs of the made-up machine, in ns.
const (
	sleepCPU = 2500 // of a sleep, the worker's
	wakeCPU  = 2000 // of a wake, the waker's
	sleeper  = 6000 // latency
	spinner  = 200
	service  = 3000
)

// A fake is a machine that takes no time: a worker that serves arrivals one by one, with
// gaps that depend on the seed.
type fake struct {
	t        *testing.T
	invalid  func(n int) bool // of the n-th launch
	slower   float64          // what a budget takes more than the model knows, as a share
	cells    []string
	requests []launch.Request
}

func (f *fake) measure(_ context.Context, r launch.Request) (record.Launch, error) {
	n := len(f.requests)
	f.requests = append(f.requests, r)
	f.cells = append(f.cells, r.Cell.Park)
	budget := 0.0
	switch r.Cell.Park {
	case sleeps:
	case spins:
		budget = 1e18
	default:
		d, err := time.ParseDuration(strings.TrimPrefix(r.Cell.Park, "spin-futex-"))
		if err != nil {
			f.t.Fatal(err)
		}
		budget = float64(d)
	}
	rng := rand.New(rand.NewPCG(r.Seed, 0))
	h := hdrhistogram.New(1, 1e9, 3)
	const tasks = 2000
	var recorded []gaps.Gap
	var cpu, workers, at, free float64
	for range tasks {
		at += service + sleeper + 20_000*rng.ExpFloat64()
		gap := at - free
		latency := float64(spinner)
		if gap > budget {
			latency = sleeper
			workers += budget + sleepCPU
			cpu += wakeCPU
			recorded = append(recorded, gaps.Gap{Idle: int64(gap), Wake: sleeper, CPU: sleepCPU})
		} else {
			workers += gap
		}
		workers += service
		free = at + latency + service
		_ = h.RecordValue(int64(latency)) // in range
	}
	if r.Gaps != "" {
		data, err := json.Marshal(launch.Gaps{Workers: [][]gaps.Gap{recorded}})
		if err == nil {
			err = os.WriteFile(r.Gaps, data, 0o666)
		}
		if err != nil {
			return record.Launch{}, err
		}
	}
	if strings.HasPrefix(r.Cell.Park, "spin-futex-") {
		workers *= 1 + f.slower
	}
	l := record.Launch{Cell: r.Cell, Round: r.Round, N: tasks, Latency: h, Metrics: []record.Metric{
		{Value: 1, Unit: "tasks/op"}, {Value: (cpu + workers) / tasks, Unit: "cost-ns/task"}, {Value: workers / tasks, Unit: "worker-cpu-ns/task"},
	}}
	if f.invalid != nil && f.invalid(n) {
		l.Invalid = []string{"steal"}
	}
	return l, nil
}

func setup(f *fake, rounds int) Setup {
	return Setup{
		Cell:   record.Cell{Workload: "poisson", Impl: "bitmap", Park: "futex", Workers: 1, Params: []record.Param{{Name: "load", Value: "0.1"}}},
		Rounds: rounds, Weight: 1, Seed: 7, Measure: f.measure,
	}
}

// What is planted is found, and confirmed.
func TestRun(t *testing.T) {
	f := &fake{t: t}
	r, err := Run(t.Context(), setup(f, 5))
	if err != nil {
		t.Fatal(err)
	}
	if c := r.Curve.BreakEven.Mean; c < 4400 || c > 4600 {
		t.Errorf("a sleep and a wake cost %v, want 4500", c)
	}
	if worst, ok := r.Worst(); !ok || worst > 0.01 || len(r.Confirmed) != 3 || len(r.Warnings()) != 0 {
		t.Errorf("%v, %v: %+v, %v", worst, ok, r.Confirmed, r.Warnings())
	}
	if len(f.requests) != 5*launchesOf {
		t.Errorf("%d launches", len(f.requests))
	}
	seeds := map[int]uint64{}
	recorded := 0
	for _, q := range f.requests {
		if s, ok := seeds[q.Round]; ok && s != q.Seed {
			t.Errorf("round %d has arrivals of two seeds", q.Round)
		}
		seeds[q.Round] = q.Seed
		if q.Gaps != "" {
			recorded++
		}
		if _, ok := park.Parse(q.Cell.Park); !ok && q.Cell.Park != sleeps && q.Cell.Park != spins {
			t.Errorf("no parker %s", q.Cell.Park)
		}
		if err := q.Cell.Validate(); err != nil {
			t.Error(err)
		}
	}
	if recorded != 5 || len(seeds) != 5 {
		t.Errorf("%d launches recorded, %d seeds", recorded, len(seeds))
	}
	var text, figure bytes.Buffer
	if err := errors.Join(r.Write(&text), r.WriteFigure(&figure)); err != nil {
		t.Fatal(err)
	}
	golden(t, "spin.golden", text.Bytes())
	golden(t, "spin.svg", figure.Bytes())
	for d := xml.NewDecoder(&figure); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again Result
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

// A prediction that is wrong is said to be.
func TestWrongPrediction(t *testing.T) {
	r, err := Run(t.Context(), setup(&fake{t: t, slower: 0.3}, 4))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := r.Write(&text); err != nil {
		t.Fatal(err)
	}
	if worst, _ := r.Worst(); worst < Tolerance || !strings.Contains(text.String(), "NOT confirmed") {
		t.Errorf("%v:\n%s", worst, text.String())
	}
}

// A disturbed launch is repeated; a round without a valid one does not count; and with too
// few rounds there is no curve, unless disturbed launches are to be used.
func TestDisturbed(t *testing.T) {
	f := &fake{t: t, invalid: func(n int) bool { return n%3 != 0 }}
	r, err := Run(t.Context(), setup(f, 4))
	if err != nil || r.Rounds != 4 || r.Disturbed != 0 {
		t.Errorf("%d rounds, %d disturbed: %v", r.Rounds, r.Disturbed, err)
	}
	always := func(int) bool { return true }
	if _, err := Run(t.Context(), setup(&fake{t: t, invalid: always}, 4)); err == nil || !strings.Contains(err.Error(), "0 of 4 rounds count") {
		t.Errorf("%v", err)
	}
	s := setup(&fake{t: t, invalid: always}, 4)
	s.Anyway = true
	if r, err := Run(t.Context(), s); err != nil || r.Disturbed != 4*launchesOf || len(r.Warnings()) != 1 {
		t.Errorf("%d disturbed, %v: %v", r.Disturbed, r.Warnings(), err)
	}
}

// A launch that fails ends it.
func TestFailure(t *testing.T) {
	broken := errors.New("broken")
	s := setup(&fake{t: t}, 4)
	s.Measure = func(context.Context, launch.Request) (record.Launch, error) { return record.Launch{}, broken }
	if _, err := Run(t.Context(), s); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestSpan(t *testing.T) {
	for ns, want := range map[float64]string{0: "0 ns", 99.96: "100 ns", 999.6: "1 µs", 4512: "4.51 µs", 12e6: "12 ms", -3e9: "-3 s"} {
		if got := span(ns); got != want {
			t.Errorf("%v: %s, want %s", ns, got, want)
		}
	}
	if got := width(spinbudget.Value{}); got != "–" {
		t.Error(got)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
