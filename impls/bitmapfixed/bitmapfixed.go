package bitmapfixed

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
)

// repairs has each repair, by the name of the defect.
var repairs = []struct {
	defect string
	bit    bitmap.Repairs
	about  string
}{
	{"B2", bitmap.B2, "a publisher leaves its note under the lock"},
	{"B4", bitmap.B4, "a batch that wakes too few workers leaves a note"},
	{"B9", bitmap.B9, "a last look that finds no core leaves a note"},
	{"B10", bitmap.B10, "the last look includes the injection queue"},
	{"B11", bitmap.B11, "a claim that fails leaves the note last"},
}

// Implementation has all repairs.
var Implementation = impls.Implementation{
	Name:  "bitmapfixed",
	About: "bitmap with its defects repaired: always work-conserving",
	New:   with(bitmap.B2 | bitmap.B4 | bitmap.B9 | bitmap.B10 | bitmap.B11),
}

// Singles returns a design for each repair, with that one only. It names the races
// of the other defects.
func Singles() (singles []impls.Implementation) {
	for _, r := range repairs {
		singles = append(singles, impls.Implementation{
			Name:  "bitmapfixed-" + strings.ToLower(r.defect),
			About: fmt.Sprintf("bitmap with %s repaired: %s", r.defect, r.about),
			New:   with(r.bit),
			Races: slices.DeleteFunc(slices.Clone(bitmap.Implementation.Races), func(race impls.Race) bool { return race.Name == r.defect }),
		})
	}
	return singles
}

func with(r bitmap.Repairs) func(impls.Config) impls.Idle {
	return func(c impls.Config) impls.Idle { return bitmap.NewRepaired(c, r) }
}
