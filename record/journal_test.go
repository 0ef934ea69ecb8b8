package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// rewrite replaces what a file holds.
func rewrite(t *testing.T, path string, edit func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	edited := edit(slices.Clone(data))
	if bytes.Equal(edited, data) {
		t.Fatalf("%s: the test changes nothing", path)
	}
	if err := os.WriteFile(path, edited, 0o666); err != nil {
		t.Fatal(err)
	}
}

// die leaves a folder as a killed process does: nothing is written any more.
func die(t *testing.T, w *Writer) {
	t.Helper()
	if err := w.bench.Close(); err != nil {
		t.Fatal(err)
	}
}

func resume(t *testing.T, dir string) (*Writer, Run) {
	t.Helper()
	w, run, err := Resume(dir, day.Add(2*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	w.now = func() time.Time { return day.Add(3 * time.Hour) }
	t.Cleanup(func() { w.bench.Close() })
	return w, run
}

// If the machine stops in the middle of a launch, only that one is lost, at whichever
// byte it stopped, and whether the rest of its bytes are missing or zeros. The loss is
// reported with its place, and cut off before the run is resumed.
func TestTornJournal(t *testing.T) {
	w, dir := create(t)
	wakes := wakeLaunches()
	appendAll(t, w, wakes[0])
	before, err := w.bench.Stat()
	if err != nil {
		t.Fatal(err)
	}
	appendAll(t, w, spawnLaunch(0))
	die(t, w)
	path := filepath.Join(dir, BenchFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size := int(before.Size())
	place := fmt.Sprintf("%s:%d: the last launch is torn", path, 1+bytes.Count(whole[:size], []byte("\n")))
	for n := size; n < len(whole); n++ {
		zeros := slices.Concat(whole[:n], make([]byte, len(whole)-n))
		for _, data := range [][]byte{whole[:n], zeros} {
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
			run := read(t, dir)
			if diff := diffLaunches(wakes[:1], run.Recorded); diff != "" {
				t.Fatalf("cut at byte %d: %s", n, diff)
			}
			if len(data) == size {
				if len(run.Dropped) > 0 {
					t.Fatalf("nothing is torn, but dropped was %v", run.Dropped)
				}
			} else if len(run.Dropped) != 1 || !strings.HasPrefix(run.Dropped[0].Error(), place) {
				t.Fatalf("cut at byte %d: dropped %v, want %s", n, run.Dropped, place)
			}
		}
	}

	w, run := resume(t, dir)
	if len(run.Dropped) != 1 {
		t.Errorf("dropped %v, want the torn launch", run.Dropped)
	}
	appendAll(t, w, spawnLaunch(0))
	if got, _ := os.ReadFile(path); !bytes.Equal(got, whole) {
		t.Errorf("gone on with, the file is not what it would have been:\n%s", got)
	}
	run = read(t, dir)
	if len(run.Dropped) > 0 {
		t.Errorf("dropped %v after the torn launch was cut off", run.Dropped)
	}
	session := run.Sessions[1]
	if len(session.Dropped) != 1 || !strings.HasPrefix(session.Dropped[0], place) {
		t.Errorf("%s keeps %q, want %s", ManifestFile, session.Dropped, place)
	}
}

// The same for the histogram, which is written before the launch's line.
func TestTornLog(t *testing.T) {
	for _, first := range []bool{true, false} {
		w, dir := create(t)
		wakes := wakeLaunches()
		if first {
			wakes = wakes[:1]
		}
		appendAll(t, w, wakes...)
		last := wakes[len(wakes)-1]
		die(t, w)
		bench, log := filepath.Join(dir, BenchFile), logFile(dir, last.Cell)
		want, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		// The last launch's line was not written yet.
		rewrite(t, bench, func(b []byte) []byte { return b[:bytes.LastIndex(b, []byte(begin))] })
		for _, n := range []int{0, 1, 30, 100, 200, len(want) - 1, len(want)} {
			if !first && n < 300 {
				continue // these bytes are of a launch before
			}
			if err := os.WriteFile(log, want[:n], 0o666); err != nil {
				t.Fatal(err)
			}
			run := read(t, dir)
			if diff := diffLaunches(wakes[:len(wakes)-1], run.Recorded); diff != "" {
				t.Fatalf("cut at byte %d: %s", n, diff)
			}
			lost := n == len(want) || n > 0 && want[n-1] != '\n'
			if lost != (len(run.Dropped) == 1) || lost && !strings.HasPrefix(run.Dropped[0].Error(), log+":") {
				t.Fatalf("cut at byte %d: dropped %v", n, run.Dropped)
			}

			w, _ := resume(t, dir)
			appendAll(t, w, last)
			if diff := diffLaunches(wakes, read(t, dir).Recorded); diff != "" {
				t.Fatalf("cut at byte %d: %s", n, diff)
			}
			if got, _ := os.ReadFile(log); !bytes.Equal(got, want) {
				t.Errorf("cut at byte %d, gone on with, the log is not what it would have been:\n%s", n, got)
			}
			die(t, w)
			rewrite(t, bench, func(b []byte) []byte { return b[:bytes.LastIndex(b, []byte(begin))] })
			// The manifest of the new session knows of fewer launches than
			// its journal; that is so while a run goes on.
		}
	}
}

func TestReadRefuses(t *testing.T) {
	replace := func(old, with string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, with, 1) }
	}
	line := func(n int, edit func(line string) string) func(string) string {
		return func(s string) string {
			lines := strings.SplitAfter(s, "\n")
			lines[n-1] = edit(lines[n-1])
			return strings.Join(lines, "")
		}
	}
	for _, tt := range []struct {
		what, file string
		edit       func(string) string // nil removes the file
		want       string
	}{
		{"no folder", ManifestFile, nil, "is not a result folder"},
		{"no bench.txt", BenchFile, nil, "bench.txt"},
		{"no log", LatencyDir, nil, ".hlog"},

		{"not JSON", ManifestFile, func(string) string { return "{" }, "run.json: it was cut or edited (unexpected end of JSON input): restore the file from a copy"},
		{"older version", ManifestFile, replace(`"version": 5`, `"version": 1`), "reads versions 2 to 5"},
		{"newer version", ManifestFile, replace(`"version": 5`, `"version": 6`), "reads versions 2 to 5"},
		{"plan", ManifestFile, replace(`"time_ns": 120000000`, `"time_ns": 20000000`), "run.json: plan.time_ns: changed after it was written: restore"},
		{"plan and state", ManifestFile, func(s string) string {
			return strings.NewReplacer(`"seed": "9`, `"seed": "8`, `"state": "interrupted"`, `"state": "complete"`).Replace(s)
		}, "run.json: plan.seed, sessions, state: changed after"},
		{"primary unit", ManifestFile, replace(`"wake": "p50-ns/wake"`, `"wake": "p99-ns/wake"`), "run.json: primary.wake: changed after"},
		{"failure", ManifestFile, replace(`"failures": []`, `"failures": null`), "run.json: failures: changed after"},
		{"field added", ManifestFile, replace(`"plan"`, `"Plan": {}, "plan"`), "run.json: Plan: changed after"},
		{"field of the plan added", ManifestFile, replace(`"rounds"`, `"stages": true, "rounds"`), "run.json: plan.stages: changed after"},
		{"field removed", ManifestFile, replace(`"command": "run",`, ""), "run.json: command: changed after"},
		{"version of before", ManifestFile, replace(`"version": 5`, `"version": 2`), "run.json: version: changed after"},
		{"no checksums", ManifestFile, replace(`"crc": {`, `"sums": {`), "run.json: its checksums are missing"},

		{"unknown state", ManifestFile, unsealed("interrupted", "walking"), `"walking"`},
		{"no sessions", ManifestFile, unsealed(`"sessions"`, `"s"`), "no sessions"},
		{"broken plan", ManifestFile, unsealed(`"rounds": 3`, `"rounds": 4`), "4 rounds"},
		{"unknown primary unit", ManifestFile, unsealed(`"wake": "p50-ns/wake"`, `"wake": "p51-ns/wake"`), "p51-ns/wake is not in"},
		{"configuration elsewhere", ManifestFile, unsealed("An Example CPU", "Another CPU"), `bench.txt:2: "cpu: An Example CPU @ 2.60GHz\n", where run.json has "cpu: Another`},
		{"direction elsewhere", ManifestFile, unsealed(`"better": "lower"`, `"better": "higher"`), "bench.txt:5: "},
		{"fewer launches", ManifestFile, unsealed(`"launches": 3`, `"launches": 2`), "bench.txt:22: the file ends after 3 launches, but 2 were recorded"},
		{"cell elsewhere", ManifestFile, unsealed("impl=bitmap", "impl=other"), "bench.txt:16: Wake/impl=bitmap/park=futex/workers=1/gap=100us: not in the plan"},
		{"made complete", ManifestFile, unsealed("interrupted", "complete"), "run.json says that the run is complete, but 3 of 6 planned launches were never tried, the first being SpawnManyLocal/impl=mutexonly/park=cond/workers=2 in round 1"},

		{"configuration", BenchFile, replace("goos: linux", "goos: plan9"), "bench.txt:1: "},
		{"line ends of Windows", BenchFile, func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, "bench.txt:1: "},
		{"unit line", BenchFile, replace("Unit wakes/task", "Unit wakes/task better=higher\nUnit wakes/task"), "bench.txt:11: "},
		{"head cut", BenchFile, func(s string) string { return s[:20] }, "bench.txt:2: "},
		{"empty", BenchFile, func(string) string { return "" }, "bench.txt:1: "},
		{"value", BenchFile, replace("101234.5 ns/op", "101234.6 ns/op"), "bench.txt:16: the launch was changed"},
		{"unit", BenchFile, replace("101234.5 ns/op", "101234.5"), "bench.txt:16: the launch was changed"},
		{"round", BenchFile, replace("round=0", "round=1"), "bench.txt:16: the launch was changed"},
		{"condition", BenchFile, replace("pinned=yes", "pinned=no"), "bench.txt:16: the launch was changed"},
		{"made valid", BenchFile, replace("# Benchmark", "Benchmark"), "bench.txt:20: the launch was changed"},
		{"made invalid", BenchFile, replace("\nBenchmarkSpawn", "\n# BenchmarkSpawn"), "bench.txt:18: the launch was changed"},
		{"zeros in the middle", BenchFile, replace("101234.5", "\x00\x00\x00\x00"), "bench.txt:16: the launch was changed"},
		{"comment missing", BenchFile, line(16, func(string) string { return "" }), "bench.txt:16: not the beginning"},
		{"bench line missing", BenchFile, line(17, func(string) string { return "" }), "bench.txt:16: the launch was changed"},
		{"blank line", BenchFile, func(s string) string { return s + "\n" }, "bench.txt:22: not the beginning"},
		{"foreign benchmark", BenchFile, func(s string) string { return s + "BenchmarkFoo\t1\t2 ns/op\n" }, "bench.txt:22: not the beginning"},
		{"foreign text", BenchFile, func(s string) string { return s + "PASS" }, "bench.txt:22: not the beginning"},
		{"launch twice", BenchFile, func(s string) string { return s + s[strings.Index(s, begin):] }, "bench.txt:22: Wake/impl=bitmap/park=futex/workers=1/gap=100us: round 0 has its launch already"},
		{"launch missing", BenchFile, func(s string) string { return s[:strings.LastIndex(s, begin)] }, "bench.txt:20: the file ends after 2 launches, but 3 were recorded"},
		{"cut", BenchFile, func(s string) string { return s[:len(s)-10] }, "bench.txt:20: the file ends after 2 launches"},

		{"histogram", LatencyDir, replace("HISTF", "HOST"), ".hlog:5: "},
		{"histogram's time", LatencyDir, replace("\n1795421229.123", "\n1795421229.124"), "bench.txt:17: the launch's histogram is no longer in"},
		{"histogram missing", LatencyDir, line(6, func(string) string { return "" }), "bench.txt:21: the launch's histogram is no longer in"},
		{"histograms exchanged", LatencyDir, func(s string) string {
			lines := strings.SplitAfter(s, "\n")
			lines[4], lines[5] = lines[5], lines[4]
			return strings.Join(lines, "")
		}, "bench.txt:17: the launch's histogram is no longer in"},
		{"interval", LatencyDir, func(s string) string { return s + "what?\n" }, `.hlog:7: not an interval line: "what?\n"`},
	} {
		t.Run(tt.what, func(t *testing.T) {
			w, dir := create(t)
			wakes := wakeLaunches()
			wakes[1].Invalid = []string{"steal"}
			appendAll(t, w, wakes[0], spawnLaunch(0), wakes[1])
			if err := w.Close(Interrupted); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, tt.file)
			if tt.file == LatencyDir {
				path = logFile(dir, wakes[0].Cell)
			}
			if tt.edit == nil {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			} else {
				rewrite(t, path, func(b []byte) []byte { return []byte(tt.edit(string(b))) })
			}
			if m, err := os.ReadFile(filepath.Join(dir, ManifestFile)); err == nil && bytes.Contains(m, []byte(`"version": 2`)) {
				withoutPrimary(t, dir)
			}
			if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// unsealed is an edit of a run.json of version 2, which had no checksums.
func unsealed(old, with string) func(string) string {
	return func(s string) string { return strings.Replace(asVersion2(s), old, with, 1) }
}

// asVersion2 makes version 2 of a run.json, by text.
func asVersion2(s string) string {
	s = regexp.MustCompile(`,\s*"crc": \{[^}]*\}`).ReplaceAllString(s, "")
	return strings.Replace(s, `"version": 5`, `"version": 2`, 1)
}

// withoutPrimary takes out of a folder's bench.txt what versions before 4 had not.
func withoutPrimary(t *testing.T, dir string) {
	rewrite(t, filepath.Join(dir, BenchFile), func(b []byte) []byte {
		return regexp.MustCompile(` (primary|reported)=\S+`).ReplaceAll(b, nil)
	})
}

// A folder of version 2 is read, and has checksums from its next session on.
func TestVersion2(t *testing.T) {
	w, dir := create(t)
	appendAll(t, w, wakeLaunches()...)
	if err := w.Close(Interrupted); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, ManifestFile)
	rewrite(t, file, func(b []byte) []byte { return []byte(asVersion2(string(b))) })
	withoutPrimary(t, dir)
	if run := read(t, dir); run.Version != 2 || len(run.Recorded) != 2 {
		t.Errorf("version %d with %d launches", run.Version, len(run.Recorded))
	}
	w, _ = resume(t, dir)
	if err := w.Close(Interrupted); err != nil {
		t.Fatal(err)
	}
	if run := read(t, dir); run.Version != 3 {
		t.Errorf("version %d after it was resumed", run.Version)
	}
	rewrite(t, file, func(b []byte) []byte { return bytes.Replace(b, []byte(`"rounds": 3`), []byte(`"rounds": 2`), 1) })
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "plan.rounds: changed after") {
		t.Errorf("error %v", err)
	}
}

// White space is no change: run.json may be shown by other tools.
func TestSealOfOtherForm(t *testing.T) {
	data, err := seal(Manifest{Version: Version, State: Running, Sessions: []Session{{State: Running}}, Plan: header().Plan, Program: "<&>"})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	if err := checkSeal(b.Bytes()); err != nil {
		t.Error(err)
	}
}

// What is lost costs itself only.
func TestSalvage(t *testing.T) {
	cutAt := func(mark string) func(string) string {
		return func(s string) string { return s[:strings.Index(s, mark)] }
	}
	without := func(n int) func(string) string {
		return func(s string) string {
			lines := strings.SplitAfter(s, "\n")
			return strings.Join(slices.Delete(lines, n-1, n), "")
		}
	}
	const wake = "Wake/impl=bitmap/park=futex/workers=1/gap=100us"
	for _, tt := range []struct {
		what, file string
		edit       func(string) string // nil removes the file
		launches   string              // in their order: w or s, in capitals if it has its histogram
		lost       []string            // file:line: what: how the reason begins
	}{
		{"changed", BenchFile, func(s string) string { return strings.Replace(s, "101234.5 ns", "1.5 ns", 1) }, "sWW",
			[]string{"bench.txt:16: a launch: the launch was changed"}},
		{"changed before it is repeated", BenchFile, func(s string) string { return strings.Replace(s, "invalid=steal", "invalid=stale", 1) }, "WsW",
			[]string{"bench.txt:20: a launch: the launch was changed"}},
		{"comment lost", BenchFile, without(18), "WWW", []string{
			"bench.txt:18: a line: not the beginning of a launch",
			"bench.txt:23: the rest (1 launch): the file ends after 3 launches, but 4"}},
		{"cut", BenchFile, cutAt("101234.6"), "Ws",
			[]string{"bench.txt:20: the rest (2 launches): the file ends after 2 launches, but 4"}},
		{"foreign text", BenchFile, func(s string) string { return s + "PASS\nok\n" }, "WsWW",
			[]string{"bench.txt:24: a line: not the beginning of a launch"}},
		{"no log", LatencyDir, nil, "wsww",
			[]string{"wake.hlog: the latency of 3 launches of " + wake + ": the file no longer exists"}},
		{"log cut", LatencyDir, func(s string) string { return s[:len(s)-30] }, "WsWw",
			[]string{"bench.txt:23: the latency of 1 launch of " + wake + ": the launch's histogram is no longer in wake.hlog"}},
		{"log cut in its head", LatencyDir, func(s string) string { return s[:20] }, "wsww",
			[]string{"bench.txt:17: the latency of 3 launches of " + wake + ": the launch's histogram is no longer in"}},
		{"histogram damaged", LatencyDir, func(s string) string { return strings.Replace(s, "HISTF", "HOST", 1) }, "wsWW", []string{
			"wake.hlog:5: a histogram: ",
			"bench.txt:17: the latency of 1 launch of " + wake + ": the launch's histogram is no longer in"}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			w, dir := create(t)
			wakes := wakeLaunches()
			wakes[1].Metrics[0].Value = 101234.6
			again := wakes[1]
			again.Attempt = 1
			wakes[1].Invalid = []string{"steal"}
			appendAll(t, w, wakes[0], spawnLaunch(0), wakes[1], again)
			if err := w.Close(Decided); err != nil {
				t.Fatal(err)
			}
			log := logFile(dir, wakes[0].Cell)
			path := filepath.Join(dir, tt.file)
			if tt.file == LatencyDir {
				path = log
			}
			if tt.edit == nil {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			} else {
				rewrite(t, path, func(b []byte) []byte { return []byte(tt.edit(string(b))) })
			}
			run, lost, err := Salvage(dir)
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(dir, BenchFile))
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(string(text), "\n")
			launches := ""
			for i, l := range run.Recorded {
				letter := l.Cell.Workload[:1]
				if l.Latency != nil {
					letter = strings.ToUpper(letter)
				}
				launches += letter
				if !strings.Contains(lines[run.Lines[i]-1], "Benchmark"+l.Cell.Name()) {
					t.Errorf("launch %d is in line %d, which is %q", i, run.Lines[i], lines[run.Lines[i]-1])
				}
			}
			if launches != tt.launches {
				t.Errorf("launches %s, want %s", launches, tt.launches)
			}
			var got []string
			for _, l := range lost {
				place, _, _ := strings.Cut(l.Error(), l.Err.Error())
				got = append(got, strings.NewReplacer(log, "wake.hlog", dir+string(filepath.Separator), "").Replace(place+l.What+": "+l.Err.Error()))
			}
			if !slices.EqualFunc(got, tt.lost, strings.HasPrefix) {
				t.Errorf("lost %q, want %q", got, tt.lost)
			}
			if _, err := Read(dir); (err == nil) != (len(lost) == 0) {
				t.Errorf("Read: %v", err)
			}
		})
	}
}

// An interrupted run goes on where it was, and its folder tells of the gap.
func TestResume(t *testing.T) {
	w, dir := create(t)
	wakes := wakeLaunches()
	wakes[1].Invalid = []string{"steal"}
	again := wakeLaunches()[1]
	again.Attempt, again.Start = 1, again.Start.Add(2*time.Hour)
	third := wakeLaunch() // of round 2
	third.Start = third.Start.Add(3 * time.Hour)

	appendAll(t, w, wakes[0])
	if err := w.Fail(spawnLaunch(0).Cell, 0, errors.New("hung")); err != nil {
		t.Fatal(err)
	}
	appendAll(t, w, spawnLaunch(1), wakes[1])
	if _, _, err := Resume(dir, day); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("while it is written: error %v", err)
	}
	die(t, w)

	w, run := resume(t, dir)
	if diff := diffLaunches([]Launch{wakes[0], spawnLaunch(1), wakes[1]}, run.Recorded); diff != "" {
		t.Error(diff)
	}
	type tried struct {
		Attempts int
		Over     bool
	}
	got := map[string][]tried{}
	for _, cell := range run.Plan.Cells {
		for round := range run.Plan.Rounds {
			attempts, over := w.Tried(cell, round)
			got[cell.Workload] = append(got[cell.Workload], tried{attempts, over})
		}
	}
	want := map[string][]tried{
		"wake":             {{1, true}, {1, false}, {}},
		"spawn_many_local": {{1, true}, {1, true}, {}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	appendAll(t, w, again)
	if err := w.Close(Interrupted); err != nil {
		t.Fatal(err)
	}

	w, _ = resume(t, dir)
	appendAll(t, w, spawnLaunch(2), third)
	if err := w.Close(Complete); err != nil {
		t.Fatal(err)
	}
	run = read(t, dir)
	if diff := diffLaunches([]Launch{wakes[0], spawnLaunch(1), wakes[1], again, spawnLaunch(2), third}, run.Recorded); diff != "" {
		t.Error(diff)
	}
	two, three := day.Add(2*time.Hour), day.Add(3*time.Hour)
	sessions := []Session{
		{State: Killed, Start: header().Start},
		{State: Interrupted, Start: two, End: three},
		{State: Complete, Start: two, End: three},
	}
	if diff := cmp.Diff(sessions, run.Sessions); diff != "" {
		t.Error(diff)
	}
	if run.State != Complete || !run.Start.Equal(header().Start) || !run.End.Equal(three) || run.Launches != 6 || len(run.Dropped) > 0 {
		t.Errorf("state %s, from %v to %v, %d launches, dropped %v", run.State, run.Start, run.End, run.Launches, run.Dropped)
	}
	if _, _, err := Resume(dir, day); err == nil || !strings.Contains(err.Error(), "complete") {
		t.Errorf("when it is complete: error %v", err)
	}
}

// A clock that is set back during a run, even to the same millisecond, confuses
// no launch with another.
func TestClockSetBack(t *testing.T) {
	w, dir := create(t)
	wakes := wakeLaunches()
	third := wakeLaunch()
	wakes[1].Start = wakes[0].Start
	third.Start = day.AddDate(-1, 0, 0)
	third.Latency = histogram(7000, 100)
	launches := []Launch{wakes[0], wakes[1], third}
	appendAll(t, w, launches...)
	if diff := diffLaunches(launches, read(t, dir).Recorded); diff != "" {
		t.Error(diff)
	}
}

// A folder that cannot be gone on with is not touched.
func TestResumeRefuses(t *testing.T) {
	w, dir := create(t)
	appendAll(t, w, wakeLaunches()...)
	die(t, w)
	bench := filepath.Join(dir, BenchFile)
	rewrite(t, bench, func(b []byte) []byte { return bytes.Replace(b, []byte("5000\t"), []byte("6000\t"), 1) })
	before, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Resume(dir, day); !errors.Is(err, errChanged) {
		t.Errorf("error %v, want %v", err, errChanged)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, ManifestFile)); !bytes.Equal(before, after) {
		t.Errorf("%s was written", ManifestFile)
	}
	if _, _, err := Resume(t.TempDir(), day); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "not a result folder") {
		t.Errorf("another folder: error %v", err)
	}
}

func FuzzJournal(f *testing.F) {
	m := Manifest{State: Running, Plan: header().Plan, Config: header().Config, Units: someUnits()}
	head, err := benchHeader(m.Config, m.Units, m.Primary)
	if err != nil {
		f.Fatal(err)
	}
	invalid := spawnLaunch(0)
	invalid.Invalid = []string{"steal", "migrations"}
	var body []byte
	for _, l := range []Launch{wakeLaunches()[0], invalid} {
		rec, err := benchRecord(l, m.Units, []byte("log"))
		if err != nil {
			f.Fatal(err)
		}
		body = append(body, rec...)
	}
	f.Add(body)
	f.Add(body[:len(body)-7])
	f.Add([]byte("# round=0 crc=00000000\nBenchmarkX 1 1 ns/op\n"))
	f.Add([]byte("\x00\x00\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		j, err := readJournal(slices.Concat(head, body), BenchFile, m)
		if err != nil {
			if !strings.HasPrefix(err.Error(), BenchFile+":") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q does not begin with its place, or has several lines", err)
			}
			return
		}
		for _, l := range j.lost {
			if l.What == "" || strings.Contains(l.Error(), "\n") {
				t.Errorf("lost: %q: %q", l.What, l.Error())
			}
		}
		if len(j.lost) > 0 {
			return // the bytes that were used are no beginning
		}
		// What was used is intact, and what was not is reported.
		used := body[:int(j.end)-len(head)]
		if torn := len(used) < len(body); torn != (len(j.dropped) == 1) {
			t.Errorf("%d of %d bytes used, dropped %v", len(used), len(body), j.dropped)
		}
		if n := bytes.Count(used, []byte("\n")); n != 2*len(j.launches) {
			t.Errorf("%d launches in %d lines", len(j.launches), n)
		}
		for _, e := range j.launches {
			if err := e.validate(); err != nil {
				t.Error(err)
			}
		}
	})
}

// parseRecord reads the two lines of a record by themselves.
func parseRecord(facts, bench []byte, units []Unit) (l Launch, log string, err error) {
	if err := checkRecord(facts, bench); err != nil {
		return l, "", err
	}
	for _, line := range ReadText(BenchFile, slices.Concat(facts, bench)).Lines {
		if line.Number == 2 {
			l, err = recorded(&line, facts, bench, units)
			return l, line.Facts.hlog, err
		}
	}
	l, err = recorded(nil, facts, bench, units)
	return l, "", err
}

// A record whose checksum is right is still not trusted.
func FuzzRecord(f *testing.F) {
	units := someUnits()
	for _, l := range []Launch{wakeLaunches()[1], spawnLaunch(2)} {
		rec, err := benchRecord(l, units, []byte("log"))
		if err != nil {
			f.Fatal(err)
		}
		facts, bench, _ := bytes.Cut(rec, []byte("\n"))
		f.Add(facts[:bytes.LastIndexByte(facts, ' ')], bench)
	}
	f.Add([]byte("# round=1 start= duration= attempt=x invalid= hlog="), []byte("# BenchmarkA 1 1 ns/op"))
	f.Fuzz(func(t *testing.T, facts, bench []byte) {
		bench = append(slices.Clip(bench), '\n')
		facts = fmt.Appendf(slices.Clip(facts), " crc=%s\n", checksum(facts, bench))
		l, log, err := parseRecord(facts, bench, units)
		if err != nil {
			return
		}
		// What was accepted can be written, and comes back.
		rec, err := benchRecord(l, units, nil)
		if err != nil {
			t.Fatal(err)
		}
		facts, bench = cutLine(rec)
		again, none, err := parseRecord(facts, bench, units)
		if err != nil || none != "" {
			t.Fatalf("log %q, error %v, before it %q", none, err, log)
		}
		if diff := diffLaunch(l, again); diff != "" {
			t.Error(diff)
		}
	})
}
