package compare

import (
	"math"
	"slices"
	"sync"
)

// maxPairs bounds the work: the exact distribution takes time n³.
const maxPairs = 500

// LeastP returns the smallest two-sided p-value that n pairs can reach, however
// large the difference is: 2^(1-n), and 1 without a pair.
func LeastP(n int) float64 {
	return math.Min(1, math.Ldexp(1, 1-max(n, 0)))
}

// LeastPairs returns how many pairs are needed at least for a two-sided p-value
// of at most alpha. A planner takes it for [Options.Alpha] divided by the number
// of comparisons. It is 0 if alpha is not positive: no number is enough.
func LeastPairs(alpha float64) int {
	if !(alpha > 0) {
		return 0
	}
	n := 1
	for LeastP(n) > alpha {
		n++
	}
	return n
}

// cdfs caches signedRankCDF by n.
var cdfs sync.Map

// signedRankCDF returns P(T ≤ t) for t from 0 to the middle n(n+1)/4 of the
// distribution, where T is the sum of those ranks among 1…n that n fair coins choose.
// Up to n = 52 the numbers are exact, since they are multiples of 2^-n. Above the
// middle, which is the median, a two-sided p-value is 1.
func signedRankCDF(n int) []float64 {
	if c, ok := cdfs.Load(n); ok {
		return c.([]float64)
	}
	p := make([]float64, n*(n+1)/4+1)
	p[0] = 1
	for rank := 1; rank <= n; rank++ {
		for t := len(p) - 1; t >= 0; t-- {
			p[t] /= 2
			if t >= rank {
				p[t] += p[t-rank] / 2
			}
		}
	}
	for t := 1; t < len(p); t++ {
		p[t] += p[t-1]
	}
	c, _ := cdfs.LoadOrStore(n, p)
	return c.([]float64)
}

// twoSided returns the two-sided p-value of a rank sum t, the smaller of the
// two.
func twoSided(n, t int) float64 {
	cdf := signedRankCDF(n)
	if t >= len(cdf) {
		return 1
	}
	return math.Min(1, 2*cdf[t])
}

// critical returns the largest rank sum whose two-sided p-value is at most
// level, -1 if there is none.
func critical(n int, level float64) int {
	t, _ := slices.BinarySearchFunc(signedRankCDF(n), level, func(p, level float64) int {
		if 2*p <= level {
			return -1
		}
		return 1
	})
	return t - 1
}

// signedRank is a sample of paired differences, as the signed-rank test sees
// it: the averages carry the test, the estimate and the interval.
type signedRank struct {
	n int // pairs
	w walsh
}

func newSignedRank(d []float64) signedRank { return signedRank{len(d), newWalsh(d)} }

// center is the Hodges–Lehmann estimate, the median of the Walsh averages; NaN
// without pairs.
func (s signedRank) center() float64 {
	if s.n == 0 {
		return math.NaN()
	}
	return s.w.middle()
}

// p is the two-sided p-value of no difference. Averages of exactly zero count
// against a difference on both sides.
func (s signedRank) p() float64 {
	below := s.w.count(0)
	above := s.w.len() - s.w.count(-math.SmallestNonzeroFloat64)
	return twoSided(s.n, min(below, above))
}

// interval is the closed interval of the differences that the test does not
// reject at the level: lo > 0 or hi < 0 exactly if p() ≤ level. It is
// everything, ±Inf, if the pairs are too few for the level.
func (s signedRank) interval(level float64) (lo, hi float64) {
	k := critical(s.n, level)
	if k < 0 {
		return math.Inf(-1), math.Inf(1)
	}
	return s.w.at(k), s.w.at(s.w.len() - 1 - k)
}
