package format

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/report/compare"
)

// CSV writes a line for each comparison.
func CSV(w io.Writer, r *Report) error {
	c := csv.NewWriter(w)
	c.Write([]string{"inputs", "key", "row", "workload", "unit", "better", "baseline", "column",
		"baseline_median", "median", "ratio", "ratio_lo", "ratio_hi", "confidence",
		"pairs", "dropped", "p", "adjusted_p", "detectable", "verdict", "reason"})
	for _, g := range r.Groups {
		families := []compare.Family{g.Family}
		if g.References != nil {
			families = append(families, *g.References)
		}
		for _, f := range families {
			for _, x := range f.Comparisons {
				line := []string{strings.Join(g.Inputs, " "), g.Column, "Benchmark" + x.Row, x.Workload, x.Unit, string(x.Better), f.Baseline, x.New.Column,
					center(x.Old), center(x.New), "", "", "", "",
					strconv.Itoa(x.Pairs), strconv.Itoa(x.Dropped), number(x.P), "", "", string(x.Verdict), x.Reason}
				if x.Effect != nil {
					line[10] = number(x.Effect.Ratio)
					if i := x.Effect.Interval; i != nil {
						line[11], line[12], line[13] = number(i.Lo), number(i.Hi), number(i.Confidence)
					}
				}
				if x.Judged {
					line[17] = number(x.AdjustedP)
				}
				if x.MDE != nil {
					line[18] = number(*x.MDE)
				}
				c.Write(line)
			}
		}
	}
	c.Flush()
	return c.Error()
}

func center(s compare.Side) string {
	if s.Summary == nil {
		return ""
	}
	return number(s.Summary.Center)
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
