package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The exact distribution is that of adding up all choices of ranks.
func TestSignedRankCDF(t *testing.T) {
	for n := range 13 {
		counts := make([]int, n*(n+1)/2+1)
		for chosen := range 1 << n {
			sum := 0
			for rank := 1; rank <= n; rank++ {
				sum += rank * (chosen >> (rank - 1) & 1)
			}
			counts[sum]++
		}
		cdf := signedRankCDF(n)
		if want := n*(n+1)/4 + 1; len(cdf) != want {
			t.Fatalf("n=%d: %d probabilities, want %d", n, len(cdf), want)
		}
		below := 0
		for x, got := range cdf {
			below += counts[x]
			if want := float64(below) / float64(int(1)<<n); got != want {
				t.Errorf("n=%d: P(T ≤ %d) = %v, want %v", n, x, got, want)
			}
		}
	}
	if last := signedRankCDF(maxPairs); math.Abs(last[len(last)-1]-0.5) > 1e-3 || last[0] <= 0 {
		t.Errorf("n=%d: from %v to %v", maxPairs, last[0], last[len(last)-1])
	}
}

func TestLeast(t *testing.T) {
	for _, c := range []struct {
		alpha float64
		n     int
	}{
		{0.05, 6}, {0.05 / 20, 10}, {0.05 / 100, 12}, {1, 1}, {0.5, 2}, {0, 0}, {-1, 0}, {math.NaN(), 0},
	} {
		if got := LeastPairs(c.alpha); got != c.n {
			t.Errorf("LeastPairs(%v) = %d, want %d", c.alpha, got, c.n)
		}
	}
	for n := 1; n <= 40; n++ {
		same := make([]float64, n)
		for i := range same {
			same[i] = 1
		}
		s := newSignedRank(same)
		if s.p() != LeastP(n) {
			t.Errorf("%d differences with the same sign: p = %v, want %v", n, s.p(), LeastP(n))
		}
		if critical(n, LeastP(n)) < 0 || n > 1 && critical(n, LeastP(n)*0.999) >= 0 {
			t.Errorf("n=%d: LeastP is not the smallest level with an interval", n)
		}
	}
	if LeastP(0) != 1 || LeastP(-3) != 1 {
		t.Error("LeastP without pairs is not 1")
	}
}

// The scores of nine patients before and after a treatment, from Hollander and
// Wolfe, section 3.1, with the estimate and the interval that they compute.
func TestHollanderWolfe(t *testing.T) {
	before := []float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}
	after := []float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29}
	d := make([]float64, len(before))
	for i := range d {
		d[i] = after[i] - before[i]
	}
	s := newSignedRank(d)
	lo, hi := s.interval(0.04)
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"p", s.p(), 20. / 512},
		{"estimate", s.center(), -0.46},
		{"lower bound", lo, -0.786},
		{"upper bound", hi, -0.010},
	} {
		if math.Abs(c.got-c.want) > 1e-3 {
			t.Errorf("%s = %.4f, want %.4f", c.what, c.got, c.want)
		}
	}
}

// Given the sizes of the differences, all signs are equally likely under the
// null hypothesis. So the size of the test can be counted, also with ties and
// zeros: no level is exceeded.
func TestSizeWithTies(t *testing.T) {
	for _, sizes := range [][]float64{
		{1, 2, 3, 4, 5, 6, 7, 8},
		{1, 1, 1, 1, 1, 1, 1, 1},
		{0, 0, 1, 1, 2, 2, 3, 3},
		{0, 0, 0, 0, 0, 0, 0, 1},
		{0, 0, 0, 0, 0, 0, 0, 0},
		{1, 2, 2, 3, 3, 3, 4, 100},
		{1, 1e9, 1e9, 1e9, 2, 2, 3, 3, 0},
	} {
		n := len(sizes)
		var ps []float64
		d := make([]float64, n)
		for signs := range 1 << n {
			for i, x := range sizes {
				d[i] = x
				if signs>>i&1 == 1 {
					d[i] = -x
				}
			}
			ps = append(ps, newSignedRank(d).p())
		}
		slices.Sort(ps)
		for i, p := range ps {
			if i+1 < len(ps) && ps[i+1] == p {
				continue
			}
			if share := float64(i+1) / float64(len(ps)); share > p {
				t.Errorf("sizes %v: p ≤ %v in %v of the cases", sizes, p, share)
			}
		}
		if distinct := slices.Compact(slices.Clone(sizes)); len(distinct) == n && ps[0] != LeastP(n) {
			t.Errorf("sizes %v: smallest p = %v, want %v", sizes, ps[0], LeastP(n))
		}
	}
}

// The interval holds no difference exactly if the test does not reject it, with
// ties and zeros too; it is the narrower, the larger the level; and exchanging
// the sides turns it round.
func TestIntervalAgreesWithTest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	decided := 0
	for range 3000 {
		d := make([]float64, 1+rng.IntN(15))
		for i := range d {
			if d[i] = rng.NormFloat64() + 0.7; rng.IntN(2) == 0 {
				d[i] = math.Round(2*d[i]) / 2
			}
		}
		s := newSignedRank(d)
		lastLo, lastHi := math.Inf(-1), math.Inf(1)
		for _, level := range []float64{0.001, 0.01, 0.05, 0.2, s.p(), s.p() * 0.999} {
			if level >= 1 {
				continue // it would reject everything
			}
			lo, hi := s.interval(level)
			if excludes := lo > 0 || hi < 0; excludes != (s.p() <= level) {
				t.Fatalf("d=%v: the interval at level %v is [%v, %v], but p = %v", d, level, lo, hi, s.p())
			} else if excludes {
				decided++
			}
			if c := s.center(); !(lo <= c && c <= hi) {
				t.Fatalf("d=%v: the estimate %v is outside [%v, %v]", d, c, lo, hi)
			}
			if level <= 0.2 && level != s.p() && level != s.p()*0.999 {
				if lo < lastLo || hi > lastHi {
					t.Fatalf("d=%v: the interval at level %v is wider than one at a smaller level", d, level)
				}
				lastLo, lastHi = lo, hi
			}
			turned := make([]float64, len(d))
			for i := range d {
				turned[i] = -d[i]
			}
			if l, h := newSignedRank(turned).interval(level); l != -hi || h != -lo {
				t.Fatalf("d=%v: [%v, %v] turned round is [%v, %v]", d, lo, hi, l, h)
			}
		}
	}
	if decided < 1000 {
		t.Errorf("only %d rejections: the test tests nothing", decided)
	}
}

// averages makes all Walsh averages, in ascending order.
func averages(d []float64) []float64 {
	var w []float64
	for i, a := range d {
		for _, b := range d[:i+1] {
			w = append(w, (a+b)/2)
		}
	}
	slices.Sort(w)
	return w
}

// What is found without making the averages is what is found by making them, to
// the last bit, with ties, zeros and differences of any size.
func TestWalsh(t *testing.T) {
	skipRaced(t)
	rng := rand.New(rand.NewPCG(2, 2))
	for round := range 600 {
		d := make([]float64, 1+rng.IntN(60))
		for i := range d {
			d[i] = rng.NormFloat64()
			switch round % 4 {
			case 1:
				d[i] = math.Round(d[i])
			case 2:
				d[i] *= math.Pow(10, float64(rng.IntN(300)-297))
			case 3:
				if rng.IntN(3) > 0 {
					d[i] = 0.1
				}
			}
		}
		want, got := averages(d), newWalsh(d)
		if got.len() != len(want) {
			t.Fatalf("%d averages, want %d", got.len(), len(want))
		}
		for k := range want {
			if x := got.at(k); x != want[k] {
				t.Fatalf("d=%v: at %d: %v, want %v", d, k, x, want[k])
			}
			upTo, _ := slices.BinarySearchFunc(want, want[k], func(a, b float64) int {
				if a <= b {
					return -1
				}
				return 1
			})
			if n := got.count(want[k]); n != upTo {
				t.Fatalf("d=%v: %d are at most %v, want %d", d, n, want[k], upTo)
			}
		}
	}
}

// Up to 52 pairs the probabilities are exact, as their comment says.
func TestExact(t *testing.T) {
	cdf := signedRankCDF(52)
	for x, p := range cdf {
		if scaled := math.Ldexp(p, 52); scaled != math.Trunc(scaled) {
			t.Fatalf("P(T ≤ %d) = %v is not a multiple of 2^-52", x, p)
		}
	}
	if cdf[0] != math.Ldexp(1, -52) {
		t.Errorf("P(T ≤ 0) = %v", cdf[0])
	}
}
