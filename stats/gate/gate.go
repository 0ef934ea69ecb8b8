package gate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/stats/compare"
)

// Version is the version of a Decision's JSON. It changes when a reader of the
// previous one would misunderstand. Version 2 called the status within held; up to version
// 3 all comparisons of a decision that passed were within.
const Version = 4

// Status is what is known about a comparison.
type Status string

const (
	Regressed  Status = "regressed"
	Within     Status = "within"  // the threshold
	Bounded    Status = "bounded" // below the limit
	Unresolved Status = "unresolved"
	Invalid    Status = "invalid"
)

// Outcome is the decision.
type Outcome string

const (
	Pass    Outcome = "passed"
	Fail    Outcome = "regressed"
	Useless Outcome = "invalid"
	Open    Outcome = "unresolved"
)

// Exit returns the exit status of an outcome: 0 passed, 1 regressed, 3 invalid, 4
// unresolved. 2 is for wrong usage.
func (o Outcome) Exit() int {
	switch o {
	case Pass:
		return 0
	case Fail:
		return 1
	case Open:
		return 4
	}
	return 3
}

// A Decision is an outcome and the findings behind it.
type Decision struct {
	Version  int       `json:"version"`
	Outcome  Outcome   `json:"outcome"`
	Why      string    `json:"why"` // one sentence
	Old      string    `json:"old"` // what is compared: revisions, or folders
	New      string    `json:"new"`
	Findings []Finding `json:"findings"` // one for each judged comparison, in the order of the family

	// Notes say what else a reader has to know, such as cells that only one side has,
	// and launches that failed.
	Notes []string `json:"notes,omitempty"`

	Family compare.Family `json:"family"`
}

// An Error is a decision that does not let the change pass.
type Error struct{ Decision }

// Error says why.
func (e Error) Error() string { return e.Why }

// A Finding is what is known about one comparison.
type Finding struct {
	Row       string  `json:"row"`
	Unit      string  `json:"unit"` // "" if there is no comparison
	Status    Status  `json:"status"`
	Threshold float64 `json:"threshold,omitempty"` // 0.05: it may become worse by 5 %
	Limit     float64 `json:"limit,omitempty"`     // 0.1: it passes if a regression of 10 % is excluded
	AtMax     bool    `json:"at_max,omitempty"`    // the unit is a quantile of so few samples that it is their maximum, or next to it

	// Change is how much worse new is; nil if that is unknown.
	Change *Change `json:"change"`

	// AtMost is how much worse new is at most, as far as this comparison alone can say:
	// an upper bound at 95 %, or more at an interim analysis. It is nil if it is unknown.
	// That all findings are below their limits may be concluded from it; see the package
	// documentation.
	AtMost *float64 `json:"at_most"`

	// MDE is the smallest detectable change, as in compare.Comparison; nil if there are
	// too few rounds for a verdict.
	MDE    *float64 `json:"mde"`
	Rounds int      `json:"rounds"` // in which both have a valid launch

	Worse bool `json:"worse,omitempty"` // it is significantly worse, by whatever size

	Text string `json:"text"` // why, in words, one line without a full stop
}

// A Change is how much worse something became: 0.05 is 5 % worse, -0.05 is 5 % better.
type Change struct {
	// Estimate is too large on average where the finding is Regressed, which is a selection
	// by its size; the interval is not.
	Estimate float64 `json:"estimate"`

	// Interval is from the smallest to the largest change that the results allow; nil
	// if there are too few rounds. The upper bound holds with the confidence of the
	// family.
	Interval *[2]float64 `json:"interval"`
}

// Decide judges a family. Planned has the rows that should have been compared: one that
// no judged comparison has is invalid. It is nil if that is unknown.
func Decide(old, new string, f compare.Family, t Thresholds, planned []string) Decision {
	d := Decision{Version: Version, Old: old, New: new, Findings: []Finding{}, Family: f}
	for _, c := range f.Comparisons {
		if !c.Judged {
			continue
		}
		d.Findings = append(d.Findings, t.find(c))
		if note := "not judged: " + c.Reason; c.Barred && c.Pairs > 0 && !slices.Contains(d.Notes, note) {
			d.Notes = append(d.Notes, note)
		}
	}
	for _, row := range planned {
		if !slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Row == row }) {
			d.Findings = append(d.Findings, Finding{Row: row, Status: Invalid, Text: "one of the two has no launch of it"})
		}
	}
	count := make(map[Status]int)
	for _, f := range d.Findings {
		count[f.Status]++
	}
	switch n := len(d.Findings); {
	case count[Regressed] > 0:
		d.Outcome, d.Why = Fail, fmt.Sprintf("%d of %d comparisons regressed", count[Regressed], n)
	case n == 0:
		d.Outcome, d.Why = Useless, "nothing was measured that can be compared"
	case count[Invalid] > 0:
		d.Outcome, d.Why = Useless, fmt.Sprintf("%d of %d comparisons have no valid pair of launches", count[Invalid], n)
	case count[Unresolved] > 0:
		d.Outcome, d.Why = Open, fmt.Sprintf("%d of %d comparisons are inconclusive", count[Unresolved], n)
	default:
		d.Outcome, d.Why = Pass, d.excludes()
	}
	return d
}

// excludes says what a decision that passes excludes.
func (d Decision) excludes() string {
	n, within, worse := len(d.Findings), 0, 0
	limits := make(map[float64]bool)
	for _, f := range d.Findings {
		limits[f.Limit] = true
		if f.Status == Within {
			within++
		}
		if f.Worse {
			worse++
		}
	}
	limit, threshold := "twice its threshold", "their thresholds"
	if f := d.Findings[0]; len(limits) == 1 {
		limit, threshold = fmt.Sprintf("%.3g %%", 100*f.Limit), fmt.Sprintf("%.3g %%", 100*f.Threshold)
	}
	where := fmt.Sprintf("in all %d comparisons", n)
	switch n {
	case 1:
		where = "in the only comparison"
	case 2:
		where = "in both comparisons"
	}
	text := fmt.Sprintf("a regression of %s or more is excluded %s; %d within %s", limit, where, within, threshold)
	if worse > 0 {
		text += fmt.Sprintf("; %d significantly worse, by less", worse)
	}
	return text
}

// Nothing is the decision if nothing could be measured.
func Nothing(old, new, why string) Decision {
	return Decision{Version: Version, Outcome: Useless, Why: why, Old: old, New: new, Findings: []Finding{}}
}

// Status returns what is known about a judged comparison of a one-sided family.
func (t Thresholds) Status(c compare.Comparison) Status {
	estimate, _, atMost, ok := c.Regression()
	threshold := t.Of(c.Unit)
	switch {
	case !ok || c.Pairs == 0:
		return Invalid
	case c.Barred:
		return Unresolved
	case c.Verdict == compare.Worse && estimate > threshold:
		return Regressed
	case atMost < threshold:
		return Within
	case c.AloneAtMost() < t.Limit(c.Unit):
		return Bounded
	}
	return Unresolved
}

// Decided reports whether it is known of a judged comparison that it is regressed, or that it
// is not by as much as the limit, so that it needs no more rounds. A compare.Sequence
// takes it.
func (t Thresholds) Decided(c compare.Comparison) bool {
	s := t.Status(c)
	return s == Regressed || s.passes()
}

// passes reports whether the status lets a change pass.
func (s Status) passes() bool { return s == Within || s == Bounded }

func (t Thresholds) find(c compare.Comparison) Finding {
	f := Finding{
		Row: c.Row, Unit: c.Unit, Status: t.Status(c), Threshold: t.Of(c.Unit), Limit: t.Limit(c.Unit),
		AtMax: c.AtMax(), MDE: c.MDE, Rounds: c.Pairs, Worse: c.Verdict == compare.Worse,
	}
	estimate, atLeast, atMost, _ := c.Regression()
	if f.Status != Invalid {
		f.Change = &Change{Estimate: estimate}
		if !math.IsInf(atMost, 1) {
			f.Change.Interval = &[2]float64{atLeast, atMost}
		}
		if alone := c.AloneAtMost(); !c.Barred && !math.IsInf(alone, 1) {
			f.AtMost = &alone
		}
	}
	switch {
	case f.Status == Regressed:
		f.Text = fmt.Sprintf("significantly worse, and estimated beyond the %.3g %% threshold", 100*f.Threshold)
	case f.Status == Invalid:
		f.Text = cmp.Or(c.Reason, "its unit has no better direction")
	case f.Status == Unresolved:
		f.Text = undecided(c, f)
	case f.Worse:
		f.Text = fmt.Sprintf("significantly worse, by less than %.3g %%", 100*f.Limit)
	}
	return f
}

// undecided says why a comparison is unresolved.
func undecided(c compare.Comparison, f Finding) string {
	switch {
	case c.Barred:
		return "not judged"
	case f.Worse:
		return fmt.Sprintf("significantly worse, estimated within %.3g %%; %.3g %% is not excluded", 100*f.Threshold, 100*f.Limit)
	case c.Pairs < c.Needed:
		return fmt.Sprintf("too few rounds: a verdict needs %d", c.Needed)
	}
	return fmt.Sprintf("inconclusive: a %.3g %% regression is neither shown nor excluded", 100*f.Limit)
}
