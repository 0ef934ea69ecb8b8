package compare

import (
	"errors"
	"fmt"
	"math"

	"github.com/idlebench/idlebench/record"
)

// A Schedule says when to look at a run in progress (interim analyses), and how much of
// alpha each look may spend. It is fixed before the run.
//
// Testing repeatedly, and stopping once the test is significant, exceeds an error rate
// of alpha. Here look k has a level of its own, a share of alpha, and the shares add up
// to 1. By the union bound the probability that any verdict of the family at any look
// is wrong is at most the sum of the levels, which is alpha. In the proof in the
// package documentation c* becomes c*ₖ = αₖ/(m−R/2), and the bound Σ αₖ. Nothing is
// assumed about how the looks depend on each other; the exact signed-rank p-value is
// valid at each, since each round has coins of its own, see package order. A bound that
// used the dependence would allow somewhat more, but the joint distribution of exact
// tests at different n is not available, and the usual normal approximation is at its
// worst in the tails and for the few pairs used here.
//
// The time of a look must not depend on what was seen: not on p-values, not on
// intervals. Looks at fixed numbers of rounds are valid. Stopping before the last look
// is valid at any time, for whatever reason; what is open then is unresolved. It is
// also valid to stop the cells about which enough is known, by any rule, and to
// continue those whose direction is known and nothing more: the sum counts every
// interval of every look, whether it is computed or not. A direction that was found
// stays found, and its hypotheses are not tested again.
//
// How the shares are chosen is a matter of power only. It is done with the
// spending functions of Lan and DeMets (Discrete sequential boundaries for
// clinical trials, Biometrika 70, 1983), which imitate the boundaries of
// Pocock (Biometrika 64, 1977) and of O'Brien and Fleming (Biometrics 35, 1979).
type Schedule struct {
	Looks []Look `json:"looks"`

	// ToEnd says that a run may end between two looks, and is judged at its end, too; see
	// [Sequence.Final].
	ToEnd bool `json:"to_end,omitempty"`
}

// A Look is one interim analysis of a run.
type Look = record.Look

// Spending says what share of alpha is spent when the fraction t of the rounds
// has been run. It does not decrease, from 0 at 0 to 1 at 1.
type Spending func(alpha, t float64) float64

// Pocock spends early: for large expected differences.
func Pocock(_, t float64) float64 { return math.Log1p((math.E - 1) * t) }

// OBrienFleming spends late: the last look has nearly all of alpha, and the first ones
// detect enormous differences only.
func OBrienFleming(alpha, t float64) float64 {
	if t <= 0 {
		return 0
	}
	z := math.Sqrt2 * math.Erfinv(1-alpha) // of the two-sided test
	return math.Erfc(z/math.Sqrt(2*t)) / alpha
}

// NewSchedule makes a schedule with a look after each of the given numbers of rounds,
// which ascend; the last is that of the whole run. Alpha is that of the [Options].
//
// With n pairs no p-value is below [LeastP](n), so an early look is useful only if
// alpha times its share, divided by the number of comparisons, is not below that. Few
// looks are better than many: five from 10 to 40 rounds, say.
func NewSchedule(alpha float64, spend Spending, rounds ...int) (Schedule, error) {
	if len(rounds) == 0 {
		return Schedule{}, errors.New("a schedule without looks: name at least one number of rounds")
	}
	last := rounds[len(rounds)-1]
	var s Schedule
	before, spent := 0, 0.0
	for _, r := range rounds {
		if r <= before {
			return Schedule{}, fmt.Errorf("a look after %d rounds does not come after one at %d: looks are in ascending order, from 1 round on", r, before)
		}
		now := spend(alpha, float64(r)/float64(last))
		if r == last {
			now = 1
		}
		s.Looks = append(s.Looks, Look{Rounds: r, Share: now - spent})
		before, spent = r, now
	}
	return s, s.validate()
}

// The looks of a gate. The first is where a large regression can be excluded, and each
// further one has 1.6 times the pairs: with two or three looks more, a comparison that is
// nearly decided stops soon after it is, and each share is small enough that the last
// analysis has enough of alpha left.
const (
	firstLook   = 10
	growth      = 1.6
	shareOfLook = 0.1
	mostRounds  = 400
	farther     = 8 // times what can be afforded of all comparisons: more rounds than one has if all others stop early
)

// GateSchedule plans the looks of a gate with m comparisons, given how many rounds of all of
// them can be afforded, and returns the least number of rounds after which a regression can
// be found. Looks that are not reached cost nothing: [Sequence.Final] has their shares.
func GateSchedule(alpha float64, m, affordable int) (s Schedule, least int) {
	least = LeastPairs(alpha / float64(max(m, 1)))
	last := max(min(farther*affordable, mostRounds), firstLook, least)
	left := 1.0
	for at := float64(firstLook); int(at+0.5) < last && left > 2*shareOfLook; at *= growth {
		s.Looks = append(s.Looks, Look{Rounds: int(at + 0.5), Share: shareOfLook})
		left -= shareOfLook
	}
	s.Looks = append(s.Looks, Look{Rounds: last, Share: left})
	return s, least
}

// validate rejects schedules that would not keep alpha, and looks that can find
// nothing.
func (s Schedule) validate() error {
	if len(s.Looks) == 0 {
		return errors.New("a schedule without looks: make it with NewSchedule")
	}
	sum := 0.0
	for _, l := range s.Looks {
		if !(l.Share > 0) {
			return fmt.Errorf("the look after %d rounds has no share of alpha: leave it out", l.Rounds)
		}
		sum += l.Share
	}
	if !(sum <= 1+1e-9) { // rounding
		return fmt.Errorf("the shares of the looks add up to %v times alpha: at most 1 is valid", sum)
	}
	return nil
}

// A Sequence judges a run repeatedly while it goes on. A settled comparison keeps its
// verdict, estimate and interval, and needs no more rounds.
type Sequence struct {
	schedule Schedule
	baseline string
	options  Options
	settled  func(Comparison) bool

	looks  int     // so far
	spent  float64 // share of alpha, so far
	found  int     // directions, see decide
	judged map[contrastKey]bool
	last   map[contrastKey]*contrast // what each was when it was open last
}

// contrastKey identifies a comparison from look to look.
type contrastKey struct{ row, column, unit string }

func (c Comparison) key() contrastKey { return contrastKey{c.Row, c.New.Column, c.Unit} }

// NewSequence begins one. The arguments are those of [Compare]; the options' alpha is
// that of all looks together. Settled reports whether enough is known about a judged
// comparison, for example if its verdict is not Unresolved: the caller's conclusion
// must be right whenever the verdict and the far bound of the interval are (see
// [Comparison.Regression]).
func NewSequence(s Schedule, baseline string, o Options, settled func(Comparison) bool) (*Sequence, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := s.validate(); err != nil {
		return nil, err
	}
	return &Sequence{schedule: s, baseline: baseline, options: o, settled: settled, last: map[contrastKey]*contrast{}}, nil
}

// Next returns the look that is due next; ok is false if there is none left.
func (q *Sequence) Next() (l Look, ok bool) {
	if q.looks == len(q.schedule.Looks) {
		return Look{}, false
	}
	return q.schedule.Looks[q.looks], true
}

// Look judges open comparisons by everything measured so far, from the first round on.
// The table must have the same judged comparisons at each look, with or without further
// rounds for those that are settled. A look that returns an error is not spent.
func (q *Sequence) Look(t Table) (Family, error) {
	look, ok := q.Next()
	if !ok {
		return Family{}, fmt.Errorf("all %d looks are spent: another one would raise the share of false verdicts above alpha", q.looks)
	}
	return q.look(t, look.Share, q.looks+1)
}

// Final is the last look at a run that ends before the last look of the schedule. It
// spends all that is left of alpha.
//
// When it takes place may depend on anything but the comparison itself: on the time, and
// on how many of the others are open. Let N be the number of rounds after which the run
// would end if this comparison stayed open until then. N depends on the other comparisons
// and on the clock. Equal sides are exchanged by coins of this comparison alone, which are
// independent of N. So for each N the looks before N and the test at N are valid tests of
// fixed numbers of pairs, whose shares add up to 1, and the union bound holds for each N,
// and so on average. A run must not end because of what is seen of a comparison that is
// open, such as its estimate.
func (q *Sequence) Final(t Table) (Family, error) {
	if _, ok := q.Next(); !ok {
		return Family{}, errors.New("the last look has been taken: there is nothing left of alpha")
	}
	return q.look(t, 1-q.spent, len(q.schedule.Looks))
}

// look judges with a share of alpha, as the n-th look.
func (q *Sequence) look(t Table, share float64, n int) (Family, error) {
	f, contrasts, err := q.options.contrasts(t, q.baseline)
	if err != nil {
		return Family{}, err
	}
	if err := q.sameFamily(contrasts); err != nil {
		return Family{}, err
	}
	q.looks = n - 1
	q.step(contrasts, share, f.Size)
	f.Look, f.Looks = q.looks, len(q.schedule.Looks)
	f.take(contrasts)
	return f, nil
}

// step spends a look on m contrasts. It replaces those that were settled before by
// their state at that time.
func (q *Sequence) step(contrasts []*contrast, share float64, m int) {
	q.looks++
	q.spent += share
	var open []*contrast
	for i, c := range contrasts {
		before := q.last[c.key()]
		switch {
		case !c.Judged:
			continue
		case before != nil && before.Look > 0:
			contrasts[i] = before
			continue
		case before != nil && before.direction != 0:
			c.direction, c.AdjustedP = before.direction, before.AdjustedP
		}
		open = append(open, c)
	}
	q.found = q.options.judge(open, share, m, q.found)
	for _, c := range open {
		if q.settled(c.Comparison) {
			c.Look = q.looks
		}
		q.last[c.key()] = c
	}
}

// sameFamily remembers which comparisons are judged at the first look, and rejects
// others later: alpha is divided by their number.
func (q *Sequence) sameFamily(contrasts []*contrast) error {
	now := map[contrastKey]bool{}
	for _, c := range judged(contrasts) {
		now[c.key()] = true
		if q.judged != nil && !q.judged[c.key()] {
			return fmt.Errorf("%s of %s was not compared at the first look: all looks must compare the same", c.Row, c.New.Column)
		}
	}
	if q.judged == nil {
		q.judged = now
	}
	for key := range q.judged {
		if !now[key] {
			return fmt.Errorf("%s of %s was compared at the first look but is missing now: all looks must compare the "+
				"same", key.row, key.column)
		}
	}
	return nil
}
