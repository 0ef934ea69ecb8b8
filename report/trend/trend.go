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

	// Level is the probability to find a change in a series without any.
	Level = 0.05

	// Permutations is how many shuffles a test takes. The least p is
	// 1/(Permutations+1).
	Permutations = 999
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

	// P is the share of shuffles in which a change as large is seen, at the place
	// where it is largest.
	P float64 `json:"p"`
}

// Changes returns the changes of a series, in its order. The same series has the
// same changes always: the shuffles have a fixed seed.
func (s Series) Changes() ([]Change, error) {
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
		p, at := test(logs, cuts, rng)
		if at < 0 || p > Level {
			break
		}
		i, _ := slices.BinarySearch(cuts, at)
		cuts = slices.Insert(cuts, i, at)
	}
	return prune(logs, cuts, rng), nil
}

// Detectable reports whether a series of n runs is long enough for a change to be
// found: among all ways to choose the values of one part, the one that is seen
// must be rare enough.
func Detectable(n int) bool {
	if n < 2*Least {
		return false
	}
	ways := 1.0 // to choose half of the values
	for k := 1; k <= n/2; k++ {
		ways *= float64(n-n/2+k) / float64(k)
	}
	return 2/ways <= Level
}

// leastRuns is the least number that is Detectable.
var leastRuns = func() (n int) {
	for !Detectable(n) {
		n++
	}
	return n
}()

// test looks for the best cut of any segment, and returns its p. Without any place
// to cut, the place is -1.
func test(logs []float64, cuts []int, rng *rand.Rand) (p float64, at int) {
	q, at := best(logs, cuts)
	if at < 0 {
		return 1, -1
	}
	shuffled := slices.Clone(logs)
	as := 1
	for range Permutations {
		for i := 1; i < len(cuts); i++ {
			segment := shuffled[cuts[i-1]:cuts[i]]
			rng.Shuffle(len(segment), func(a, b int) { segment[a], segment[b] = segment[b], segment[a] })
		}
		if other, _ := best(shuffled, cuts); other >= q*(1-1e-9) {
			as++
		}
	}
	return float64(as) / (Permutations + 1), at
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
func prune(logs []float64, cuts []int, rng *rand.Rand) []Change {
	for {
		var changes []Change
		for i := 1; i < len(cuts)-1; i++ {
			before, after := logs[cuts[i-1]:cuts[i]], logs[cuts[i]:cuts[i+1]]
			changes = append(changes, Change{At: cuts[i], Ratio: math.Exp(shift(before, after)), P: between(before, after, rng)})
		}
		if len(changes) == 0 {
			return nil
		}
		weakest := slices.MaxFunc(changes, func(a, b Change) int { return cmp.Compare(a.P, b.P) })
		if weakest.P <= Level {
			return changes
		}
		cuts = slices.DeleteFunc(cuts, func(c int) bool { return c == weakest.At })
	}
}

// between tests whether there is a change anywhere in two segments.
func between(before, after []float64, rng *rand.Rand) float64 {
	both := slices.Concat(before, after)
	p, _ := test(both, []int{0, len(both)}, rng)
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
