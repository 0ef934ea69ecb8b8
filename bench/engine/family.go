package engine

import (
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// Families are what a report judges of a run: which manager is best, and which parker.
// Each answers a question of its own and has its own error rate.
//
// The rules are those of a report without options (package report/verdict), which this
// package must not import; a test of the scripts compares the two.
type Families struct {
	Managers Family // implementations with one of them
	Parkers  Family // parkers of that one with one of them
}

// A Family is a set of comparisons with a baseline. They share one error rate, so the
// more there are, the more rounds it takes until any of them can be significant.
type Family struct {
	Baseline    string // "" if nothing is measured
	Others      int    // that are measured besides the baseline
	Comparisons int
	Rounds      int // the least with which any verdict is possible; 0 without comparisons
}

const (
	canonical = "bitmap" // the implementation that reports compare with, if it was measured
	usualPark = "futex"  // and the parker
)

// FamiliesOf returns the families of a plan. The primary units are those of
// record.Manifest: a workload without one is not judged.
func FamiliesOf(p record.Plan, primary map[string]string) (f Families) {
	var cells, own []record.Cell
	for _, c := range p.Cells {
		if record.RoleOf(c) == record.Implementation {
			cells = append(cells, c)
		}
	}
	f.Managers = familyOf(cells, primary, canonical, func(c record.Cell) string { return c.Impl })
	for _, c := range cells {
		if c.Impl == f.Managers.Baseline && c.Park != "" {
			own = append(own, c)
		}
	}
	f.Parkers = familyOf(own, primary, usualPark, func(c record.Cell) string { return c.Park })
	return f
}

// familyOf returns the family that compares cells by a property of theirs. The baseline
// is the usual one, or the one with the most cells.
//
// A row of the family has no parker: an implementation with a parker that the baseline
// lacks is compared with the baseline on another one.
func familyOf(cells []record.Cell, primary map[string]string, usual string, property func(record.Cell) string) (f Family) {
	sizes := make(map[string]int)
	for _, c := range cells {
		sizes[property(c)]++
	}
	for _, c := range cells {
		if value := property(c); f.Baseline == "" || sizes[value] > sizes[f.Baseline] {
			f.Baseline = value
		}
	}
	if sizes[usual] > 0 {
		f.Baseline = usual
	}
	f.Others = max(0, len(sizes)-1)
	rows := make(map[string]bool) // that the baseline has
	for _, c := range cells {
		if property(c) == f.Baseline {
			rows[rowOf(c)] = true
		}
	}
	for _, c := range cells {
		if property(c) != f.Baseline && primary[c.Workload] != "" && rows[rowOf(c)] {
			f.Comparisons++
		}
	}
	if f.Comparisons > 0 {
		f.Rounds = compare.LeastPairs(familyError / float64(f.Comparisons))
	}
	return f
}

// Families returns the families of a plan.
func (e *Engine) Families(p record.Plan) Families {
	primary, _ := e.workloads(p)
	return FamiliesOf(p, primary)
}

// rowOf names what compared cells have in common: workload, workers and parameters.
func rowOf(c record.Cell) string {
	c.Impl, c.Park = "", ""
	return c.Name()
}

// Larger returns the family that takes more rounds.
func (f Families) Larger() Family {
	if f.Parkers.Rounds > f.Managers.Rounds {
		return f.Parkers
	}
	return f.Managers
}

// spare is the number of rounds to plan beyond the least, for cells that have no valid
// launch in some round.
const spare = 2

// Enough returns a number of rounds that leaves some to spare.
func (f Family) Enough() int { return f.Rounds + spare }
