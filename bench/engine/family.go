package engine

import (
	"github.com/idlebench/idlebench/bench/selftest"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Family is what a report judges of a run: the comparisons of the implementations
// with one of them, the baseline. They share one error rate, so the more there are, the
// more rounds it takes until any of them can be significant.
//
// The rules are those of a report without options (package report/verdict), which this
// package must not import; a test of the scripts compares the two.
type Family struct {
	Baseline    string // "" if no implementation is measured
	Others      int    // implementations besides the baseline
	Comparisons int
	Rounds      int // the least with which any verdict is possible; 0 without comparisons
}

// FamilyOf returns the family of a plan. The primary units are those of record.Manifest:
// a workload without one is not judged.
func FamilyOf(p record.Plan, primary map[string]string) Family {
	f, _ := familyOf(p, primary)
	return f
}

// familyOf also returns the cells that are compared with one of the baseline, one for each
// comparison.
func familyOf(p record.Plan, primary map[string]string) (f Family, compared []record.Cell) {
	var cells []record.Cell
	sizes := make(map[string]int) // cells by implementation
	for _, c := range p.Cells {
		if record.RoleOf(c) == record.Implementation {
			cells = append(cells, c)
			sizes[c.Impl]++
		}
	}
	for _, c := range cells {
		if f.Baseline == "" || sizes[c.Impl] > sizes[f.Baseline] {
			f.Baseline = c.Impl
		}
	}
	if sizes[canonical] > 0 {
		f.Baseline = canonical
	}
	f.Others = max(0, len(sizes)-1)
	rows := make(map[string]bool) // that the baseline has, with any parker
	for _, c := range cells {
		if c.Impl == f.Baseline {
			rows[selftest.RowName(c)] = true
		}
	}
	for _, c := range cells {
		// An implementation with a parker that the baseline lacks is compared with the
		// baseline on another one.
		if c.Impl != f.Baseline && primary[c.Workload] != "" && rows[selftest.RowName(c)] {
			compared = append(compared, c)
		}
	}
	if f.Comparisons = len(compared); f.Comparisons > 0 {
		f.Rounds = compare.LeastPairs(familyError / float64(f.Comparisons))
	}
	return f, compared
}

// Family returns the family of a plan.
func (e *Engine) Family(p record.Plan) Family {
	primary, _ := e.workloads(p)
	return FamilyOf(p, primary)
}

// canonical is the implementation that reports compare with, if it was measured.
const canonical = "bitmap"

// spare is the number of rounds to plan beyond the least, for cells that have no valid
// launch in some round.
const spare = 2

// Enough returns a number of rounds that leaves some to spare.
func (f Family) Enough() int { return f.Rounds + spare }
