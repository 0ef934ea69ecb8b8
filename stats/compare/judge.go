package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/record"
)

// A contrast is a comparison in the making.
type contrast struct {
	Comparison
	d    []float64
	rank signedRank // if there is an effect

	level  float64 // at which the interval is
	lo, hi float64 // the interval, of logarithms; ±Inf if there is none

	// direction is 1 or -1 if new was found to be larger or smaller, and 0 until then.
	// In a Sequence it is kept from one look to the next.
	direction int
}

// stepLevel is the level of the step-down procedure after some of m
// comparisons were found to have a direction.
func stepLevel(alpha float64, m, found int) float64 {
	return alpha / (float64(m) - float64(min(found, m-1))/2)
}

// decide is the step-down procedure. It takes the p-values of the open comparisons, the
// number m of all, and the number of directions found before. It returns the number
// found now, and the level for all that were open.
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
// found before, which may be open nevertheless; it returns of how many it is now.
func (o Options) judge(open []*contrast, share float64, m, found int) (now int) {
	if len(open) == 0 {
		return found
	}
	var unknown []*contrast // those without a direction
	var ps []float64
	for _, c := range open {
		switch {
		case c.direction != 0:
			continue
		case c.Barred:
			ps = append(ps, 1)
		default:
			ps = append(ps, c.P)
		}
		unknown = append(unknown, c)
	}
	var level float64
	if o.OneSided {
		level, now = 2*o.Alpha*share/float64(m), found
		for i, p := range ps {
			unknown[i].AdjustedP = min(1, p*float64(m)/(2*share))
		}
	} else {
		level, now = decide(ps, o.Alpha*share, m, found)
		for i, p := range adjust(ps, m, found) {
			unknown[i].AdjustedP = min(1, p/share)
		}
	}
	for _, c := range open {
		c.estimate(level)
		if o.OneSided {
			c.alone(2 * o.Alpha * share)
		}
		c.direct()
		c.Verdict, c.Reason = o.verdict(c)
	}
	return now
}

// direct sets the direction, if it is known now and was not before.
func (c *contrast) direct() {
	switch {
	case c.Barred || c.direction != 0:
	case c.lo > 0:
		c.direction = 1
	case c.hi < 0:
		c.direction = -1
	}
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

// alone fills in the interval without a correction for other comparisons.
func (c *contrast) alone(level float64) {
	c.Alone = nil
	if c.Effect == nil {
		return
	}
	if lo, hi := c.rank.interval(level); !math.IsInf(lo, 0) {
		c.Alone = &Interval{math.Exp(lo), math.Exp(hi), 1 - level}
	}
}

// Wide reports whether a comparison is unresolved only because its interval is too wide.
func (c Comparison) Wide() bool {
	return c.Verdict == Unresolved && !c.Barred && c.Effect != nil && c.Effect.Interval != nil
}

// verdict reads the verdict from the interval and the direction.
func (o Options) verdict(c *contrast) (Verdict, string) {
	margin := math.Log1p(o.Margin)
	switch {
	case c.Barred:
		return Unresolved, c.Reason
	case -margin < c.lo && c.hi < margin:
		return Equivalent, ""
	case c.direction == 1 && c.Better == record.Higher, c.direction == -1 && c.Better == record.Lower:
		if o.OneSided {
			return Unresolved, "it may be better, which is not asked"
		}
		return Better, ""
	case c.direction != 0:
		return Worse, ""
	case math.IsInf(c.lo, 0):
		return Unresolved, fmt.Sprintf("%s too few: at least %d are needed", countPairs(c.Pairs), c.Needed)
	}
	return Unresolved, "the interval has in it both no difference and one beyond the margin" // it is Wide
}

// bar says why the contrast cannot have a verdict, "" if it can.
func (o Options) bar(c *contrast) string {
	switch {
	case o.NotJudged != "":
		return o.NotJudged
	case c.Effect == nil:
		return c.Reason
	case c.Better != record.Lower && c.Better != record.Higher:
		return fmt.Sprintf("the unit %s has no better direction", c.Unit)
	case c.Pairing == Apart:
		return "the launches of the two were not interleaved, or the clock was set back: a difference may be the machine's"
	}
	return c.saturated()
}

// saturated says why a contrast of latencies says nothing, "" if it does: in half
// of the valid launches of a side, or more, the load was more than it got through.
func (c *contrast) saturated() string {
	if !record.IsTime(baseUnit(c.Unit)) {
		return ""
	}
	for _, s := range []Side{c.Old, c.New} {
		if s.Saturated > 0 && 2*s.Saturated >= s.Valid {
			return fmt.Sprintf("saturated: in %d of %d launches %s achieved less than 99 %% of the offered load, and its latency says only that this was too much", s.Saturated, s.Valid, s.Column)
		}
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

func countPairs(n int) string {
	if n == 1 {
		return "1 pair is"
	}
	return fmt.Sprintf("%d pairs are", n)
}
