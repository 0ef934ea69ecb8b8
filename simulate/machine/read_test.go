package machine

import (
	"errors"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/idlebench/idlebench/simulate"
)

// example returns a file of a machine with all distances.
func example(t testing.TB) string {
	t.Helper()
	f, err := Load("epyc-rome")
	if err != nil {
		t.Fatal(err)
	}
	f.Name = "example"
	f.Calibration = &Calibration{
		Facts:   map[string]string{"kernel": "6.17", "cpu model": `the "fast" one`},
		CPUs:    []int{0, 2},
		Lines:   [][]int64{{0, 25 * ns}, {25 * ns, 0}},
		Figures: map[string]Constant{"store": {5 * ns, "bench", 4 * ns, 7 * ns}},
		Wakes:   []Wake{{Gap: 10 * us, Waker: Constant{2 * us, "bench", us, 3 * us}, Sleeper: Constant{4 * us, "bench", 0, 0}}},
	}
	f.Sources["bench"] = Source{Measured, "by the test"}
	return string(f.Format())
}

// Every mistake is reported with the line and the field where it is, and says what is
// allowed there.
func TestMistakes(t *testing.T) {
	const cost = `rmw = { value = "5.3 ns", source = "locked" }`
	for _, test := range []struct{ old, new, want string }{
		// The file as a whole.
		{`format = 2`, `format = 3`, `m.toml:1: format: is the number 3; this program reads formats 1 and 2`},
		{`format = 2`, ``, `m.toml:1: format: missing; want format = 2, before all tables`},
		{`format = 2`, `format = `, `m.toml:1: `},
		{`name = "example"`, `name = "Big One"`, `m.toml:2: name: "Big One"; want at most 64 lower-case letters, digits, dots and hyphens`},
		{`name = "example"`, `name = 7`, `m.toml:2: name: is the number 7; want a short name`},
		{`name = "example"`, "name = \"example\"\nnama = \"x\"", `m.toml:3: nama: unknown field; did you mean name?`},
		{`[topology]`, `[topologie]`, `topologie: unknown field; did you mean topology?`},
		{`[topology]`, "[[topology]]", `topology: is a list; want a table`},

		// Topology.
		{`sockets = 2`, `sockets = 0`, `m.toml:6: topology.sockets: 0 is out of range; want a whole number from 1 to 4096`},
		{`sockets = 2`, `sockets = 2.5`, `m.toml:6: topology.sockets: is the number 2.5; want a whole number from 1 to 4096`},
		{`threads = 2`, `threads = 3`, `topology.threads: 3 is out of range; want a whole number from 1 to 2`},
		{`cores = 4`, `cores = 4000`, `m.toml:5: topology: has 256000 CPUs; want at most 4096`},
		{`caches = 16`, `cashes = 16`, `topology.cashes: unknown field; did you mean caches?`},
		{`caches = 16`, `cashes = 16`, `topology.caches: missing; want a whole number from 1 to 4096`},
		{`sockets = 2`, "sockets = 2\ncpus = [[0, 0, 0]]", `topology.sockets: is given as well as cpus; want one of the two`},
		{`source = "topology"`, ``, `m.toml:5: topology.source: missing; want the name of a source; each figure has one`},

		// Constants.
		{cost, ``, `m.toml:12: costs.rmw: missing: an atomic read-modify-write of a line that the CPU owns, on top of hit; want { value = "25 ns", source = … }`},
		{cost, `rmww = { value = "5.3 ns", source = "locked" }`, `m.toml:16: costs.rmww: unknown field; did you mean rmw?`},
		{cost, `rmw = 5.3`, `m.toml:16: costs.rmw: is the number 5.3; want a table`},
		{cost, `rmw = { value = 5.3, source = "locked" }`, `m.toml:16: costs.rmw.value: is the number 5.3; want a number and one of ps, ns, us, ms, s, such as "25 ns"`},
		{cost, `rmw = { value = "5.3", source = "locked" }`, `m.toml:16: costs.rmw.value: "5.3" has no unit; want a number and one of`},
		{cost, `rmw = { value = "5.3 cycles", source = "locked" }`, `m.toml:16: costs.rmw.value: "5.3 cycles" has the wrong unit; want a number and one of`},
		{cost, `rmw = { value = "five ns", source = "locked" }`, `costs.rmw.value: "five ns" `},
		{cost, `rmw = { value = "0.0001 ns", source = "locked" }`, `costs.rmw.value: "0.0001 ns" is too large, or has more digits than a picosecond`},
		{cost, `rmw = { value = "-5.3 ns", source = "locked" }`, `m.toml:16: costs.rmw.value: -5.3 ns is out of range; want 0 ns to 200 ns`},
		{cost, `rmw = { value = "5.3 us", source = "locked" }`, `m.toml:16: costs.rmw.value: 5.3 us is out of range; want 0 ns to 200 ns`},
		{cost, `rmw = { value = "5.3 ns" }`, `m.toml:16: costs.rmw.source: missing; want the name of a source; each figure has one`},
		{cost, `rmw = { value = "5.3 ns", source = "loked" }`, `m.toml:16: costs.rmw.source: there is no [sources.loked]; want one of bench, cache, `},
		{cost, `rmw = { value = "5.3 ns", source = "locked", unit = "ns" }`, `m.toml:16: costs.rmw.unit: unknown field; there are value, source, low, high`},
		{cost, `rmw = { value = "5.3 ns", source = "locked", low = "5 ns", high = "6 ns" }`, `costs.rmw.low: is for figures that were measured; this one is assumed`},
		{cost, `rmw = { value = "5.3 ns", source = "bench", low = "7 ns", high = "6 ns" }`, `costs.rmw.low: is more than high`},
		{cost, `rmw = { value = "5.3 ns", source = "bench", low = "7 ns" }`, `costs.rmw.high: missing; want a number and one of`},
		{`value = "60 %", source = "overlap"`, `value = "60 ns", source = "overlap"`, `costs.overlap.value: "60 ns" has the wrong unit; want a number and %, such as "40 %"`},
		{`value = "60 %", source = "overlap"`, `value = "101 %", source = "overlap"`, `costs.overlap.value: 101 % is out of range; want 0 % to 100 %`},
		{`value = "1024"`, `value = "0"`, `costs.buckets.value: 0 is out of range; want 1 to 1048576`},
		{`sockets = 2`, `sockets = 1`, `costs.other_socket: no two CPUs of the topology are at that distance; remove it`},

		// Idle states.
		{`name = "C2"`, ``, `idle[1].name: missing; want the name of the state`},
		{`after = { value = "800 us"`, `after = { value = "1 us"`, `idle[1].after: is not later than that of C1; want states with the shallowest first`},
		{`exit = { value = "50 us"`, `exit = { value = "0 us"`, `idle[1].exit: is shorter than that of C1; want states with the shallowest first`},
		{`exit = { value = "50 us"`, `exit = { value = "5 min"`, `idle[1].exit.value: "5 min" has the wrong unit`},

		// Sources.
		{`assumed = "about`, `guessed = "about`, `sources.dram.guessed: unknown field; there are measured, cited, assumed`},
		{`assumed = "about`, "cited = \"a\"\nassumed = \"about", `sources.dram: has 2 kinds; want one of measured = how, cited = where, assumed = why`},
		{`assumed = "about 100 ns is usual for memory of the same socket. The same in all presets."`, `assumed = " "`, `sources.dram.assumed: is empty; want text`},
		{`[sources.dram]`, "[sources.more]\ncited = \"x\"\n[sources.dram]", `sources.more: no figure has this source; use it or remove it`},

		// The calibration.
		{`cpus = [0, 2]`, `cpus = [0]`, `calibration.lines: has 2 rows for 1 CPUs; want as many, at most 512`},
		{`["25 ns", "0 ns"]`, `["26 ns", "0 ns"]`, `calibration.lines[1][0]: want the same as from CPU 0 to 2, and 0 from a CPU to itself`},
		{`["25 ns", "0 ns"]`, `["25 ns"]`, `calibration.lines[1]: has 1 times for 2 CPUs`},
		{`gap = "10 us"`, `gap = "10 minutes"`, `calibration.wakes[0].gap: "10 minutes" has the wrong unit`},
	} {
		base := example(t)
		if !strings.Contains(base, test.old) {
			t.Errorf("the example has no %q", test.old)
			continue
		}
		_, err := Read("m.toml", []byte(strings.Replace(base, test.old, test.new, 1)))
		var wrong Mistakes
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\n\tinstead of %s\n\tgot  %v\n\twant %s", test.new, test.old, err, test.want)
		}
	}
}

// All mistakes of a file are found at once, in the order of its lines.
func TestAllMistakes(t *testing.T) {
	text := strings.NewReplacer(`sockets = 2`, `sockets = "two"`, `"C1"`, `""`, `assumed = "about`, `guessed = "about`).Replace(example(t))
	_, err := Read("m.toml", []byte(text))
	var wrong Mistakes
	if !errors.As(err, &wrong) || len(wrong) != 3 {
		t.Fatalf("%v", err)
	}
	if !slices.IsSortedFunc(wrong, func(a, b Mistake) int { return a.Line - b.Line }) {
		t.Errorf("%v", err)
	}
	var first Mistake
	if !errors.As(err, &first) || first.Field != "topology.sockets" {
		t.Errorf("%+v", first)
	}
}

// Lines are right in all ways of writing tables.
func TestPositions(t *testing.T) {
	got := positions([]byte(`a = 1
b.c = 2

[d.e]
f = { g = 3, h = [
  4,
  { i = 5 },
] }
[[j]]
k = 6
[[j]]
k = 7
[j.l]
m = 8
[[j.n]]
"o p" = 9
q = [
  [
    1,
    "a" ],
  [], [ [2] ] ]
`))
	want := map[string]int{
		".a": 1, ".b": 2, ".b.c": 2, ".d": 4, ".d.e": 4,
		".d.e.f": 5, ".d.e.f.g": 5, ".d.e.f.h": 5, ".d.e.f.h[0]": 6, ".d.e.f.h[1]": 7, ".d.e.f.h[1].i": 7,
		".j": 9, ".j[0]": 9, ".j[0].k": 10, ".j[1]": 11, ".j[1].k": 12, ".j[1].l": 13, ".j[1].l.m": 14,
		".j[1].n": 15, ".j[1].n[0]": 15, ".j[1].n[0].o p": 16,
		".j[1].n[0].q": 17, ".j[1].n[0].q[0]": 19, ".j[1].n[0].q[0][0]": 19, ".j[1].n[0].q[0][1]": 20,
		// An empty list has no place of its own, and gets that of the one before it.
		".j[1].n[0].q[1]": 19, ".j[1].n[0].q[2]": 21, ".j[1].n[0].q[2][0]": 21, ".j[1].n[0].q[2][0][0]": 21,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// An irregular machine lists its CPUs.
func TestPlaces(t *testing.T) {
	base := example(t)
	from, to := strings.Index(base, "sockets ="), strings.Index(base, `source = "topology"`)
	for places, want := range map[string]string{
		"[[3, 2, 1], [0, 0, 0], [2, 1, 0], [0, 0, 0], [1, 0, 0]]": "",
		"[]":                                "topology.cpus: has 0 CPUs; want 1 to 4096",
		"[[0, 0]]":                          "topology.cpus[0]: has 2 numbers; want 3",
		"[[0, 0, -1]]":                      "topology.cpus[0][2]: -1 is out of range",
		"[[0, 0, 0], [0, 1, 0]]":            "topology.cpus[1]: core 0 has cache 1 here and 0 before",
		"[[0, 0, 0], [1, 0, 1]]":            "topology.cpus[1]: cache 0 is of socket 1 here and of 0 before",
		"[[0, 0, 0], [0, 0, 0], [0, 0, 0]]": "topology.cpus[2]: core 0 has 3 threads; want at most 2",
	} {
		f, err := Read("m.toml", []byte(base[:from]+"cpus = "+places+"\n"+base[to:]))
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", places, err, want)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		// By socket, cache and core; the second thread of core 0 is last.
		order := []simulate.CPU{{Core: 0}, {Core: 1}, {Core: 2, Cache: 1}, {Core: 3, Cache: 2, Socket: 1}, {Core: 0}}
		if diff := cmp.Diff(order, f.All().CPUs); diff != "" {
			t.Error(diff)
		}
		again, err := Read("m.toml", f.Format())
		if diff := cmp.Diff(f, again); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
}

// Every figure of the simulator's machine has a key, so that no cost is silently 0.
func TestEveryCostHasAKey(t *testing.T) {
	fields := make(map[string]bool)
	add := func(typ reflect.Type) {
		for i := range typ.NumField() {
			if k := typ.Field(i).Type.Kind(); k == reflect.Int64 || k == reflect.Int {
				fields[typ.Field(i).Name] = true
			}
		}
	}
	add(reflect.TypeFor[simulate.Costs]())
	add(reflect.TypeFor[simulate.Machine]())
	for _, c := range constants {
		var m simulate.Machine
		c.set(&m, 7)
		for _, v := range []reflect.Value{reflect.ValueOf(m.Costs), reflect.ValueOf(m)} {
			for i := range v.NumField() {
				if f := v.Field(i); f.CanInt() && f.Int() == 7 {
					delete(fields, v.Type().Field(i).Name)
				}
			}
		}
	}
	if len(fields) > 0 {
		t.Errorf("no key for %v", slices.Sorted(maps.Keys(fields)))
	}
}

// Quantities are the same when written and read again, and are read exactly.
func TestQuantities(t *testing.T) {
	for text, want := range map[string]int64{
		"25 ns": 25000, "25ns": 25000, "0.5 ns": 500, "1 ps": 1, "2.8 ms": 2_800_000_000, "1 s": s,
		"3 us": 3 * us, "3 µs": 3 * us, "3 μs": 3 * us, "-1 ns": -1000, "0 ns": 0,
	} {
		if got, err := duration.parse(text); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "ns", " ns", "1 n", "1e3 ns", "0x1 ns", "1. ns", ".5 ns", "1/2 ns", "+1 ns", "1 ns ", "1 Ns", "99999999999999999999 s", "0.0001 ns", "1_0 ns", "∞ ns"} {
		if got, err := duration.parse(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom([]dimension{duration, share, count}).Draw(t, "dimension")
		value := rapid.Int64().Draw(t, "value")
		text := d.format(value)
		if got, err := d.parse(text); err != nil || got != value {
			t.Fatalf("%d is written as %s and read as %d, %v", value, text, got, err)
		}
	})
}

// What is read, written and read again is the same, whatever is in the texts.
func TestRoundTripOfFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, err := Load(rapid.SampledFrom(Presets()).Draw(t, "preset"))
		if err != nil {
			t.Fatal(err)
		}
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab \\\"\n\t\r\x01é漢#'=")), 1, 300, -1).Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
		f.Description = text.Draw(t, "description")
		f.Title = strings.ReplaceAll(text.Draw(t, "title"), "\n", " ") + "."
		for _, key := range slices.Sorted(maps.Keys(f.Sources)) {
			f.Sources[key] = Source{f.Sources[key].Kind, text.Draw(t, key)}
		}
		again, err := Read("m.toml", f.Format())
		if err != nil {
			t.Fatalf("%v\n%s", err, f.Format())
		}
		if diff := cmp.Diff(f, again); diff != "" {
			t.Fatalf("(-was +is)\n%s\n%s", diff, f.Format())
		}
	})
}

// No content makes the reader fail but by Mistakes, all with a line of the file; and
// what it accepts can be simulated, and is the same when written and read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(example(f)))
	calibrated, err := os.ReadFile("testdata/calibrated.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(calibrated)
	f.Add([]byte("[topology]\nsource = \"s\"\ncpus = [[0, 0, 0], [0, 0, 0], [1, 1, 0]]\n[sources]\ns.assumed = \"x\""))
	for _, text := range []string{"", "format = 1", "a = [[[1]]]", "[a]\n[[a.b]]\nc = {d = {}}", "x = \"\"\"\n\"\"\""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Read("m.toml", data)
		if err != nil {
			var wrong Mistakes
			if !errors.As(err, &wrong) || len(wrong) == 0 {
				t.Fatalf("%T: %v", err, err)
			}
			lines := 1 + strings.Count(string(data), "\n")
			for _, m := range wrong {
				if m.Line < 1 || m.Line > lines || m.Text == "" {
					t.Fatalf("%+v in a file of %d lines", m, lines)
				}
			}
			return
		}
		if err := got.All().Check(); err != nil {
			t.Fatal(err)
		}
		again, err := Read("m.toml", got.Format())
		if err != nil {
			t.Fatalf("%v\n%s", err, got.Format())
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A file of the first format lacks go_handoff, which was as go_wake then, and stays such a file
// when it is written. A file of this format has to have it.
func TestFirstFormat(t *testing.T) {
	text, err := os.ReadFile("testdata/calibrated.toml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read("m.toml", text)
	if err != nil {
		t.Fatal(err)
	}
	if m := f.All(); m.GoHandoff != m.GoWake || m.GoWake == 0 {
		t.Errorf("go_handoff %v, go_wake %v", m.GoHandoff, m.GoWake)
	}
	if got := string(f.Format()); !strings.HasPrefix(got, "format = 1\n") || strings.Contains(got, handoff) {
		t.Errorf("it became\n%.200s", got)
	}
	second := strings.Replace(string(text), "format = 1", "format = 2", 1)
	if _, err := Read("m.toml", []byte(second)); err == nil || !strings.Contains(err.Error(), "costs.go_handoff: missing") {
		t.Errorf("in the second format: %v", err)
	}
}
