package selftest

import "github.com/aclements/go-moremath/stats"

// tail returns P(X ≥ x) of the binomial distribution of n cases with probability p.
func tail(n, x int, p float64) float64 {
	// At most n-x of the cases are otherwise. To take P(X < x) from 1 would leave
	// nothing of a small probability.
	return stats.BinomialDist{N: n, P: 1 - p}.CDF(float64(n - x))
}

// interval is the exact two-sided confidence interval of a rate.
func interval(n, x int, confidence float64) (lo, hi float64) {
	side := (1 - confidence) / 2
	if x > 0 {
		lo = rateWith(func(p float64) bool { return tail(n, x, p) >= side })
	}
	if hi = 1; x < n {
		hi = rateWith(func(p float64) bool { return tail(n, x+1, p) >= 1-side })
	}
	return lo, hi
}

// rateWith returns the smallest rate for which a statement is true, if it is true for all
// larger rates.
func rateWith(isTrue func(rate float64) bool) float64 {
	lo, hi := 0.0, 1.0
	for range 50 {
		if mid := (lo + hi) / 2; isTrue(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// foundRate returns the smallest rate that n cases distinguish from the limit with a
// power of 80 %, at a level. It is 1 if there is none.
func foundRate(n int, limit, level float64) float64 {
	x := 0
	for x <= n && tail(n, x, limit) >= level {
		x++
	}
	if x > n {
		return 1
	}
	return rateWith(func(p float64) bool { return tail(n, x, p) >= power })
}
