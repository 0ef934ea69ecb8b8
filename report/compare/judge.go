package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/bench/result"
)

// A contrast is a comparison in the making.
type contrast struct {
	Comparison
	d      []float64
	rank   signedRank // if there is an effect
	barred string     // why it cannot have a verdict, whatever comes out

	level  float64 // at which the interval is
	lo, hi float64 // the interval, of logarithms; ±Inf if there is none
}

// stepLevel is the level of the step-down procedure after some of m
// comparisons were found to have a direction.
func stepLevel(alpha float64, m, found int) float64 {
	return alpha / (float64(m) - float64(min(found, m-1))/2)
}

// decide is the step-down procedure. It takes the p-values of the comparisons
// that are open, the number m of all, and of how many the direction was found
// before. It returns how many it is now, and the level for all that were open.
func decide(ps []float64, alpha float64, m, found int) (level float64, now int) {
	before := found
	for {
		level = stepLevel(alpha, m, found)
		now = before
		for _, p := range ps {
			if p <= level {
				now++
			}
		}
		if now == found {
			return level, now
		}
		found = now
	}
}

// adjust returns the p-values as adjusted by the procedure of decide.
func adjust(ps []float64, m, found int) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	adjusted := make([]float64, len(ps))
	last := 0.0
	for s, i := range order {
		last = max(last, min(1, ps[i]/stepLevel(1, m, found+s)))
		adjusted[i] = last
	}
	return adjusted
}

// judge gives the open contrasts their verdicts. It spends a share, above 0 and
// at most 1, of alpha. Of m contrasts in the family the direction of some was
// found before; it returns of how many it is now.
func (o Options) judge(open []*contrast, share float64, m, found int) (now int) {
	if len(open) == 0 {
		return found
	}
	ps := make([]float64, len(open))
	for i, c := range open {
		ps[i] = c.P
		if c.barred != "" {
			ps[i] = 1
		}
	}
	level, now := decide(ps, o.Alpha*share, m, found)
	for i, p := range adjust(ps, m, found) {
		c := open[i]
		c.AdjustedP = min(1, p/share)
		c.estimate(level)
		c.Verdict, c.Reason = o.verdict(c)
	}
	return now
}

// estimate fills in what depends on the level.
func (c *contrast) estimate(level float64) {
	c.level, c.Needed = level, LeastPairs(level)
	c.lo, c.hi = math.Inf(-1), math.Inf(1)
	if c.Effect == nil {
		return
	}
	c.lo, c.hi = c.rank.interval(level)
	c.Effect.Interval = nil
	if !math.IsInf(c.lo, 0) {
		c.Effect.Interval = &Interval{math.Exp(c.lo), math.Exp(c.hi), 1 - level}
	}
}

// TooLong is the reason why a comparison with an interval is unresolved, if there is
// no other.
const TooLong = "the interval has in it both no difference and one beyond the margin"

// verdict reads the verdict from the interval.
func (o Options) verdict(c *contrast) (Verdict, string) {
	margin := math.Log1p(o.Margin)
	switch {
	case c.barred != "":
		return Unresolved, c.barred
	case math.IsInf(c.lo, 0):
		return Unresolved, fmt.Sprintf("%d pairs are too few: at least %d are needed", c.Pairs, c.Needed)
	case -margin < c.lo && c.hi < margin:
		return Equivalent, ""
	case c.lo > 0 && c.Better == result.Higher, c.hi < 0 && c.Better == result.Lower:
		return Better, ""
	case c.lo > 0 || c.hi < 0:
		return Worse, ""
	}
	return Unresolved, TooLong
}

// bar says why the contrast cannot have a verdict, "" if it can.
func (o Options) bar(c *contrast) string {
	switch {
	case o.NotJudged != "":
		return o.NotJudged
	case c.Effect == nil:
		return c.Reason
	case c.Better != result.Lower && c.Better != result.Higher:
		return fmt.Sprintf("the unit %s has no better direction", c.Unit)
	case c.Pairing == Apart:
		return "the launches of the two were not interleaved, or the clock was set back: a difference may be the machine's"
	}
	return ""
}

// finish returns the comparison, with what takes time to compute.
func (c *contrast) finish() Comparison {
	if c.MDE == nil && c.Judged && !math.IsInf(c.lo, 0) {
		mde := math.Expm1(detectable(c.d, c.rank.center(), c.level))
		c.MDE = &mde
	}
	return c.Comparison
}
