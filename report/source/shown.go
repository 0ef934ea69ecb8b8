package source

import (
	"cmp"
	"strings"

	"github.com/idlebench/idlebench/record"
)

// Shown returns the unit in which a cell is shown, and whether it is judged in it.
func (in *Input) Shown(c *Cell) (unit string, judged bool) {
	workload, _, _ := strings.Cut(c.Name, "/")
	if c.Parsed != nil {
		workload = c.Parsed.Workload
	}
	if unit, known := in.Primary[workload]; unit != "" || !known {
		return cmp.Or(unit, "ns/op"), true
	}
	for _, l := range c.Launches {
		if unit := record.Reported(l.Metrics); unit != "" {
			return unit, false
		}
	}
	return "ns/op", false
}
