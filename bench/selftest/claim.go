package selftest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/audit"
	"github.com/idlebench/idlebench/record/evidence"
)

const (
	limit    = 0.05 // for the rates of false verdicts and of contradictions
	power    = 0.80 // with which an effect counts as detectable
	promised = 0.60 // the least share of detected effects, among those as large as the MDE
	refuted  = 0.01 // the probability below which a claim has failed
	doubtful = 0.05 // the probability below which it has not passed

	often = "80 % or more" // power in words
)

// claim fills in the claims and the outcome.
func (e *Evidence) claim(d Design) {
	e.Claims = []evidence.Claim{falseVerdicts("A/A", e.Valid.Blocks, d.Wanted)}
	if e.Invalid > 0 {
		e.Claims = append(e.Claims, falseVerdicts("A/A, by all launches, including invalid ones", e.All.Blocks, d.Wanted))
	}
	e.Claims = append(e.Claims,
		families(e.Valid.Blocks, d.Blocks/2),
		sensitivity(e.Valid),
		repeatability(e.Valid),
	)
	if d.Audit != nil {
		e.Claims = append(e.Claims, auditing(e.Audit))
	}
	if len(e.Ways) > 0 {
		e.Claims = append(e.Claims, slicing(e.Ways))
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

// String has the number, the observed share, and the interval of the true rate.
func (c Count) String() string {
	if c.Of == 0 {
		return "0 of 0"
	}
	return fmt.Sprintf("%d of %d (%s; 95 %% interval of the rate: %.1f to %s)", c.N, c.Of, percentOf(c.Share), 100*c.Lo, percentOf(c.Hi))
}

// tested says whether the share is compatible with a rate of at most the limit, and
// which rate the test would have detected.
func (c Count) tested() string {
	text := fmt.Sprintf("The share is not above %.0f %%", 100*limit)
	if c.Share > limit {
		text = fmt.Sprintf("The share is above %.0f %%", 100*limit)
		switch c.atMost(limit) {
		case evidence.Passed:
			text += ", but not distinguishable from it"
		case evidence.Unresolved:
			text += ", which is probably not chance"
		case evidence.Failed:
			text += " by more than chance explains"
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

// enough is the outcome if a number of cases is needed to pass.
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
		claim.Text += fmt.Sprintf(" At least %d with enough launches are needed.", wanted)
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
		claim.Text += fmt.Sprintf(" At least %d in which a verdict is possible are needed.", wanted)
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
		claim.Text = fmt.Sprintf("%v comparisons with a delay judged it faster.", reversed)
	case kept.atLeast(promised) == evidence.Failed:
		claim.Outcome = evidence.Failed
		claim.Text = fmt.Sprintf("Of the delays as large as the MDE of their comparison only %v were detected.", kept)
	case ok:
		claim.Outcome = evidence.Passed
		claim.Text = l.detected(smallest) + v.Halves.detectedInFamily()
	case l.Delays[0].Reversed.Of == 0:
		claim.Text = "No comparison has enough launches for a verdict."
	default:
		claim.Text = fmt.Sprintf("Here %d rounds do not detect even a delay of %d %% of p50 with a power of %s: the machine is too noisy, or there are too few rounds.",
			l.Rounds, percents[len(percents)-1], often)
	}
	return claim
}

// detected says how often a delay of one size was detected, judged alone and within a
// family. A report judges within families, which detects fewer.
func (l Level) detected(percent int) string {
	i := slices.IndexFunc(l.Delays, func(s Seen) bool { return s.Percent == percent })
	s := l.Delays[i]
	return fmt.Sprintf("An injected delay of %d %% of p50 was detected in %s comparisons of %d rounds that were judged alone, and in %s that were judged within a whole family of %d.",
		percent, s.Found.share(), l.Rounds, s.FoundInFamily.share(), l.Family)
}

// detectedInFamily says how often delays of all sizes were detected within a family, the
// largest first; "" if there are not enough rounds yet.
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

// share writes a count without its interval. For few cases it leaves out the rate: "6 of
// 6" is not "always".
func (c Count) share() string {
	if c.Of < 20 {
		return fmt.Sprintf("%d of %d", c.N, c.Of)
	}
	return fmt.Sprintf("%d of %d (%.0f %%)", c.N, c.Of, 100*c.Share)
}

// Smallest returns the smallest delay that was detected often enough, if all larger ones
// were too; ok is false if there is none.
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
		claim.Text = "The second half was not measured yet."
		return claim
	}
	claim.Text = fmt.Sprintf("Two runs of %d rounds, each judged as one family, agree in %d of %d verdicts, %s; %d differ, %d contradict, %d unresolved.",
		v.Halves.Rounds, a.Agree, a.Pairs, percentOf(float64(a.Agree)/float64(a.Pairs)), a.Differ, a.Contradict, a.Unresolved)
	b := v.Blocks.Agreement
	claim.Text += fmt.Sprintf(" Judged alone over %d rounds, %s of the verdicts agree, and %d of %d contradict.",
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
			outcome = evidence.Unresolved // it probably has no effect here, but that is not known
		}
		if outcome == evidence.Failed || claim.Outcome == evidence.Passed {
			claim.Outcome = outcome
		}
	}
	claim.Text = fmt.Sprintf("Audit of a planted artefact (the submitter holds the scheduler's lock for %d times the p50), "+
		"and of variations without effect: %s.", planted, strings.Join(seen, "; "))
	return claim
}
