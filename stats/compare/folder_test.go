package compare

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/idlebench/idlebench/record"
)

func cell(workload, impl string) record.Cell {
	return record.Cell{Workload: workload, Impl: impl, Park: "futex", Workers: 1}
}

// record makes a result folder and reads it again. Measure gives the launches
// of a cell in a round; none is a failure.
func writeRun(t *testing.T, dir string, start time.Time, rounds int, cells []record.Cell, measure func(c record.Cell, round int) []record.Launch) record.Run {
	t.Helper()
	plan := record.Plan{Cells: cells, Rounds: rounds}
	for range rounds {
		var order []int
		for i := range cells {
			order = append(order, i)
		}
		plan.Order = append(plan.Order, order)
	}
	w, err := record.Create(dir, record.Header{
		Start:   start,
		Plan:    plan,
		Units:   record.Units(),
		Config:  []record.Pair{{Key: "machine", Value: filepath.Base(dir)}, {Key: "commit", Value: filepath.Base(dir)}, {Key: "load", Value: filepath.Base(dir)}},
		Primary: map[string]string{"wake": "p50-ns/wake", "burst": "ns/op"},
	})
	if err != nil {
		t.Fatal(err)
	}
	now := start
	for round := range rounds {
		for _, c := range cells {
			launches := measure(c, round)
			if launches == nil {
				if err := w.Fail(c, round, errors.New("it hung")); err != nil {
					t.Fatal(err)
				}
			}
			for attempt, l := range launches {
				l.Cell, l.Round, l.Attempt, l.N, l.Start, l.Duration = c, round, attempt, 1, now, time.Second
				now = now.Add(2 * time.Second)
				if err := w.Append(l); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := w.Close(record.Complete); err != nil {
		t.Fatal(err)
	}
	run, err := record.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func launch(ns float64, limits ...string) record.Launch {
	return record.Launch{Invalid: limits, Metrics: []record.Metric{{Value: ns, Unit: "p50-ns/wake"}, {Value: 0.5, Unit: "wakes/task"}, {Value: 0, Unit: "p99-ns/lag"}}}
}

var day = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func TestFromRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	cells := []record.Cell{cell("wake", "bitmap"), cell("wake", "chan"), cell("burst", "bitmap"), cell("burst", "chan"), {Workload: "wake", Impl: "floor", Park: "go", Workers: 1}}
	run := writeRun(t, dir, day, 3, cells, func(c record.Cell, round int) []record.Launch {
		switch {
		case c.Workload == "burst" && c.Impl == "chan":
			return nil // it fails each time
		case c.Workload == "burst":
			return []record.Launch{{Metrics: []record.Metric{{Value: 7, Unit: "ns/op"}}}}
		case c.Impl == "chan" && round == 1:
			return []record.Launch{launch(9999, "migrations"), launch(8888, "steal"), launch(1201)}
		case c.Impl == "chan" && round == 2:
			return []record.Launch{launch(9999, "migrations")}
		}
		return []record.Launch{launch(1000 + float64(round))}
	})

	table := FromRun(run)
	got := map[string]Series{}
	for _, s := range table.Series {
		got[s.Row+" "+s.Column+" "+s.Unit] = s
	}
	chans := got["Wake/park=futex/workers=1 chan p50-ns/wake"]
	if chans.Name != cells[1].Name() || chans.Workload != "wake" || chans.Better != record.Lower || chans.Clock == "" {
		t.Errorf("series %+v", chans)
	}
	want := []Observation{{0, 1000, 1, false, false, false}, {1, 9999, 5, true, false, false}, {1, 8888, 6, true, false, false}, {1, 1201, 7, false, false, false}, {2, 9999, 11, true, false, false}}
	if diff := cmp.Diff(want, chans.Observations); diff != "" {
		t.Errorf("observations (-want +got):\n%s", diff)
	}
	if s, ok := got["Burst/park=futex/workers=1 chan ns/op"]; !ok || len(s.Observations) != 3 || !s.Observations[0].Invalid {
		t.Errorf("a cell that always fails is %+v", s)
	}
	if _, ok := got["Burst/park=futex/workers=1 chan wakes/task"]; ok {
		t.Error("a unit that was never measured has a series")
	}

	f, err := Compare(table, "bitmap", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var judged []Comparison
	for _, c := range f.Comparisons {
		if c.Pairing != Interleaved {
			t.Errorf("%s: %s", c.Row, c.Pairing)
		}
		if c.Judged {
			judged = append(judged, c)
		}
	}
	if len(judged) != 2 || f.Size != 2 {
		t.Fatalf("%d judged, want 2", len(judged))
	}
	if c := judged[0]; c.Pairs != 2 || c.Dropped != 1 || c.New.Valid != 2 || c.New.Invalid != 3 || c.Old.Valid != 3 || c.Verdict != Unresolved {
		t.Errorf("wake: %+v", c)
	}
	if c := judged[1]; c.Pairs != 0 || c.Dropped != 3 || c.New.Invalid != 3 || !strings.Contains(c.Reason, "no round in which both") {
		t.Errorf("burst: %+v", c)
	}
	if !slices.Contains(f.Unmatched, Unmatched{"Wake/park=go/workers=1", "floor", ""}) {
		t.Errorf("unmatched %v", f.Unmatched)
	}

	// The file alone says the same of the valid launches.
	text, err := os.ReadFile(filepath.Join(dir, record.BenchFile))
	if err != nil {
		t.Fatal(err)
	}
	other, err := FromBenchmarks(Selection{Col: "/impl"}, file("bench.txt", string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range other.Series {
		key := s.Row + " " + s.Column + " " + s.Unit
		want, ok := got[key]
		if !ok {
			t.Errorf("%s is in bench.txt only", key)
			continue
		}
		want.Observations = slices.DeleteFunc(slices.Clone(want.Observations), func(o Observation) bool { return o.Invalid })
		for _, o := range [][]Observation{s.Observations, want.Observations} {
			for i := range o {
				o[i].At = 0
			}
		}
		want.Clock = "time"
		if diff := cmp.Diff(want, s); diff != "" {
			t.Errorf("%s: bench.txt differs from the folder (-folder +file):\n%s", key, diff)
		}
		delete(got, key)
	}
	if len(got) != 1 { // the cell that failed
		t.Errorf("%d series of the folder are not in bench.txt", len(got))
	}
}

func TestFromRuns(t *testing.T) {
	parent := t.TempDir()
	measure := func(factor float64) func(c record.Cell, round int) []record.Launch {
		return func(c record.Cell, round int) []record.Launch {
			return []record.Launch{launch(math.Round(1000 * factor * (1 + 0.01*float64(round%3))))}
		}
	}
	bitmap, channels := cell("wake", "bitmap"), cell("wake", "chan")
	old := writeRun(t, filepath.Join(parent, "a"), day, 8, []record.Cell{bitmap, channels}, measure(1))
	// Its launches take turns with the old run's: one has one cell and the
	// other two, so that the times are set by hand.
	together := writeRun(t, filepath.Join(parent, "b"), day, 8, []record.Cell{bitmap}, measure(1.5))
	for i := range together.Recorded {
		together.Recorded[i].Start = old.Recorded[2*i].Start.Add(time.Second)
	}
	later := writeRun(t, filepath.Join(parent, "c"), day.Add(time.Hour), 8, []record.Cell{bitmap}, measure(1.5))
	later.State = record.Interrupted
	later.Plan.Time = time.Second

	for _, c := range []struct {
		name     string
		run      record.Run
		pairing  Pairing
		verdict  Verdict
		warnings []string
	}{
		{"together", together, Interleaved, Worse, []string{"machine is a in the old run and b in the new one"}},
		{"later", later, Apart, Unresolved, []string{
			"new: the run is interrupted: some launches of the plan are missing",
			"the time of a launch is 0s in the old run and 1s in the new one",
			"machine is a in the old run and c in the new one",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Compare(FromRuns(old, c.run), Old, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := f.Comparisons[slices.IndexFunc(f.Comparisons, func(c Comparison) bool { return c.Judged })]
			if got.Row != bitmap.Name() || got.Pairing != c.pairing || got.Verdict != c.verdict || math.Abs(got.Effect.Ratio-1.5) > 0.01 || got.Pairs != 8 {
				t.Errorf("got %+v", got)
			}
			if diff := cmp.Diff([]Unmatched{{channels.Name(), Old, ""}}, f.Unmatched); diff != "" {
				t.Errorf("unmatched (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.warnings, f.Warnings); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}

	// What a workload is judged in may change.
	new := together
	new.Primary = map[string]string{"wake": "wakes/task"}
	table := FromRuns(old, new)
	if table.Primary["wake"] != "wakes/task" || !strings.Contains(strings.Join(table.Warnings, "\n"), "wake was judged in p50-ns/wake") {
		t.Errorf("primary %v, warnings %q", table.Primary, table.Warnings)
	}
}
