package engine

import (
	"context"
	"errors"
	"fmt"
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

// newSession is a session whose launches take no time: measure says which limits a
// launch violates, or that it fails.
func newSession(t *testing.T, plan record.Plan, measure func(launch.Request) ([]string, error)) *Session {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "run")
	w, err := record.Create(folder, record.Header{Start: time.Unix(0, 0), Plan: plan, Units: record.Units()})
	if err != nil {
		t.Fatal(err)
	}
	self, err := Self()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Unix(0, 0)
	s := (&Engine{}).session("run", folder, plan, w, launch.Request{}, self)
	s.measure = func(_ context.Context, r launch.Request) (record.Launch, error) {
		invalid, err := measure(r)
		start = start.Add(time.Second)
		return record.Launch{
			Cell: r.Cell, Round: r.Round, N: 1, Start: start, Invalid: invalid,
			Metrics: []record.Metric{{Value: 1, Unit: "ns/op"}},
		}, err
	}
	return s
}

// stop returns the error of a session that was stopped.
func stop(t *testing.T, err error) *StoppedError {
	t.Helper()
	var stopped *StoppedError
	if !errors.As(err, &stopped) {
		t.Fatalf("error %v, want a *StoppedError", err)
	}
	return stopped
}

func smallPlan(cells, rounds int) record.Plan {
	p := record.Plan{Rounds: rounds, Seed: 1}
	for i := range cells {
		p.Cells = append(p.Cells, record.Cell{Workload: "wake", Impl: fmt.Sprintf("impl%d", i), Park: "futex", Workers: 1})
	}
	p.Order = order.Cells(p.Cells, rounds, p.Seed)
	return p
}

// sequence lists the launches of a folder, each as round, implementation and, if it
// was a repeat or invalid, attempt and limits.
func sequence(t *testing.T, folder string) []string {
	t.Helper()
	run, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, l := range run.Recorded {
		text := fmt.Sprintf("%d %s", l.Round, l.Cell.Impl)
		if l.Attempt > 0 || l.Invalid != nil {
			text += fmt.Sprintf(" %d %s", l.Attempt, strings.Join(l.Invalid, ","))
		}
		list = append(list, text)
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
		counts  Counts
	}{
		{
			what:   "all valid",
			want:   []string{"0 impl0", "0 impl1", "1 impl1", "1 impl0"},
			counts: Counts{Launches: 4},
		},
		{
			what:    "valid at last",
			invalid: map[string][][]string{"0 impl1": {steal, both}},
			want:    []string{"0 impl0", "0 impl1 0 steal", "0 impl1 1 migrations,steal", "0 impl1 2 ", "1 impl1", "1 impl0"},
			counts:  Counts{Launches: 6, Invalid: 2, Limits: map[string]int{"steal": 2, "migrations": 1}},
		},
		{
			what:    "never valid",
			invalid: map[string][][]string{"0 impl1": {steal, steal, steal, nil}},
			want:    []string{"0 impl0", "0 impl1 0 steal", "0 impl1 1 steal", "0 impl1 2 steal", "1 impl1", "1 impl0"},
			counts:  Counts{Launches: 6, Invalid: 3, Limits: map[string]int{"steal": 3}, Empty: 1},
		},
		{
			what:    "enough repeats",
			invalid: map[string][][]string{"0 impl0": {steal, steal}, "0 impl1": {steal}, "1 impl0": {steal}},
			want:    []string{"0 impl0 0 steal", "0 impl0 1 steal", "0 impl0 2 ", "0 impl1 0 steal", "1 impl1", "1 impl0 0 steal"},
			counts:  Counts{Launches: 6, Invalid: 4, Limits: map[string]int{"steal": 4}, Empty: 2},
		},
		{
			what:    "fails when repeated",
			invalid: map[string][][]string{"0 impl0": {steal}},
			fails:   map[string]int{"0 impl0": 1, "1 impl1": 0},
			want:    []string{"0 impl0 0 steal", "0 impl1", "1 impl0"},
			counts:  Counts{Launches: 3, Invalid: 1, Limits: map[string]int{"steal": 1}, Failed: 2},
		},
	} {
		t.Run(tt.what, func(t *testing.T) {
			attempts := make(map[string]int)
			s := newSession(t, plan, func(r launch.Request) ([]string, error) {
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
			if d := s.left(); d != 4*startup {
				t.Errorf("%v left before the first, want 4 launches that measure for no time", d)
			}
			if err := s.rounds(context.Background()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, sequence(t, s.Folder)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.counts, s.counts); diff != "" {
				t.Error(diff)
			}
			if d := s.left(); d != 0 {
				t.Errorf("%v left after the last, want none", d)
			}
		})
	}
}

// Repeats are bounded even on a machine that is never quiet.
func TestRepeatsAreBounded(t *testing.T) {
	plan := smallPlan(5, 8)
	s := newSession(t, plan, func(launch.Request) ([]string, error) { return []string{"steal"}, nil })
	if err := s.rounds(context.Background()); err != nil {
		t.Fatal(err)
	}
	if limit := 40 + maxRepeats + 40/repeatShare; s.counts.Launches > limit || s.counts.Launches < 40 {
		t.Errorf("%d launches for 40 slots, want at most %d", s.counts.Launches, limit)
	}
	if s.counts.Empty != 40 {
		t.Errorf("%d slots without a valid launch, want all 40", s.counts.Empty)
	}

	// What a quiet beginning saved is not all spent on one cell.
	s = newSession(t, plan, func(r launch.Request) ([]string, error) {
		if r.Round == 7 && r.Cell.Impl == "impl0" {
			return []string{"steal"}, nil
		}
		return nil, nil
	})
	if err := s.rounds(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := s.counts.Invalid; n != 1+maxRepeats {
		t.Errorf("a cell was launched %d times in a round, want %d", n, 1+maxRepeats)
	}
}

// A run that is stopped anywhere and resumed makes the launches that it would have made
// without the stop.
func TestStopAnywhere(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 0))
		plan := smallPlan(1+rng.IntN(4), 1+rng.IntN(4))
		noise := make([]int, 100) // decides what comes of each launch that is recorded
		for i := range noise {
			noise[i] = rng.IntN(10)
		}
		stops := make([]int, rng.IntN(6)) // each after that many launches
		for i := range stops {
			stops[i] = rng.IntN(5)
		}
		wantLaunches, wantCounts := withStops(t, plan, noise, nil)
		launches, sum := withStops(t, plan, noise, stops)
		if diff := cmp.Diff(wantLaunches, launches); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
		if diff := cmp.Diff(wantCounts, sum); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
	}
}

// withStops carries out a plan in one session more than there are stops.
func withStops(t *testing.T, plan record.Plan, noise, stops []int) ([]string, Counts) {
	t.Helper()
	made, until := 0, 0
	var cancel context.CancelFunc
	s := newSession(t, plan, func(launch.Request) ([]string, error) {
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
		err := s.rounds(ctx)
		cancel()
		if err == nil {
			break
		}
		if why := stop(t, err); why.Reason != Interrupted || why.Folder != s.Folder || !errors.Is(err, ErrInterrupted) {
			t.Fatal(err)
		}
		if err := s.writer.Close(record.Interrupted); err != nil {
			t.Fatal(err)
		}
		var run record.Run
		if s.writer, run, err = record.Resume(s.Folder, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
		s.counts = CountsOf(run)
	}
	if err := s.writer.Close(record.Complete); err != nil {
		t.Fatal(err)
	}
	return sequence(t, s.Folder), s.counts
}

// Launches of another program would not be comparable with those before.
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
	p, err := OpenProgram(path)
	if err != nil {
		t.Fatal(err)
	}
	write("one", 2) // rebuilt, with the same content
	if err := p.check(); err != nil {
		t.Error(err)
	}
	write("two", 3)
	if err := p.check(); err == nil || !strings.Contains(err.Error(), path+" was replaced") {
		t.Errorf("replaced: error %v", err)
	}

	made := 0
	s := newSession(t, smallPlan(2, 2), func(launch.Request) ([]string, error) {
		if made++; made == 2 {
			write("three", 4)
		}
		return nil, nil
	})
	if s.program, err = OpenProgram(path); err != nil {
		t.Fatal(err)
	}
	err = s.rounds(t.Context())
	var replaced *ReplacedError
	if stop(t, err).Reason != ProgramChanged || !errors.As(err, &replaced) || replaced.Path != path {
		t.Errorf("error %v", err)
	}
	if made != 2 {
		t.Errorf("%d launches, want those with the first program, 2", made)
	}
}

// A CPU that is taken away does not make the cells fail that use it: the run stops, and
// can be resumed without losing anything.
func TestCPUTakenAway(t *testing.T) {
	made := 0
	s := newSession(t, smallPlan(2, 3), func(launch.Request) ([]string, error) {
		if made++; made == 3 {
			return nil, fmt.Errorf("cpu: CPU 1: %w", cpu.ErrUnavailable)
		}
		return nil, nil
	})
	err := s.rounds(context.Background())
	if why := stop(t, err); why.Reason != CPULost || why.Folder != s.Folder || why.Command != "run" || !errors.Is(err, cpu.ErrUnavailable) {
		t.Errorf("error %+v", why)
	}
	if err := s.writer.Close(record.Interrupted); err != nil {
		t.Fatal(err)
	}
	var run record.Run
	if s.writer, run, err = record.Resume(s.Folder, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	if len(run.Recorded) != 2 || len(run.Failures) != 0 {
		t.Errorf("%d launches and %d failures were recorded", len(run.Recorded), len(run.Failures))
	}
	if d := s.left(); d != 4*startup {
		t.Errorf("%v left, want 4 launches", d)
	}
	if err := s.rounds(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := len(sequence(t, s.Folder)); n != 6 {
		t.Errorf("%d launches in the end, want 6", n)
	}
}
