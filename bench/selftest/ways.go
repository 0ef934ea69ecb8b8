package selftest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Way is a cell that was measured in two ways: in slices, and in one piece.
type Way struct {
	Cell record.Cell `json:"cell"`
	Unit string      `json:"unit"` // the workload's primary one

	// Ratio is in slices / in one piece, 0 if there is none; Lo and Hi are its individual
	// interval, both 0 if there is none.
	Ratio float64 `json:"ratio"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
	Pairs int     `json:"pairs"` // rounds

	Status evidence.Status `json:"status"` // see wayMargin

	// Jointly says that it is moved even by intervals that hold for all ways at once.
	Jointly bool `json:"jointly"`
}

const (
	// wayMargin is by how much, at most, slices may change what is measured.
	wayMargin = 0.05

	// wayRounds is in how many rounds the two ways are compared. It takes 11 for an
	// interval that holds for 28 cells at once.
	wayRounds = 12
)

// wayWorkloads are the kinds of workload in which the two ways are compared: a thread that
// sleeps is woken, two threads wake each other, many tasks come at once, tasks arrive on
// their own. A quick self-test has the first, with the parkers of a default run.
var wayWorkloads = []string{"wake", "ping_pong", "spawn_many_remote_idle", "poisson"}

// ways returns the cells to measure in two ways: the implementation in each workload and
// with each parker, as far as they can be measured in slices.
func ways(c catalog.Catalog, impl string, quick bool, cpus int) ([]record.Cell, error) {
	s := matrix.Selection{Workloads: wayWorkloads, Impls: []string{impl}, Size: matrix.Quick, CPUs: cpus}
	if quick {
		s.Workloads = s.Workloads[:1] // and the usual parkers
	} else {
		for _, subject := range c.Subjects() {
			if subject.Impl == impl {
				s.Parks = append(s.Parks, subject.Park)
			}
		}
	}
	cells, err := matrix.Cells(c, s)
	return slices.DeleteFunc(cells, func(cell record.Cell) bool {
		return cell.Impl != impl || !launch.CanSlice(c, cell) // others are yardsticks
	}), err
}

// whole returns a cell as it is measured in one piece.
func whole(c record.Cell) record.Cell { return matrix.Vary(c, "whole") }

// compareWays compares the two ways, by the valid launches of the run.
func compareWays(d Design, run record.Run) ([]Way, error) {
	if len(d.Ways) == 0 {
		return nil, nil
	}
	series := make(map[string]compare.Series)
	for _, s := range compare.FromRun(run).Series {
		if s.Unit == run.Primary[s.Workload] {
			series[s.Name] = s
		}
	}
	const inOne, inSlices = "one", "slices"
	// Not judged: then each comparison has its own interval.
	t := compare.Table{Primary: map[string]string{"": "nothing"}}
	var found []Way
	for _, c := range d.Ways {
		for column, cell := range map[string]record.Cell{inOne: whole(c), inSlices: c} {
			s := series[cell.Name()]
			s.Row, s.Column, s.Workload, s.Unit = c.Name(), column, "", "value"
			t.Series = append(t.Series, s)
		}
		found = append(found, Way{Cell: c, Unit: run.Primary[c.Workload], Status: evidence.Undecided})
	}
	for _, joint := range []bool{false, true} {
		alpha := 1 - confidence
		if joint {
			alpha /= float64(len(found))
		}
		f, err := compare.Compare(t, inOne, compare.Options{Alpha: alpha, Margin: wayMargin})
		if err != nil {
			return nil, err
		}
		for _, c := range f.Comparisons {
			w := &found[slices.IndexFunc(found, func(w Way) bool { return w.Cell.Name() == c.Row })]
			if joint {
				w.Jointly = wayStatus(c.Effect) == evidence.Moved
				continue
			}
			w.Pairs, w.Status = c.Pairs, wayStatus(c.Effect)
			if c.Effect != nil {
				w.Ratio = c.Effect.Ratio
				if i := c.Effect.Interval; i != nil {
					w.Lo, w.Hi = i.Lo, i.Hi
				}
			}
		}
	}
	return found, nil
}

// wayStatus reads the status from the interval: moved if it lies outside the margin,
// steady if it lies inside.
func wayStatus(e *compare.Effect) evidence.Status {
	switch {
	case e == nil || e.Interval == nil:
		return evidence.Undecided
	case e.Interval.Lo > 1+wayMargin, e.Interval.Hi < 1/(1+wayMargin):
		return evidence.Moved
	case e.Interval.Lo >= 1/(1+wayMargin) && e.Interval.Hi <= 1+wayMargin:
		return evidence.Steady
	}
	return evidence.Undecided
}

// slicing claims that slices measure what whole launches measure. It fails if intervals
// that hold for all cells at once exclude that for one of them.
func slicing(all []Way) evidence.Claim {
	claim := evidence.Claim{Name: "slices", Outcome: evidence.Passed}
	steady := 0
	var moved, open []string
	for _, w := range all {
		text := w.Cell.Workload + " with " + w.Cell.Park
		if w.Ratio > 0 {
			text += fmt.Sprintf(" ×%.2f", w.Ratio)
		}
		if w.Hi > 0 {
			text += fmt.Sprintf(" (%.2f to %.2f)", w.Lo, w.Hi)
		}
		switch {
		case w.Jointly:
			claim.Outcome = evidence.Failed
			moved = append(moved, text)
		case w.Status == evidence.Steady:
			steady++
			continue
		case claim.Outcome == evidence.Passed:
			claim.Outcome = evidence.Unresolved
		}
		if !w.Jointly {
			open = append(open, text)
		}
	}
	claim.Text = fmt.Sprintf("Launches in slices and in one piece measure the same within %.0f %% in %d of %d cells.", 100*wayMargin, steady, len(all))
	for _, list := range []struct {
		what  string
		cells []string
	}{{"They differ by more, in intervals that hold for all cells at once: ", moved}, {"Undecided, as slices/one piece: ", open}} {
		if list.cells != nil {
			claim.Text += " " + list.what + strings.Join(list.cells, "; ") + "."
		}
	}
	return claim
}
