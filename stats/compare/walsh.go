package compare

import (
	"math"
	"slices"
)

// walsh represents the Walsh averages (eᵢ+eⱼ)/2, i ≤ j, of the differences e, which are
// sorted. There are n(n+1)/2 of them, and they are not stored: those of a row i ascend
// with j, and the rows with i, also as floating-point numbers, since rounding keeps the
// order. So counting takes time n.
type walsh []float64

// newWalsh returns the averages of differences in any order, which it does not modify.
func newWalsh(d []float64) walsh { return walsh(slices.Sorted(slices.Values(d))) }

// len is the number of averages.
func (e walsh) len() int { return len(e) * (len(e) + 1) / 2 }

// count returns how many averages are at most x.
func (e walsh) count(x float64) int {
	count, j := 0, len(e)-1
	for i := 0; i <= j; i++ {
		for j >= i && (e[i]+e[j])/2 > x {
			j--
		}
		count += j - i + 1
	}
	return count
}

// few are quicker to sort than to tell apart by counting.
const few = 16

// at returns the average at index k, from 0, in ascending order.
func (e walsh) at(k int) float64 { return e.between(k, math.Inf(-1), math.Inf(1), e.len()) }

// middle returns the median of the averages.
func (e walsh) middle() float64 {
	k := (e.len() - 1) / 2
	left, first := e.narrow(k, math.Inf(-1), math.Inf(1), e.len(), make([]float64, 0, few))
	a := left[k-first]
	switch {
	case e.len()%2 == 1:
		return a
	case k+1-first < len(left):
		return (a + left[k+1-first]) / 2
	}
	return (a + e.at(k+1)) / 2
}

// between is at, given that the average is above one number and at most another, and
// how many averages are at or below each.
func (e walsh) between(k int, above, bound float64, atMost int) float64 {
	left, first := e.narrow(k, above, bound, atMost, make([]float64, 0, few))
	return left[k-first]
}

// narrow is between with the averages around it: it returns some, in ascending order, and
// the index of the first one. They are appended to left, which is empty and has room.
//
// It narrows the range in which the average is until few others are left there,
// and sorts these. It guesses where in the range the average is from its index among
// those in the range, and halves the range after a guess that left most of them. Where
// many are equal they are left together, which the halving notices by coming to two
// neighbouring numbers.
func (e walsh) narrow(k int, above, bound float64, atMost int, left []float64) ([]float64, int) {
	lo, hi := max(e[0], above), min(e[len(e)-1], bound)
	first, last := e.count(lo), atMost // how many are at most lo, and hi
	if k < first {
		return append(left, lo), k
	}
	halve := false
	for last-first > few {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			return append(left, hi), k
		}
		if !halve {
			guess := lo + (hi-lo)*share(k, first, last)
			if guess > lo && guess < hi {
				mid = guess
			}
		}
		before := last - first
		if n := e.count(mid); n > k {
			hi, last = mid, n
		} else {
			lo, first = mid, n
		}
		halve = !halve && last-first > before/4
	}
	from := len(e) // of each row: the first average above lo
	for i, a := range e {
		from = max(from, i)
		for from > i && (a+e[from-1])/2 > lo {
			from--
		}
		for j := from; j < len(e) && (a+e[j])/2 <= hi; j++ {
			left = append(left, (a+e[j])/2)
		}
	}
	slices.Sort(left)
	return left, first
}

// share guesses where between two averages the one at index k is, if first are at most
// the lower one and last at most the upper one. At the ends the number of averages grows
// as the square of the distance, so that its root is close to linear in the middle too.
func share(k, first, last int) float64 {
	a, b := math.Sqrt(float64(first)), math.Sqrt(float64(last))
	return (math.Sqrt(float64(k)+0.5) - a) / (b - a)
}
