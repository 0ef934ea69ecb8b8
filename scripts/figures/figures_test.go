package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
)

const root = "../.."

// What the README and docs quote is what the committed data yield.
func TestUpToDate(t *testing.T) {
	d, err := open(root)
	if err != nil {
		t.Fatal(err)
	}
	files, err := quoting(root)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, file := range files {
		was, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		now, err := fill(string(was), func(name string) (string, error) {
			used[name] = true
			return d.block(name)
		})
		if err != nil {
			t.Errorf("%s: %v", file, err)
		} else if diff := cmp.Diff(string(was), now); diff != "" {
			t.Errorf("%s is not what the data yield; run \"make figures-text\":\n%s", file, diff)
		}
	}
	if len(used) == 0 {
		t.Error("nothing is quoted")
	}
}

func TestFill(t *testing.T) {
	block := func(name string) (string, error) {
		if name == "unknown" {
			return "", errors.New("no such block")
		}
		return "new " + name + "\n", nil
	}
	const begin, end = "<!-- figures:begin a -->\n", "<!-- figures:end a -->\n"
	for _, c := range []struct{ doc, want string }{
		{"x\n", "x\n"},
		{"x\n" + begin + "old\nolder\n" + end + "y\n", "x\n" + begin + "new a\n" + end + "y\n"},
		{begin + end + strings.ReplaceAll(begin+"z\n"+end, " a ", " b "), begin + "new a\n" + end + strings.ReplaceAll(begin+"new b\n"+end, " a ", " b ")},
		{begin + "x\n", ""},
		{end, ""},
		{begin + begin + end, ""},
		{begin + "<!-- figures:end b -->\n", ""},
		{strings.ReplaceAll(begin+end, " a ", " unknown "), ""},
		{"<!-- figures:start a -->\n" + end, ""},
		{" " + begin + "x\n " + end, ""},
	} {
		got, err := fill(c.doc, block)
		if (err != nil) != (c.want == "") || err == nil && got != c.want {
			t.Errorf("%q: %q, %v; want %q", c.doc, got, err, c.want)
		}
		if again, err := fill(got, block); err == nil && again != got {
			t.Errorf("%q: %q the second time", c.doc, again)
		}
	}
}

func TestWrap(t *testing.T) {
	long := strings.Repeat("word - 5 % of it ", 30)
	got := wrap(long)
	for line := range strings.Lines(got) {
		if n := len([]rune(strings.TrimSpace(line))); n > width+2 || strings.HasPrefix(line, "-") || strings.HasPrefix(line, "%") {
			t.Errorf("%d: %s", n, line)
		}
	}
	if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(long), " ") {
		t.Error("words are lost")
	}
}

// record makes a sample in which wake has a parameter whose values are words and one
// whose values are numbers, parkers that the program does not know, and a batch.
func writeRun(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	var cells []record.Cell
	for _, gap := range []string{"2ms", "20us", "200us"} {
		for _, submitter := range []string{"block", "spin"} {
			params := []record.Param{{Name: "gap", Value: gap}, {Name: "submitter", Value: submitter}}
			for _, s := range []string{"floor futex", "bitmap go-cond", "bitmap futex", "mutexonly go-cond", "mutexonly futex"} {
				impl, park, _ := strings.Cut(s, " ")
				cells = append(cells, record.Cell{Workload: "wake", Impl: impl, Park: park, Workers: 1, Params: params})
			}
		}
	}
	for _, impl := range []string{"bitmap", "mutexonly"} {
		cells = append(cells, record.Cell{Workload: "storm", Impl: impl, Park: "futex", Workers: 4, Params: []record.Param{{Name: "tasks", Value: "100"}}})
	}
	const rounds = 14
	plan := record.Plan{Cells: cells, Rounds: rounds, Time: time.Second}
	order := make([]int, len(cells))
	for i := range order {
		order[i] = i
	}
	for range rounds {
		plan.Order = append(plan.Order, order)
	}
	at := time.Unix(0, 0).UTC()
	w, err := record.Create(dir, record.Header{Start: at, Plan: plan, Units: record.Units(),
		Config:  []record.Pair{{Key: "goos", Value: "linux"}, {Key: "cpu", Value: "Made Up 1000"}, {Key: "cpus", Value: "3"}, {Key: "kernel", Value: "6"}, {Key: "go", Value: "go1.26"}, {Key: "commit", Value: "0123456789"}, {Key: "date", Value: "2026-11-26T13:23:45Z"}},
		Primary: map[string]string{"wake": "p50-ns/wake", "storm": "ns/op"}})
	if err != nil {
		t.Fatal(err)
	}
	for round := range rounds {
		for i, c := range cells {
			value := 1000*float64(1+i) + float64(round)
			if c.Impl == "mutexonly" && c.Workload == "storm" {
				value = 1000 * float64(i)
			}
			l := record.Launch{Cell: c, Round: round, N: 1, Start: at, Latency: hdrhistogram.New(1, 1000, 3), Conditions: []record.Pair{{Key: "samples", Value: "5000"}}}
			l.Metrics = []record.Metric{{Value: value, Unit: map[string]string{"wake": "p50-ns/wake", "storm": "ns/op"}[c.Workload]}, {Value: 2 * value, Unit: "cost-ns/task"}}
			if c.Workload == "storm" {
				l.Metrics = append(l.Metrics, record.Metric{Value: 0.25, Unit: "wakes/task"})
				l.Latency = nil
			}
			at = at.Add(time.Second)
			if err := w.Append(l); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(record.Complete); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The blocks have whatever cells the sample has.
func TestBlocks(t *testing.T) {
	s, err := source.Open("", writeRun(t))
	if err != nil || len(s.NotUsed) > 0 {
		t.Fatal(err, s.NotUsed)
	}
	d := &data{sample: s.Inputs[0], groups: verdict.Of(s, verdict.Options{})}
	tables, err := d.tables()
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(tables) {
		if name, _, ok := strings.Cut(line, "  "); ok && !strings.HasPrefix(line, " ") {
			rows = append(rows, name)
		}
	}
	// Parkers are in the order in which the first of the subjects has them: the floor.
	each := []string{"block floor futex", "block bitmap futex", "block bitmap go-cond", "block mutexonly futex", "block mutexonly go-cond"}
	for _, r := range each[:5] {
		each = append(each, strings.Replace(r, "block", "spin", 1))
	}
	want := slices.Concat(each, each, []string{"bitmap futex", "mutexonly futex"}, []string{"bitmap futex", "mutexonly futex"})
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got)\n%s\n%s", diff, tables)
	}
	for _, want := range []string{".name: Wake\n/gap: 200us\n/workers: 1\n", ".name: Storm\n/tasks: 100\n/workers: 4\n", "p50-sec/wake", "sec/op", "cost-sec/task"} {
		if !strings.Contains(tables, want) {
			t.Errorf("no %q in\n%s", want, tables)
		}
	}
	if strings.Contains(tables, "geomean") || strings.Contains(tables, " \n") {
		t.Errorf("means, or spaces at an end:\n%s", tables)
	}
	findings, err := d.findings()
	if err != nil {
		t.Fatal(err)
	}
	findings = strings.Join(strings.Fields(findings), " ")
	for _, want := range []string{
		"`p50-ns/wake` of `wake` at gap=200us:", "floor futex submitter=block 21", "bitmap go-cond submitter=spin", "`wakes/task` of `storm`: bitmap futex 0.25.",
		"Of 13 comparisons with bitmap, 13 are decided", "mutexonly in `wake gap=20us submitter=block futex` is worse", "; and 5 more, on the page.",
	} {
		if !strings.Contains(findings, want) {
			t.Errorf("no %q in\n%s", want, findings)
		}
	}
	if got, want := d.sampleMachine(), "It was measured on a machine with 3 CPUs (Made Up 1000), Linux 6, Go 1.26; commit 0123456, 2026-11-26: 32 cells in 14 rounds, in launches of 1s; 0 % of 448 launches were disturbed beyond a limit and repeated."; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	small, err := d.rows()
	small = strings.ReplaceAll(small, "\u00a0", " ") // between number and unit
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| median `p50-ns/wake` of `wake` at gap=200us | block | spin | CPU time per task (block) |\n|---|--:|--:|--:|\n",
		"| bare futex, two pinned threads (floor) | 21 µs | 26 µs | 42 µs |\n",
		"| `bitmap`, goroutines, `sync.Cond` | 22 µs | 27 µs | 44 µs |\n",
	} {
		if !strings.Contains(small, want) {
			t.Errorf("no %q in\n%s", want, small)
		}
	}
	if strings.Contains(small, "channels") {
		t.Errorf("a row of what was not measured:\n%s", small)
	}
	if _, err := d.view("absent"); err == nil {
		t.Error("a workload that is not there is no error")
	}
}

func TestMiddle(t *testing.T) {
	for want, values := range map[string][]string{"200us": {"2ms", "20us", "200us"}, "0.5": {"0.8", "0.5", "0.2"}, "4": {"4"}, "10": {"10", "100"}} {
		if got := middle(values); got != want {
			t.Errorf("%v: %s, want %s", values, got, want)
		}
	}
	if areNumbers([]string{"1", "block"}) || !areNumbers([]string{"1", "2ms"}) {
		t.Error("numbers and words are mistaken")
	}
}

// The audit's text cannot end the block it stands in, and what says where it is from
// is there.
func TestAuditPage(t *testing.T) {
	got := auditPage([]record.Pair{{Key: "cpus", Value: "2"}, {Key: "commit", Value: "0123456789"}}, "bench audit -x", "all is well\n")
	for _, want := range []string{"# An audit\n", "`bench audit -x`", "2 CPUs", "commit 0123456", "```\nall is well\n```\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestRelativeFile(t *testing.T) {
	f := &profile.Function{ID: 1, Name: "f", Filename: "/home/me/idlebench/impls/f.go"}
	g := &profile.Function{ID: 2, Name: "g", Filename: "/usr/go/src/runtime/g.go"}
	m := &profile.Mapping{ID: 1, File: "/home/me/idlebench/bin/bench"}
	l := &profile.Location{ID: 1, Mapping: m, Line: []profile.Line{{Function: f}, {Function: g}}}
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}}, Function: []*profile.Function{f, g}, Mapping: []*profile.Mapping{m},
		Location: []*profile.Location{l}, Sample: []*profile.Sample{{Location: []*profile.Location{l}, Value: []int64{1}}}}
	file := filepath.Join(t.TempDir(), "x.pb.gz")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(p.Write(out), out.Close()); err != nil {
		t.Fatal(err)
	}
	if err := relativeFile(file, []string{"/home/me/idlebench/", "/usr/go/src/"}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = profile.ParseData(data); err != nil {
		t.Fatal(err)
	}
	if got := []string{p.Function[0].Filename, p.Function[1].Filename, p.Mapping[0].File}; !slices.Equal(got, []string{"impls/f.go", "runtime/g.go", "bin/bench"}) {
		t.Error(got)
	}
}

// The page that was made of a folder elsewhere does not come with it.
func TestReplaceFolder(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	for _, f := range []string{"from/run.json", "from/latency/x", "from/report.html", "to/old"} {
		file := filepath.Join(dir, filepath.FromSlash(f))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(f), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	if err := replaceFolder(from, to); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range []string{"run.json", "latency/x", "report.html", "old"} {
		if _, err := os.Stat(filepath.Join(to, f)); err == nil {
			got = append(got, f)
		}
	}
	if !slices.Equal(got, []string{"run.json", "latency/x"}) {
		t.Error(got)
	}
}

// fence cannot be ended by what is in it.
func TestFence(t *testing.T) {
	if got := fence("a\n\n"); got != "```\na\n```\n" {
		t.Errorf("%q", got)
	}
}
