package compare

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// The columns of [FromRuns].
const (
	Old = "old"
	New = "new"
)

// FromRun makes a table of the implementations in one run: a row for each
// combination of workload, parameters, workers and parker, a column for each
// implementation. The baseline is usually bitmap, the canonical one.
//
// The launches of a round are interleaved by plan, so the clock counts
// launches, and may be set while the run goes on.
func FromRun(run record.Run) Table {
	t := Table{Primary: run.Primary}
	for _, s := range folder(run) {
		s.Column = s.cell.Impl
		s.Row = strings.Replace(s.Name, "/impl="+s.cell.Impl, "", 1) // as in FromBenchmarks
		s.Clock = "launches"
		t.Series = append(t.Series, s.Series)
	}
	t.warn("", run)
	return t
}

// FromRuns makes a table of two runs, of an old and a new revision say: a row
// for each cell, with the columns [Old] and [New].
//
// Round r of one is paired with round r of the other. Whether they were
// interleaved is read from the time of the launches, which were on the same
// machine; if they were not, [Compare] does not judge them.
func FromRuns(old, new record.Run) Table {
	t := Table{Primary: map[string]string{}}
	for _, side := range []struct {
		column string
		run    record.Run
	}{{Old, old}, {New, new}} {
		for _, s := range folder(side.run) {
			s.Column = side.column
			s.Row = s.Name
			s.Clock = "time"
			for i := range s.Observations {
				s.Observations[i].At = s.starts[i]
			}
			t.Series = append(t.Series, s.Series)
		}
		for _, w := range slices.Sorted(maps.Keys(side.run.Primary)) {
			unit := side.run.Primary[w]
			if before, ok := t.Primary[w]; ok && before != unit {
				was, is := "was judged in "+before, "is judged in "+unit
				if before == "" {
					was = "was not judged"
				}
				if unit == "" {
					is = "is not judged"
				}
				t.Warnings = append(t.Warnings, fmt.Sprintf("%s %s in the old run; it %s, as in the new one", w, was, is))
			}
			t.Primary[w] = unit
		}
		t.warn(side.column+": ", side.run)
	}
	t.Warnings = append(t.Warnings, differences(old.Manifest, new.Manifest)...)
	return t
}

// warn adds warnings about a run.
func (t *Table) warn(prefix string, run record.Run) {
	if run.State.Partial() {
		t.Warnings = append(t.Warnings, fmt.Sprintf("%sthe run is %s: some launches of the plan are missing", prefix, run.State))
	}
	for _, d := range run.Dropped {
		t.Warnings = append(t.Warnings, prefix+d.Error())
	}
}

// differences says how two runs were not measured alike.
func differences(old, new record.Manifest) (differ []string) {
	note := func(what string, a, b any) {
		if a != b {
			differ = append(differ, fmt.Sprintf("%s is %v in the old run and %v in the new one", what, a, b))
		}
	}
	note("the warm-up of a launch", old.Plan.Warmup, new.Plan.Warmup)
	note("the time of a launch", old.Plan.Time, new.Plan.Time)
	note("the list of CPUs", fmt.Sprintf("%q", old.Plan.CPUs), fmt.Sprintf("%q", new.Plan.CPUs))
	value := func(config []record.Pair, key string) string {
		for _, c := range config {
			if c.Key == key {
				return c.Value
			}
		}
		return "not known"
	}
	passing := environ.Passing()
	var keys []string
	for _, c := range slices.Concat(old.Config, new.Config) {
		// What passes differs between any two runs, and that it is another commit is
		// why they are compared.
		if passes := slices.Contains(passing, c.Key) && c.Key != "go"; !passes && !slices.Contains(keys, c.Key) {
			keys = append(keys, c.Key)
			note(c.Key, value(old.Config, c.Key), value(new.Config, c.Key))
		}
	}
	return differ
}

// A folderSeries is a series of a result folder, on its way into a table.
type folderSeries struct {
	Series
	cell   record.Cell
	starts []int64 // of the launches, in nanoseconds
}

// folder returns the series of a run, without rows, columns and clocks, in the
// order of the plan and of the run's units. At is the place of the launch in the
// run. A cell that brought nothing has a series in its primary unit
// nevertheless, so that it does not just disappear.
func folder(run record.Run) []folderSeries {
	type launch struct {
		record.Launch
		at int64
	}
	launches := map[string][]launch{}
	for i, l := range run.Recorded {
		name := l.Cell.Name()
		launches[name] = append(launches[name], launch{l, int64(i)})
	}
	failures := map[string][]record.Failure{}
	for _, f := range run.Failures {
		name := f.Cell.Name()
		failures[name] = append(failures[name], f)
	}
	var all []folderSeries
	for _, cell := range run.Plan.Cells {
		name := cell.Name()
		for _, unit := range run.Units {
			s := folderSeries{
				Series: Series{Name: name, Workload: cell.Workload, Unit: unit.Name, Better: unit.Better},
				cell:   cell,
			}
			measured := unit.Name == run.Primary[cell.Workload]
			for _, f := range failures[name] {
				s.add(Observation{Round: f.Round, Invalid: true}, 0)
			}
			for _, l := range launches[name] {
				value, ok := metric(l.Launch, unit.Name)
				measured = measured || ok
				s.add(Observation{Round: l.Round, Value: value, At: l.at, Saturated: l.Saturated(), AtMax: l.AtMax(unit.Name), Invalid: !ok || len(l.Invalid) > 0}, l.Start.UnixNano())
			}
			if measured {
				all = append(all, s)
			}
		}
	}
	return all
}

func (s *folderSeries) add(o Observation, start int64) {
	s.Observations = append(s.Observations, o)
	s.starts = append(s.starts, start)
}

func metric(l record.Launch, unit string) (value float64, ok bool) {
	for _, m := range l.Metrics {
		if m.Unit == unit {
			return m.Value, true
		}
	}
	return 0, false
}
