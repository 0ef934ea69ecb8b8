package noise

import (
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/loadgen/cgroup"
	"github.com/idlebench/idlebench/loadgen/cpu"
)

func TestParseInvoluntary(t *testing.T) {
	for text, want := range map[string]int64{
		"Name:\tbench\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t345\n": 345,
		"nonvoluntary_ctxt_switches:\t0":                                                 0,
		"voluntary_ctxt_switches:\t12\n":                                                 -1,
		"nonvoluntary_ctxt_switches:\tsome\n":                                            -1,
		"nonvoluntary_ctxt_switches:\t-5\n":                                              -1,
		"nonvoluntary_ctxt_switches":                                                     -1,
		"":                                                                               -1,
	} {
		if got := parseInvoluntary(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func TestParseWaited(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1052485 241069 1\n": 241069,
		"1052485 0 1\n":      0,
		"0 0 0\n":            -1, // a kernel that does not count
		"1052485 241069\n":   -1,
		"1 x 1\n":            -1,
		"":                   -1,
	} {
		if got := parseWaited(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func TestParseLastCPU(t *testing.T) {
	const after = " S 1 2 3 0 -1 4194304 127 0 0 0 0 0 0 0 20 0 1 0 2821918 2990080 413 18446744073709551615 " +
		"94500404908032 94500404925961 140733127690112 0 0 0 0 6 0 1 0 0 17 "
	for text, want := range map[string]int64{
		"7 (bench)" + after + "3 0 0 0 0 0":      3,
		"7 (a b) c) (d)" + after + "12 0 0":      12,
		"7 (bench)" + after + "3":                3,
		"7 (bench)" + after:                      -1,
		"7 (bench)" + after + "there":            -1,
		"":                                       -1,
		"7 (bench) R 1 2 3":                      -1,
		"\x00\xff)" + strings.Repeat(" 9", 100):  9,
		"7 (bench)" + after + "999999999999999 ": 999999999999999,
	} {
		if got := parseLastCPU(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func TestParseStat(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		name, text string
		want       map[int]cpuTime
	}{
		{"two of four CPUs", "cpu  3 0 3 14 4 0 0 9 0 0\ncpu0 1 0 1 4 2 0 0 6 0 0\ncpu3 2 0 2 10 2 0 0 3 0 0\nintr 5 6 7 8 9 10 11 12\n",
			map[int]cpuTime{0: {60 * ms, 60 * ms}, 3: {120 * ms, 30 * ms}}},
		{"Linux 2.4 without steal", "cpu0 1 0 1 4\n", nil},
		{"no number", "cpu0 1 0 1 4 2 0 0 x 0 0\ncpu1 1 0 1 -4 2 0 0 0\n", nil},
		{"no CPU", "cpux 1 0 1 4 2 0 0 6 0 0\n", nil},
		{"empty", "", nil},
	} {
		if diff := cmp.Diff(test.want, parseStat(test.text), cmp.AllowUnexported(cpuTime{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// machine is the files of a made-up machine with two CPUs, where a process has
// worker 11 on CPU 0 and generator 12 on CPU 1.
func machine(edit map[string]string) fs.FS {
	files := map[string]string{
		"proc/stat":                     "cpu  0 0 0 0 0 0 0 0\ncpu0 0 0 0 100 0 0 0 5\ncpu1 0 0 0 200 0 0 0 5\n",
		"sys/devices/system/cpu/online": "0-1\n",
		"sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
		"proc/self/cgroup":         "0::/a\n",
		"sys/fs/cgroup/cpu.stat":   "usage_usec 5\n",
		"sys/fs/cgroup/a/cpu.stat": "nr_periods 10\nnr_throttled 2\nthrottled_usec 1000\n",
	}
	for i, id := range []int{11, 12} {
		dir := fmt.Sprintf("proc/self/task/%d/", id)
		files[dir+"status"] = fmt.Sprintf("nonvoluntary_ctxt_switches:\t%d\n", 100+i)
		files[dir+"schedstat"] = fmt.Sprintf("5000 %d 9\n", 1000+i)
		files[dir+"stat"] = fmt.Sprintf("%d (w) R%s %d 0\n", id, strings.Repeat(" 0", 35), i)
	}
	maps.Copy(files, edit)
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// madeUp is a watch on that machine.
func madeUp() Watch {
	return Watch{
		Workers:   []int{11},
		Generator: 12,
		CPUs:      cpu.SetOf(0, 1),
		Planned:   func(int) cpu.Set { return cpu.SetOf(0) },
	}
}

// read reads a made-up machine, and leaves out what is of this process.
func read(edit map[string]string, at time.Duration, used time.Duration) Reading {
	w := madeUp()
	w.Files = machine(edit)
	r := w.Read()
	r.at, r.used = at, used
	r.affinities = []cpu.Thread{{ID: 11, Affinity: cpu.SetOf(0)}}
	r.wall = offset{}
	for id, th := range r.threads {
		th.migrations = 7 // the ids are not this process's
		r.threads[id] = th
	}
	return r
}

func TestReport(t *testing.T) {
	const ms = time.Millisecond
	before := read(nil, 1000*ms, 50*ms)
	after := read(map[string]string{
		"proc/stat":                     "cpu0 0 0 0 140 5 0 0 6\ncpu1 0 0 0 230 0 0 0 5\n",
		"proc/self/task/11/status":      "nonvoluntary_ctxt_switches:\t103\n",
		"proc/self/task/12/schedstat":   "9000 1501 9\n",
		"sys/devices/system/cpu/online": "0\n",
		"sys/fs/cgroup/a/cpu.stat":      "nr_periods 26\nnr_throttled 11\nthrottled_usec 6000\n",
	}, 2000*ms, 150*ms)
	after.wall = offset{ahead: -3 * ms, error: 5}
	before.wall.error = 2
	got := madeUp().Report(before, after)
	want := Report{
		Time:      1000 * ms,
		CPUs:      2,
		Workers:   Disturbance{Involuntary: 3, Waited: 0},
		Generator: Disturbance{Involuntary: 0, Waited: 500},
		Counted:   true,
		Threads:   1,
		Offline:   cpu.SetOf(1),
		Steal:     10 * ms,
		Others:    2000*ms - 450*ms - 300*ms - 10*ms - 100*ms,
		balance:   2000*ms - 450*ms - 300*ms - 10*ms - 100*ms,
		Throttled: 9, ThrottledFor: 5 * ms,
		ClockStep:   -3 * ms,
		ClockError:  7,
		ClockSource: [2]string{"tsc", "tsc"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Report{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	facts := make(map[string]string)
	for _, f := range got.Facts() {
		facts[f.Key] = f.Value
	}
	wantFacts := map[string]string{
		"migrations": "0", "affinity": "kept", "steal": "10ms", "others": "1.14s", "throttled-periods": "9", "throttled": "5ms", "worker-switches": "3", "worker-wait": "0s",
		"generator-switches": "0", "generator-wait": "1µs", "clock-step": "-3ms", "offline": "1",
	}
	if diff := cmp.Diff(wantFacts, facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

// On a machine that shows nothing, all is unknown and nothing is exceeded.
func TestNothingKnown(t *testing.T) {
	w := Watch{CPUs: cpu.SetOf(0), Files: fstest.MapFS{}, Planned: func(int) cpu.Set { return nil }}
	before, after := w.Read(), w.Read()
	before.affinities, after.affinities = nil, nil
	r := w.Report(before, after)
	for _, f := range r.Facts() {
		if f.Key != "clock-step" && f.Value != unknown {
			t.Errorf("%s=%s, want %s", f.Key, f.Value, unknown)
		}
	}
	if v := r.Violations(); v != nil {
		t.Errorf("exceeds %v", v)
	}
}

func TestMigrations(t *testing.T) {
	counted := func(worker, generator int64) Reading {
		return Reading{threads: map[int]thread{11: {migrations: worker, cpu: 0}, 12: {migrations: generator, cpu: 1}}}
	}
	seen := func(worker, generator int64) Reading {
		return Reading{threads: map[int]thread{11: {migrations: -1, cpu: worker}, 12: {migrations: -1, cpu: generator}}}
	}
	gone := Reading{threads: map[int]thread{11: {migrations: 3}, 12: readThread(machine(nil), 99)}}
	for _, test := range []struct {
		name          string
		before, after Reading
		want          string
	}{
		{"none", counted(3, 1), counted(3, 1), "0"},
		{"there and back", counted(3, 1), counted(5, 1), "2"},
		{"both", counted(3, 1), counted(4, 2), "2"},
		{"not counted, none seen", seen(0, 1), seen(0, 1), "none-seen"},
		{"not counted, one seen", seen(0, 1), seen(1, 1), "1"},
		{"not even seen", seen(0, -1), seen(0, -1), "unknown"},
		{"a thread has gone", counted(3, 1), gone, "unknown"},
	} {
		var r Report
		r.Migrations, r.Counted = moved(test.before, test.after, []int{11, 12})
		if got := r.migrations(); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if got, want := r.Violations(), r.Migrations > 0; (len(got) > 0) != want {
			t.Errorf("%s: exceeds %v", test.name, got)
		}
	}
}

func TestThrottled(t *testing.T) {
	const ms = time.Millisecond
	type stat = map[string]cgroup.Throttling
	for _, test := range []struct {
		name          string
		before, after stat
		periods       int64
		time          time.Duration
	}{
		{"unknown", nil, nil, -1, -1},
		{"not at all", stat{"a": {Periods: 3, Throttled: 1, Time: ms}}, stat{"a": {Periods: 9, Throttled: 1, Time: ms}}, 0, 0},
		{"by the group above", stat{"": {}, "a": {}}, stat{"": {Periods: 9, Throttled: 2, Time: ms}, "a": {}}, 2, ms},
		{"by both", stat{"": {}, "a": {}}, stat{"": {Throttled: 2, Time: ms}, "a": {Throttled: 1, Time: 2 * ms}}, 3, 3 * ms},
		{"a group that came", stat{"a": {}}, stat{"a": {}, "b": {Throttled: 5, Time: ms}}, 0, 0},
		{"a group that was made again", stat{"a": {Throttled: 5, Time: ms}}, stat{"a": {}}, 0, 0},
		{"another group", stat{"a": {}}, stat{"b": {Throttled: 5}}, -1, -1},
	} {
		if periods, stopped := throttled(test.before, test.after); periods != test.periods || stopped != test.time {
			t.Errorf("%s: %d periods, %v; want %d, %v", test.name, periods, stopped, test.periods, test.time)
		}
	}
}

// The watch decides whether a quota may stop threads.
func TestThrottlingAllowed(t *testing.T) {
	before := read(nil, time.Second, 0)
	after := read(map[string]string{"sys/fs/cgroup/a/cpu.stat": "nr_throttled 3\n"}, 2*time.Second, 0)
	for _, allowed := range []bool{false, true} {
		w := madeUp()
		w.Throttled = allowed
		r := w.Report(before, after)
		if r.Throttled != 1 || slices.Contains(r.Violations(), "throttled") == allowed {
			t.Errorf("allowed: %v: %d periods, exceeds %v", allowed, r.Throttled, r.Violations())
		}
	}
}

func TestViolations(t *testing.T) {
	const ms = time.Millisecond
	good := func() Report {
		return Report{Time: 500 * ms, CPUs: 2, Counted: true, Threads: 5, ClockSource: [2]string{"tsc", "tsc"}}
	}
	for _, test := range []struct {
		name string
		edit func(*Report)
		want string
	}{
		{"nothing", func(r *Report) {}, ""},
		{"a migration", func(r *Report) { r.Migrations = 1 }, "migrations"},
		{"an affinity", func(r *Report) { r.Changed = 1 }, "affinity"},
		{"a CPU", func(r *Report) { r.Offline = cpu.SetOf(1) }, "offline"},
		{"a step back", func(r *Report) { r.ClockStep, r.ClockError = -3*ms, ms }, "clock"},
		{"a step within the error", func(r *Report) { r.ClockStep, r.ClockError = 3*ms, 2*ms }, ""},
		{"another clock source", func(r *Report) { r.ClockSource[1] = "hpet" }, "clock"},
		{"a clock source that could not be read", func(r *Report) { r.ClockSource[1] = "" }, ""},
		{"just enough steal", func(r *Report) { r.Steal = 60 * ms }, ""},
		{"too much steal", func(r *Report) { r.Steal = 70 * ms }, "steal"},
		{"just enough of others", func(r *Report) { r.Others = 110 * ms }, ""},
		{"too much of others", func(r *Report) { r.Others = 111 * ms }, "others"},
		{"a tick in a short launch", func(r *Report) { r.Time, r.Steal, r.Others = ms, 10*ms, 10*ms }, ""},
		{"switches alone", func(r *Report) { r.Workers.Involuntary, r.Generator.Waited = 1e6, time.Hour }, ""},
		{"a quota", func(r *Report) { r.Throttled = 1 }, "throttled"},
		{"a quota that is measured on purpose", func(r *Report) { r.Throttled, r.ThrottledFor, r.ThrottlingAllowed = 9, 60*ms, true }, ""},
		{"a quota that is unknown", func(r *Report) { r.Throttled, r.ThrottledFor = -1, -1 }, ""},
		{"several", func(r *Report) { r.Others, r.Migrations = 300*ms, 2 }, "migrations others"},
	} {
		r := good()
		test.edit(&r)
		if got := strings.Join(r.Violations(), " "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// Every limit is explained, and its name can stand in a result.
func TestLimits(t *testing.T) {
	var names []string
	for _, l := range Limits() {
		if l.Name == "" || l.About == "" || l.Why == "" || strings.Trim(l.Name, "abcdefghijklmnopqrstuvwxyz-") != "" || slices.Contains(names, l.Name) {
			t.Errorf("%+v", l)
		}
		names = append(names, l.Name)
	}
}

// A collection stops the world, and a meter that is read does not allocate.
func TestStops(t *testing.T) {
	m := NewStopMeter()
	before := m.Read()
	runtime.GC()
	d := m.Read().Sub(before)
	if d.Count < 1 || d.Time <= 0 {
		t.Errorf("a collection is %d stops of %v in all", d.Count, d.Time)
	}
	if n := testing.AllocsPerRun(100, func() { m.Read() }); n > 0 {
		t.Errorf("reading allocates %v times", n)
	}
}

// Two clocks read at about the same time show how far they are apart.
func TestOffset(t *testing.T) {
	a, b := readOffset(), readOffset()
	if d := (b.ahead - a.ahead).Abs(); d > a.error+b.error {
		t.Errorf("the clocks went apart by %v, but the readings are within %v and %v; was the clock set?", d, a.error, b.error)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("7 (bench) R 1 2 3")
	f.Add("cpu0 1 0 1 4 2 0 0 6 0 0\n")
	f.Add("nonvoluntary_ctxt_switches:\t3\n")
	f.Add("1 2 3\n")
	f.Fuzz(func(t *testing.T, text string) {
		if min(parseInvoluntary(text), int64(parseWaited(text)), parseLastCPU(text)) < -1 {
			t.Error("unknown is -1")
		}
		for n, c := range parseStat(text) {
			if c.idle < 0 || c.steal < 0 {
				t.Errorf("CPU %d: %+v", n, c)
			}
		}
	})
}
