package gate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/stats/compare"
)

// Version is the version of a Decision's JSON. It changes when a reader of the
// previous one would misunderstand. Version 2 called the status within held.
const Version = 3

// Status is what is known about a comparison.
type Status string

const (
	Regressed  Status = "regressed"
	Within     Status = "within"
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
	AtMax     bool    `json:"at_max,omitempty"`    // the unit is a quantile of so few samples that it is their maximum, or next to it

	// Change is how much worse new is; nil if that is unknown.
	Change *Change `json:"change"`

	// MDE is the smallest detectable change, as in compare.Comparison; nil if there are
	// too few rounds for a verdict.
	MDE    *float64 `json:"mde"`
	Rounds int      `json:"rounds"` // in which both have a valid launch
	Text   string   `json:"text"`   // why, in words, one line without a full stop
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
		d.Outcome, d.Why = Fail, fmt.Sprintf("%d of %d comparisons exceed their threshold", count[Regressed], n)
	case n == 0:
		d.Outcome, d.Why = Useless, "nothing was measured that can be compared"
	case count[Invalid] > 0:
		d.Outcome, d.Why = Useless, fmt.Sprintf("%d of %d comparisons have no valid pair of launches", count[Invalid], n)
	case count[Unresolved] > 0:
		d.Outcome, d.Why = Open, fmt.Sprintf("%d of %d comparisons are inconclusive", count[Unresolved], n)
	default:
		d.Outcome, d.Why = Pass, fmt.Sprintf("none of %d comparisons exceeds its threshold", n)
	}
	return d
}

// Nothing is the decision if nothing could be measured.
func Nothing(old, new, why string) Decision {
	return Decision{Version: Version, Outcome: Useless, Why: why, Old: old, New: new, Findings: []Finding{}}
}

// Status returns what is known about a judged comparison.
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
	}
	return Unresolved
}

// Decided reports whether a judged comparison is regressed or within its threshold, so
// that it needs no more rounds. A compare.Sequence takes it.
func (t Thresholds) Decided(c compare.Comparison) bool {
	s := t.Status(c)
	return s == Regressed || s == Within
}

func (t Thresholds) find(c compare.Comparison) Finding {
	f := Finding{Row: c.Row, Unit: c.Unit, Status: t.Status(c), Threshold: t.Of(c.Unit), AtMax: c.AtMax(), MDE: c.MDE, Rounds: c.Pairs}
	estimate, atLeast, atMost, _ := c.Regression()
	if f.Status != Invalid {
		f.Change = &Change{Estimate: estimate}
		if !math.IsInf(atMost, 1) {
			f.Change.Interval = &[2]float64{atLeast, atMost}
		}
	}
	switch f.Status {
	case Regressed:
		f.Text = fmt.Sprintf("significantly worse, and estimated beyond the %.3g %% threshold", 100*f.Threshold)
	case Invalid:
		f.Text = cmp.Or(c.Reason, "its unit has no better direction")
	case Unresolved:
		f.Text = undecided(c, f.Threshold)
	}
	return f
}

// undecided says why a comparison is unresolved.
func undecided(c compare.Comparison, threshold float64) string {
	switch {
	case c.Barred:
		return "not judged"
	case c.Verdict == compare.Worse:
		return fmt.Sprintf("worse, but possibly by less than %.3g %%", 100*threshold)
	case c.Pairs < c.Needed:
		return fmt.Sprintf("too few rounds: a verdict needs %d", c.Needed)
	}
	return fmt.Sprintf("inconclusive: a %.3g %% regression is neither shown nor ruled out", 100*threshold)
}
