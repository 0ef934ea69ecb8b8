package selftest

import (
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
)

// Evidence is what a self-test found. It depends only on the run and the design, so it
// can be made again from the folder.
type Evidence struct {
	State   record.State     `json:"state"` // of the run; an incomplete one supports less
	Outcome evidence.Outcome `json:"outcome"`
	Claims  []evidence.Claim `json:"claims"`

	// Statements are sentences with the counts behind the claims, and what they cover, to
	// be quoted.
	Statements []string `json:"statements"`

	Config []record.Pair `json:"config"`  // of the run: the machine, the program, the moment
	Time   time.Duration `json:"time_ns"` // that each launch measured

	Launches int `json:"launches"` // recorded
	Invalid  int `json:"invalid"`  // of these
	Failed   int `json:"failed"`   // besides

	Valid View `json:"valid"` // by valid launches, as a report judges
	All   View `json:"all"`   // by all launches, the invalid ones too

	// Audit has the effects of the audit's variations on the p50, by valid launches, or by
	// all if there are too few valid ones.
	Audit []evidence.Result `json:"audit,omitempty"`

	// Ways compares slices with whole launches, by the same launches as Audit.
	Ways []Way `json:"ways,omitempty"`
}

// A View is a run as some of its launches show it.
type View struct {
	Blocks Level `json:"blocks"`
	Halves Level `json:"halves"`
}

// A Level is what comparisons of a number of rounds find.
type Level struct {
	Rounds int `json:"rounds"` // of each comparison
	Family int `json:"family"` // comparisons in one family

	// AA counts A/A comparisons, each judged alone, and false verdicts among
	// them. Those with too few pairs for any verdict are not counted.
	AA Count `json:"aa"`

	// Families counts families in which a verdict was possible, and those of
	// them with a wrong one.
	Families Count `json:"families"`

	Delays []Seen `json:"delays"` // by size

	// Detectable is the median of the minimal detectable effects of comparisons that are
	// judged alone, DetectableInFamily of those in families; nil if there are none.
	Detectable         *float64 `json:"detectable"`
	DetectableInFamily *float64 `json:"detectable_in_family"`

	// Promised counts delays as large as the MDE of their comparison, judged alone, and
	// those that were detected.
	Promised Count `json:"promised"`

	// Agreement is between the two halves, of comparisons judged alone and in
	// families.
	Agreement         Agreement `json:"agreement"`
	AgreementInFamily Agreement `json:"agreement_in_family"`
}

// A Count says in how many cases something is true.
type Count struct {
	Of    int     `json:"of"` // cases
	N     int     `json:"n"`  // cases in which it is true
	Share float64 `json:"share"`
	Lo    float64 `json:"lo"` // of its interval, at 95 %
	Hi    float64 `json:"hi"`
}

// Seen is how delays of one size were judged.
type Seen struct {
	Percent   int     `json:"percent"`   // as it was planned
	Injected  float64 `json:"injected"`  // share of the baseline's p50, median
	Estimated float64 `json:"estimated"` // by how much it was estimated to be slower, median

	// Found counts comparisons, and those in which the delayed one was judged
	// worse.
	Found         Count `json:"found"`
	FoundInFamily Count `json:"found_in_family"`

	// Reversed counts comparisons with a possible verdict, judged alone, and
	// those in which the delayed one was judged better.
	Reversed Count `json:"reversed"`
}

// An Agreement counts pairs of verdicts on the same comparison.
type Agreement struct {
	Pairs      int `json:"pairs"`
	Agree      int `json:"agree"`      // the same verdict, not unresolved
	Differ     int `json:"differ"`     // equivalent, and a direction
	Contradict int `json:"contradict"` // better, and worse
	Unresolved int `json:"unresolved"` // one of the two at least
}

// newCount makes a count with its interval.
func newCount(of, n int) Count {
	c := Count{Of: of, N: n, Hi: 1}
	if of > 0 {
		c.Share = float64(n) / float64(of)
		c.Lo, c.Hi = interval(of, n, confidence)
	}
	return c
}

// confidence is that of the intervals of shares.
const confidence = 0.95

// add counts a case, without the share and its interval.
func (c *Count) add(is bool) {
	c.Of++
	if is {
		c.N++
	}
}

// counts returns all counts of a level.
func (l *Level) counts() []*Count {
	all := []*Count{&l.AA, &l.Families, &l.Promised}
	for i := range l.Delays {
		s := &l.Delays[i]
		all = append(all, &s.Found, &s.FoundInFamily, &s.Reversed)
	}
	return all
}
