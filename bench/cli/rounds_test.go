package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

// newTour is a tour of a plan whose launches take no time: measure says whether
// one is invalid, by which limits, or fails.
func newTour(t *testing.T, plan record.Plan, measure func(launch.Request) ([]string, error)) *tour {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "run")
	w, err := record.Create(folder, record.Header{Start: time.Unix(0, 0), Plan: plan, Units: record.Units()})
	if err != nil {
		t.Fatal(err)
	}
	self, err := thisProgram()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Unix(0, 0)
	tour := &tour{command: "run", plan: plan, folder: folder, writer: w, program: self, progress: newProgress(io.Discard, 1)}
	tour.measure = func(_ context.Context, r launch.Request) (record.Launch, error) {
		invalid, err := measure(r)
		start = start.Add(time.Second)
		return record.Launch{
			Cell: r.Cell, Round: r.Round, N: 1, Start: start, Invalid: invalid,
			Metrics: []record.Metric{{Value: 1, Unit: "ns/op"}},
		}, err
	}
	return tour
}

func smallPlan(cells, rounds int) record.Plan {
	p := record.Plan{Rounds: rounds, Seed: 1}
	for i := range cells {
		p.Cells = append(p.Cells, record.Cell{Workload: "wake", Impl: fmt.Sprintf("impl%d", i), Park: "futex", Workers: 1})
	}
	p.Order = order.Cells(p.Cells, rounds, p.Seed)
	return p
}

// sequence tells the launches of a folder as round, implementation and, if one
// was not the first or not valid, attempt and limits.
func sequence(t *testing.T, folder string) []string {
	t.Helper()
	run, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, l := range run.Recorded {
		s := fmt.Sprintf("%d %s", l.Round, l.Cell.Impl)
		if l.Attempt > 0 || l.Invalid != nil {
			s += fmt.Sprintf(" %d %s", l.Attempt, strings.Join(l.Invalid, ","))
		}
		list = append(list, s)
	}
	return list
}

func TestRepeat(t *testing.T) {
	plan := smallPlan(2, 2)
	plan.Order = [][]int{{0, 1}, {1, 0}}
	steal, both := []string{"steal"}, []string{"migrations", "steal"}
	for _, tt := range []struct {
		what    string
		invalid map[string][][]string // by round and implementation: of each attempt
		fails   map[string]int        // which attempt does
		want    []string
		tally   tally
	}{
		{
			what:  "all valid",
			want:  []string{"0 impl0", "0 impl1", "1 impl1", "1 impl0"},
			tally: tally{launches: 4},
		},
		{
			what:    "valid at last",
			invalid: map[string][][]string{"0 impl1": {steal, both}},
			want:    []string{"0 impl0", "0 impl1 0 steal", "0 impl1 1 migrations,steal", "0 impl1 2 ", "1 impl1", "1 impl0"},
			tally:   tally{launches: 6, invalid: 2, limits: map[string]int{"steal": 2, "migrations": 1}},
		},
		{
			what:    "never valid",
			invalid: map[string][][]string{"0 impl1": {steal, steal, steal, nil}},
			want:    []string{"0 impl0", "0 impl1 0 steal", "0 impl1 1 steal", "0 impl1 2 steal", "1 impl1", "1 impl0"},
			tally:   tally{launches: 6, invalid: 3, limits: map[string]int{"steal": 3}, without: 1},
		},
		{
			what:    "enough repeats",
			invalid: map[string][][]string{"0 impl0": {steal, steal}, "0 impl1": {steal}, "1 impl0": {steal}},
			want:    []string{"0 impl0 0 steal", "0 impl0 1 steal", "0 impl0 2 ", "0 impl1 0 steal", "1 impl1", "1 impl0 0 steal"},
			tally:   tally{launches: 6, invalid: 4, limits: map[string]int{"steal": 4}, without: 2},
		},
		{
			what:    "fails when repeated",
			invalid: map[string][][]string{"0 impl0": {steal}},
			fails:   map[string]int{"0 impl0": 1, "1 impl1": 0},
			want:    []string{"0 impl0 0 steal", "0 impl1", "1 impl0"},
			tally:   tally{launches: 3, invalid: 1, limits: map[string]int{"steal": 1}, failed: 2},
		},
	} {
		t.Run(tt.what, func(t *testing.T) {
			attempts := make(map[string]int)
			tour := newTour(t, plan, func(r launch.Request) ([]string, error) {
				at := fmt.Sprintf("%d %s", r.Round, r.Cell.Impl)
				n := attempts[at]
				attempts[at]++
				if fails, ok := tt.fails[at]; ok && fails == n {
					return nil, errors.New("hung")
				}
				if n < len(tt.invalid[at]) {
					return tt.invalid[at][n], nil
				}
				return nil, nil
			})
			if n := tour.left(); n != 4 {
				t.Errorf("%d turns left before the first, want 4", n)
			}
			if err := tour.rounds(context.Background()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, sequence(t, tour.folder)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.tally, tour.tally, cmp.AllowUnexported(tally{})); diff != "" {
				t.Error(diff)
			}
			if n := tour.left(); n != 0 {
				t.Errorf("%d turns left after the last, want none", n)
			}
		})
	}
}

// On a machine that is never quiet the repeats are bounded all the same.
func TestRepeatsAreBounded(t *testing.T) {
	plan := smallPlan(5, 8)
	tour := newTour(t, plan, func(launch.Request) ([]string, error) { return []string{"steal"}, nil })
	if err := tour.rounds(context.Background()); err != nil {
		t.Fatal(err)
	}
	if limit := 40 + maxRepeats + 40/repeatShare; tour.tally.launches > limit || tour.tally.launches < 40 {
		t.Errorf("%d launches for 40 turns, want at most %d", tour.tally.launches, limit)
	}
	if tour.tally.without != 40 {
		t.Errorf("%d turns without a valid launch, want all 40", tour.tally.without)
	}

	// What a quiet beginning saved is not all spent on one cell.
	tour = newTour(t, plan, func(r launch.Request) ([]string, error) {
		if r.Round == 7 && r.Cell.Impl == "impl0" {
			return []string{"steal"}, nil
		}
		return nil, nil
	})
	if err := tour.rounds(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := tour.tally.invalid; n != 1+maxRepeats {
		t.Errorf("a cell was launched %d times in a round, want %d", n, 1+maxRepeats)
	}
}

// A run that stops anywhere and goes on makes the launches that it would have
// made without the stop.
func TestStopAnywhere(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 0))
		plan := smallPlan(1+rng.IntN(4), 1+rng.IntN(4))
		noise := make([]int, 100) // decides what comes of each launch that is recorded
		for i := range noise {
			noise[i] = rng.IntN(10)
		}
		stops := make([]int, rng.IntN(6)) // each after so many launches
		for i := range stops {
			stops[i] = rng.IntN(5)
		}
		wantLaunches, wantTally := withStops(t, plan, noise, nil)
		launches, sum := withStops(t, plan, noise, stops)
		if diff := cmp.Diff(wantLaunches, launches); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
		if diff := cmp.Diff(wantTally, sum, cmp.AllowUnexported(tally{})); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
	}
}

// withStops carries out a plan in as many sessions as there are stops, and one.
func withStops(t *testing.T, plan record.Plan, noise, stops []int) ([]string, tally) {
	t.Helper()
	made, until := 0, 0
	var cancel context.CancelFunc
	tour := newTour(t, plan, func(launch.Request) ([]string, error) {
		if until--; until == -1 {
			cancel()
			return nil, context.Canceled
		}
		made++
		switch n := noise[made-1]; {
		case n < 4:
			return []string{"steal"}, nil
		case n == 4:
			return nil, errors.New("hung")
		}
		return nil, nil
	})
	for _, until = range append(stops, 1000) {
		var ctx context.Context
		ctx, cancel = context.WithCancel(context.Background())
		err := tour.rounds(ctx)
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, errInterrupted) || !strings.Contains(err.Error(), "-resume "+tour.folder) {
			t.Fatal(err)
		}
		if err := tour.writer.Close(record.Interrupted); err != nil {
			t.Fatal(err)
		}
		var run record.Run
		if tour.writer, run, err = record.Resume(tour.folder, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
		tour.tally = tallyOf(run)
	}
	if err := tour.writer.Close(record.Complete); err != nil {
		t.Fatal(err)
	}
	return sequence(t, tour.folder), tour.tally
}

// Launches of another program would not compare with those before.
func TestProgramReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bench")
	write := func(text string, at int64) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Unix(at, 0), time.Unix(at, 0)); err != nil {
			t.Fatal(err)
		}
	}
	write("one", 1)
	p, err := readProgram(path)
	if err != nil {
		t.Fatal(err)
	}
	write("one", 2) // built anew, with the same content
	if err := p.check(); err != nil {
		t.Error(err)
	}
	write("two", 3)
	if err := p.check(); err == nil || !strings.Contains(err.Error(), path+" was replaced") {
		t.Errorf("replaced: error %v", err)
	}

	made := 0
	tour := newTour(t, smallPlan(2, 2), func(launch.Request) ([]string, error) {
		if made++; made == 2 {
			write("three", 4)
		}
		return nil, nil
	})
	if tour.program, err = readProgram(path); err != nil {
		t.Fatal(err)
	}
	if err := tour.rounds(context.Background()); err == nil || !strings.Contains(err.Error(), "put it back, then \"bench run -resume "+tour.folder) {
		t.Errorf("error %v", err)
	}
	if made != 2 {
		t.Errorf("%d launches, want those with the first program, 2", made)
	}
}

// A CPU that is taken away for a while is no failure of the cells that were to use
// it: the run stops, and is resumed with nothing lost.
func TestCPUTakenAway(t *testing.T) {
	made := 0
	tour := newTour(t, smallPlan(2, 3), func(launch.Request) ([]string, error) {
		if made++; made == 3 {
			return nil, fmt.Errorf("cpu: CPU 1: %w", cpu.ErrUnavailable)
		}
		return nil, nil
	})
	err := tour.rounds(context.Background())
	if want := "cpu: CPU 1: not available to this process; what was measured before is kept in " + tour.folder +
		": give it back, then \"bench run -resume " + tour.folder + "\" measures the rest"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
	if err := tour.writer.Close(record.Interrupted); err != nil {
		t.Fatal(err)
	}
	var run record.Run
	if tour.writer, run, err = record.Resume(tour.folder, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	if len(run.Recorded) != 2 || len(run.Failures) != 0 {
		t.Errorf("%d launches and %d failures were recorded", len(run.Recorded), len(run.Failures))
	}
	if n := tour.left(); n != 4 {
		t.Errorf("%d turns left, want 4", n)
	}
	if err := tour.rounds(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := len(sequence(t, tour.folder)); n != 6 {
		t.Errorf("%d launches in the end, want 6", n)
	}
}

// A comparison cannot be resumed, and so does not say that it can.
func TestComparisonSaysNoResume(t *testing.T) {
	tour := &tour{command: comparing, folder: "cmp/new"}
	for _, err := range []error{tour.interrupted(), tour.stopped(errors.New("full"), "make room")} {
		if text := err.Error(); strings.Contains(text, "-resume") || !strings.HasSuffix(text, "a comparison cannot be resumed, begin another") {
			t.Error(text)
		}
	}
}

func TestTallyFailure(t *testing.T) {
	for _, tt := range []struct {
		tally tally
		want  string
	}{
		{tally{launches: 3}, ""},
		{tally{launches: 3, invalid: 2}, ""},
		{tally{}, ""},
		{tally{launches: 3, failed: 1, unprofiled: 1}, "1 of 4 launches failed; " + filepath.Join("run", "run.json") + " tells why"},
		{tally{launches: 3, invalid: 3}, "no launch was valid, so there is no result; "},
		{tally{launches: 3, unprofiled: 2}, "2 profiles could not be made"},
	} {
		err := tt.tally.failure("run")
		if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%+v: error %v, want %q", tt.tally, err, tt.want)
		}
	}
}

func TestTallyReport(t *testing.T) {
	for _, tt := range []struct {
		tally tally
		want  string
	}{
		{tally{launches: 3}, ""},
		{
			tally{launches: 9, invalid: 3, limits: map[string]int{"steal": 3, "migrations": 1}, without: 1},
			"old: 3 of 9 launches were invalid: they are kept and marked, and not in the tables.\n" +
				"  migrations 1: a pinned thread moved to another CPU\n" +
				"  steal 3: the hypervisor took more than 5 % of the time of the CPUs in use, and a tick of 10 ms\n" +
				"old: Even so, 1 times a cell has no valid launch in a round.\n",
		},
	} {
		var w strings.Builder
		tt.tally.report(&w, "old: ")
		if w.String() != tt.want {
			t.Errorf("got %q, want %q", w.String(), tt.want)
		}
	}
}

// What made launches invalid is told of both sides together.
func TestDisturbed(t *testing.T) {
	old := tally{limits: map[string]int{"others": 100, "steal": 1}}
	new := tally{limits: map[string]int{"others": 50}}
	if got, want := disturbed(old, new), "; the machine was too busy: others 150, steal 1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := disturbed(tally{}, tally{}); got != "" {
		t.Errorf("%q of what was not disturbed", got)
	}
}
