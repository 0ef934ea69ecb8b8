package engine

import (
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/family"
)

// A Family is what a report judges of a run to answer one question: which implementation,
// or which parker. Its comparisons share one error rate, so the more there are, the more
// rounds it takes until any of them can be significant.
type Family struct {
	Column      string // family.ImplKey or family.ParkKey
	Baseline    string // the value of it that others are compared with
	Comparisons int    // at least 1
	Rounds      int    // the least with which any verdict is possible
}

// FamiliesOf returns the families of a plan; none if nothing can be judged. The primary
// units are those of record.Manifest: a workload without one is not judged.
func FamiliesOf(p record.Plan, primary map[string]string) (families []Family) {
	planned := record.Run{Manifest: record.Manifest{Plan: p, Primary: primary, Units: record.Units()}}
	for _, f := range family.OfRun(planned) {
		// Of a plan there are no values, but the comparisons are there.
		judged, err := compare.Compare(f.Table, f.Baseline, compare.Options{Alpha: familyError})
		if err != nil || judged.Size == 0 {
			continue
		}
		families = append(families, Family{
			Column: f.Column, Baseline: f.Baseline,
			Comparisons: judged.Size, Rounds: compare.LeastPairs(familyError / float64(judged.Size)),
		})
	}
	return families
}

// Families returns the families of a plan.
func (e *Engine) Families(p record.Plan) []Family {
	primary, _ := e.workloads(p)
	return FamiliesOf(p, primary)
}

// spare is the number of rounds to plan beyond the least, for cells that have no valid
// launch in some round.
const spare = 2

// Enough returns a number of rounds that leaves some to spare.
func (f Family) Enough() int { return f.Rounds + spare }
