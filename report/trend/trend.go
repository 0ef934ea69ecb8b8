package trend

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/idlebench/idlebench/stats/compare"
)

const (
	// Least is the least number of runs in a segment: one run is an outlier, two
	// may be.
	Least = 3

	// Level is the probability to show any change in a report of series that did not
	// change.
	Level = 0.05
)

// A Series has the values of one metric of one cell in a sequence of runs, oldest
// first. They are greater than zero and finite.
type Series []float64

// A Change is between two runs.
type Change struct {
	// At is the index of the first value that is different: the change is in a
	// commit after that of At-1, up to that of At.
	At int `json:"at"`

	// Ratio is by which factor the values changed: the median of all ratios of a
	// value in the segment that begins at At to one of the segment before.
	Ratio float64 `json:"ratio"`

	// P is the probability that any series of the report that did not change shows a
	// change this clear, at the place where it is clearest: the share of shuffles that do,
	// times the number of series, and at most 1.
	P float64 `json:"p"`
}

// A Search is what one report does: it looks for changes in several series, which share
// its error rate.
type Search struct {
	Series int // in which changes are looked for; 0 is like 1

	// Correlation is that of successive runs without a change between them, from 0 to
	// below 1; see [Correlation].
	Correlation float64
}

// level is that of one series.
func (h Search) level() float64 { return Level / float64(max(1, h.Series)) }

// A test has at most shufflesPerLevel/level shuffles, so that a p-value at the level rests
// on that many, and ends earlier with as many that are at least as clear. Then their
// share is the p-value (Besag and Clifford, Sequential Monte Carlo p-values, Biometrika
// 78, 1991). Most series have no change and need few.
const shufflesPerLevel = 10

// Changes returns the changes of a series, in its order. The same series has the
// same changes always: the shuffles have a fixed seed.
func (h Search) Changes(s Series) ([]Change, error) {
	logs := make([]float64, len(s))
	for i, v := range s {
		if !(v > 0) || math.IsInf(v, 1) {
			return nil, fmt.Errorf("trend: value %d is %v: want one above zero", i, v)
		}
		logs[i] = math.Log(v)
	}
	rng := rand.New(rand.NewPCG(uint64(len(s)), 20140101))

	cuts := []int{0, len(logs)}
	for {
		p, at := h.test(logs, cuts, rng)
		if at < 0 || p > h.level() {
			break
		}
		i, _ := slices.BinarySearch(cuts, at)
		cuts = slices.Insert(cuts, i, at)
	}
	return h.prune(logs, cuts, rng), nil
}

// Detectable reports whether series of n runs are long enough for a change to be found:
// among all ways to choose the values of one part, the one that is seen must be rare
// enough.
func (h Search) Detectable(n int) bool {
	if n < 2*Least {
		return false
	}
	ways := 1.0 // to choose half of the values
	for k := 1; k <= n/2; k++ {
		ways *= float64(n-n/2+k) / float64(k)
	}
	return 2/ways <= h.level()
}

// leastRuns is the least number that is Detectable.
func (h Search) leastRuns() (n int) {
	for !h.Detectable(n) {
		n++
	}
	return n
}

// test looks for the best cut of any segment, and returns its p. Without any place
// to cut, the place is -1.
func (h Search) test(logs []float64, cuts []int, rng *rand.Rand) (p float64, at int) {
	q, at := best(logs, cuts)
	if at < 0 {
		return 1, -1
	}
	shuffle := h.shuffler(logs, cuts, rng)
	clear, most := 0, int(math.Ceil(shufflesPerLevel/h.level()))
	for n := 1; n < most; n++ {
		if other, _ := best(shuffle(), cuts); other >= q*(1-1e-9) {
			if clear++; clear == shufflesPerLevel {
				return float64(clear) / float64(n), at
			}
		}
	}
	return float64(clear+1) / float64(most), at
}

// shuffler returns a function that returns the values in another order, which under the
// null hypothesis is as likely: what is shuffled within each segment is what is new in each
// run. Without correlation that is the value itself. With correlation ρ it is the value's
// deviation from the segment's mean, less ρ times that of the run before; after the shuffle
// the values are put together again.
func (h Search) shuffler(logs []float64, cuts []int, rng *rand.Rand) func() []float64 {
	rho := h.Correlation
	first := math.Sqrt(1 - rho*rho) // what is new in the first run has a standard deviation larger by 1/first
	fresh, shuffled := make([]float64, len(logs)), make([]float64, len(logs))
	for i := 1; i < len(cuts); i++ {
		x := logs[cuts[i-1]:cuts[i]]
		mean := 0.0
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for k, v := range x {
			if k == 0 {
				fresh[cuts[i-1]] = first * (v - mean)
			} else {
				fresh[cuts[i-1]+k] = v - mean - rho*(x[k-1]-mean)
			}
		}
	}
	return func() []float64 {
		for i := 1; i < len(cuts); i++ {
			segment, to := fresh[cuts[i-1]:cuts[i]], shuffled[cuts[i-1]:cuts[i]]
			rng.Shuffle(len(segment), func(a, b int) { segment[a], segment[b] = segment[b], segment[a] })
			for k, v := range segment {
				if k == 0 {
					to[k] = v / first
				} else {
					to[k] = rho*to[k-1] + v
				}
			}
		}
		return shuffled
	}
}

// best returns the place with the largest q.
func best(logs []float64, cuts []int) (q float64, at int) {
	at = -1
	for i := 1; i < len(cuts); i++ {
		from, to := cuts[i-1], cuts[i]
		if here, place := bestOf(logs[from:to]); place >= 0 && (at < 0 || here > q) {
			q, at = here, from+place
		}
	}
	return q, at
}

// bestOf cuts one segment. When the position moves by one, the sums of distances within
// both parts and between them change by those of one value.
func bestOf(x []float64) (q float64, at int) {
	at = -1
	if len(x) < 2*Least {
		return 0, at
	}
	var left, between, right float64
	for i := range x {
		for j := range i {
			right += math.Abs(x[i] - x[j])
		}
	}
	for place := 1; place <= len(x)-Least; place++ {
		moved := place - 1
		var before, after float64
		for i := range moved {
			before += math.Abs(x[moved] - x[i])
		}
		for i := place; i < len(x); i++ {
			after += math.Abs(x[moved] - x[i])
		}
		left += before
		right -= after
		between += after - before
		if place < Least {
			continue
		}
		n, m := float64(place), float64(len(x)-place)
		here := n * m / (n + m) * (2*between/(n*m) - left/(n*(n-1)/2) - right/(m*(m-1)/2))
		if at < 0 || here > q {
			q, at = here, place
		}
	}
	return q, at
}

// prune tests each cut between its neighbours, and removes the weakest as long as
// one fails.
func (h Search) prune(logs []float64, cuts []int, rng *rand.Rand) []Change {
	for {
		var changes []Change
		for i := 1; i < len(cuts)-1; i++ {
			before, after := logs[cuts[i-1]:cuts[i]], logs[cuts[i]:cuts[i+1]]
			changes = append(changes, Change{At: cuts[i], Ratio: math.Exp(shift(before, after)), P: h.between(before, after, rng)})
		}
		if len(changes) == 0 {
			return nil
		}
		weakest := slices.MaxFunc(changes, func(a, b Change) int { return cmp.Compare(a.P, b.P) })
		if weakest.P <= h.level() {
			for i := range changes {
				changes[i].P = min(1, changes[i].P*float64(max(1, h.Series)))
			}
			return changes
		}
		cuts = slices.DeleteFunc(cuts, func(c int) bool { return c == weakest.At })
	}
}

// between tests whether there is a change anywhere in two segments.
func (h Search) between(before, after []float64, rng *rand.Rand) float64 {
	both := slices.Concat(before, after)
	p, _ := h.test(both, []int{0, len(both)}, rng)
	return p
}

// shift is the median of all differences, the estimate of Hodges and Lehmann for
// two samples.
func shift(before, after []float64) float64 {
	var all []float64
	for _, a := range after {
		for _, b := range before {
			all = append(all, a-b)
		}
	}
	return compare.Median(all)
}
