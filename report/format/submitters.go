package format

import (
	"fmt"

	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// A submitterRow is a subject for which the submitter matters.
type submitterRow struct {
	title, subject, usual string
	others                []string // each with another submitter
}

// submitterRows returns the subjects with a ratio that differs.
func submitterRows(s *verdict.Submitters) (rows []submitterRow) {
	for _, effects := range s.Rows() {
		var others []string
		for _, e := range effects {
			if e.Differs() {
				f := e.Comparison.Effect
				others = append(others, fmt.Sprintf("%s %s (%s)", e.Comparison.New.Column, verdict.Change(f.Ratio), verdict.Between(*f.Interval)))
			}
		}
		if len(others) > 0 {
			e := effects[0]
			rows = append(rows, submitterRow{name(e.Title), name(e.Impl + " " + e.Park), middle(e.Comparison.Old, e.Comparison.Unit), others})
		}
	}
	return rows
}

// middle is the median of a side with its unit, as benchstat writes them.
func middle(s compare.Side, unit string) string {
	if s.Summary == nil {
		return "-"
	}
	value, base := benchunit.Tidy(s.Summary.Center, unit)
	return benchunit.Scale(value, benchunit.ClassOf(base)) + " " + name(base)
}
