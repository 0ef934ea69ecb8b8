package record

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func header() Header {
	return Header{
		Start: day.Add(-time.Second),
		Plan: Plan{
			Cells: []Cell{
				{"wake", "bitmap", "futex", 1, []Param{{"gap", "100us"}}},
				{"spawn_many_local", "mutexonly", "cond", 2, nil},
			},
			Rounds: 3,
			Seed:   1<<63 + 1,
			Warmup: 30 * time.Millisecond,
			Time:   120 * time.Millisecond,
			CPUs:   "0-3",
			Order:  [][]int{{0, 1}, {1, 0}, {0, 1}},
		},
		Command:  "run",
		Args:     []string{"run", "-quick"},
		Program:  "sha256:0123",
		Module:   "example.org/mybench",
		Config:   []Pair{{"goos", "linux"}, {"cpu", "An Example CPU @ 2.60GHz"}, {"date", "2026-11-23T08:07:08Z"}},
		Units:    someUnits(),
		Primary:  map[string]string{"wake": "p50-ns/wake", "spawn_many_local": "ns/op", "idle": ""},
		Defaults: map[string]map[string]string{"wake": {"gap": "100us"}},
	}
}

// someUnits are those of the launches here, so that what is golden does not
// change whenever a workload brings another.
func someUnits() []Unit {
	names := []string{
		"ns/op", "p50-ns/wake", "p90-ns/wake", "p99-ns/wake", "p99.9-ns/wake", "max-ns/wake",
		"tasks/op", "wakes/task", "noop-wakes/wake", "sys-ns/task", "allocs/task",
	}
	return slices.DeleteFunc(Units(), func(u Unit) bool { return !slices.Contains(names, u.Name) })
}

func spawnLaunch(round int) Launch {
	return Launch{
		Cell:     header().Plan.Cells[1],
		Round:    round,
		N:        12,
		Metrics:  []Metric{{2.5e6, "ns/op"}, {10000, "tasks/op"}, {0.25, "wakes/task"}, {0, "allocs/task"}},
		Start:    day.Add(time.Duration(round) * time.Minute),
		Duration: 1234567 * time.Nanosecond,
	}
}

// wakeLaunches are launches of the first cell, in two rounds.
func wakeLaunches() []Launch {
	a, b := wakeLaunch(), wakeLaunch()
	a.Round = 0
	b.Round = 1
	b.Start = day.Add(time.Minute + 127*time.Millisecond)
	b.Latency = histogram(4400, 5000)
	b.Metrics[0].Value = 1e-7
	return []Launch{a, b}
}

// create makes a writer whose clock stands still.
func create(t *testing.T) (*Writer, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "new", "run")
	w, err := Create(dir, header())
	if err != nil {
		t.Fatal(err)
	}
	w.now = func() time.Time { return day.Add(time.Hour) }
	t.Cleanup(func() { w.bench.Close() })
	return w, dir
}

func appendAll(t *testing.T, w *Writer, launches ...Launch) {
	t.Helper()
	for _, l := range launches {
		if err := w.Append(l); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, dir string) Run {
	t.Helper()
	run, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func diffLaunches(want, got []Launch) string {
	if len(want) != len(got) {
		return cmp.Diff(want, got)
	}
	for i := range want {
		if diff := diffLaunch(want[i], got[i]); diff != "" {
			return diff
		}
	}
	return ""
}

func TestFolder(t *testing.T) {
	w, dir := create(t)
	wakes := wakeLaunches()
	invalid := wakes[1]
	invalid.Invalid = []string{"steal", "migrations"}
	invalid.Start = invalid.Start.Add(-10 * time.Second)
	wakes[1].Attempt = 1
	launches := []Launch{wakes[0], spawnLaunch(0), spawnLaunch(1), invalid, wakes[1], spawnLaunch(2)}
	appendAll(t, w, launches[:2]...)

	// In the middle of a run the folder is readable, and says it is not over.
	run := read(t, dir)
	if run.State != Running || !run.End.IsZero() {
		t.Errorf("state %s, end %v", run.State, run.End)
	}
	if diff := diffLaunches(launches[:2], run.Recorded); diff != "" {
		t.Error(diff)
	}

	appendAll(t, w, launches[2:]...)
	if err := w.Fail(launches[0].Cell, 2, errors.New("signal: killed\nand more")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(Complete); err != nil {
		t.Fatal(err)
	}
	run = read(t, dir)
	if diff := diffLaunches(launches, run.Recorded); diff != "" {
		t.Error(diff)
	}
	h := header()
	end := day.Add(time.Hour)
	want := Manifest{
		Version:  Version,
		State:    Complete,
		Start:    h.Start,
		End:      end,
		Sessions: []Session{{State: Complete, Start: h.Start, End: end}},
		Launches: 6,
		Failures: []Failure{{launches[0].Cell, 2, 0, "signal: killed\nand more"}},
		Command:  h.Command,
		Program:  h.Program,
		Module:   h.Module,
		Config:   h.Config,
		Units:    h.Units,
		Args:     h.Args,
		Primary:  h.Primary,
		Defaults: h.Defaults,
		Plan:     h.Plan,
	}
	if diff := cmp.Diff(want, run.Manifest); diff != "" {
		t.Error(diff)
	}
	if len(run.Dropped) > 0 {
		t.Errorf("dropped: %v", run.Dropped)
	}

	for _, name := range []string{BenchFile, ManifestFile, "latency/" + launches[0].Cell.Slug() + ".hlog"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		// The compressed bytes are the compressor's affair.
		got = regexp.MustCompile("HISTF[A-Za-z0-9+/=]*").ReplaceAll(got, []byte("HISTF…"))
		got = regexp.MustCompile("hlog=[0-9a-f]{8} crc=[0-9a-f]{8}").ReplaceAll(got, []byte("hlog=… crc=…"))
		golden(t, strings.Replace(filepath.Base(name), launches[0].Cell.Slug(), "wake", 1), got)
	}
	entries, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(entries) != 1 {
		t.Errorf("latency has %q, want the one log", entries)
	}
	if tmp, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); len(tmp) > 0 {
		t.Errorf("left behind: %q", tmp)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not the golden file (-update rewrites it):\n%s", name, diff)
	}
}

// The log is read as a whole by the library that defines the format in Go.
func TestLatencyLog(t *testing.T) {
	w, _ := create(t)
	launches := wakeLaunches()
	appendAll(t, w, launches...)
	data, err := os.ReadFile(logFile(w.dir, launches[0].Cell))
	if err != nil {
		t.Fatal(err)
	}
	r := hdrhistogram.NewHistogramLogReader(bytes.NewReader(data))
	for _, l := range launches {
		h, err := r.NextIntervalHistogram()
		if err != nil || h == nil {
			t.Fatalf("histogram %v, error %v", h, err)
		}
		if !h.Equals(l.Latency) {
			t.Errorf("%d samples with the median %d, want %d and %d",
				h.TotalCount(), h.ValueAtQuantile(50), l.Latency.TotalCount(), l.Latency.ValueAtQuantile(50))
		}
		// As a float, the seconds may come back as one millisecond less.
		if d := l.Start.UnixMilli() - h.StartTimeMs(); d < 0 || d > 1 {
			t.Errorf("start %d ms, want %d", h.StartTimeMs(), l.Start.UnixMilli())
		}
		if d := l.Duration.Milliseconds() - (h.EndTimeMs() - h.StartTimeMs()); d < -1 || d > 1 {
			t.Errorf("length %d ms, want %v", h.EndTimeMs()-h.StartTimeMs(), l.Duration)
		}
	}
	if h, err := r.NextIntervalHistogram(); h != nil || err != nil {
		t.Errorf("one more: %v, %v", h, err)
	}
	if launches[0].Latency.StartTimeMs() != 0 {
		t.Error("Append changed the caller's histogram")
	}
}

func TestCreateRefuses(t *testing.T) {
	dir := t.TempDir()
	_, err := Create(dir, header())
	if !errors.Is(err, fs.ErrExist) || err.Error() != "result folder "+dir+" exists already and is not overwritten: name another one, or move it away" {
		t.Errorf("existing folder: error %v", err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err = Create(filepath.Join(file, "run"), header()); err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "choose another place") {
		t.Errorf("below a file: error %v", err)
	}

	for _, tt := range []struct {
		what string
		edit func(*Header)
		want string
	}{
		{"no cells", func(h *Header) { h.Plan.Cells = nil }, "no cells"},
		{"cell", func(h *Header) { h.Plan.Cells[1].Impl = "" }, "empty"},
		{"cell twice but for case", func(h *Header) { h.Plan.Cells[1] = h.Plan.Cells[0]; h.Plan.Cells[1].Impl = "BITMAP" }, "twice"},
		{"no rounds", func(h *Header) { h.Plan.Rounds = 0 }, "at least 1"},
		{"order too short", func(h *Header) { h.Plan.Order = h.Plan.Order[:2] }, "order for 2"},
		{"order leaves one out", func(h *Header) { h.Plan.Order = [][]int{{1}, {1}, {1}} }, "in no round"},
		{"slices without groups", func(h *Header) { h.Plan.Slices = 2 }, "2 slices and 0 groups"},
		{"groups without slices", func(h *Header) { h.Plan.Groups = [][]int{{0, 1}} }, "0 slices and 1 groups"},
		{"negative lead", func(h *Header) { slice(h, []int{0}); h.Plan.Lead = -1 }, "negative"},
		{"no time for slices", func(h *Header) { slice(h, []int{0}); h.Plan.Time = 1 }, "too short for 2 slices"},
		{"group unknown", func(h *Header) { slice(h, []int{2}) }, "cell 2, which is unknown"},
		{"two groups", func(h *Header) { slice(h, []int{0}, []int{1, 0}) }, "in two"},
		{"group torn", func(h *Header) {
			third := h.Plan.Cells[1]
			third.Workers = 3
			h.Plan.Cells = append(h.Plan.Cells, third)
			h.Plan.Order = [][]int{{0, 1, 2}, {1, 0, 2}, {0, 2, 1}}
			slice(h, []int{0, 1})
		}, "round 2 tears the group"},
		{"order repeats", func(h *Header) { h.Plan.Order[1] = []int{1, 1} }, "twice"},
		{"order unknown", func(h *Header) { h.Plan.Order[1] = []int{0, 2} }, "unknown"},
		{"config key", func(h *Header) { h.Config[0].Key = "Goos" }, "lower-case"},
		{"config colon", func(h *Header) { h.Config[0].Key = "a:b" }, "lower-case"},
		{"config line", func(h *Header) { h.Config[0].Value = "a\nb" }, "not allowed"},
		{"config empty", func(h *Header) { h.Config[0].Value = "" }, "empty"},
		{"config space", func(h *Header) { h.Config[0].Value = " a" }, "spaces around"},
		{"config twice", func(h *Header) { h.Config[1] = h.Config[0] }, "twice"},
		{"unit", func(h *Header) { h.Units = append(h.Units, Unit{"a b", Lower, ""}) }, "space"},
		{"unit's direction", func(h *Header) { h.Units = append(h.Units, Unit{"x", "up", ""}) }, `better="up"`},
		{"unit twice once tidied", func(h *Header) { h.Units = append(h.Units, Unit{"p50-sec/wake", Higher, ""}) }, "same as p50-ns/wake"},
	} {
		h := header()
		tt.edit(&h)
		dir := filepath.Join(t.TempDir(), "run")
		_, err := Create(dir, h)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.what, err, tt.want)
		}
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the folder was made (%v)", tt.what, err)
		}
	}
}

// slice makes the launches of groups measure in slices.
func slice(h *Header, groups ...[]int) { h.Plan.Slices, h.Plan.Groups = 2, groups }

// Launches that are recorded together are all there, or none of them is.
func TestAppendTogether(t *testing.T) {
	w, dir := create(t)
	wakes := wakeLaunches()
	disturbed := spawnLaunch(0)
	disturbed.Invalid = []string{"steal"}
	again := spawnLaunch(0)
	again.Attempt, again.Start = 1, again.Start.Add(time.Second)
	wrong := spawnLaunch(0) // has its launch already
	if err := w.Append(wakes[0], disturbed, again, wrong); err == nil || !strings.Contains(err.Error(), "has its launch already") {
		t.Errorf("error %v", err)
	}
	for _, c := range header().Plan.Cells {
		if n, over := w.Tried(c, 0); n != 0 || over {
			t.Errorf("%s: %d attempts are recorded", c.Name(), n)
		}
	}
	if run := read(t, dir); len(run.Recorded)+len(run.Dropped) > 0 {
		t.Fatalf("something was written: %+v", run)
	}
	group := []Launch{wakes[0], disturbed, again}
	if err := w.Append(group...); err != nil {
		t.Fatal(err)
	}
	run := read(t, dir)
	if diff := diffLaunches(group, run.Recorded); diff != "" {
		t.Error(diff)
	}
	if n, over := w.Tried(again.Cell, 0); n != 2 || !over {
		t.Errorf("%d attempts, over %v", n, over)
	}

	// A machine that stops in the middle keeps the first of them.
	more := []Launch{wakes[1], spawnLaunch(1)}
	if err := w.Append(more...); err != nil {
		t.Fatal(err)
	}
	die(t, w)
	rewrite(t, filepath.Join(dir, BenchFile), func(b []byte) []byte { return b[:len(b)-20] })
	w, run = resume(t, dir)
	if diff := diffLaunches(append(group, wakes[1]), run.Recorded); diff != "" {
		t.Error(diff)
	}
	if err := w.Append(more[1]); err != nil {
		t.Error(err)
	}
}

func TestAppendRefuses(t *testing.T) {
	w, dir := create(t)
	for _, tt := range []struct {
		what string
		edit func(*Launch)
		want string
	}{
		{"unknown unit", func(l *Launch) { l.Metrics[0].Unit = "furlongs" }, "furlongs is not in the run's table"},
		{"other cell", func(l *Launch) { l.Cell.Workers = 7 }, "not in the plan"},
		{"other round", func(l *Launch) { l.Round = 3 }, "not in the plan, which has 3"},
		{"no metrics", func(l *Launch) { l.Metrics = nil }, "nothing was measured"},
		{"long line", func(l *Launch) { l.Conditions[0].Value = strings.Repeat("x", maxLine) }, "at most"},
	} {
		l := wakeLaunch()
		tt.edit(&l)
		if err := w.Append(l); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.what, err, tt.want)
		}
	}
	if run := read(t, dir); len(run.Recorded)+len(run.Dropped) > 0 {
		t.Errorf("something was written: %+v", run)
	}
}

// fullFile takes room bytes and then fails, as a full disk does.
type fullFile struct {
	*os.File
	room int
}

func (f *fullFile) Write(b []byte) (int, error) {
	if len(b) <= f.room {
		f.room -= len(b)
		return f.File.Write(b)
	}
	n, _ := f.File.Write(b[:f.room])
	return n, &fs.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
}

func TestFullDisk(t *testing.T) {
	f, err := os.OpenFile(filepath.Join(t.TempDir(), "f"), os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	full := &fullFile{f, 10}
	if err := appendRecord(full, []byte("first\n")); err != nil {
		t.Fatal(err)
	}
	err = appendRecord(full, []byte("second\n"))
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), f.Name()) {
		t.Errorf("error %v, want one that names the file and the reason", err)
	}
	if got, _ := os.ReadFile(f.Name()); string(got) != "first\n" {
		t.Errorf("the file holds %q, want the first record alone", got)
	}
}

// A device that is always full stands in for bench.txt.
func TestFullDevice(t *testing.T) {
	w, dir := create(t)
	wakes := wakeLaunches()
	appendAll(t, w, wakes[0])
	full, err := os.OpenFile("/dev/full", os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Skip("needs /dev/full:", err)
	}
	good := w.bench
	w.bench = full
	err = w.Append(wakes[1])
	if !errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q, want one line that says there is no space", err)
	}
	full.Close()
	w.bench = good

	run := read(t, dir)
	if diff := diffLaunches(wakes[:1], run.Recorded); diff != "" {
		t.Error(diff)
	}
	if len(run.Dropped) != 1 || !strings.Contains(run.Dropped[0].Error(), "launch was not recorded") {
		t.Errorf("dropped %v, want the second launch's histogram", run.Dropped)
	}
	// Room again: the run goes on.
	appendAll(t, w, wakes[1])
	if diff := diffLaunches(wakes, read(t, dir).Recorded); diff != "" {
		t.Error(diff)
	}
}

func TestUnwritable(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("permissions do not bind this user")
	}
	parent := t.TempDir()
	if err := os.Chmod(parent, 0o555); err != nil {
		t.Fatal(err)
	}
	_, err := Create(filepath.Join(parent, "run"), header())
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), parent) {
		t.Errorf("error %v", err)
	}
}

// The readers built on golang.org/x/perf know the direction of every unit, and
// see one unit where there is one.
func TestUnitsAsRead(t *testing.T) {
	head, err := benchHeader(nil, Units(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var l = spawnLaunch(0)
	l.Metrics = nil
	for _, u := range Units() {
		l.Metrics = append(l.Metrics, Metric{12, u.Name})
	}
	lines, err := benchRecord(l, Units(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range l.Metrics {
		l.Metrics[i].Value = 0
	}
	zeros, err := benchRecord(l, Units(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := benchfmt.NewReader(bytes.NewReader(bytes.Join([][]byte{head, lines, zeros}, nil)), "bench.txt")
	results := 0
	for r.Scan() {
		switch rec := r.Result().(type) {
		case *benchfmt.SyntaxError:
			t.Error(rec)
		case *benchfmt.Result:
			results++
			for i, v := range rec.Values {
				_, want := benchunit.Tidy(1, Units()[i].Name)
				if v.Unit != want {
					t.Errorf("value %v: unit %s, want %s", v.Value, v.Unit, want)
				}
			}
		}
	}
	if results != 2 {
		t.Errorf("%d results, want 2", results)
	}
	for _, u := range Units() {
		want := map[Better]int{Lower: -1, Neither: 0, Higher: 1}[u.Better]
		_, base := benchunit.Tidy(1, u.Name)
		for _, name := range []string{u.Name, base} {
			if got := r.Units().GetBetter(name); got != want {
				t.Errorf("%s: better %d, want %d", name, got, want)
			}
		}
		if u.About == "" || strings.ContainsAny(u.About, "\n") {
			t.Errorf("%s: about %q: want one line", u.Name, u.About)
		}
	}
}

// benchstat itself reads a folder without a word of complaint.
func TestBenchstat(t *testing.T) {
	if testing.Short() {
		t.Skip("builds benchstat")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs the go command:", err)
	}
	w, dir := create(t)
	for round := range 3 {
		l := wakeLaunch()
		l.Round = round
		l.Metrics[7].Value = float64(round) // the first is zero
		appendAll(t, w, l, spawnLaunch(round))
	}
	cmd := exec.Command("go", "tool", "benchstat", "-col", "/impl", filepath.Join(dir, BenchFile))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	if stderr.Len() > 0 {
		t.Errorf("benchstat complains:\n%s", &stderr)
	}
	for _, want := range []string{
		"cpu: An Example CPU @ 2.60GHz", "sec/op", "p50-sec/wake", "p99.9-sec/wake", "sys-sec/task",
		"Wake/park=futex/workers=1/gap=100us", "SpawnManyLocal/park=cond/workers=2", "bitmap", "mutexonly",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in benchstat's output:\n%s", want, out)
		}
	}
	for _, bad := range []string{"-ns/", "ns/op"} {
		if strings.Contains(string(out), bad) {
			t.Errorf("the unit of a zero came out apart (%q):\n%s", bad, out)
		}
	}
}
