package verdict

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// answer says in words what is known about one row.
func answer(f compare.Family, a Answer) string {
	if len(a.Reported) > 0 {
		return record.NotJudged + ": " + described(a.Reported, f.Baseline, true)
	}
	if len(a.Judged) == 0 {
		return "not judged: the primary unit was not measured on both sides"
	}
	counts := map[compare.Verdict]int{}
	reason := a.Judged[0].Reason
	for _, c := range a.Judged {
		counts[c.Verdict]++
		if c.Effect != nil || c.Reason != reason {
			reason = ""
		}
	}
	n := len(a.Judged)
	unresolved := counts[compare.Unresolved] == n
	text := described(a.Judged, f.Baseline, !unresolved)
	switch {
	case a.Winner != "":
		return a.Winner + " wins: " + text
	case counts[compare.Equivalent] == n:
		return "equivalent: " + text
	case reason != "":
		return "unresolved: " + reason
	case unresolved:
		return "unresolved: " + text
	}
	return text
}

// described describes comparisons. It can leave out the word unresolved, where the text
// around them has it.
func described(all []compare.Comparison, baseline string, unresolved bool) string {
	var parts []string
	for _, c := range all {
		parts = append(parts, describe(c, baseline, unresolved))
	}
	return strings.Join(parts, "; ")
}

// describe says how a comparison came out, in one line, with or without the word
// unresolved.
func describe(c compare.Comparison, baseline string, unresolved bool) string {
	name := c.New.Column
	if c.Effect == nil {
		return fmt.Sprintf("%s cannot be compared: %s", name, c.Reason)
	}
	if c.Verdict == compare.Better || c.Verdict == compare.Worse {
		return fmt.Sprintf("%s has %s, %s", name, than(Size(c), c.Effect.Interval.Hi, Unit(c), baseline), c.Verdict)
	}
	how := name + " has " + versus(c.Effect.Ratio, Unit(c), baseline)
	if c.Effect.Interval == nil && !c.Judged {
		return fmt.Sprintf("%s by the estimate: %s, and an interval takes %d", how, phrase.Count(c.Pairs, "pair"), c.Needed)
	}
	if c.Effect.Interval == nil {
		return fmt.Sprintf("%s by the estimate, but %s", how, c.Reason)
	}
	how += " (" + Between(*c.Effect.Interval) + ")"
	switch c.Verdict {
	case compare.Equivalent:
		return fmt.Sprintf("%s, %s", how, c.Verdict)
	case compare.Unresolved:
		if unresolved {
			how += ", unresolved"
		}
		if !c.Wide() {
			how += ": " + c.Reason
		}
		if c.MDE != nil {
			how += fmt.Sprintf(", detectable change %s", Percent(*c.MDE))
		}
	}
	return how
}

// Unit is the unit of a comparison, with a dagger if it is a quantile that is marked,
// as compare.AtMaxNote explains it.
func Unit(c compare.Comparison) string {
	if c.AtMax() {
		return c.Unit + compare.Dagger
	}
	return c.Unit
}

// AtMaxNote explains the daggers of the group's comparisons, those that are judged;
// "" if there are none.
func (g Group) AtMaxNote() string {
	var units []string
	for _, c := range g.Family.Comparisons {
		if c.Judged && c.AtMax() {
			units = append(units, c.Unit)
		}
	}
	return compare.AtMaxNote(units...)
}

// versus words a ratio of new to old.
func versus(ratio float64, unit, baseline string) string {
	switch {
	case ratio == 1:
		return fmt.Sprintf("the same %s as %s", unit, baseline)
	}
	return than(Change(ratio), ratio, unit, baseline)
}

// than completes a change that ends with a word for a ratio.
func than(change string, ratio float64, unit, baseline string) string {
	if ratio >= 2 {
		return fmt.Sprintf("%s the %s of %s", change, unit, baseline)
	}
	return fmt.Sprintf("%s %s than %s", change, unit, baseline)
}

// Size words the size of a significant difference: "between 3.4 % and 56 % more". It has no
// estimate, since that was selected by being large (docs/decisions/035-size.md).
func Size(c compare.Comparison) string {
	return "between " + strings.Replace(Between(*c.Effect.Interval), " to ", " and ", 1)
}

// Change words a ratio of new to old: "12 % less", "3.4 times".
func Change(ratio float64) string {
	switch {
	case ratio == 1:
		return "no change"
	case ratio >= 2:
		return significant(ratio) + " times"
	case ratio > 1:
		return Percent(ratio-1) + " more"
	case ratio < 0.01:
		return significant(1/ratio) + " times less"
	}
	return Percent(1-ratio) + " less"
}

// Between words an interval of ratios, the smaller change first: "8 % to 12 %
// less".
func Between(i compare.Interval) string {
	lo, hi := Change(i.Lo), Change(i.Hi)
	if i.Hi < 1 {
		lo, hi = hi, lo
	}
	for _, word := range []string{" less", " more", " times"} {
		if short, ok := strings.CutSuffix(lo, word); ok && strings.HasSuffix(hi, word) {
			return short + " to " + hi
		}
	}
	if i.Lo < 1 && i.Hi >= 2 {
		return significant(i.Lo) + " to " + hi
	}
	return lo + " to " + hi
}

// Percent writes a share with two digits that count.
func Percent(share float64) string {
	return significant(100*share) + " %"
}

// significant writes a number with at least two digits that count, and no more
// than it takes.
func significant(x float64) string {
	switch a := math.Abs(x); {
	case a >= 1e6:
		return strconv.FormatFloat(x, 'g', 3, 64)
	case a >= 10:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case a >= 1:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case a == 0:
		return "0"
	case a >= 0.01:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return strconv.FormatFloat(x, 'g', 1, 64)
}
