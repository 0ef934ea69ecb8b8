package source_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// record makes a result folder in an empty working directory.
func writeRun(t *testing.T, rounds int, change func(*record.Launch) error) string {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := sourcetest.Record("run", rounds, change); err != nil {
		t.Fatal(err)
	}
	return "run"
}

// write makes a file in an empty working directory.
func write(t *testing.T, name, text string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func open(t *testing.T, filter string, paths ...string) *source.Source {
	t.Helper()
	s, err := source.Open(filter, paths...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// notUsed returns the entries as text.
func notUsed(s *source.Source) (list []string) {
	for _, n := range s.NotUsed {
		list = append(list, n.String())
	}
	return list
}

const (
	bitmap  = "Wake/impl=bitmap/park=futex/workers=1/gap=200us"
	mutexes = "Wake/impl=mutexonly/park=futex/workers=1/gap=200us"
	floor   = "Wake/impl=floor/park=futex/workers=1/gap=200us"
)

// unlucky makes one launch of bitmap invalid and lets another one fail.
func unlucky(l *record.Launch) error {
	if l.Cell.Name() == bitmap {
		switch l.Round {
		case 1:
			l.Invalid = []string{"steal"}
		case 2:
			return errors.New("it hung")
		}
	}
	return nil
}

func TestFolder(t *testing.T) {
	s := open(t, "", writeRun(t, 4, unlucky))
	if len(s.NotUsed) > 0 {
		t.Errorf("not used: %q", notUsed(s))
	}
	in := s.Inputs[0]
	if in.Kind != source.Folder || in.Partial() != "" || in.File != filepath.Join("run", "bench.txt") {
		t.Errorf("kind %s, partial %q, file %s", in.Kind, in.Partial(), in.File)
	}
	if want := 4*len(sourcetest.Cells()) - 1; len(in.Launches) != want {
		t.Errorf("%d launches, want %d", len(in.Launches), want)
	}
	data, err := os.ReadFile(in.File)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Split(string(data), "\n")
	for i, l := range in.Launches {
		if l.Index != i || !strings.Contains(text[l.Line-1], "Benchmark"+l.Name) {
			t.Errorf("launch %d has index %d and line %d, which is %.60q", i, l.Index, l.Line, text[l.Line-1])
		}
	}
	c := in.Cell(bitmap)
	if len(c.Launches) != 3 || len(c.Valid()) != 2 || len(c.Failures) != 1 {
		t.Errorf("%s: %d launches, %d valid, %d failures; want 3, 2, 1", c.Name, len(c.Launches), len(c.Valid()), len(c.Failures))
	}
	if n := c.Latency.TotalCount(); n != 400 {
		t.Errorf("%d samples of the valid launches, want 400", n)
	}
	if got := c.Values("p50-sec/wake"); len(got) != 2 || math.Abs(got[0]*1e9-c.Values("p50-ns/wake")[0]) > 1e-6 {
		t.Errorf("in seconds %v, in nanoseconds %v", got, c.Values("p50-ns/wake"))
	}
	if u := in.Unit("p50-sec/wake"); u.Name != "p50-ns/wake" || u.Better != record.Lower {
		t.Errorf("unit %+v", u)
	}
	for name, want := range map[string]record.Role{
		bitmap: record.Implementation, floor: record.Floor,
		"Wake/impl=goroutine/park=go/workers=1/gap=200us": record.Reference,
		"PlatformClock/impl=platform/park=none/workers=1": record.Calibration,
	} {
		if c := in.Cell(name); c == nil || c.Role != want {
			t.Errorf("%s: %+v, want the role %s", name, c, want)
		}
	}
}

// A benchmark file that was taken out of its folder has kept its launches.
func TestFolderAsFile(t *testing.T) {
	dir := writeRun(t, 4, unlucky)
	s := open(t, "", dir, filepath.Join(dir, "bench.txt"))
	folder, file := s.Inputs[0], s.Inputs[1]
	if file.Kind != source.Benchmark || len(s.NotUsed) > 0 {
		t.Errorf("kind %s, not used %q", file.Kind, notUsed(s))
	}
	type launch struct {
		Name                 string
		Line, Round, Attempt int
		Start                time.Time
		Invalid              []string
		Metrics              []record.Metric
		Conditions           []record.Pair
	}
	list := func(in *source.Input) (all []launch) {
		for _, l := range in.Launches {
			all = append(all, launch{l.Name, l.Line, l.Round, l.Attempt, l.Start, l.Invalid, l.Metrics, l.Conditions})
		}
		return all
	}
	if diff := cmp.Diff(list(folder), list(file)); diff != "" {
		t.Errorf("-folder +file:\n%s", diff)
	}
	if diff := cmp.Diff(folder.Config, file.Config); diff != "" {
		t.Errorf("configuration, -folder +file:\n%s", diff)
	}
}

func TestFilter(t *testing.T) {
	dir := writeRun(t, 2, nil)
	bench := filepath.Join(dir, "bench.txt")
	for _, test := range []struct {
		filter   string
		launches int
		metrics  int // of the first
	}{
		{"*", 20, 4},
		{"/impl:bitmap", 6, 4},
		{"/impl:bitmap AND .unit:p50-ns/wake", 4, 1},
		{".unit:(p50-sec/wake OR cost-ns/task)", 14, 2},
		{"cpu:nothing", 0, 0},
		{".name:Burst", 4, 3},
	} {
		s := open(t, test.filter, dir, bench)
		for _, in := range s.Inputs {
			got := 0
			if len(in.Launches) > 0 {
				got = len(in.Launches[0].Metrics)
			}
			if len(in.Launches) != test.launches || got != test.metrics {
				t.Errorf("%s: %s: %d launches, the first with %d metrics; want %d and %d", in.Name, test.filter, len(in.Launches), got, test.launches, test.metrics)
			}
		}
		if in := s.Inputs[0]; len(in.Run.Recorded) != test.launches {
			t.Errorf("%s: the run has %d launches, want %d", test.filter, len(in.Run.Recorded), test.launches)
		}
		if len(s.NotUsed) > 0 {
			t.Errorf("%s: not used: %q", test.filter, notUsed(s))
		}
	}
	if _, err := source.Open("("); err == nil {
		t.Error("a filter that makes no sense is no error")
	}
}

// A folder that was killed, cut or changed.
func TestBrokenFolder(t *testing.T) {
	for _, test := range []struct {
		name     string
		do       func(t *testing.T)
		launches int
		want     []string // parts of the entries of NotUsed, with the lines of the {first} and {last} launch
	}{
		{"torn", func(t *testing.T) {
			edit(t, "run/bench.txt", func(b []byte) []byte { return b[:len(b)-20] })
			running(t)
		}, 19,
			[]string{"run/bench.txt:"}},
		{"no manifest", func(t *testing.T) { remove(t, "run/run.json") }, 0, []string{"run: the folder's run is not used: it is not a result folder"}},
		{"a changed plan", func(t *testing.T) {
			edit(t, "run/run.json", func(b []byte) []byte { return bytes.Replace(b, []byte(`"seed": "`), []byte(`"seed": "1`), 1) })
		}, 0, []string{"run/run.json: plan.seed: changed after it was written"}},
		{"a changed number", func(t *testing.T) {
			edit(t, "run/bench.txt", func(b []byte) []byte { return bytes.Replace(b, []byte("\t100\t"), []byte("\t101\t"), 1) })
		}, 19, []string{
			"run/bench.txt:{first}: a launch is not used: the launch was changed",
			"wake,impl=floor,park=futex,workers=1,gap=200us.hlog:5: a torn or unrecorded part is not used"}},
		{"a launch that was cut", func(t *testing.T) {
			edit(t, "run/bench.txt", func(b []byte) []byte { return b[:bytes.LastIndex(b, []byte("# round="))] })
		}, 19, []string{"run/bench.txt:{last}: the rest (1 launch) is not used: the file ends after 19 launches, but 20 were recorded"}},
		{"cut where there are histograms of two rounds", func(t *testing.T) {
			edit(t, "run/bench.txt", func(b []byte) []byte { return b[:bytes.Index(b, []byte("# round="))] })
		}, 0, []string{
			"run/bench.txt:{first}: the rest (20 launches) is not used",
			"impl=floor,park=futex,workers=1,gap=200us.hlog:5: a torn or unrecorded part is not used: the histogram of 2026-11-23T08:00:00Z was not used: its launch was not recorded, and neither were those of 1 more",
			"impl=goroutine", "impl=bitmap,park=cond", "impl=bitmap,park=futex", "impl=mutexonly,park=cond", "impl=mutexonly,park=futex", "impl=channels",
		}},
		{"no bench.txt", func(t *testing.T) { remove(t, "run/bench.txt") }, 0,
			[]string{"run: the folder's run is not used: it has no bench.txt any more: restore it"}},
		{"an hlog that was cut", func(t *testing.T) {
			edit(t, "run/latency/wake,impl=bitmap,park=futex,workers=1,gap=200us.hlog", func(b []byte) []byte { return b[:len(b)/2] })
		}, 20, []string{
			"the latency of 2 launches of " + bitmap + " is not used: the launch's histogram is no longer in run/latency/wake,impl=bitmap,park=futex,workers=1,gap=200us.hlog",
			"gap=200us.hlog:5: a torn or unrecorded part is not used: the last line is torn"}},
		{"an hlog that is gone", func(t *testing.T) {
			remove(t, "run/latency/wake,impl=bitmap,park=futex,workers=1,gap=200us.hlog")
		}, 20, []string{"run/latency/wake,impl=bitmap,park=futex,workers=1,gap=200us.hlog: the latency of 2 launches of " + bitmap + " is not used: the file no longer exists"}},
		{"a profile that is none", func(t *testing.T) { create(t, "run/profiles/x.mutex.pb.gz", "\x1f\x8bnothing") }, 20, []string{"run/profiles/x.mutex.pb.gz: the profile is not used: it is cut off or damaged"}},
		{"a self-test that is none", func(t *testing.T) { create(t, "run/selftest.json", "{") }, 20, []string{"run/selftest.json: the self-test is not used"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := writeRun(t, 2, nil)
			lines := launchLines(t, "run/bench.txt")
			test.do(t)
			s := open(t, "", dir)
			if got := len(s.Inputs[0].Launches); got != test.launches {
				t.Errorf("%d launches, want %d", got, test.launches)
			}
			if n := usable(s.Inputs[0]); n != test.launches {
				t.Errorf("%d usable lines, want %d", n, test.launches)
			}
			got := notUsed(s)
			if len(got) != len(test.want) {
				t.Fatalf("not used: %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if want = lines.Replace(want); !strings.Contains(filepath.ToSlash(got[i]), want) {
					t.Errorf("not used: %q, want %q", got[i], want)
				}
			}
		})
	}
}

// usable counts the lines of an input that are not refused.
func usable(in *source.Input) (n int) {
	if in.Text == nil {
		return 0
	}
	for _, l := range in.Text.Lines {
		if !l.Refused {
			n++
		}
	}
	return n
}

// launchLines puts in the numbers of the lines at which the first and the last
// launch begin. Before them are as many as the suite has units.
func launchLines(t *testing.T, file string) *strings.Replacer {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := func(at int) string { return fmt.Sprint(1 + bytes.Count(b[:at], []byte("\n"))) }
	mark := []byte("# round=")
	return strings.NewReplacer("{first}", line(bytes.Index(b, mark)), "{last}", line(bytes.LastIndex(b, mark)))
}

// A planned profile is present, or its absence is reported; if its launch failed, with
// the reason. A profile of a cell that the filter leaves out is not missed, and neither
// is one of a run that is not over.
func TestMissingProfiles(t *testing.T) {
	dir := writeRun(t, 2, nil)
	edit(t, "run/run.json", func(b []byte) []byte {
		plan := []byte(`"unprofiled": [{"cell": "` + bitmap + `", "kind": "mutex", "error": "it hung"}], "plan": {"profiles": ["cpu", "mutex"],`)
		return bytes.Replace(unsealed(t, b), []byte(`"plan": {`), plan, 1)
	})
	file := func(kind string) string {
		return "run/profiles/wake,impl=bitmap,park=futex,workers=1,gap=200us." + kind + ".pb.gz: the " + kind + " profile of " + bitmap + " is not used: "
	}
	s := open(t, "/impl:bitmap AND /park:futex", dir)
	want := []string{file("cpu") + "the plan has it, but the file is not there any more", file("mutex") + "its launch failed: it hung"}
	if got := notUsed(s); !slices.EqualFunc(got, want, func(a, b string) bool { return strings.HasPrefix(filepath.ToSlash(a), b) }) {
		t.Errorf("not used: %q, want %q", got, want)
	}
	running(t)
	if got := notUsed(open(t, "", dir)); len(got) > 0 {
		t.Errorf("while it runs: not used: %q", got)
	}
}

// unsealed makes the run.json of the folder run, and its bench.txt, of the version that
// had no checksums and no primary units in bench.txt.
func unsealed(t *testing.T, b []byte) []byte {
	edit(t, "run/bench.txt", func(b []byte) []byte { return regexp.MustCompile(` (primary|reported)=\S+`).ReplaceAll(b, nil) })
	b = bytes.Replace(b, []byte(`"version": 5`), []byte(`"version": 2`), 1)
	return bytes.Replace(b, []byte(`"crc"`), []byte(`"none"`), 1)
}

// running makes the manifest that of a run that was killed.
func running(t *testing.T) {
	t.Helper()
	edit(t, "run/run.json", func(b []byte) []byte {
		b = unsealed(t, b)
		b = bytes.ReplaceAll(b, []byte(`"state": "complete"`), []byte(`"state": "running"`))
		return bytes.Replace(b, []byte(`"launches": 20`), []byte(`"launches": 0`), 1)
	})
}

func edit(t *testing.T, name string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	create(t, name, string(change(b)))
}

func create(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

func TestHostileFile(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for _, test := range []struct {
		name, text string
		cells      []string
		want       []string // NotUsed
	}{
		{"markup", "Benchmark<script>alert(1)</script>/a=\"b\"/\u202ec 1 5 ns/op\n", []string{"<script>alert(1)</script>/a=\"b\"/\u202ec"}, nil},
		{"a long name", "Benchmark" + long + " 1 5 ns/op\n", []string{long}, nil},
		{"a line too long", "BenchmarkA 1 5 ns/op\nBenchmark" + strings.Repeat("x", 70_000) + " 1 5 ns/op\nBenchmarkB 1 5 ns/op\n", []string{"A", "B"},
			[]string{"f:2: the line is not used: it has 70020 bytes, and a benchmark line has less than 65536"}},
		{"not finite", "BenchmarkA 1 NaN ns/op 3 B/op\nBenchmarkA 1 +Inf ns/op\nBenchmarkA 1 -Inf ns/op\n", []string{"A"}, []string{
			"f:1: the value NaN of ns/op is not used: it is not a finite number",
			"f:2: the value +Inf of ns/op is not used: it is not a finite number",
			"f:3: the value -Inf of ns/op is not used: it is not a finite number"}},
		{"zero, less, denormal", "BenchmarkA 1 0 ns/op -5 x 5e-324 y\n", []string{"A"}, nil},
		{"mixed units", "BenchmarkA 1 5 ns/op\nBenchmarkA 1 0.000001 sec/op\nBenchmarkA 1 3 ns/op 5 sec/op\n", []string{"A"},
			[]string{"f:3: the line is not used: unit sec/op is there twice, so it is unclear which value is meant"}},
		{"contradictory units", "Unit x better=higher\nUnit x better=lower\nBenchmarkA 1 5 x\n", []string{"A"},
			[]string{"f:2: the line is not used: metadata better of unit x already set to higher"}},
		{"malformed", "BenchmarkA 1\nBenchmarkA x 5 ns/op\nBenchmarkA 1 5\nBenchmarkA 1 5 ns/op\nPASS\nBenchmarkA\n", []string{"A"}, []string{
			"f:1: the line is not used: missing measurements",
			"f:2: the line is not used: parsing iteration count: invalid syntax",
			"f:3: the line is not used: missing units"}},
		{"comments", "# round=0 start=2026-11-23T08:00:00Z\nBenchmarkA 1 5 ns/op\nBenchmarkA 1 6 ns/op\n# round=x\nBenchmarkA 1 7 ns/op\n# round=1 start=never\nBenchmarkA 1 8 ns/op\n", []string{"A"}, []string{
			"f:3: the line is not used: the line before has no round=…",
			`f:4: the launch is not used: malformed round in the comment before it: strconv.Atoi: parsing "x": invalid syntax`,
			`f:6: the launch is not used: malformed start in the comment before it`}},
		{"no benchmarks", "goos: linux\nPASS\n", nil, []string{"f: the file is not used: it is no benchmark file"}},
		{"none ran", "--- FAIL: BenchmarkA\n", nil, []string{"f:1: the result of BenchmarkA is not used: it failed"}},
		{"empty", "", nil, []string{"f: the file is not used: it is no benchmark file"}},
		{"a gzip that was cut", "\x1f\x8b\x08\x00\x00", nil, []string{"f: the profile is not used: it is cut off or damaged"}},
		{"an interval log that was cut", "#[Histogram log format version 1.3]\n0.1,1.0,2.0,HISTFAAAAB\n", nil, []string{"f:2: the interval is not used: its histogram is cut off or damaged", "f: the file is not used: there is no interval in it"}},
		{"a manifest", "{}", nil, []string{"f: the file is not used: it is no benchmark file"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, "", write(t, "f", test.text))
			var cells []string
			for _, c := range s.Inputs[0].Cells {
				cells = append(cells, c.Name)
			}
			if diff := cmp.Diff(test.cells, cells); diff != "" {
				t.Errorf("cells, -want +got:\n%s", diff)
			}
			got := notUsed(s)
			if len(got) != len(test.want) {
				t.Fatalf("not used: %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("not used: %q, want %q", got[i], want)
				}
			}
		})
	}
}

// Ten thousand lines with the same mistake are one to know of.
func TestManyNotUsed(t *testing.T) {
	s := open(t, "", write(t, "f", strings.Repeat("BenchmarkA 1 NaN ns/op\n", 10_000)))
	if len(s.NotUsed) != 10 || s.NotUsed[9].More != 9990 {
		t.Errorf("%d entries, the last with %d more", len(s.NotUsed), s.NotUsed[len(s.NotUsed)-1].More)
	}
}

// Text in other encodings, and with NUL bytes, is no damaged profile.
func TestEncodings(t *testing.T) {
	utf16 := "\xff\xfe"
	for _, b := range "BenchmarkA 1 5 ns/op\n" {
		utf16 += string(b) + "\x00"
	}
	for text, want := range map[string]string{
		utf16:                        "",
		"\ufeffBenchmarkA 1 5 ns/op": "",
		`{"Action":"output","Package":"p","Output":"BenchmarkA 1 5 ns/op\n"}`: "",
		"BenchmarkA 1 5 ns/op\n\x00\x00\x00\x00\n":                            "f:2: the line is not used: it has NUL bytes",
		"BenchmarkA 1 5 ns/op\n\x00BenchmarkA 1 5 ns/op\n":                    "f:2: the line is not used: it has NUL bytes",
	} {
		s := open(t, "", write(t, "f", text))
		got := strings.Join(notUsed(s), "\n")
		if in := s.Inputs[0]; in.Kind != source.Benchmark || len(in.Launches) != 1 || !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("%q: %s with %d launches, not used: %q, want %q", text, in.Kind, len(in.Launches), got, want)
		}
	}
}

func TestStandardInput(t *testing.T) {
	file, err := os.Open(write(t, "f", "BenchmarkA 1 5 ns/op\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	defer func(before *os.File) { os.Stdin = before }(os.Stdin)
	os.Stdin = file
	s := open(t, `.file:"-"`, "-", "-")
	if in := s.Inputs[0]; in.File != "-" || len(in.Launches) != 1 {
		t.Errorf("%+v", in)
	}
	if got := notUsed(s); len(got) != 1 || !strings.HasPrefix(got[0], "-: the input is not used: it was named before") {
		t.Errorf("not used: %q", got)
	}
}

func TestLabels(t *testing.T) {
	name := write(t, "f", "BenchmarkA 1 5 ns/op\n")
	create(t, "a=b", "BenchmarkA 1 5 ns/op\n")
	s := open(t, "", "before=f", "a=b", "before=run", "x=nothing", "f")
	for i, want := range []string{"before", "a=b", "before", "x", name} {
		if got := s.Inputs[i].Name; got != want {
			t.Errorf("input %d is named %s, want %s", i, got, want)
		}
	}
	if a, b := s.Inputs[0], s.Inputs[1]; a.Column() != "before" || a.File != "f" || a.Argument() != "before=f" || b.Column() != "a=b" || b.Argument() != "a=b" {
		t.Errorf("%+v, %+v", a, b)
	}
	want := []string{
		"before=run: the input is not used: another one has the same label",
		"nothing: the input is not used: there is no such file",
		"f: the input is not used: it was named before",
	}
	if got := notUsed(s); !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("not used: %q, want %q", got, want)
	}
	if n := open(t, ".file:before", "before=f", "a=b").Selected(); n != 1 {
		t.Errorf("the filter by label selects %d", n)
	}
}

func TestPaths(t *testing.T) {
	name := write(t, "f", "BenchmarkA 1 5 ns/op\n")
	create(t, "empty/x", "")
	s := open(t, "", name, "./f", "nothing", "empty")
	want := []string{
		"./f: the input is not used: it was named before: name it once",
		"nothing: the input is not used: there is no such file or folder: look for a typing error",
		"empty: the folder's run is not used: it is not a result folder",
	}
	got := notUsed(s)
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("not used: %q, want %q", got, want)
	}
	if len(s.Inputs) != 4 {
		t.Errorf("%d inputs, want 4", len(s.Inputs))
	}
}

// Benchmark text that is compressed is no damaged profile.
func TestCompressedText(t *testing.T) {
	var z bytes.Buffer
	g := gzip.NewWriter(&z)
	fmt.Fprint(g, strings.Repeat("goos: linux\nBenchmarkA 1 5 ns/op\n", 100))
	g.Close()
	for _, name := range []string{"bench.txt.gz", "x.cpu.pb.gz"} {
		for _, text := range []string{z.String(), z.String()[:z.Len()-10]} {
			want := name + ": the file is not used: it is compressed text: unpack it with gunzip and give that"
			if got := notUsed(open(t, "", write(t, name, text))); !slices.Equal(got, []string{want}) {
				t.Errorf("not used: %q, want %q", got, want)
			}
		}
	}
}

func TestLog(t *testing.T) {
	h := hdrhistogram.New(1, 1e9, 3)
	_ = h.RecordValue(1000)
	h.SetStartTimeMs(1_790_000_000_500)
	h.SetEndTimeMs(1_790_000_002_000)
	h.SetTag("invalid")
	var b bytes.Buffer
	w := hdrhistogram.NewHistogramLogWriter(&b)
	_ = w.OutputLogFormatVersion()
	_ = w.OutputLegend()
	if err := w.OutputIntervalHistogram(h); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	s := open(t, "", write(t, "x.hlog", text+"0.1,0.2,broken\n"+text[strings.LastIndex(text, "Tag="):]))
	if got := notUsed(s); len(got) != 1 || !strings.HasPrefix(got[0], "x.hlog:4: the interval is not used") {
		t.Errorf("not used: %q", got)
	}
	if len(s.Logs) != 1 || len(s.Logs[0].Intervals) != 2 {
		t.Fatalf("logs: %+v", s.Logs)
	}
	i := s.Logs[0].Intervals[1]
	if i.Line != 5 || i.Tag != "invalid" || i.Length != 1500*time.Millisecond || i.Start.UnixMilli() != 1_790_000_000_500 || i.Values().Count() != 1 {
		t.Errorf("interval: %+v", i)
	}
}

// The content of a file decides what it is, whatever its name.
func TestContentBeforeName(t *testing.T) {
	log := "#[Histogram log format version 1.3]\n1790000000.789,1.000,0.000,HISTEwAAAAEAAAAAAAAAAgAAAAAAAAABAAAAAAAAAAI/8AAAAAAAAAA=\n"
	contention := "--- mutex:\ncycles/second=1000000000\nsampling period=1\n3000000 2 @ 0x1010 0x2010\n"
	for _, test := range []struct {
		name, text string
		want       source.Kind
	}{
		{"x.prof", "BenchmarkA 1 5 ns/op\n", source.Benchmark},
		{"x.hlog", "BenchmarkA 1 5 ns/op\n", source.Benchmark},
		{"x.txt", log, source.Histogram},
		{"x.pb.gz", log, source.Histogram},
		{"x.hlog", contention, source.Profile},
		{"x.txt", contention, source.Profile},
	} {
		s := open(t, "", write(t, test.name, test.text))
		if got := s.Inputs[0].Kind; got != test.want || len(s.NotUsed) > 0 {
			t.Errorf("%s, %.20q: %s, want %s; not used: %q", test.name, test.text, got, test.want, notUsed(s))
		}
	}
	// What cannot be read is named.
	for name, want := range map[string]string{"x.txt": "jfrconv", "x.prof": "jfrconv"} {
		got := notUsed(open(t, "", write(t, name, "FLR\x00\x00\x02")))
		if len(got) != 1 || !strings.HasPrefix(got[0], name+": the profile is not used: it is a recording of JDK Flight Recorder") || !strings.Contains(got[0], want) {
			t.Errorf("not used: %q", got)
		}
	}
}

// The percentiles of a histogram are named for what they are.
func TestPercentiles(t *testing.T) {
	for _, text := range []string{
		"       Value     Percentile TotalCount 1/(1-Percentile)\n\n       1.000 0.000000000000          1           1.00\n",
		"\"Value\",\"Percentile\",\"TotalCount\",\"1/(1-Percentile)\"\n1.000,0.0,1,1.00\n",
	} {
		want := "f: the file is not used: it has the percentiles that HdrHistogram prints"
		if got := notUsed(open(t, "", write(t, "f", text))); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("not used: %q, want %q", got, want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	if err := sourcetest.Record(filepath.Join(dir, "run"), 1, nil); err != nil {
		f.Fatal(err)
	}
	bench, err := os.ReadFile(filepath.Join(dir, "run", "bench.txt"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(bench[len(bench)/2:]))
	f.Add("Unit x better=higher\nUnit ns/op better=\nBenchmarkA/b=c-8 1 5 ns/op NaN x\n")
	f.Add("# round=0 start=2026-11-23T08:00:00Z invalid=a,b\n# BenchmarkA 1 5 ns/op\n")
	f.Add("#[StartTime: 1]\n#[BaseTime: x]\nTag=a,1,2,3,HISTFAAAAB42pNpmSzMwMBgzQABzFCa\n")
	f.Add("\xff\xfeB\x00e\x00n\x00c\x00h\x00m\x00a\x00r\x00k\x00A\x00 \x001\x00 \x005\x00 \x00x\x00")
	f.Add("\ufeffpkg: a\nBenchmarkA-8 1 5 ns/op\n  BenchmarkA-8 1 5 ns/op\nglued BenchmarkA 1 5 ns/op\x1b[0m\n--- FAIL: BenchmarkB\nFAIL\ta\t1s\n")
	f.Add(`{"Action":"output","Package":"p","Output":"BenchmarkA \t"}` + "\n" + `{"Action":"output","Package":"p","Output":"1\t5 ns/op\n"}`)
	f.Add("BenchmarkA 1 5 ns/op\nBenchmarkB panic: x\n\x00\x00BenchmarkA 1 5 ns/op\nsignal: killed\n")
	f.Add("pkg: a\ncpu: X\nBenchmarkA 1 5 MB/s 0 B/op 1e308 x\npkg: b\nBenchmarkA 1 5 MB/s 0 B/op 1e308 x\n")
	var z bytes.Buffer
	g := gzip.NewWriter(&z)
	fmt.Fprint(g, "\x0a\x04\x08\x01\x10\x02")
	g.Close()
	f.Add(z.String())
	path := filepath.Join(dir, "input")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := source.Open("", path)
		if err != nil {
			t.Fatal(err)
		}
		in := s.Inputs[0]
		if len(in.Launches)+len(s.Profiles)+len(s.Logs)+len(s.NotUsed) == 0 {
			t.Error("the input disappeared")
		}
		for _, l := range in.Launches {
			for _, m := range l.Metrics {
				if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
					t.Errorf("%s: %v %s", l.Name, m.Value, m.Unit)
				}
			}
		}
		for _, n := range s.NotUsed {
			if n.Why == "" || strings.ContainsAny(n.String(), "\n\x1b") {
				t.Errorf("not used: %q", n)
			}
		}
	})
}
