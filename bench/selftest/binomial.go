package selftest

import "math"

// tail returns P(X ≥ x) of the binomial distribution of n cases with probability p.
func tail(n, x int, p float64) float64 {
	switch {
	case x <= 0:
		return 1
	case x > n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	all, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for k := x; k <= n; k++ {
		in, _ := math.Lgamma(float64(k + 1))
		out, _ := math.Lgamma(float64(n - k + 1))
		sum += math.Exp(all - in - out + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	}
	return math.Min(1, sum)
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
