package simulation

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/simulate/machine"
)

// simulator returns one whose program is built from the source as it is.
func simulator(t testing.TB, processes int) *Simulator {
	t.Helper()
	path := filepath.Join(t.TempDir(), "simulate")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-tags", "simulate", "-o", path, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p, err := engine.OpenProgram(path)
	if err != nil {
		t.Fatal(err)
	}
	return &Simulator{Catalog: catalog.Default(), Program: p, Processes: processes}
}

func load(t testing.TB, name string) *machine.File {
	t.Helper()
	m, err := machine.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// setup is a run of two designs, with and without a trace.
func setup(t *testing.T, folder string, vary int) Setup {
	t.Helper()
	m := load(t, "epyc-rome")
	cells, _, err := Cells(catalog.Default(), m, Selection{
		Workloads: []string{"wake", "skynet"}, Impls: []string{"bitmap", "mutexonly"}, Workers: []int{2, 8},
		Params: []record.Param{{Name: "depth", Value: "2"}, {Name: "gap", Value: "50us"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if vary > 0 {
		cells = Varied(m, cells[:2], vary)[:4]
	}
	return Setup{Args: []string{"simulate"}, Folder: folder, Machine: m, Plan: NewPlan(cells, 2, 7, 100*time.Microsecond, 300*time.Microsecond)}
}

// content returns all files of a folder, without dates, durations and what depends on
// them.
func content(t *testing.T, folder string) map[string]string {
	t.Helper()
	dates := regexp.MustCompile(`(start|duration|crc|hlog)=\S+ ?|date: .*|#\[StartTime: .*|(?m)^[0-9.]+,[0-9.]+,`)
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == record.ManifestFile {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		files[name] = dates.ReplaceAllString(string(data), "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func same(t *testing.T, a, b map[string]string) {
	t.Helper()
	if len(a) < 3 || len(a) != len(b) {
		t.Errorf("%d and %d files", len(a), len(b))
	}
	for name, text := range a {
		if b[name] == text {
			continue
		}
		x, y := strings.Split(text, "\n"), strings.Split(b[name], "\n")
		for i := range min(len(x), len(y)) {
			if x[i] != y[i] {
				t.Errorf("%s:%d:\n%s\n%s", name, i+1, x[i], y[i])
				break
			}
		}
		if len(x) != len(y) {
			t.Errorf("%s has %d and %d lines", name, len(x), len(y))
		}
	}
}

// A run is the same whatever else goes on, and whether or not it was interrupted.
func TestSameAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	dir := t.TempDir()
	s := simulator(t, 1)
	run := func(name string, vary int) string {
		folder := filepath.Join(dir, name)
		se, err := s.Begin(setup(t, folder, vary))
		if err != nil {
			t.Fatal(err)
		}
		if state, err := se.Simulate(t.Context()); err != nil || state != record.Complete {
			t.Fatalf("%s: %v, %v", name, state, err)
		}
		return folder
	}
	alone := run("alone", 0)
	s.Processes = 3
	company := run("company", 0)
	want := content(t, alone)
	same(t, want, content(t, company))

	interrupted := filepath.Join(dir, "interrupted")
	se, err := s.Begin(setup(t, interrupted, 0))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := 0
	s.Observe = func(e engine.Event) {
		if _, ok := e.(engine.StepDone); ok {
			if done++; done == 3 {
				cancel()
			}
		}
	}
	state, err := se.Simulate(ctx)
	var stopped *engine.StoppedError
	if state != record.Interrupted || !errors.As(err, &stopped) || !errors.Is(err, engine.ErrInterrupted) {
		t.Fatalf("interrupted: %v, %v", state, err)
	}
	s.Observe = nil
	before, err := record.Read(interrupted)
	if err != nil || len(before.Recorded) < 3 || len(before.Recorded) == 16 || len(before.Failures) > 0 {
		t.Fatalf("%d launches, %d failures before it is resumed: %v", len(before.Recorded), len(before.Failures), err)
	}
	if se, err = s.Resume(interrupted); err != nil {
		t.Fatal(err)
	}
	if state, err := se.Simulate(t.Context()); err != nil || state != record.Complete {
		t.Fatalf("resumed: %v, %v", state, err)
	}
	same(t, want, content(t, interrupted))
	var finished *engine.FinishedError
	if _, err := s.Resume(interrupted); !errors.As(err, &finished) {
		t.Errorf("resumed once more: %v", err)
	}

	checkContent(t, alone)
	checkVaried(t, alone, run("varied", 50))
}

// checkContent checks what a folder says.
func checkContent(t *testing.T, folder string) {
	t.Helper()
	run, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if run.Simulated() != "epyc-rome" || run.Fact(record.DigestKey) != digest(load(t, "epyc-rome")) {
		t.Errorf("it says %q and %q", run.Simulated(), run.Fact(record.DigestKey))
	}
	if m, err := Machine(folder); err != nil || digest(m) != digest(load(t, "epyc-rome")) {
		t.Errorf("its machine: %v", err)
	}
	files, err := record.OpenFiles(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	seeds, traces := map[string][]string{}, 0
	for _, l := range run.Recorded {
		seeds[l.Cell.Name()] = append(seeds[l.Cell.Name()], l.Condition("seed"))
		d, err := simulated.ReadDetail(files, &l)
		if (err == nil) != (l.Round == 0) {
			t.Errorf("%s in round %d: detail: %v", l.Cell.Name(), l.Round, err)
			continue
		}
		if l.Round > 0 {
			continue
		}
		var sum int64
		for _, s := range d.States {
			sum += s.Workers
		}
		if want := int64(l.Cell.Workers) * (d.To - d.From); sum < want*99/100 || sum > want*101/100 || len(d.Lines) == 0 || d.Lines[0].Name == "" {
			t.Errorf("%s: %+v, want states of %d in all", l.Cell.Name(), d, want)
		}
		if tr, err := simulated.ReadTrace(files, &l); err == nil {
			traces++
			if n := tr.CPUs(); n != l.Cell.Workers+1 || len(tr.Stretches()) == 0 || l.Cell.Workers != 8 {
				t.Errorf("%s: a trace of %d CPUs, %d stretches", l.Cell.Name(), n, len(tr.Stretches()))
			}
		}
	}
	if traces != 4 {
		t.Errorf("%d traces, want one for each design and workload", traces)
	}
	for name, s := range seeds {
		if !slices.Equal(s, []string{"7", "8"}) {
			t.Errorf("%s has seeds %v", name, s)
		}
	}
}

// checkVaried checks that another constant leads to another result.
func checkVaried(t *testing.T, base, varied string) {
	t.Helper()
	b, err := record.Read(base)
	if err != nil {
		t.Fatal(err)
	}
	v, err := record.Read(varied)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(varied, simulated.Dir)); err == nil {
		t.Error("varied cells leave details")
	}
	differ := 0
	for _, l := range v.Recorded {
		cell, variation, err := simulated.Split(l.Cell)
		if err != nil || variation == nil {
			t.Fatalf("%s: %v", l.Cell.Name(), err)
		}
		i := slices.IndexFunc(b.Recorded, func(o record.Launch) bool { return o.Cell.Name() == cell.Name() && o.Round == l.Round })
		if i < 0 {
			t.Fatalf("%s: nothing to compare it with", l.Cell.Name())
		}
		j := slices.IndexFunc(b.Recorded[i].Metrics, func(m record.Metric) bool { return m.Unit == v.Primary[cell.Workload] })
		k := slices.IndexFunc(l.Metrics, func(m record.Metric) bool { return m.Unit == v.Primary[cell.Workload] })
		if j < 0 || k < 0 || len(l.Metrics) != 2 || l.Latency != nil {
			t.Fatalf("%s has %v", l.Cell.Name(), l.Metrics)
		}
		if b.Recorded[i].Metrics[j] != l.Metrics[k] {
			differ++
		}
	}
	if differ < len(v.Recorded)/2 {
		t.Errorf("%d of %d varied launches differ", differ, len(v.Recorded))
	}
}

// A launch that fails is recorded as that, and the others go on.
func TestFailure(t *testing.T) {
	s := simulator(t, 2)
	set := setup(t, filepath.Join(t.TempDir(), "run"), 0)
	set.Plan.Cells = slices.Clone(set.Plan.Cells)
	set.Plan.Cells[1].Params = []record.Param{{Name: "gap", Value: "never"}}
	se, err := s.Begin(set)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := se.Simulate(t.Context()); err != nil {
		t.Fatal(err)
	}
	run, err := record.Read(set.Folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Failures) != 2 || len(run.Recorded) != 14 || !strings.Contains(run.Failures[0].Error, "gap=never") {
		t.Errorf("%d launches, failures %v", len(run.Recorded), run.Failures)
	}
}

// A run that began with another program or machine is not resumed.
func TestResumeChanged(t *testing.T) {
	s := &Simulator{Catalog: catalog.Default(), Program: &engine.Program{Path: "none", Sum: "one"}}
	set := setup(t, filepath.Join(t.TempDir(), "run"), 0)
	se, err := s.Begin(set)
	if err != nil {
		t.Fatal(err)
	}
	if err := se.Leave(); err != nil {
		t.Fatal(err)
	}
	changed := func(what string) {
		t.Helper()
		_, err := s.Resume(set.Folder)
		var c *engine.ChangedError
		if !errors.As(err, &c) || len(c.Differences) != 1 || c.Differences[0].Key != what {
			t.Errorf("%s: %v", what, err)
		}
	}
	s.Program = &engine.Program{Path: "none", Sum: "two"}
	changed("program")
	s.Program = &engine.Program{Path: "none", Sum: "one"}
	file := filepath.Join(set.Folder, simulated.MachineFile)
	if err := os.WriteFile(file, load(t, "epyc-milan").Format(), 0o666); err != nil {
		t.Fatal(err)
	}
	changed(record.DigestKey)
}

func TestCells(t *testing.T) {
	m := load(t, "ryzen-7950x")
	all, leftOut, err := Cells(catalog.Default(), m, Selection{})
	if err != nil || len(leftOut) != 1 || !strings.Contains(leftOut[0], "ramp_down") {
		t.Fatalf("%v, %v", leftOut, err)
	}
	workloads, workers := map[string]bool{}, map[int]bool{}
	for _, c := range all {
		workloads[c.Workload], workers[c.Workers] = true, true
		if why := notSimulated(c); why != "" {
			t.Errorf("%s: %s", c.Name(), why)
		}
	}
	for _, w := range catalog.Default().Workloads {
		if (unfit(w) == "") != workloads[w.Name] {
			t.Errorf("%s: %v, but %q", w.Name, workloads[w.Name], unfit(w))
		}
	}
	if len(workers) != 4 || !workers[2] || !workers[16] {
		t.Errorf("numbers of workers %v on %d CPUs", workers, m.CPUs())
	}
	for _, test := range []struct {
		s    Selection
		want string
	}{
		{Selection{Impls: []string{"floor"}}, "-impl floor: it is no idle manager"},
		{Selection{Parks: []string{"go-cond"}}, "-park go-cond: workers that are goroutines"},
		{Selection{Workloads: []string{"ramp_down"}}, "-workload ramp_down cannot be simulated: it reads"},
		{Selection{Workloads: []string{"platform_clock"}}, "it calibrates this computer"},
		{Selection{Params: []record.Param{{Name: "harness", Value: "whole"}}}, "-param harness=whole"},
		{Selection{Params: []record.Param{{Name: "submitter", Value: "poll"}}}, "network poller"},
		{Selection{Workers: []int{33}}, "want 1 to 32"},
		{Selection{Workers: []int{0}}, "want 1 to 32"},
		{Selection{Impls: []string{"nothing"}}, "unknown implementation"},
	} {
		if _, _, err := Cells(catalog.Default(), m, test.s); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.s, err, test.want)
		}
	}
}

func TestVary(t *testing.T) {
	m := load(t, "epyc-rome")
	for _, key := range Constants(m) {
		less, err := vary(m, simulated.Variation{Constant: key, Percent: -50})
		if err != nil {
			t.Fatal(err)
		}
		if digest(less) == digest(m) {
			t.Errorf("half of %s is the same machine", key)
		}
	}
	if len(Constants(m)) < 15 || !slices.Contains(Constants(m), idleExit) {
		t.Errorf("constants %v", Constants(m))
	}
	more, err := vary(m, simulated.Variation{Constant: "same_cache", Percent: 50})
	if err != nil || more.Costs["same_cache"].Value*2 != m.Costs["same_cache"].Value*3 || more.Costs["hit"] != m.Costs["hit"] {
		t.Errorf("%+v of %+v: %v", more.Costs["same_cache"], m.Costs["same_cache"], err)
	}
	if _, err := vary(m, simulated.Variation{Constant: "nothing", Percent: 50}); err == nil {
		t.Error("an unknown constant can be varied")
	}
}
