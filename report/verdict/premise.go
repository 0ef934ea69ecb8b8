package verdict

import (
	"fmt"
	"slices"

	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
)

// Premise says what the verdicts of a family rest on that its data does not show; "" for
// runs of the suite, whose launches are fresh processes in an order that was randomized
// for each round.
func Premise(f compare.Family, o Options, inputs []*source.Input) string {
	if f.Size == 0 {
		return ""
	}
	assumed := slices.ContainsFunc(f.Comparisons, func(c compare.Comparison) bool { return c.Judged && c.Pairing == compare.Assumed })
	foreign := o.Row != "" || slices.ContainsFunc(inputs, func(in *source.Input) bool { return in.Kind != source.Folder })
	switch {
	case assumed:
		return "Pairing is assumed: the n-th line of a benchmark is compared with the n-th of its counterpart, and nothing says that they were measured close together and in random order. " +
			"If one file was measured after the other, a verdict says that the two differ; the reason may be the machine."
	case foreign:
		return "The order is assumed: the lines alternate, but nothing says that each is a fresh process and that their order was randomized. " +
			"What always comes first may be faster or slower for that."
	}
	return ""
}

// Tested says at which level the group's family was judged, and whether that bounds the
// probability of a wrong verdict.
func (g Group) Tested() string {
	if g.Premise != "" {
		return fmt.Sprintf("tested at %.3g %%", 100*g.Family.Alpha)
	}
	return fmt.Sprintf("family-wise error rate %.3g %%", 100*g.Family.Alpha)
}
