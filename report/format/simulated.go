package format

import (
	"strings"

	"github.com/idlebench/idlebench/record"
)

// Simulated says which inputs were simulated, and what that means for the reader; "" if
// all were measured.
func (r *Report) Simulated() string {
	var names []string
	for _, in := range r.Source.Inputs {
		if m := record.Simulated(in.Config); m != "" {
			names = append(names, in.Name+" (on "+m+")")
		}
	}
	if names == nil {
		return ""
	}
	return "Simulated, and not measured: " + strings.Join(names, ", ") + ". Comparisons of it are of seeds of a model, which say nothing of a machine's noise. " +
		"A page (report -o report.html) has curves over cores, where designs change places, and on which constants that rests."
}
