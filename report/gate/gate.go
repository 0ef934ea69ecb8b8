package gate

import (
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/report/compare"
)

// Version is the version of a Decision's JSON. It changes when a reader of the
// former one would misunderstand.
const Version = 1

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
	Worse     float64 `json:"worse"`               // the estimate: 0.05 is 5 % worse, and below 0 better
	Text      string  `json:"text"`                // in words, one line without a full stop
}

// Decide judges a family. Planned are the rows that were to be compared: one that
// is in no judged comparison is invalid. It may be nil, if nobody knows.
func Decide(old, new string, f compare.Family, t Thresholds, planned []string) Decision {
	d := Decision{Version: Version, Old: old, New: new, Findings: []Finding{}, Family: f}
	for _, c := range f.Comparisons {
		if c.Judged {
			d.Findings = append(d.Findings, find(c, t.Of(c.Unit)))
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
		d.Outcome, d.Why = Useless, fmt.Sprintf("%d of %d comparisons have no launches to compare", count[Invalid], n)
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

func find(c compare.Comparison, threshold float64) Finding {
	f := Finding{Row: c.Row, Unit: c.Unit, Threshold: threshold}
	estimate, atMost, ok := c.Regression()
	switch {
	case !ok || c.Pairs == 0:
		f.Status, f.Text = Invalid, c.Reason
		if f.Text == "" {
			f.Text = "its unit has no better direction"
		}
		return f
	case c.Verdict == compare.Worse && estimate > threshold:
		f.Status = Regressed
	case atMost < threshold:
		f.Status = Held
	default:
		f.Status = Unresolved
	}
	f.Worse, f.Text = estimate, words(c, estimate, atMost)
	if f.Status == Unresolved {
		f.Text += ", " + undecided(c, atMost, threshold)
	}
	return f
}

// words tells the estimate and the interval, in the direction of worse.
func words(c compare.Comparison, estimate, atMost float64) string {
	direction := "worse"
	if estimate < 0 {
		direction, estimate = "better", -estimate
	}
	text := fmt.Sprintf("%.1f %% %s in %d rounds", 100*estimate, direction, c.Pairs)
	if estimate < 0.0005 {
		text = fmt.Sprintf("no change in %d rounds", c.Pairs)
	}
	switch {
	case math.IsInf(atMost, 1):
	case atMost < 0:
		text += fmt.Sprintf(", at least %.1f %% better", -100*atMost)
	default:
		text += fmt.Sprintf(", at most %.1f %% worse", 100*atMost)
	}
	return text
}

// undecided says why.
func undecided(c compare.Comparison, atMost, threshold float64) string {
	switch {
	case c.Verdict == compare.Worse:
		return fmt.Sprintf("known to be worse, but not by how much more or less than %.1f %%", 100*threshold)
	case c.Pairs < c.Needed:
		return fmt.Sprintf("too few: %d are needed for a verdict", c.Needed)
	case c.MDE != nil:
		return fmt.Sprintf("a change of %.1f %% could have been seen", 100**c.MDE)
	case math.IsInf(atMost, 1):
		return "too few for an interval"
	}
	return "and noise is larger than that"
}
