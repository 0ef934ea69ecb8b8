package machine

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/simulate"
)

var rewrite = flag.Bool("rewrite", false, "write the presets in their canonical form")

// Presets are in the form in which files are written, so that a difference between two
// versions of one is a difference of the machine.
func TestPresets(t *testing.T) {
	names := Presets()
	for _, want := range []string{"epyc-rome", "epyc-milan", "xeon-cascade-lake", "xeon-ice-lake", "graviton3", "ryzen-7950x", "made-up-1024"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no %s in %v", want, names)
		}
	}
	for _, name := range names {
		f, err := Load(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if f.Name != name {
			t.Errorf("%s calls itself %s", name, f.Name)
		}
		if err := f.All().Check(); err != nil {
			t.Error(err)
		}
		path := filepath.Join("presets", name+extension)
		if *rewrite {
			if err := os.WriteFile(path, f.Format(), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, f.Format()) {
			t.Errorf("%s is not in canonical form; run go test -run %s -rewrite\n%s", path, t.Name(), cmp.Diff(string(f.Format()), string(data)))
		}
	}
}

const page = "../../docs/machines.md"

// The page has the presets' table, and its example is a machine.
func TestPage(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), "<!-- presets -->\n")
	_, after, ends := strings.Cut(rest, "<!-- end -->")
	if !begins || !ends {
		t.Fatal("no marks around the table")
	}
	want := before + "<!-- presets -->\n" + table(t) + "<!-- end -->" + after
	if *rewrite {
		if err := os.WriteFile(page, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if want != string(text) {
		t.Errorf("the table is not that of the presets; run go test -run 'TestPresets|TestPage' -rewrite\n%s", cmp.Diff(want, string(text)))
	}
	_, example, _ := strings.Cut(string(text), "```toml\n")
	example, _, _ = strings.Cut(example, "```")
	if _, err := Read("example", []byte(example)); err != nil {
		t.Error(err)
	}
}

// table returns the presets as a table.
func table(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| name | machine | CPUs | same core | same cache | same socket | other socket | idle states | look | cited, assumed |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, name := range Presets() {
		f, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %d ", name, f.Title, f.CPUs())
		for _, key := range []string{"same_core", "same_cache", "same_socket", "other_socket"} {
			text := "–"
			if c, ok := f.Costs[key]; ok {
				text = strings.TrimSuffix(duration.format(c.Value), " ns")
			}
			fmt.Fprintf(&b, "| %s ", text)
		}
		var states []string
		for _, r := range f.IdleRows() {
			states = append(states, r.Name+" "+r.Exit)
		}
		n := f.Count()
		fmt.Fprintf(&b, "| %s | %s | %d, %d |\n", strings.Join(states, ", "), duration.format(f.Costs["look"].Value), n[Cited], n[Assumed])
	}
	return b.String()
}

// A machine that does not exist says so wherever it is named.
func TestMadeUp(t *testing.T) {
	f, err := Load("made-up-1024")
	if err != nil {
		t.Fatal(err)
	}
	cores := make(map[int]bool)
	for _, c := range f.All().CPUs {
		cores[c.Core] = true
	}
	if len(cores) != 1024 {
		t.Errorf("it has %d cores", len(cores))
	}
	if !strings.Contains(f.Title, "made-up") || !strings.Contains(f.Description, "does not exist") {
		t.Errorf("%q, %q", f.Title, f.Description)
	}
	for key, s := range f.Sources {
		if s.Kind == Measured {
			t.Errorf("%s was measured on a machine that does not exist", key)
		}
	}
}

// What was not published is assumed to be the same on all machines: otherwise a
// difference between two machines would be one between two guesses. Exceptions follow a
// rule that the source states.
func TestAssumptionsAreShared(t *testing.T) {
	byRule := []string{"rmw", "look"} // cycles at the machine's clock
	type guess struct {
		value        int64
		text, preset string
	}
	seen := make(map[string]guess)
	for _, name := range Presets() {
		f, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "made-up-1024" {
			continue
		}
		for key, c := range f.Costs {
			s := f.Sources[c.Source]
			if s.Kind != Assumed || slices.Contains(byRule, key) {
				continue
			}
			g := guess{c.Value, s.Text, name}
			if before, ok := seen[key]; ok && (before.value != g.value || before.text != g.text) {
				t.Errorf("%s is assumed to be %d (%s) and %d (%s)", key, before.value, before.preset, g.value, name)
			}
			seen[key] = g
		}
	}
	if len(seen) < 10 {
		t.Errorf("compared %d constants", len(seen))
	}
}

// Published ways of lines include the operation that moves them. A simulated round trip
// on the preset has to take what was published: this is what the constants are for.
func TestRoundTrip(t *testing.T) {
	for _, test := range []struct {
		preset string
		a, b   int // in the order of a machine's CPUs
		want   float64
	}{
		{"epyc-rome", 0, 128, 8}, {"epyc-rome", 0, 1, 25.3}, {"epyc-rome", 0, 4, 132.1}, {"epyc-rome", 0, 64, 266.7},
		{"epyc-milan", 0, 96, 9.8}, {"epyc-milan", 0, 7, 22.7}, {"epyc-milan", 0, 8, 107.6}, {"epyc-milan", 0, 48, 198.3},
		{"xeon-cascade-lake", 0, 1, 46.6}, {"xeon-cascade-lake", 0, 24, 134.1},
		{"xeon-ice-lake", 0, 31, 51.3}, {"xeon-ice-lake", 0, 32, 107.8},
		{"graviton3", 0, 63, 46.4},
		{"ryzen-7950x", 0, 7, 15.7}, {"ryzen-7950x", 0, 8, 72.7},
	} {
		f, err := Load(test.preset)
		if err != nil {
			t.Fatal(err)
		}
		m := f.All()
		m.Sibling, m.Jitter = 0, 0 // the published figure has them in it
		if got := halfRoundTrip(t, m, test.a, test.b); math.Abs(got-test.want) > max(0.3, 0.02*test.want) {
			t.Errorf("%s, CPUs %d and %d: %.1f ns, published are %.1f", test.preset, test.a, test.b, got, test.want)
		}
	}
}

// halfRoundTrip passes a line between two CPUs as core-to-core-latency does: both
// compare-and-swap it until they succeed. In nanoseconds.
func halfRoundTrip(t *testing.T, m *simulate.Machine, a, b int) float64 {
	const trips = 10_000
	var took simulate.Time
	_, err := simulate.Run(m, 1, func() {
		var line simulate.Int32
		simulate.Pin(a)
		var done simulate.Int32
		simulate.Go(func() {
			simulate.Pin(b)
			for range trips {
				for !line.CompareAndSwap(1, 0) {
				}
			}
			done.Store(1)
		})
		start := simulate.Now()
		for range trips {
			for !line.CompareAndSwap(0, 1) {
			}
		}
		took = simulate.FromDuration(simulate.Now().Duration() - start.Duration())
		simulate.Spin(-1, func() bool { return done.Load() == 1 })
	})
	if err != nil {
		t.Fatal(err)
	}
	return float64(took) / trips / 2 / float64(simulate.Nanosecond)
}

func TestFirst(t *testing.T) {
	f, err := Load("epyc-rome")
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.First(17)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]simulate.CPU, 17)
	for i := range want {
		want[i] = simulate.CPU{Core: i, Cache: i / 4}
	}
	if diff := cmp.Diff(want, m.CPUs); diff != "" {
		t.Error(diff)
	}
	if all := f.All(); all.CPUs[128] != all.CPUs[0] || all.CPUs[64].Socket != 1 {
		t.Errorf("%v, %v", all.CPUs[128], all.CPUs[64])
	}
	for _, n := range []int{0, 257} {
		if _, err := f.First(n); err == nil {
			t.Errorf("it has %d CPUs", n)
		}
	}
	if _, err := f.First(256); err != nil {
		t.Error(err)
	}
}

func TestLoad(t *testing.T) {
	for name, want := range map[string]string{
		"epyc-rom":      "did you mean epyc-rome?",
		"vax":           "there are epyc-milan",
		"./none.toml":   "no such file",
		"presets/x":     "no such file",
		"epyc-milan.to": "did you mean epyc-milan?",
	} {
		if _, err := Load(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// A list of CPUs that is regular is written as four numbers.
func TestTopologyOf(t *testing.T) {
	for _, name := range Presets() {
		f, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := TopologyOf(f.All().CPUs, f.Topology.Source); !cmp.Equal(got, f.Topology) {
			t.Errorf("%s: %+v, want %+v", name, got, f.Topology)
		}
	}
	for _, irregular := range [][]simulate.CPU{
		{{Core: 0}, {Core: 0}, {Core: 1}},
		{{Core: 0}, {Core: 1}, {Core: 2, Cache: 1}},
		{{Core: 0}, {Core: 1, Cache: 1}, {Core: 2, Cache: 2, Socket: 1}},
	} {
		if got := TopologyOf(irregular, "s"); !cmp.Equal(got.Places, irregular) || got.Sockets != 0 {
			t.Errorf("%v: %+v", irregular, got)
		}
	}
}
