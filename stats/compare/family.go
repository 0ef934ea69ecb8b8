package compare

import (
	"math"

	"github.com/idlebench/idlebench/record"
)

// A Family is all comparisons made from one table. Its JSON has no infinities:
// what does not exist is null.
type Family struct {
	Baseline string  `json:"baseline"` // the column that the others are compared with
	Alpha    float64 `json:"alpha"`    // the probability that any verdict is wrong is at most this
	Margin   float64 `json:"margin"`   // of equivalence; 0.02 is a factor from 1/1.02 to 1.02
	Size     int     `json:"size"`     // number of comparisons that are judged, m

	// Look is the number of the look (interim analysis), from 1, and Looks how many
	// there may be. Both are 0 if the family is analysed only once.
	Look  int `json:"look,omitempty"`
	Looks int `json:"looks,omitempty"`

	// Comparisons are in the order of the table's rows, and in it of columns
	// and units.
	Comparisons []Comparison `json:"comparisons"`

	// Unmatched is what has no counterpart.
	Unmatched []Unmatched `json:"unmatched"`

	Warnings []string `json:"warnings"`
}

// A Comparison compares a column, new, with the baseline, old.
type Comparison struct {
	Row      string        `json:"row"`
	Config   string        `json:"config,omitempty"` // as in Series
	Workload string        `json:"workload"`
	Unit     string        `json:"unit"`
	Better   record.Better `json:"better"`
	Old      Side          `json:"old"`
	New      Side          `json:"new"`

	Pairing Pairing `json:"pairing"`
	Pairs   int     `json:"pairs"`   // rounds in which both have a valid launch
	Dropped int     `json:"dropped"` // rounds in which something was launched, but that are not pairs

	// Effect is nil if no ratio can be formed; Reason says why.
	Effect *Effect `json:"effect"`

	// Alone is the interval of this comparison on its own, without a correction for the
	// others: each bound is wrong with a probability of at most (1−Confidence)/2. Only
	// a conclusion that needs all comparisons of the family may rest on it, such as that
	// none of them is worse by 10 %. It is nil if there are too few pairs, or if the family
	// is not one-sided.
	Alone *Interval `json:"alone,omitempty"`

	// Judged is true in the workload's primary unit. Then AdjustedP and the
	// interval are corrected for the family, and there is a verdict.
	Judged bool `json:"judged"`

	// Barred says that the comparison is excluded: it can have no verdict, whatever was
	// measured, as between two machines; Reason says why. An interval is shown
	// nevertheless, but nothing follows from it.
	Barred bool `json:"barred,omitempty"`

	P         float64 `json:"p"`          // two-sided, exact; 1 without an effect
	AdjustedP float64 `json:"adjusted_p"` // a direction is found if it is at most Family.Alpha

	// MDE is the minimal detectable effect: 0.05 is a factor of 1.05 or
	// 1/1.05. It is nil if there are too few pairs for any verdict.
	MDE *float64 `json:"mde"`

	// Needed is the number of pairs from which on there can be a verdict.
	Needed int `json:"needed"`

	Verdict Verdict `json:"verdict,omitempty"` // "" if it is not judged
	Reason  string  `json:"reason,omitempty"`  // why it is unresolved, or has no effect

	// Look is the look at which it was settled, from 1; 0 if it was not, or if there is
	// only one look.
	Look int `json:"look,omitempty"`
}

// Regression returns by what part new is worse than old, 0.05 for 5 %, and less
// than 0 if it is better: the estimate, and the bounds of the interval, which are
// -1 and +Inf if there is none. It is not ok without an effect, and if the unit
// has no better direction.
//
// Unless the comparison is barred, a gate may say that there is a regression
// beyond a threshold if the verdict is Worse and the estimate is beyond it, that
// there is none if atMost is below it, and that it does not know otherwise. That
// something is worse, and that nothing is beyond the threshold, has the family's
// alpha then; by how much it is worse is the estimate's word.
func (c Comparison) Regression() (estimate, atLeast, atMost float64, ok bool) {
	if c.Effect == nil {
		return 0, 0, 0, false
	}
	atLeast, atMost, ok = c.worse(c.Effect.Interval)
	estimate, _, _ = c.worse(&Interval{Lo: c.Effect.Ratio, Hi: c.Effect.Ratio})
	return estimate, atLeast, atMost, ok
}

// AloneAtMost returns by what part new is worse than old at most, as of Alone: +Inf if
// that is unknown.
func (c Comparison) AloneAtMost() float64 {
	if _, atMost, ok := c.worse(c.Alone); ok {
		return atMost
	}
	return math.Inf(1)
}

// worse returns the bounds of an interval as parts by which new is worse.
func (c Comparison) worse(i *Interval) (atLeast, atMost float64, ok bool) {
	lo, hi := 0.0, math.Inf(1)
	if i != nil {
		lo, hi = i.Lo, i.Hi
	}
	switch c.Better {
	case record.Lower:
		return lo - 1, hi - 1, true
	case record.Higher:
		return 1/hi - 1, 1/lo - 1, true
	}
	return 0, 0, false
}

// A Side is what was measured on one side of a comparison.
type Side struct {
	Column  string `json:"column"`
	Name    string `json:"name"`    // benchmark name, which record.ParseName may take apart
	Valid   int    `json:"valid"`   // launches that count, at most one for each round
	Invalid int    `json:"invalid"` // launches without a value that may be used

	// Saturated is how many of the valid launches did not achieve the load that was
	// offered.
	Saturated int `json:"saturated,omitempty"`

	// AtMax is in how many of the valid launches the value is a quantile of so few
	// samples that it is their maximum, or next to it.
	AtMax int `json:"at_max,omitempty"`

	Summary *Summary `json:"summary"` // nil without valid launches
}

// An Effect is by what factor new differs from old.
type Effect struct {
	Ratio    float64   `json:"ratio"`    // new/old, the Hodges–Lehmann estimate
	Interval *Interval `json:"interval"` // nil if there are too few pairs
}

// An Interval is a closed confidence interval.
type Interval struct {
	Lo         float64 `json:"lo"`
	Hi         float64 `json:"hi"`
	Confidence float64 `json:"confidence"` // at least; between 0 and 1
}

// A Verdict is what can be said of a comparison.
type Verdict string

const (
	Better     Verdict = "better"     // new is better than old
	Worse      Verdict = "worse"      // new is worse than old
	Equivalent Verdict = "equivalent" // they differ by less than the margin
	Unresolved Verdict = "unresolved" // none of these can be said
)

// Unmatched is a cell, or a metric of one, that is in only one of two columns, or in
// none.
type Unmatched struct {
	Row    string `json:"row"`
	Column string `json:"column"`         // where it is; "" if it lacks the key that would say
	Unit   string `json:"unit,omitempty"` // "" if the whole cell has no counterpart
}
