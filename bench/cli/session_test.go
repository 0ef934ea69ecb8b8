package cli

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

// Each way in which a run stops has a sentence that says what to do next.
func TestStopText(t *testing.T) {
	full := errors.New("disk full")
	for _, tt := range []struct {
		stopped engine.StoppedError
		want    string
	}{
		{engine.StoppedError{Reason: engine.Interrupted, Command: "run", Folder: "r", Err: engine.ErrInterrupted},
			`interrupted; results so far are in r: "bench run -resume r" measures the rest`},
		{engine.StoppedError{Reason: engine.CPULost, Command: "audit", Folder: "r", Err: cpu.ErrUnavailable},
			`not available to this process. Results so far are in r. Make the CPU available again, then "bench audit -resume r" measures the rest`},
		{engine.StoppedError{Reason: engine.ProgramChanged, Command: "run", Folder: "r", Err: &engine.ReplacedError{Path: "bench"}},
			`bench was replaced by another program during the run. Results so far are in r. Put the program back, then "bench run -resume r" measures the rest`},
		{engine.StoppedError{Reason: engine.Unwritable, Command: engine.ABCommand, Folder: "c/new", Err: full},
			`disk full. Results so far are in c/new. Make room there, then begin another comparison; this one cannot be resumed`},
		{engine.StoppedError{Reason: engine.Interrupted, Command: engine.ABCommand, Folder: "c/new", Err: engine.ErrInterrupted},
			`interrupted; results so far are in c/new: begin another comparison; this one cannot be resumed`},
		{engine.StoppedError{Reason: engine.Interrupted, Command: "selftest", Err: engine.ErrInterrupted},
			`interrupted in the pilot, whose launches are not kept: begin again`},
	} {
		err := stopText(&tt.stopped)
		if err.Error() != tt.want {
			t.Errorf("got  %s\nwant %s", err, tt.want)
		}
		if !errors.Is(err, tt.stopped.Err) {
			t.Errorf("%v does not wrap %v", err, tt.stopped.Err)
		}
	}
	if err := stopText(full); err != full {
		t.Errorf("another error became %v", err)
	}
}

func TestNotBegun(t *testing.T) {
	s := &engine.Shortage{Quota: 2.5, Cell: record.Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 6}, Busy: 8, CPUs: cpu.SetOf(0, 1, 2, 3, 4, 5, 6, 7)}
	err := notBegun("run", s)
	if !command.IsUsage(err) {
		t.Fatalf("%v is not wrong usage", err)
	}
	for _, want := range []string{"run: the CPU quota is 2.5 CPUs", "Wake/impl=bitmap/park=futex/workers=6 keeps up to 8 CPUs busy", "--cpus 8", "CPUQuota=800%", "use 2 of the CPUs 0-7", "-throttled"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
	s.Quota = 1.5
	if err := notBegun("run", s); strings.Contains(err.Error(), "-cpus)") {
		t.Errorf("one CPU is too few to measure on: %v", err)
	}
	for _, usage := range []error{fs.ErrExist, &engine.UnusableError{Err: cpu.ErrUnavailable}} {
		if err := notBegun("run", usage); !command.IsUsage(err) {
			t.Errorf("%v is not wrong usage", err)
		}
	}
	if err := notBegun("run", fs.ErrPermission); command.IsUsage(err) {
		t.Errorf("%v is wrong usage", err)
	}
}

func TestKinds(t *testing.T) {
	for _, test := range []struct{ given, want string }{
		{"", ""}, {"cpu", "cpu"}, {"block cpu mutex cpu", "cpu mutex block"},
	} {
		got, err := kinds(strings.Fields(test.given))
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, %v; want %s", test.given, got, err, test.want)
		}
	}
	if _, err := kinds([]string{"cpu", "heap"}); err == nil {
		t.Error("heap is a kind")
	}
}

func TestFailure(t *testing.T) {
	for _, tt := range []struct {
		counts engine.Counts
		want   string
	}{
		{engine.Counts{Launches: 3}, ""},
		{engine.Counts{Launches: 3, Invalid: 2}, ""},
		{engine.Counts{}, ""},
		{engine.Counts{Launches: 3, Failed: 1, Unprofiled: 1}, "1 of 4 launches failed; " + filepath.Join("run", "run.json") + " has the reasons"},
		{engine.Counts{Launches: 3, Invalid: 3}, "no launch was valid, so there is no result; "},
		{engine.Counts{Launches: 3, Unprofiled: 2}, "2 profiles could not be made"},
	} {
		err := failure(tt.counts, "run")
		if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%+v: error %v, want %q", tt.counts, err, tt.want)
		}
	}
}

func TestShowCounts(t *testing.T) {
	for _, tt := range []struct {
		counts engine.Counts
		want   string
	}{
		{engine.Counts{Launches: 3}, ""},
		{
			engine.Counts{Launches: 9, Invalid: 3, Limits: map[string]int{"steal": 3, "migrations": 1}, Empty: 1},
			"old: 3 of 9 launches were invalid: they are recorded and marked, but not in the\n  tables.\n" +
				"  migrations 1: a pinned thread moved to another CPU\n" +
				"  steal 3: the hypervisor took more than 5 % of the time of the CPUs in use,\n    plus one tick of 10 ms\n" +
				"old: 1 cell/round slot still has no valid launch.\n",
		},
	} {
		var w strings.Builder
		app{stderr: &w}.showCounts(tt.counts, "old: ")
		if w.String() != tt.want {
			t.Errorf("got %q, want %q", w.String(), tt.want)
		}
	}
}

// The reasons why launches were invalid are summed over both sides.
func TestDisturbed(t *testing.T) {
	old := engine.Counts{Limits: map[string]int{"others": 100, "steal": 1}}
	new := engine.Counts{Limits: map[string]int{"others": 50}}
	if got, want := disturbed(old, new), "; the machine was too busy: others 150, steal 1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := disturbed(engine.Counts{}, engine.Counts{}); got != "" {
		t.Errorf("%q although nothing was disturbed", got)
	}
}

// What is not compared is noted, first the whole refusal.
func TestNotes(t *testing.T) {
	c := comparison{ABSetup: engine.ABSetup{Old: engine.Candidate{Name: "a"}, New: engine.Candidate{Name: "b"}}}
	cell := func(impl string) []record.Cell {
		return []record.Cell{{Workload: "wake", Impl: impl, Park: "futex", Workers: 1}}
	}
	got := notesOf(engine.Common{
		OnlyOld: cell("gone"), OnlyNew: cell("more"), NotJudged: []string{"idle"},
		Refused: &engine.RefusedError{Name: "a", Said: "no more"},
	}, c)
	want := []string{
		"a refuses this selection: no more",
		"idle is not measured: it is reported, not judged",
		"only a has Wake/impl=gone/park=futex/workers=1",
		"only b has Wake/impl=more/park=futex/workers=1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("notes %q, want %q", got, want)
	}
}
