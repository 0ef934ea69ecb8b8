package cli

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// withQuota is a machine whose control group has a quota, in CPUs; "" for none.
func withQuota(max string) environ.System {
	if max == "" {
		max = "max 100000"
	}
	return environ.System{FS: fstest.MapFS{
		"proc/self/cgroup":                 {Data: []byte("0::/\n")},
		"sys/fs/cgroup/cgroup.controllers": {Data: []byte("cpu\n")},
		"sys/fs/cgroup/cpu.max":            {Data: []byte(max + "\n")},
	}}
}

func testApp() app { return app{catalog.Default(), io.Discard, io.Discard} }

func TestShortage(t *testing.T) {
	cell := func(workload string, workers int, params ...record.Param) record.Cell {
		return record.Cell{Workload: workload, Impl: "bitmap", Park: "cond", Workers: workers, Params: params}
	}
	producers := record.Param{Name: "producers", Value: "4"}
	for _, test := range []struct {
		name  string
		max   string
		cpus  int
		cells []record.Cell
		busy  int // 0 if the quota is large enough
	}{
		{"no quota", "", 8, []record.Cell{cell("wake", 6)}, 0},
		{"enough for workers, generator and runtime", "500000 100000", 8, []record.Cell{cell("wake", 3)}, 0},
		{"no CPU for the runtime", "400000 100000", 8, []record.Cell{cell("wake", 3)}, 5},
		{"no more than there are CPUs", "200000 100000", 2, []record.Cell{cell("wake", 1), cell("ping_pong", 4)}, 0},
		{"less than the CPUs", "190000 100000", 2, []record.Cell{cell("wake", 1)}, 2},
		{"the busiest cell counts", "500000 100000", 8, []record.Cell{cell("wake", 1), cell("wake", 6), cell("wake", 2)}, 8},
		{"threads beside the generator", "500000 100000", 16, []record.Cell{cell("remote_spawn", 3, producers)}, 8},
		{"a cell that another program has", "300000 100000", 8, []record.Cell{{Workload: "nosuch", Impl: "x", Park: "y", Workers: 2}}, 4},
	} {
		var use []int
		for i := range test.cpus {
			use = append(use, i)
		}
		s := testApp().shortage(withQuota(test.max), cpu.SetOf(use...), test.cells)
		switch {
		case s == nil && test.busy > 0:
			t.Errorf("%s: there is no shortage, want one of %d CPUs", test.name, test.busy)
		case s != nil && s.busy != test.busy:
			t.Errorf("%s: %d threads are busy, want %d", test.name, s.busy, test.busy)
		}
	}
	if s := testApp().shortage(environ.System{}, cpu.SetOf(0, 1), []record.Cell{cell("wake", 1)}); s != nil {
		t.Errorf("an unknown quota is short: %+v", s)
	}
}

func TestRefuse(t *testing.T) {
	s := &shortage{quota: 2.5, cell: record.Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 6}, busy: 8, use: cpu.SetOf(0, 1, 2, 3, 4, 5, 6, 7)}
	err := s.refuse("run", false)
	if !command.IsUsage(err) {
		t.Fatalf("%v is not wrong usage", err)
	}
	for _, want := range []string{"run: the CPU quota is 2.5 CPUs", "Wake/impl=bitmap/park=futex/workers=6 keeps up to 8 CPUs busy", "--cpus 8", "CPUQuota=800%", "use 2 of the CPUs 0-7", "-throttled"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
	if err := s.refuse("run", true); err != nil {
		t.Errorf("with -throttled: %v", err)
	}
	s.quota = 1.5
	if err := s.refuse("run", false); strings.Contains(err.Error(), "-cpus)") {
		t.Errorf("one CPU is too few to measure on: %v", err)
	}
	if err := (*shortage)(nil).refuse("run", false); err != nil {
		t.Errorf("no shortage: %v", err)
	}
}

// Every command that launches cells refuses a quota that is too small, before it
// measures or writes anything, and -throttled is handed on to each launch.
func TestQuotaIsChecked(t *testing.T) {
	a := testApp()
	small, none := withQuota("50000 100000"), withQuota("")
	folder := filepath.Join(t.TempDir(), "run")
	args := []string{"-o", folder, "-workload", "wake", "-impl", "bitmap", "-workers", "1"}
	short := func(config []record.Pair) bool {
		return slices.Contains(config, record.Pair{Key: "cpu-quota-short", Value: "yes"})
	}

	if _, err := a.planRun(args, small); !command.IsUsage(err) || !strings.Contains(err.Error(), "quota") {
		t.Errorf("run: %v, want wrong usage because of the quota", err)
	}
	p, err := a.planRun(append(args, "-throttled"), small)
	if err != nil || !p.plan.Throttled || !short(p.config) {
		t.Errorf("run -throttled: throttled %v, config %v, %v", p.plan.Throttled, p.config, err)
	}
	if r, err := request(p.plan); err != nil || !r.Throttled || !slices.Contains(r.Args(), "-throttled") {
		t.Errorf("the launches of run -throttled: %v, %v", r.Args(), err)
	}
	if p, err := a.planRun(append(args, "-plan"), small); err != nil || p.plan.Throttled || !short(p.config) {
		t.Errorf("run -plan measures nothing: %v, %v", p.config, err)
	}
	p, err = a.planRun(args, none)
	if err != nil || p.plan.Throttled || short(p.config) {
		t.Errorf("run without a quota: %v, %v", p.config, err)
	}
	if r, err := request(p.plan); err != nil || slices.Contains(r.Args(), "-throttled") {
		t.Errorf("the launches of run: %v, %v", r.Args(), err)
	}

	if err := a.checkQuota(small, p.plan.Cells, "", false); !command.IsUsage(err) {
		t.Errorf("compare: %v, want wrong usage", err)
	}
	if err := a.checkQuota(small, p.plan.Cells, "", true); err != nil {
		t.Errorf("compare -throttled: %v", err)
	}

	st, err := a.planSelftest([]string{"-o", folder, "-quick"}, small)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.beginSelftest(t.Context(), st, small, nil); !command.IsUsage(err) || !strings.Contains(err.Error(), "selftest: the CPU quota") {
		t.Errorf("selftest: %v, want wrong usage", err)
	}
	if st, err := a.planSelftest([]string{"-o", folder, "-throttled"}, small); err != nil || !st.plan.Throttled {
		t.Errorf("selftest -throttled: %v, %v", st.plan.Throttled, err)
	}
}
