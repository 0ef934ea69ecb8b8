package verdict

import (
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record/evidence"
)

// Summary says in a few sentences how many of the comparisons were audited and what
// came out, or why there is no audit.
func (a Audit) Summary() string {
	if a.Why != "" {
		return a.Why
	}
	partial := ""
	if a.State.Partial() {
		partial = " The audit was not finished, so fewer are decided."
	}
	t := a.Shown
	if t.Audited() == 0 {
		return fmt.Sprintf("The audit of the harness has none of these %s: it has each workload at its usual parameters.%s", phrase.Count(t.Of, "comparison"), partial) + a.others()
	}
	var by []string
	for _, p := range a.Properties {
		if p.Moved > 0 {
			by = append(by, fmt.Sprintf("%s %d", p.Name, p.Moved))
		}
	}
	moved := fmt.Sprintf("%d moved beyond ±%.3g %%", t.Moved, 100*a.Margin)
	if by != nil {
		moved += " by a property of the harness (" + strings.Join(by, ", ") + ")"
	}
	text := fmt.Sprintf("Harness: %d of %s were audited: %s, %d undecided, %d steady.", t.Audited(), phrase.Count(t.Of, "comparison"), moved, t.Undecided, t.Steady)
	if rest := t.Of - t.Audited(); rest > 0 {
		text += fmt.Sprintf(" Not audited: %d, since an audit has each workload at its usual parameters.", rest)
	}
	return text + partial + a.others()
}

// others counts what the answers do not show.
func (a Audit) others() (text string) {
	if t := a.Others; t.Moved > 0 {
		text += fmt.Sprintf(" Of %s in other units or with references, %d moved and %d undecided.", phrase.Count(t.Audited(), "audited ratio"), t.Moved, t.Undecided)
	}
	if t := a.Shown; t.Moved+a.Others.Moved+len(a.Parkers) > 0 {
		text += fmt.Sprintf(" A mark of ×1.31 means that the property multiplies the ratio by 1.31. Intervals are %.3g %%, uncorrected.", 100*a.Confidence)
	}
	return text
}

// About explains the properties that move something, a line for each, no full stop.
func (a Audit) About() (lines []string) {
	for _, p := range a.Properties {
		lines = append(lines, p.Name+": "+p.About)
	}
	return lines
}

// BetweenParkers are sentences without a full stop: for each property the ratio of two
// parkers that it moves most, in a unit in which a workload is judged, and how many
// more.
func (a Audit) BetweenParkers() (sentences []string) {
	for _, p := range a.Properties {
		var most *ParkerMove
		more := 0
		for i, m := range a.Parkers {
			switch {
			case m.Property != p.Name || !m.Primary:
			case most == nil:
				most = &a.Parkers[i]
			default:
				more++
			}
		}
		if most == nil {
			continue
		}
		text := fmt.Sprintf("Comparisons between parkers depend on %s: it moves the ratio of %s's %s to its %s by ×%s [%s, %s] (%s of %s)",
			p.Name, most.Impl, most.Park, most.Against, Times(most.Ratio), Times(most.Lo), Times(most.Hi), most.Unit, most.Title)
		if more > 0 {
			text += fmt.Sprintf("; it moves %s between parkers", phrase.Count(more, "other ratio"))
		}
		sentences = append(sentences, text)
	}
	return sentences
}

// Harness is what the marks of an answer say in a word or two: the properties that
// move any of its comparisons, or else that some are undecided, steady or not audited.
func (a Answer) Harness() (text string, status evidence.Status) {
	var names []string
	seen := map[string]bool{}
	counts := map[evidence.Status]int{}
	for _, m := range a.Marks {
		counts[m.Status]++
		for _, name := range m.Moved() {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	switch n := len(a.Marks); {
	case len(names) > 0:
		return "depends on " + strings.Join(names, ", "), evidence.Moved
	case n == 0:
		return "", ""
	case counts[evidence.Undecided] > 0:
		return "undecided", evidence.Undecided
	case counts[evidence.Steady] == n:
		return "steady", evidence.Steady
	case counts[evidence.Steady] > 0:
		return fmt.Sprintf("steady, %d not audited", n-counts[evidence.Steady]), evidence.Steady
	}
	return string(NotAudited), NotAudited
}
