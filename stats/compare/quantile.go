package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
)

// Dagger marks a quantile of too few samples, see [record.Launch.AtMax].
const Dagger = "†"

// MarkedAtMax reports whether most launches of the side are AtMax.
func (s Side) MarkedAtMax() bool { return record.AtMax(s.Valid, s.AtMax) }

// AtMax reports whether that is true of at least one side. Then not the quantile that
// the unit names is compared, but a maximum.
func (c Comparison) AtMax() bool { return c.Old.MarkedAtMax() || c.New.MarkedAtMax() }

// AtMaxNote explains the dagger at quantiles in some units, which may be repeated; ""
// if there are none.
func AtMaxNote(units ...string) string {
	least := map[string]int64{}
	var names []string
	for _, unit := range units {
		if name, n, ok := record.Quantile(unit); ok {
			if least[name] == 0 {
				names = append(names, name)
			}
			least[name] = n
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(least[a], least[b]) })
	var each []string
	for _, name := range names {
		each = append(each, fmt.Sprintf("%d for %s", least[name], name))
	}
	return fmt.Sprintf("%s the maximum of its samples, or next to it: a launch has fewer than %s", Dagger, strings.Join(each, ", "))
}
