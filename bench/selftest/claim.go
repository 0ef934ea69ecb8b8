package selftest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/audit"
	"github.com/idlebench/idlebench/record/evidence"
)

const (
	limit    = 0.05 // of the share of false verdicts, and of contradictions
	power    = 0.80 // with which an effect counts as one that is found
	promised = 0.60 // of effects that a comparison says it can detect, at least
	refuted  = 0.01 // the probability below which a claim has failed
	doubtful = 0.05 // and below which it has not passed

	often = "80 % or more" // power in words
)

// claim fills in the claims and the outcome.
func (e *Evidence) claim(d Design) {
	e.Claims = []evidence.Claim{falseVerdicts("A/A", e.Valid.Blocks, d.Wanted)}
	if e.Invalid > 0 {
		e.Claims = append(e.Claims, falseVerdicts("A/A, by all launches, the invalid ones too", e.All.Blocks, d.Wanted))
	}
	e.Claims = append(e.Claims,
		families(e.Valid.Blocks, d.Blocks/2),
		sensitivity(e.Valid),
		repeatability(e.Valid),
	)
	if d.Audit != nil {
		e.Claims = append(e.Claims, auditing(e.Audit))
	}
	e.Outcome = evidence.Passed
	for _, c := range e.Claims {
		if c.Outcome == evidence.Failed || c.Outcome == evidence.Unresolved && e.Outcome == evidence.Passed {
			e.Outcome = c.Outcome
		}
	}
}

// atMost judges the claim that a rate is at most the limit.
func (c Count) atMost(limit float64) evidence.Outcome {
	switch p := tail(c.Of, c.N, limit); {
	case p < refuted:
		return evidence.Failed
	case p < doubtful:
		return evidence.Unresolved
	}
	return evidence.Passed
}

// atLeast judges the claim that a rate is at least the limit.
func (c Count) atLeast(limit float64) evidence.Outcome {
	return newCount(c.Of, c.Of-c.N).atMost(1 - limit)
}

// String tells the number and the share that was observed, and the interval of
// the rate behind it.
func (c Count) String() string {
	if c.Of == 0 {
		return "0 of 0"
	}
	return fmt.Sprintf("%d of %d (%s; 95 %% interval of the rate: %.1f to %s)", c.N, c.Of, percentOf(c.Share), 100*c.Lo, percentOf(c.Hi))
}

// tested tells what the test of a rate of at most the limit says, and what it
// would have found.
func (c Count) tested() string {
	text := fmt.Sprintf("The share is not above %.0f %%", 100*limit)
	if c.Share > limit {
		text = fmt.Sprintf("The share is above %.0f %%", 100*limit)
		switch c.atMost(limit) {
		case evidence.Passed:
			text += ", but not distinguishable from it"
		case evidence.Unresolved:
			text += ", and it is doubtful that this is chance"
		case evidence.Failed:
			text += " by more than chance"
		}
		text += fmt.Sprintf(": a true rate of %.0f %% shows as many or more in %s of all self-tests", 100*limit, percentOf(tail(c.Of, c.N, limit)))
	}
	return text + fmt.Sprintf(". A true rate of %s would be detected with a power of %.0f %%.", percentOf(foundRate(c.Of, limit, refuted)), 100*power)
}

func percentOf(share float64) string {
	if share > 0 && share < 0.0005 {
		return "less than 0.1 %"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// enough is an outcome for which so many cases are wanted.
func enough(o evidence.Outcome, c Count, wanted int) evidence.Outcome {
	if o == evidence.Passed && c.Of < wanted {
		return evidence.Unresolved
	}
	return o
}

func falseVerdicts(name string, l Level, wanted int) evidence.Claim {
	c := l.AA
	claim := evidence.Claim{Name: name, Outcome: enough(c.atMost(limit), c, wanted)}
	claim.Text = fmt.Sprintf("%v A/A comparisons of %d rounds, each judged alone, reported a difference.", c, l.Rounds)
	if c.Of < wanted {
		claim.Text += fmt.Sprintf(" At least %d with launches enough are wanted.", wanted)
	} else {
		claim.Text += " " + c.tested()
	}
	return claim
}

func families(l Level, wanted int) evidence.Claim {
	c := l.Families
	claim := evidence.Claim{Name: "families", Outcome: enough(c.atMost(limit), c, wanted)}
	claim.Text = fmt.Sprintf("%v families of %d comparisons in %d rounds, delays included and judged as a report does, have a wrong verdict.", c, l.Family, l.Rounds)
	if c.Of < wanted {
		claim.Text += fmt.Sprintf(" At least %d in which a verdict is possible are wanted.", wanted)
	} else {
		claim.Text += " " + c.tested()
	}
	return claim
}

func sensitivity(v View) evidence.Claim {
	l := v.Blocks
	claim := evidence.Claim{Name: "sensitivity", Outcome: evidence.Unresolved}
	reversed := Count{}
	for _, s := range l.Delays {
		reversed = newCount(reversed.Of+s.Reversed.Of, reversed.N+s.Reversed.N)
	}
	kept := l.Promised
	smallest, ok := l.Smallest()
	switch {
	case reversed.atMost(limit) == evidence.Failed:
		claim.Outcome = evidence.Failed
		claim.Text = fmt.Sprintf("%v comparisons with a delay have found it faster.", reversed)
	case kept.atLeast(promised) == evidence.Failed:
		claim.Outcome = evidence.Failed
		claim.Text = fmt.Sprintf("Only %v delays were found of those as large as what their comparison says that it detects.", kept)
	case ok:
		claim.Outcome = evidence.Passed
		claim.Text = l.detected(smallest) + v.Halves.detectedInFamily()
	case l.Delays[0].Reversed.Of == 0:
		claim.Text = "No comparison has launches enough for a verdict."
	default:
		claim.Text = fmt.Sprintf("Here %d rounds do not find even a delay of %d %% of p50 in %s of the times: the machine is too noisy, or the rounds too few.",
			l.Rounds, percents[len(percents)-1], often)
	}
	return claim
}

// detected says how often a delay of one size was detected, judged alone and within
// a family: the second is what a report does, and detects fewer.
func (l Level) detected(percent int) string {
	i := slices.IndexFunc(l.Delays, func(s Seen) bool { return s.Percent == percent })
	s := l.Delays[i]
	return fmt.Sprintf("An injected delay of %d %% of p50 was detected in %s comparisons of %d rounds that were judged alone, and in %s that were judged within a whole family of %d.",
		percent, s.Found.share(), l.Rounds, s.FoundInFamily.share(), l.Family)
}

// detectedInFamily says so of all sizes, the largest first; "" if there is no level
// of so many rounds yet.
func (l Level) detectedInFamily() string {
	var each []string
	for _, s := range slices.Backward(l.Delays) {
		if s.FoundInFamily.Of > 0 {
			each = append(each, fmt.Sprintf("%d %% in %s", s.Percent, s.FoundInFamily.share()))
		}
	}
	if len(each) == 0 {
		return ""
	}
	return fmt.Sprintf(" By %d rounds, within a family of %d: %s.", l.Rounds, l.Family, strings.Join(each, ", "))
}

// share writes a count without its interval. A rate of few cases is better left as
// the count: "6 of 6" is not "always".
func (c Count) share() string {
	if c.Of < 20 {
		return fmt.Sprintf("%d of %d", c.N, c.Of)
	}
	return fmt.Sprintf("%d of %d (%.0f %%)", c.N, c.Of, 100*c.Share)
}

// Smallest returns the smallest delay that was found often enough, as all larger
// ones were; ok is false if there is none.
func (l Level) Smallest() (percent int, ok bool) {
	for i := len(l.Delays) - 1; i >= 0; i-- {
		if s := l.Delays[i]; s.Found.Of > 0 && s.Found.Share >= power {
			percent, ok = s.Percent, true
		} else {
			break
		}
	}
	return percent, ok
}

func repeatability(v View) evidence.Claim {
	claim := evidence.Claim{Name: "repeatability", Outcome: evidence.Unresolved}
	a := v.Halves.AgreementInFamily
	if a.Pairs == 0 {
		claim.Text = "There are no two halves yet."
		return claim
	}
	claim.Text = fmt.Sprintf("Two runs of %d rounds, each judged as one family, agree in %d of %d verdicts, %s; %d differ, %d contradict, %d unresolved.",
		v.Halves.Rounds, a.Agree, a.Pairs, percentOf(float64(a.Agree)/float64(a.Pairs)), a.Differ, a.Contradict, a.Unresolved)
	b := v.Blocks.Agreement
	claim.Text += fmt.Sprintf(" Of verdicts on %d rounds, each alone, %s agree, %d of %d contradict.",
		v.Blocks.Rounds, percentOf(float64(b.Agree)/float64(max(1, b.Pairs))), b.Contradict, b.Pairs)
	outcome := evidence.Passed
	for _, c := range []Count{newCount(a.Pairs, a.Contradict), newCount(b.Pairs, b.Contradict)} {
		switch c.atMost(limit) {
		case evidence.Failed:
			claim.Outcome = evidence.Failed
			return claim
		case evidence.Unresolved:
			outcome = evidence.Unresolved
		}
	}
	if 2*a.Agree > a.Pairs {
		claim.Outcome = outcome
	}
	return claim
}

func auditing(results []evidence.Result) evidence.Claim {
	claim := evidence.Claim{Name: "audit", Outcome: evidence.Passed}
	var seen []string
	for _, r := range results {
		text := fmt.Sprintf("%s ×%.2f", r.Property, r.Ratio)
		if r.Hi > 0 {
			text += fmt.Sprintf(" (%.2f to %.2f)", r.Lo, r.Hi)
		}
		seen = append(seen, text+" "+string(r.Status))
		outcome := evidence.Passed
		switch {
		case r.Status == evidence.Undecided:
			outcome = evidence.Unresolved
		case r.Property == audit.Planted && (r.Status != evidence.Moved || r.Ratio < 1),
			r.Property == audit.Again && r.Status != evidence.Steady:
			outcome = evidence.Failed
		case r.Property != audit.Planted && r.Status != evidence.Steady:
			outcome = evidence.Unresolved // it should do nothing here, which is not known
		}
		if outcome == evidence.Failed || claim.Outcome == evidence.Passed {
			claim.Outcome = outcome
		}
	}
	claim.Text = fmt.Sprintf("What an audit says of a planted artefact, the submitter holding the scheduler's lock for %d times the p50, "+
		"and of what moves nothing: %s.", planted, strings.Join(seen, "; "))
	return claim
}
