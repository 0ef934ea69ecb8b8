package matrix_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/calibrate"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/kernel"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// small is a catalogue whose whole matrix can be written down.
func small() catalog.Catalog {
	newIdle := func(impls.Config) impls.Idle { return nil }
	newParker := func() impls.Parker { return nil }
	parse := func(s string) (int64, error) { return int64(len(s)), nil }
	return catalog.Catalog{
		Implementations: []impls.Implementation{
			{Name: "any", New: newIdle},
			{Name: "own", New: newIdle, Parker: "self", Yields: true},
		},
		Others: []impls.Implementation{{Name: "other", New: newIdle}},
		Parkers: []park.Kind{
			{Name: "a", New: newParker},
			{Name: "b", New: newParker},
			{Name: "c", New: newParker, Missing: "not on this system"},
		},
		Workloads: []workload.Workload{
			{Name: "one", OneTask: true, Params: []workload.Param{
				{Name: "x", Default: "1", Sweep: []string{"1", "2"}, Parse: parse},
				{Name: "y", Default: "8", Parse: parse},
			}},
			{Name: "many", Workers: 4},
		},
	}
}

func TestCells(t *testing.T) {
	for _, test := range []struct {
		name      string
		selection matrix.Selection
		want      string // the names, one in each line
	}{
		{"an implementation, swept, and the floors", matrix.Selection{Impls: []string{"any"}, Workloads: []string{"one"}, CPUs: 5}, `
One/impl=floor/park=spin/workers=1/x=1/y=8
One/impl=floor/park=futex/workers=1/x=1/y=8
One/impl=any/park=a/workers=3/x=1/y=8
One/impl=any/park=b/workers=3/x=1/y=8
One/impl=floor/park=spin/workers=1/x=2/y=8
One/impl=floor/park=futex/workers=1/x=2/y=8
One/impl=any/park=a/workers=3/x=2/y=8
One/impl=any/park=b/workers=3/x=2/y=8`},
		{"a parker does not choose among floors that were not named", matrix.Selection{Parks: []string{"self"}, Size: matrix.Quick, CPUs: 5}, `
One/impl=floor/park=spin/workers=1/x=1/y=8
One/impl=floor/park=futex/workers=1/x=1/y=8
One/impl=own/park=self/workers=3/x=1/y=8
Many/impl=own/park=self/workers=4`},
		{"floors alone", matrix.Selection{Impls: []string{"floor"}, Parks: []string{"spin"}, Size: matrix.Quick, CPUs: 4}, `
One/impl=floor/park=spin/workers=1/x=1/y=8`},
		{"defaults", matrix.Selection{Size: matrix.Quick, Impls: []string{"any", "own"}, CPUs: 1}, `
One/impl=floor/park=spin/workers=1/x=1/y=8
One/impl=floor/park=futex/workers=1/x=1/y=8
One/impl=any/park=a/workers=1/x=1/y=8
One/impl=any/park=b/workers=1/x=1/y=8
One/impl=own/park=go-self/workers=1/x=1/y=8
Many/impl=any/park=a/workers=4
Many/impl=any/park=b/workers=4
Many/impl=own/park=go-self/workers=4`},
		{"given parameters", matrix.Selection{Impls: []string{"own"}, Workloads: []string{"one"}, CPUs: 2,
			Params: []record.Param{{Name: "x", Value: "7"}, {Name: "x", Value: "7"}, {Name: "y", Value: "1"}, {Name: "y", Value: "2"}}}, `
One/impl=floor/park=spin/workers=1/x=7/y=1
One/impl=floor/park=futex/workers=1/x=7/y=1
One/impl=own/park=go-self/workers=1/x=7/y=1
One/impl=floor/park=spin/workers=1/x=7/y=2
One/impl=floor/park=futex/workers=1/x=7/y=2
One/impl=own/park=go-self/workers=1/x=7/y=2`},
		{"given workers, in order, once each; a floor has one", matrix.Selection{Impls: []string{"own", "floor"}, Parks: []string{"self", "spin"},
			Workloads: []string{"one"}, CPUs: 2, Workers: []int{8, 2, 8}, Size: matrix.Quick}, `
One/impl=floor/park=spin/workers=1/x=1/y=8
One/impl=own/park=self/workers=2/x=1/y=8
One/impl=own/park=self/workers=8/x=1/y=8`},
		{"the host's limit", matrix.Selection{Impls: []string{"own"}, Workloads: []string{"one"}, CPUs: 5000, Size: matrix.Quick}, `
One/impl=floor/park=spin/workers=1/x=1/y=8
One/impl=floor/park=futex/workers=1/x=1/y=8
One/impl=own/park=go-self/workers=1024/x=1/y=8`},
	} {
		t.Run(test.name, func(t *testing.T) {
			cells, err := matrix.Cells(small(), test.selection)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, c := range cells {
				names = append(names, c.Name())
			}
			want := strings.Split(strings.TrimSpace(test.want), "\n")
			if !prim.HasFutex {
				want = slices.DeleteFunc(want, func(name string) bool { return strings.Contains(name, "park=futex") })
			}
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
		})
	}
}

// The default matrix varies one parameter at a time. What was asked for, and the
// full matrix, have every combination.
func TestCombinations(t *testing.T) {
	c := small()
	parse := c.Workloads[0].Params[0].Parse
	c.Workloads = []workload.Workload{{Name: "w", Params: []workload.Param{
		{Name: "x", Default: "2", Sweep: []string{"1", "2", "3"}, Parse: parse},
		{Name: "y", Default: "8", Parse: parse},
		{Name: "z", Default: "a", Sweep: []string{"a", "b"}, Full: []string{"a", "b", "c"}, Parse: parse},
	}}}
	given := func(params ...string) (list []record.Param) {
		for _, p := range params {
			name, value, _ := strings.Cut(p, "=")
			list = append(list, record.Param{Name: name, Value: value})
		}
		return list
	}
	for _, test := range []struct {
		name   string
		size   matrix.Size
		params []record.Param
		want   string
	}{
		{"default", matrix.Normal, nil, "1/8/a 2/8/a 2/8/b 3/8/a"},
		{"quick", matrix.Quick, nil, "2/8/a"},
		{"full", matrix.Full, nil, "1/8/a 1/8/b 1/8/c 2/8/a 2/8/b 2/8/c 3/8/a 3/8/b 3/8/c"},
		{"asked for both", matrix.Normal, given("x=1", "x=2", "z=a", "z=c"), "1/8/a 1/8/c 2/8/a 2/8/c"},
		{"asked for one", matrix.Normal, given("x=1", "x=3"), "1/8/a 1/8/b 3/8/a 3/8/b"},
		{"asked for what is not swept", matrix.Normal, given("y=9"), "1/9/a 2/9/a 2/9/b 3/9/a"},
	} {
		cells, err := matrix.Cells(c, matrix.Selection{Impls: []string{"own"}, Size: test.size, Params: test.params, Parks: []string{"self"}, CPUs: 2})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, cell := range cells {
			var values []string
			for _, p := range cell.Params {
				values = append(values, p.Value)
			}
			got = append(got, strings.Join(values, "/"))
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("%s: %s, want %s", test.name, text, test.want)
		}
	}
}

// Some implementations are measured only if they are named, or if all are.
func TestOthers(t *testing.T) {
	for _, test := range []struct {
		selection matrix.Selection
		want      string
	}{
		{matrix.Selection{}, "goroutine any own"},
		{matrix.Selection{Size: matrix.Full}, "goroutine any own"},
		{matrix.Selection{Parks: []string{"a"}}, "any"},
		{matrix.Selection{Impls: []string{"other", "any"}}, "any other"},
		{matrix.Selection{Impls: []string{"other-again"}}, "other-again"},
		{matrix.Selection{Impls: []string{catalog.All}}, "goroutine any own other"},
		{matrix.Selection{Impls: []string{catalog.All}, Parks: []string{"a"}}, "any other"},
	} {
		test.selection.Workloads, test.selection.CPUs = []string{"many"}, 2
		cells, err := matrix.Cells(small(), test.selection)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, cell := range cells {
			if cell.Workload == "many" && !slices.Contains(got, cell.Impl) {
				got = append(got, cell.Impl)
			}
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("%+v: %s, want %s", test.selection, text, test.want)
		}
	}
}

// A parker that gives its thread back to Go's scheduler is measured with goroutines,
// and with threads if that is asked for.
func TestHeldWorkers(t *testing.T) {
	c := small()
	c.Parkers[0].Yields, c.Parkers[1].Full = true, true
	for _, test := range []struct {
		selection matrix.Selection
		want      string
	}{
		{matrix.Selection{}, "any/go-a own/go-self"},
		{matrix.Selection{Size: matrix.Full}, "any/go-a any/a any/b own/go-self own/self"},
		{matrix.Selection{Parks: []string{"a"}}, "any/a"},
		{matrix.Selection{Parks: []string{"go-a", "a", "b"}}, "any/go-a any/a any/b"},
	} {
		test.selection.Workloads, test.selection.CPUs = []string{"many"}, 2
		test.selection.Impls = []string{"any", "own"}
		cells, err := matrix.Cells(c, test.selection)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, cell := range cells {
			if cell.Workload == "many" {
				got = append(got, cell.Impl+"/"+cell.Park)
			}
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("%+v: %s, want %s", test.selection, text, test.want)
		}
	}
}

// Every workload can be measured with another harness, which is part of its name.
func TestHarness(t *testing.T) {
	c := catalog.Default()
	cells, err := matrix.Cells(c, matrix.Selection{
		Workloads: []string{"idle", "wake"}, Impls: []string{"bitmap", "goroutine"}, Parks: []string{"go-cond", "go"}, CPUs: 2, Size: matrix.Quick,
		Params: []record.Param{{Name: "harness", Value: "usual"}, {Name: "harness", Value: "spare-worker"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, cell := range cells {
		if cell.Impl == "floor" || cell.Impl == "platform" {
			continue
		}
		name := cell.Name()
		names = append(names, name)
		parsed, err := record.ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		usual, harness := matrix.Harness(parsed)
		if harness != "" {
			if again := matrix.Vary(usual, harness); again.Name() != name {
				t.Errorf("%s became %s", name, again.Name())
			}
		}
		spec, err := matrix.Spec(c, parsed, nil)
		if err != nil {
			t.Fatal(err)
		}
		if spec.Harness.Name != harness {
			t.Errorf("%s is measured with harness %q", name, spec.Harness.Name)
		}
	}
	want := []string{
		"Wake/impl=goroutine/park=go/workers=1/gap=200us/submitter=block",
		"Wake/impl=bitmap/park=go-cond/workers=1/gap=200us/submitter=block",
		"Wake/impl=bitmap/park=go-cond/workers=1/gap=200us/submitter=block/harness=spare-worker",
		"Idle/impl=goroutine/park=go/workers=1",
		"Idle/impl=bitmap/park=go-cond/workers=1",
		"Idle/impl=bitmap/park=go-cond/workers=1/harness=spare-worker",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	_, err = matrix.Cells(c, matrix.Selection{Params: []record.Param{{Name: "harness", Value: "none"}}, CPUs: 2})
	if err == nil || !strings.Contains(err.Error(), "available: slack-1ns,") || !strings.Contains(err.Error(), "or harness=usual") {
		t.Errorf("an unknown harness: %v", err)
	}
	// What none of those asked for can have is no run without cells.
	_, err = matrix.Cells(c, matrix.Selection{Workloads: []string{"wake"}, Impls: []string{"goroutine"}, CPUs: 2, Params: []record.Param{{Name: "harness", Value: "spare-worker"}}})
	if err == nil || !strings.Contains(err.Error(), "nothing to measure: harness spare-worker: goroutine has no cores") {
		t.Errorf("a harness that fits nothing: %v", err)
	}
	idle := record.Cell{Workload: "idle", Impl: "floor", Park: "spin", Workers: 1}
	if _, err := matrix.Spec(c, matrix.Vary(idle, "spare-worker"), nil); err == nil {
		t.Error("the floor has a spare worker")
	}
}

// Every workload can be measured with another host, which is part of its name. What
// does not run on the host is measured once, as usual.
func TestHost(t *testing.T) {
	c := catalog.Default()
	param := func(name, value string) record.Param { return record.Param{Name: name, Value: value} }
	cells, err := matrix.Cells(c, matrix.Selection{
		Workloads: []string{"idle"}, Impls: []string{"bitmap", "goroutine"}, Parks: []string{"cond", "go"}, CPUs: 2, Size: matrix.Quick,
		Params: []record.Param{param("host", "default"), param("host", "pause.sleep+slot.private"), param("host", "pause.spin"),
			param("harness", "usual"), param("harness", "clock-call")},
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, cell := range cells {
		if cell.Impl == "floor" || cell.Impl == "platform" {
			continue
		}
		name := cell.Name()
		names = append(names, name)
		parsed, err := record.ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		spec, err := matrix.Spec(c, parsed, nil)
		if err != nil {
			t.Fatal(err)
		}
		usual, _ := matrix.Harness(parsed)
		if _, options := matrix.Host(usual); options != "" && spec.Host.String() != options || options == "" && spec.Host != (host.Options{}) {
			t.Errorf("%s is measured with host %s", name, spec.Host)
		}
	}
	want := []string{
		"Idle/impl=goroutine/park=go/workers=1",
		"Idle/impl=goroutine/park=go/workers=1/harness=clock-call",
		"Idle/impl=bitmap/park=cond/workers=1",
		"Idle/impl=bitmap/park=cond/workers=1/harness=clock-call",
		"Idle/impl=bitmap/park=cond/workers=1/host=pause.sleep",
		"Idle/impl=bitmap/park=cond/workers=1/host=pause.sleep/harness=clock-call",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	_, err = matrix.Cells(c, matrix.Selection{Params: []record.Param{param("host", "pause.long")}, CPUs: 2})
	if err == nil || !strings.Contains(err.Error(), "pause is one of spin, sleep, none; or host=default") {
		t.Errorf("an unknown host: %v", err)
	}
	_, err = matrix.Cells(c, matrix.Selection{Workloads: []string{"wake"}, Impls: []string{"goroutine"}, CPUs: 2, Params: []record.Param{param("host", "tokio")}})
	if err == nil || !strings.Contains(err.Error(), "nothing to measure: host tokio: goroutine does not run on the host") {
		t.Errorf("a host that fits nothing: %v", err)
	}
	floor := record.Cell{Workload: "wake", Impl: "floor", Park: "spin", Workers: 1, Params: []record.Param{param("host", "tokio")}}
	if _, err := matrix.Spec(c, floor, nil); err == nil {
		t.Error("the floor has a host")
	}
}

// The kernel's settings and a victim are part of the name, in one order, with the values in
// their usual form. What cannot have a victim is not measured with one, and the default adds
// nothing to a name.
func TestKernelAndVictim(t *testing.T) {
	c := catalog.Default()
	param := func(name, value string) record.Param { return record.Param{Name: name, Value: value} }
	names := func(s matrix.Selection) (all []string) {
		t.Helper()
		s.Impls, s.Parks, s.CPUs, s.Size = []string{"bitmap"}, []string{"cond"}, 2, matrix.Quick
		cells, err := matrix.Cells(c, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range cells {
			if cell.Impl == "bitmap" {
				all = append(all, cell.Name())
			}
		}
		return all
	}
	if kernel.MissingSlack() != nil {
		t.Skip("no timer slack here")
	}
	got := names(matrix.Selection{Workloads: []string{"idle", "wake"}, Params: []record.Param{
		param("slack", "default"), param("slack", "1000ns"), param("slack", "1us"), param("victim", "none"), param("victim", "same"), param("host", "pause.sleep"),
	}})
	want := []string{
		"Wake/impl=bitmap/park=cond/workers=1/gap=200us/submitter=block/host=pause.sleep",
		"Wake/impl=bitmap/park=cond/workers=1/gap=200us/submitter=block/slack=1us/host=pause.sleep",
		"Idle/impl=bitmap/park=cond/workers=1/host=pause.sleep",
		"Idle/impl=bitmap/park=cond/workers=1/slack=1us/host=pause.sleep",
		"Idle/impl=bitmap/park=cond/workers=1/victim=same/host=pause.sleep",
		"Idle/impl=bitmap/park=cond/workers=1/victim=same/slack=1us/host=pause.sleep",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	for name, want := range map[string]loadgen.Spec{
		want[0]: {},
		want[5]: {Victim: cpu.VictimSame, Kernel: kernel.Settings{Slack: time.Microsecond}},
		"Wake/impl=bitmap/park=cond/workers=1/gap=200us/submitter=block/futex_slots=256/harness=slack-1ns": {Kernel: kernel.Settings{Slack: 1, Slots: 256}},
		"Wake/impl=bitmap/park=cond/workers=1/gap=200us/submitter=block/futex_slots=global":                {Kernel: kernel.Settings{Slots: kernel.Global}},
	} {
		cell, err := record.ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		spec, err := matrix.Spec(c, cell, nil)
		if err != nil || spec.Victim != want.Victim || spec.Kernel != want.Kernel || matrix.Victim(cell) != want.Victim {
			t.Errorf("%s: %v %+v, %v", name, spec.Victim, spec.Kernel, err)
		}
	}
	for name, want := range map[string]string{
		"Wake/impl=bitmap/park=cond/workers=1/gap=200us/submitter=block/victim=same":                 "keeps the pool busy",
		"Wake/impl=bitmap/park=cond/workers=1/gap=200us/submitter=block/slack=1us/harness=slack-1ns": "want one of them",
		"Wake/impl=bitmap/park=cond/workers=1/gap=200us/submitter=block/futex_slots=3":               "want a power of two",
		"Wake/impl=bitmap/park=cond/workers=1/gap=200us/submitter=block/futex_slots=256/victim=same": "no parameter futex_slots",
	} {
		cell, err := record.ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := matrix.Spec(c, cell, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// A thread that submits has a CPU of its own, if there are CPUs for that.
func TestDefaultWorkers(t *testing.T) {
	for _, test := range []struct {
		workload string
		params   []record.Param
		cpus     int
		want     int
	}{
		{"wake", nil, 8, 6},
		{"remote_spawn", []record.Param{{Name: "producers", Value: "4"}}, 8, 4},
		{"remote_spawn", []record.Param{{Name: "producers", Value: "2"}}, 2, 1},
		{"ping_pong", nil, 8, 4}, // Tokio's number
	} {
		cells, err := matrix.Cells(catalog.Default(), matrix.Selection{
			Workloads: []string{test.workload}, Impls: []string{"bitmap"}, Parks: []string{"cond"}, Params: test.params, CPUs: test.cpus, Size: matrix.Quick,
		})
		cells = slices.DeleteFunc(cells, func(c record.Cell) bool { return c.Impl != "bitmap" })
		if err != nil || len(cells) != 1 || cells[0].Workers != test.want {
			t.Errorf("%s on %d CPUs: got %v, %v; want %d workers", test.workload, test.cpus, cells, err, test.want)
		}
	}
}

// Workers leave cores for the other threads, where two CPUs share one.
func TestDefaultWorkersOnSiblings(t *testing.T) {
	for _, test := range []struct{ cpus, cores, want int }{{8, 8, 6}, {8, 0, 6}, {8, 4, 2}, {4, 2, 1}, {2, 1, 1}} {
		cells, err := matrix.Cells(catalog.Default(), matrix.Selection{
			Workloads: []string{"wake"}, Impls: []string{"bitmap"}, Parks: []string{"go-cond"}, CPUs: test.cpus, Cores: test.cores, Size: matrix.Quick,
		})
		cells = slices.DeleteFunc(cells, func(c record.Cell) bool { return c.Impl != "bitmap" })
		if err != nil || len(cells) != 1 || cells[0].Workers != test.want {
			t.Errorf("%d CPUs on %d cores: got %v, %v; want %d workers", test.cpus, test.cores, cells, err, test.want)
		}
	}
}

// The quick matrix has what the machine has CPUs for.
func TestQuickFits(t *testing.T) {
	c := catalog.Default()
	for _, cpus := range []int{1, 2, 8} {
		cells, err := matrix.Cells(c, matrix.Selection{Size: matrix.Quick, CPUs: cpus})
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range cells {
			spec, err := matrix.Spec(c, cell, nil)
			if err != nil {
				t.Fatal(err)
			}
			if needs := spec.Workload.Needs(spec.Values, cell.Workers); needs > cpus {
				t.Errorf("%s needs %d CPUs, and there are %d", cell.Name(), needs, cpus)
			}
		}
	}
}

func TestCellsErrors(t *testing.T) {
	for _, test := range []struct {
		selection matrix.Selection
		want      string
	}{
		{matrix.Selection{Impls: []string{"none"}}, `unknown implementation "none"; there are floor, goroutine, platform, any, own, other, all`},
		{matrix.Selection{Impls: []string{"othr"}}, `unknown implementation "othr"; did you mean other?`},
		{matrix.Selection{Parks: []string{"c"}}, "parker c: not on this system"},
		{matrix.Selection{Workloads: []string{"many"}, Params: []record.Param{{Name: "x", Value: "1"}}}, "the chosen workloads have none"},
		{matrix.Selection{Impls: []string{"own"}, Parks: []string{"a"}}, "own goes with parker go-self, self"},
		{matrix.Selection{Parks: []string{"none-such"}}, `unknown parker "none-such"; there are `},
		{matrix.Selection{Impls: []string{"floor"}, Workloads: []string{"many"}}, "nothing to measure: workload many runs several tasks at once, floor holds one"},
		{matrix.Selection{Workers: []int{1025}}, "1025 workers: want 1 to 1024"},
	} {
		if _, err := matrix.Cells(small(), test.selection); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: got error %v, want one with %q", test.selection, err, test.want)
		}
	}
}

// The calibrations are in every matrix, each once, unless some are named.
func TestCalibrations(t *testing.T) {
	all := []string{
		"PlatformClock/impl=platform/park=none/workers=1",
		"PlatformOffset/impl=platform/park=none/workers=1",
		"PlatformHiccup/impl=platform/park=none/workers=1",
	}
	for _, size := range []matrix.Size{matrix.Quick, matrix.Normal, matrix.Full} {
		for _, test := range []struct {
			selection matrix.Selection
			want      []string
		}{
			{matrix.Selection{}, all},
			{matrix.Selection{Impls: []string{"bitmap"}}, all},
			{matrix.Selection{Impls: []string{"bitmap", "platform"}}, all},
			{matrix.Selection{Impls: []string{"platform"}}, all},
			{matrix.Selection{Parks: []string{"cond"}}, all},
			{matrix.Selection{Workers: []int{3, 5}}, all},
			{matrix.Selection{Workloads: []string{"ping_pong"}}, all},
			{matrix.Selection{Workloads: []string{"wake", "platform_clock"}, Impls: []string{"bitmap"}}, all[:1]},
			{matrix.Selection{Workloads: []string{"platform_hiccup"}}, all[2:]},
		} {
			s := test.selection
			s.Size, s.CPUs = size, 2
			cells, err := matrix.Cells(catalog.Default(), s)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range cells {
				if calibrate.Is(c.Workload) != (c.Impl == "platform") {
					t.Errorf("%s is in the matrix", c.Name())
				}
				if calibrate.Is(c.Workload) {
					got = append(got, c.Name())
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", s, diff)
			}
		}
	}
	if _, err := matrix.Cells(catalog.Default(), matrix.Selection{Workloads: []string{"platform_clock"}, Impls: []string{"bitmap"}, CPUs: 2}); err == nil {
		t.Error("bitmap was asked for, and is not in the matrix; no error")
	}
}

// Every cell of the default matrix can be measured.
func TestSpecOfEveryCell(t *testing.T) {
	c := catalog.Default()
	cells, err := matrix.Cells(c, matrix.Selection{Size: matrix.Full, CPUs: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range cells {
		if err := cell.Validate(); err != nil {
			t.Error(err)
		}
		spec, err := matrix.Spec(c, cell, cpu.SetOf(0))
		if err != nil {
			t.Errorf("%s: %v", cell.Name(), err)
			continue
		}
		if spec.Workload.Name != cell.Workload || spec.Subject.Impl != cell.Impl || spec.Subject.Park != cell.Park ||
			spec.Workers != cell.Workers || !slices.Equal(spec.CPUs, cpu.SetOf(0)) {
			t.Errorf("%s: got %+v", cell.Name(), spec)
		}
	}
}

// The limit on workers is the host's.
func TestMaxWorkers(t *testing.T) {
	_, err := matrix.Cells(small(), matrix.Selection{Workers: []int{host.MaxCores}, CPUs: 1})
	if err != nil {
		t.Error(err)
	}
}
