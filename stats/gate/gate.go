package gate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/stats/compare"
)

// Version is the version of a Decision's JSON. It changes when a reader of the
// former one would misunderstand.
const Version = 2

// Status is what is known of a comparison.
type Status string

const (
	Regressed  Status = "regressed"
	Held       Status = "held"
	Unresolved Status = "unresolved"
	Invalid    Status = "invalid"
)

// Outcome is what is decided.
type Outcome string

const (
	Pass    Outcome = "passed"
	Fail    Outcome = "regressed"
	Useless Outcome = "invalid"
	Open    Outcome = "unresolved"
)

// Exit returns the exit status that stands for an outcome: 0 passed, 1 regressed, 3
// invalid, 4 unresolved. 2 is for wrong usage.
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

// A Decision is an outcome and what it is made of.
type Decision struct {
	Version  int       `json:"version"`
	Outcome  Outcome   `json:"outcome"`
	Why      string    `json:"why"` // one sentence
	Old      string    `json:"old"` // what is compared: revisions, or folders
	New      string    `json:"new"`
	Findings []Finding `json:"findings"` // one for each judged comparison, in the order of the family

	// Notes say what else a reader has to know: cells that only one side has,
	// launches that failed.
	Notes []string `json:"notes,omitempty"`

	Family compare.Family `json:"family"`
}

// An Error is a decision that does not let the change pass.
type Error struct{ Decision }

// Error says why.
func (e Error) Error() string { return e.Why }

// A Finding is what is known of one comparison.
type Finding struct {
	Row       string  `json:"row"`
	Unit      string  `json:"unit"` // "" if there is no comparison
	Status    Status  `json:"status"`
	Threshold float64 `json:"threshold,omitempty"` // 0.05: it may become worse by 5 %
	AtMax     bool    `json:"at_max,omitempty"`    // the unit is a quantile of so few samples that it is their maximum, or next to it

	// Change is by what part new is worse; nil if that cannot be said.
	Change *Change `json:"change"`

	// MDE is the change that could have been found, as in compare.Comparison; nil
	// if there are too few rounds for a verdict.
	MDE    *float64 `json:"mde"`
	Rounds int      `json:"rounds"` // in which both have a valid launch
	Text   string   `json:"text"`   // why, in words, one line without a full stop
}

// A Change is by what part something became worse: 0.05 is 5 % worse, and below 0
// it is better.
type Change struct {
	Estimate float64 `json:"estimate"`

	// Interval is from the least to the most, nil if there are too few rounds. That
	// it is at most so much worse holds with the probability of the family.
	Interval *[2]float64 `json:"interval"`
}

// Decide judges a family. Planned are the rows that were to be compared: one that
// is in no judged comparison is invalid. It may be nil, if nobody knows.
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
		d.Outcome, d.Why = Fail, fmt.Sprintf("%d of %d comparisons are worse by more than is allowed", count[Regressed], n)
	case n == 0:
		d.Outcome, d.Why = Useless, "nothing was measured that can be compared"
	case count[Invalid] > 0:
		d.Outcome, d.Why = Useless, fmt.Sprintf("%d of %d comparisons have no valid pair of launches", count[Invalid], n)
	case count[Unresolved] > 0:
		d.Outcome, d.Why = Open, fmt.Sprintf("%d of %d comparisons could not be decided", count[Unresolved], n)
	default:
		d.Outcome, d.Why = Pass, fmt.Sprintf("none of %d comparisons is worse by more than is allowed", n)
	}
	return d
}

// Nothing is the decision when nothing could be measured.
func Nothing(old, new, why string) Decision {
	return Decision{Version: Version, Outcome: Useless, Why: why, Old: old, New: new, Findings: []Finding{}}
}

// Status says what is known of a judged comparison.
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
		return Held
	}
	return Unresolved
}

// Decided reports whether a judged comparison has regressed or held, so that it
// needs no more rounds. It is what a compare.Sequence is given.
func (t Thresholds) Decided(c compare.Comparison) bool {
	s := t.Status(c)
	return s == Regressed || s == Held
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
		f.Text = fmt.Sprintf("%.3g %% is allowed", 100*f.Threshold)
	case Invalid:
		f.Text = cmp.Or(c.Reason, "its unit has no better direction")
	case Unresolved:
		f.Text = undecided(c, f.Threshold)
	}
	return f
}

// undecided says why.
func undecided(c compare.Comparison, threshold float64) string {
	switch {
	case c.Barred:
		return "not judged"
	case c.Verdict == compare.Worse:
		return fmt.Sprintf("known to be worse; whether by more than %.3g %% is open", 100*threshold)
	case c.Pairs < c.Needed:
		return fmt.Sprintf("too few: %d rounds are needed for a verdict", c.Needed)
	}
	return fmt.Sprintf("whether it is worse by more than %.3g %% is open", 100*threshold)
}
