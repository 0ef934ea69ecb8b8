package verdict

import (
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/family"
)

// parkers compares the parkers of one implementation with each other: a family of its
// own, with its own error rate. It is nil if the implementation has one parker only.
func parkers(t compare.Table, impl string, o compare.Options, inputs []*source.Input, asked Options) *Group {
	of, baseline, ok := family.Parkers(t, impl)
	if !ok {
		return nil
	}
	g := &Group{Inputs: names(inputs), Column: family.ParkKey, Impl: impl, Baseline: baseline}
	var err error
	if g.Family, err = judge(of, g.Baseline, o, inputs); err != nil || len(g.Family.Comparisons) == 0 {
		return nil // the group of implementations has the same table, and says what is wrong
	}
	g.Questions = g.questions(of.Primary, inputs)
	g.Ranking = g.ranking()
	g.Premise = Premise(g.Family, asked, inputs)
	return g
}
