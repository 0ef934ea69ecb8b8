package selftest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/record"
)

// A Default describes a run without flags on the machine of a self-test, for which the
// evidence is quoted.
type Default struct {
	Rounds      int           `json:"rounds"`
	Time        time.Duration `json:"time_ns"`     // that a launch measures
	Comparisons int           `json:"comparisons"` // that are judged, in one family
	Rows        []string      `json:"rows"`        // by RowName, those in which something is judged
}

// RowName names what a cell has in common with the cells that it is compared with:
// workload, parameters and workers.
func RowName(c record.Cell) string {
	c.Impl, c.Park = "", ""
	return strings.Replace(c.Name(), "/impl=/park=", "", 1)
}

// statements returns sentences with the counts, without outcomes and tests.
func (e Evidence) statements(d Design) []string {
	v := e.Valid
	aa, families := v.Blocks.AA, v.Blocks.Families
	all := []string{
		fmt.Sprintf("In A/A tests (%s against itself), %v comparisons of %d rounds, each judged alone at %.0f %%, reported a difference; judged as a report does, %d of %d whole families of %d comparisons had a wrong verdict.",
			d.Impl, aa, v.Blocks.Rounds, 100*limit, families.N, families.Of, v.Blocks.Family),
	}
	for _, s := range slices.Backward(v.Blocks.Delays) {
		if s.Found.Of > 0 && (s.Found.Share >= power/2 || s.Percent == percents[len(percents)-1]) {
			all = append(all, v.Blocks.detected(s.Percent))
		}
	}
	if text := v.Halves.detectedInFamily(); text != "" {
		all = append(all, strings.TrimSpace(text))
	}
	if scope := e.scope(d); scope != "" {
		all = append(all, scope)
	}
	return all
}

// scope says which part of a default run the self-test covers; "" if that is unknown.
func (e Evidence) scope(d Design) string {
	if d.Default == nil {
		return ""
	}
	var delayed, rows, covered, coveredByDelays []string
	for _, r := range d.Rows {
		row := RowName(r.Cell)
		rows = append(rows, row)
		if r.Delayed {
			words := r.Cell.Workload
			for _, p := range r.Cell.Params {
				words += " " + p.Name + "=" + p.Value
			}
			delayed = append(delayed, words+" with "+r.Cell.Park)
		}
		if slices.Contains(d.Default.Rows, row) && !slices.Contains(covered, row) {
			covered = append(covered, row)
		}
		if r.Delayed && slices.Contains(d.Default.Rows, row) && !slices.Contains(coveredByDelays, row) {
			coveredByDelays = append(coveredByDelays, row)
		}
	}
	text := fmt.Sprintf("The self-test has %d rows of cells, and delays in %d of them: %s. Of the %d rows that a default run judges, whatever the parker, A/A comparisons cover %d and delays %d.",
		len(rows), len(delayed), strings.Join(delayed, ", "), len(d.Default.Rows), len(covered), len(coveredByDelays))
	if e.Time > 0 {
		text += fmt.Sprintf(" Its launches measure %v each, those of a default run %v.", e.Time, d.Default.Time)
	}
	return text
}
