package engine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/selftest"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/record/evidence"
)

// withQuota is an engine on a machine whose control group has this cpu.max; "" for no
// quota.
func withQuota(max string) *Engine {
	if max == "" {
		max = "max 100000"
	}
	return &Engine{Catalog: catalog.Default(), Program: &Program{Sum: "sha256:0"}, System: environ.System{FS: fstest.MapFS{
		"proc/self/cgroup":                 {Data: []byte("0::/\n")},
		"sys/fs/cgroup/cgroup.controllers": {Data: []byte("cpu\n")},
		"sys/fs/cgroup/cpu.max":            {Data: []byte(max + "\n")},
	}}}
}

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
		{"extra threads of the generator", "500000 100000", 16, []record.Cell{cell("remote_spawn", 3, producers)}, 8},
		{"a cell that another program has", "300000 100000", 8, []record.Cell{{Workload: "nosuch", Impl: "x", Park: "y", Workers: 2}}, 4},
	} {
		var use []int
		for i := range test.cpus {
			use = append(use, i)
		}
		s := withQuota(test.max).Shortage(cpu.SetOf(use...), test.cells)
		switch {
		case s == nil && test.busy > 0:
			t.Errorf("%s: there is no shortage, want one of %d CPUs", test.name, test.busy)
		case s != nil && s.Busy != test.busy:
			t.Errorf("%s: %d threads are busy, want %d", test.name, s.Busy, test.busy)
		}
	}
	if s := (&Engine{Catalog: catalog.Default()}).Shortage(cpu.SetOf(0, 1), []record.Cell{cell("wake", 1)}); s != nil {
		t.Errorf("an unknown quota is short: %+v", s)
	}
}

// Every run refuses a quota that is too small, before it launches or writes anything,
// and a plan that is throttled hands that on to each launch.
func TestQuotaIsChecked(t *testing.T) {
	small, none := withQuota("50000 100000"), withQuota("")
	use, err := Usable(nil)
	if err != nil {
		t.Fatal(err)
	}
	plan := smallPlan(1, 1)
	folder := filepath.Join(t.TempDir(), "run")
	setup := Setup{Command: "run", Folder: folder, Plan: plan}
	d, err := selftest.New(small.Catalog, true, len(use))
	if err != nil {
		t.Fatal(err)
	}
	_, run := small.Begin(setup)
	_, st := small.BeginSelftest(t.Context(), setup, d, 1)
	_, au := small.BeginAudit(t.Context(), setup, evidence.Design{Subjects: []evidence.Subject{{Cell: plan.Cells[0]}}}, true)
	for what, err := range map[string]error{"run": run, "selftest": st, "audit": au} {
		var s *Shortage
		if !errors.As(err, &s) || s.Quota != 0.5 {
			t.Errorf("%s: %v, want a shortage", what, err)
		}
	}
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder: %v", err)
	}

	short := func(e *Engine, plan record.Plan) bool {
		m, err := e.Preview(Setup{Plan: plan})
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(m.Config, record.Pair{Key: "cpu-quota-short", Value: "yes"})
	}
	if !short(small, plan) || short(none, plan) {
		t.Error("the configuration does not say whether the quota is short")
	}
	for _, throttled := range []bool{true, false} {
		setup.Plan.Throttled = throttled
		setup.Folder = filepath.Join(t.TempDir(), "run")
		e := none
		if throttled {
			e = small
		}
		s, err := e.Begin(setup)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(s.request.Args(), "-throttled"); got != throttled {
			t.Errorf("throttled %v: launches have %v", throttled, s.request.Args())
		}
		if err := s.writer.Close(record.Interrupted); err != nil {
			t.Fatal(err)
		}
	}
}
