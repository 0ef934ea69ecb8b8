package format

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// CSV writes a line for each comparison, and for what is not compared.
func CSV(w io.Writer, r *Report) error {
	c := csv.NewWriter(w)
	c.Write([]string{"inputs", "key", "row", "workload", "unit", "better", "baseline", "column",
		"baseline_median", "median", "ratio", "ratio_lo", "ratio_hi", "confidence",
		"pairs", "dropped", "p", "adjusted_p", "detectable", "verdict", "reason", "quantile_at_max", "moved_by"})
	var groups []verdict.Group
	for _, g := range r.Groups {
		groups = append(groups, g)
		if g.Parkers != nil {
			groups = append(groups, *g.Parkers)
		}
	}
	for _, g := range groups {
		families := []compare.Family{g.Family}
		if g.References != nil {
			families = append(families, *g.References)
		}
		for i, f := range families {
			for _, x := range f.Comparisons {
				line := []string{strings.Join(g.Inputs, " "), g.Column, "Benchmark" + x.Row, x.Workload, x.Unit, string(x.Better), f.Baseline, x.New.Column,
					center(x.Old), center(x.New), "", "", "", "",
					strconv.Itoa(x.Pairs), strconv.Itoa(x.Dropped), number(x.P), "", "", string(x.Verdict), x.Reason, atMax(x), strings.Join(g.Mark(x).Moved(), " ")}
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
			for _, u := range f.Unmatched {
				if i > 0 && u.Column == f.Baseline {
					continue // it may have a counterpart that is no reference
				}
				c.Write(withoutNumbers(g, u, "unmatched", alone(g, u)))
			}
		}
		if g.None != "" && len(g.Family.Unmatched) == 0 {
			c.Write(withoutNumbers(g, compare.Unmatched{}, "", g.None))
		}
	}
	c.Flush()
	return c.Error()
}

// withoutNumbers is a line of something that is not compared.
func withoutNumbers(g verdict.Group, u compare.Unmatched, verdict, reason string) []string {
	line := make([]string, 23)
	line[0], line[1], line[4], line[6], line[7] = strings.Join(g.Inputs, " "), g.Column, u.Unit, g.Baseline, u.Column
	if u.Row != "" {
		line[2] = "Benchmark" + u.Row
	}
	line[19], line[20] = verdict, reason
	return line
}

// alone says why something has no counterpart.
func alone(g verdict.Group, u compare.Unmatched) string {
	switch u.Column {
	case "":
		return "it has no key " + g.Column
	case g.Baseline:
		return "only the baseline has it"
	}
	return "the baseline does not have it"
}

// atMax says on which side the unit is a quantile of so few samples that it is their
// maximum, or next to it: baseline, column, or both.
func atMax(c compare.Comparison) string {
	switch old, new := c.Old.MarkedAtMax(), c.New.MarkedAtMax(); {
	case old && new:
		return "both"
	case old:
		return "baseline"
	case new:
		return "column"
	}
	return ""
}

func center(s compare.Side) string {
	if s.Summary == nil {
		return ""
	}
	return number(s.Summary.Center)
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
