package verdict

import (
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
)

// parkKey is the key of parkers.
const parkKey = "/park"

// usualPark is the parker that others are compared with, if it was measured: the
// shortest way to sleep that a system has.
const usualPark = "futex"

// parkers compares the parkers of one implementation with each other: a family of its
// own, with its own error rate. It is nil if the implementation has one parker only.
//
// Cells with different parkers have the same workload, parameters and number of
// workers, so their order within a round is random and the test holds, see package
// compare. Only one implementation's parkers are judged: those of the others answer
// the same question again, and would make each answer less likely to be found.
func parkers(t compare.Table, impl string, o compare.Options, inputs []*source.Input, asked Options) *Group {
	of := compare.Table{Primary: t.Primary}
	for _, s := range only(t, impl) {
		cell, err := record.ParseName(s.Name)
		if err != nil || cell.Impl != impl || cell.Park == "" || record.RoleOf(cell) != record.Implementation {
			continue
		}
		s.Row, s.Column = strings.Replace(s.Name, parkOf(cell.Park), "", 1), cell.Park
		of.Series = append(of.Series, s)
	}
	all := columns(of)
	if len(all) < 2 {
		return nil
	}
	g := &Group{Inputs: names(inputs), Column: parkKey, Impl: impl, Baseline: usual(of, parkKey)}
	if slices.Contains(all, usualPark) {
		g.Baseline = usualPark
	}
	var err error
	if g.Family, err = compare.Compare(of, g.Baseline, o); err != nil || len(g.Family.Comparisons) == 0 {
		return nil // the group of implementations has the same table, and says what is wrong
	}
	g.Questions = g.questions(of.Primary, inputs)
	g.Premise = Premise(g.Family, asked, inputs)
	return g
}
