package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/record"
)

// A Table is what there is to compare.
type Table struct {
	Series []Series

	// Primary is, for each workload, the unit in which it is judged; "" if it is
	// reported and not judged. A workload that is not in it is judged in Units; if there
	// are none, in ns/op; and if a row does not have that, in every unit of it that has a
	// better direction.
	Primary map[string]string

	// Units are those in which the workloads are judged of which Primary says nothing.
	Units []string

	// Unmatched is what cannot be in a column.
	Unmatched []Unmatched

	// Warnings is what a reader of the comparison has to know about the data.
	Warnings []string
}

// A Series is one metric of one cell over the rounds. Row, Column and Unit
// together are unique in a table.
type Series struct {
	Row      string // what is compared: the benchmark name without the column's part, and Config
	Config   string // the configuration by which the row differs from others: "pkg:ex.com/a"; "" if it is of no interest
	Column   string // what it is compared by: an implementation, a file, "old" or "new"
	Name     string // the benchmark name, without the prefix "Benchmark"
	Workload string // the key of Table.Primary
	Unit     string // as it was written: p50-ns/wake
	Better   record.Better

	// Clock names the axis of Observation.At. For two series with the same clock it can
	// be decided whether they are interleaved; "" is unknown.
	Clock string

	// Observations holds the launches in the order they ran, each in its round.
	Observations []Observation
}

// An Observation is what one launch says about a metric.
type Observation struct {
	Round int
	Value float64

	// At is when the launch began, on the series's clock. Only the order
	// counts.
	At int64

	// Invalid is true of a launch whose value is not to be used, or that has
	// none. Of several launches in one round the last valid one counts.
	Invalid bool

	// Saturated is true of a launch that did not achieve the load that was offered.
	Saturated bool

	// AtMax is true of a quantile of so few samples that it is their maximum, or next
	// to it; see [record.Launch.AtMax].
	AtMax bool
}

// Pairing says how the launches of the two sides lie in time.
type Pairing string

const (
	// Interleaved: all launches of a pair ran before those of the next.
	Interleaved Pairing = "interleaved"

	// Assumed: the data does not say; the user has to know.
	Assumed Pairing = "assumed"

	// Apart: not interleaved. A drift of the machine is part of the difference,
	// so that such a comparison is not judged.
	Apart Pairing = "apart"
)

// pairs is what two series have in common.
type pairs struct {
	d       []float64 // log(new) − log(old), by round
	dropped int       // rounds in which something was launched, but not two valid launches
	pairing Pairing
	reason  string // why there are no ratios; "" if there are
}

// maxLog bounds d, so that a ratio and everything computed from it is finite.
const maxLog = 300

func pair(old, new *measured) pairs {
	o, n := old.rounds, new.rounds
	p := pairs{pairing: Assumed, d: make([]float64, 0, min(len(o), len(n)))}
	sameClock := old.Clock == new.Clock && old.Clock != ""
	if sameClock {
		p.pairing = Interleaved
	}
	var end int64 // of the launches of the last pair
	for len(o) > 0 && len(n) > 0 {
		a, b := o[0], n[0]
		if a.Round <= b.Round {
			o = o[1:]
		}
		if b.Round <= a.Round {
			n = n[1:]
		}
		if a.Round != b.Round || a.Invalid || b.Invalid {
			p.dropped++
			continue
		}
		if sameClock && len(p.d) > 0 && min(a.At, b.At) < end {
			p.pairing = Apart
		}
		end = max(a.At, b.At)
		d := 0.0
		if !none(new.Unit, a.Value, b.Value) {
			d = math.Log(b.Value) - math.Log(a.Value)
		}
		if p.reason == "" {
			p.reason = noRatio(new.Unit, a.Round, a.Value, b.Value, d)
		}
		p.d = append(p.d, d)
	}
	p.dropped += len(o) + len(n)
	switch {
	case len(p.d) == 0:
		p.reason = "there is no round in which both have a valid launch"
	case len(p.d) > maxPairs && p.reason == "":
		p.reason = fmt.Sprintf("%d pairs are more than the %d that are compared: choose some of them", len(p.d), maxPairs)
	}
	return p
}

// noRatio says why d is not the logarithm of a ratio; "" if it is.
//
// A count of zero on both sides, such as no allocation, is no difference: its d is 0. A
// time of zero is below the clock's resolution.
func noRatio(unit string, round int, old, new, d float64) string {
	if none(unit, old, new) {
		return ""
	}
	if unusable(old) || unusable(new) {
		return fmt.Sprintf("there are no ratios: in round %d old is %v and new is %v, and both have to be positive", round, old, new)
	}
	if math.Abs(d) > maxLog {
		return fmt.Sprintf("there are no ratios: in round %d old is %v and new is %v, which is too far apart", round, old, new)
	}
	return ""
}

// none reports whether both values are counts of zero.
func none(unit string, old, new float64) bool {
	return old == 0 && new == 0 && !record.IsTime(baseUnit(unit))
}

func unusable(v float64) bool { return !(v > 0) || math.IsInf(v, 0) }

// rounds returns the launch that counts for each round, in the order of the rounds: the
// last valid one, or an invalid one if there is no other.
func (s Series) rounds() []Observation {
	ascending := true
	for i := 1; i < len(s.Observations) && ascending; i++ {
		ascending = s.Observations[i-1].Round < s.Observations[i].Round
	}
	if ascending {
		return s.Observations
	}
	sorted := slices.Clone(s.Observations)
	slices.SortStableFunc(sorted, func(a, b Observation) int { return cmp.Compare(a.Round, b.Round) })
	rounds := sorted[:0]
	for _, o := range sorted {
		switch last := len(rounds) - 1; {
		case last < 0 || rounds[last].Round != o.Round:
			rounds = append(rounds, o)
		case rounds[last].Invalid || !o.Invalid:
			rounds[last] = o
		}
	}
	return rounds
}
