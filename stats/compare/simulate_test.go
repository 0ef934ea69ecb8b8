package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/bench/order"
	"golang.org/x/perf/benchmath"
)

// risk is the probability with which a test of this file may fail although the
// package is right. There are less than a hundred of them, and the seeds are
// fixed anyway.
const risk = 1e-6

// atMost returns the number of times in n that something of probability p is
// exceeded with probability at most risk: the quantile of the binomial
// distribution.
func atMost(n int, p float64) int {
	// Terms by recursion, in logarithms; from the upper end down.
	term := float64(n) * math.Log(p) // all n
	tail := 0.0
	for k := n; k > 0; k-- {
		if tail += math.Exp(term); tail > risk {
			return k
		}
		term += math.Log(float64(k)/float64(n-k+1)) + math.Log((1-p)/p)
	}
	return 0
}

// refutes returns the largest number of cases among n with which a rate of p is refuted:
// as few happen with a probability of at most 1 %. A test that allows no more would fail
// if the rate were p.
func refutes(n int, p float64) int {
	tail := 0.0
	for k := range n + 1 {
		all, _ := math.Lgamma(float64(n + 1))
		some, _ := math.Lgamma(float64(k + 1))
		rest, _ := math.Lgamma(float64(n - k + 1))
		if tail += math.Exp(all - some - rest + float64(k)*math.Log(p) + float64(n-k)*math.Log(1-p)); tail > 0.01 {
			return k - 1
		}
	}
	return n
}

// atLeast is the mirror image of atMost.
func atLeast(n int, p float64) int { return n - atMost(n, 1-p) }

func TestAtMost(t *testing.T) {
	// P(X > 4) for 10 fair coins is 386/1024, and all numbers are below risk
	// only at n.
	if got := atMost(10, 0.5); got != 10 {
		t.Errorf("10 coins: %d", got)
	}
	// By the normal approximation 50 + 4.75·5 ≈ 73.8 for 100 coins.
	if got := atMost(100, 0.5); got < 72 || got > 75 {
		t.Errorf("100 coins: %d", got)
	}
	if got := atLeast(100, 0.5); got != 100-atMost(100, 0.5) {
		t.Errorf("100 coins: at least %d", got)
	}
}

// wrong reports whether the verdict is not true of the true effect.
func (o Options) wrong(c *contrast, truth float64) bool {
	switch c.Verdict {
	case Better:
		return truth >= 0
	case Worse:
		return truth <= 0
	case Equivalent:
		return math.Abs(truth) >= math.Log1p(o.Margin)
	}
	return false
}

const (
	families = 500
	size     = 20 // comparisons in a family, with one baseline
)

// R: qbinom(0.01, 400, 0.1) is 27, and qbinom(0.01, 40, 0.1) is 0.
func TestRefutes(t *testing.T) {
	if got := refutes(400, 0.1); got != 26 {
		t.Errorf("of 400 cases at most %d refute a rate of 10 %%, want 26", got)
	}
	if got := refutes(40, 0.1); got != -1 {
		t.Errorf("40 cases are too few to refute a rate of 10 %%, got %d", got)
	}
}

// The same implementation under 21 names: at most in a share of alpha of the
// runs is there any false verdict.
func TestAA(t *testing.T) {
	o, _ := Options{}.withDefaults()
	for _, m := range machines() {
		t.Run(m.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, 5))
			wrong, perComparison := 0, 0
			for range families {
				all := contrasts(m.run(rng, 12, make([]float64, size+1)), 12)
				o.judge(all, 1, size, 0)
				if slices.ContainsFunc(all, func(c *contrast) bool { return c.Verdict == Better || c.Verdict == Worse }) {
					wrong++
				}
				if all[0].P <= o.Alpha {
					perComparison++
				}
			}
			if limit := refutes(families, 2*o.Alpha); wrong > limit {
				t.Errorf("%d of %d runs have a false verdict: more than %d do not exclude twice the error rate", wrong, families, limit)
			}
			if limit := atMost(families, o.Alpha); perComparison > limit {
				t.Errorf("%d of %d single comparisons are significant, at most %d are allowed", perComparison, families, limit)
			}
		})
	}
}

// A family with effects of all kinds: all verdicts are right but for a share of
// alpha, intervals cover at their own level, and the far bounds all hold
// together.
func TestCoverage(t *testing.T) {
	o, _ := Options{}.withDefaults()
	effects := make([]float64, size+1)
	for i := range effects {
		effects[i] = []float64{0, 0, 0.005, -0.019, 0.021, 0.05, -0.1, 0.3}[i%8]
	}
	for _, m := range machines() {
		t.Run(m.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(6, 6))
			wrong, far, alone, decided := 0, 0, 0, 0
			for range families {
				all := contrasts(m.run(rng, 16, effects), 16)
				o.judge(all, 1, size, 0)
				anyWrong, anyFar := false, false
				for i, c := range all {
					truth := effects[i+1] - effects[0]
					anyWrong = anyWrong || o.wrong(c, truth)
					anyFar = anyFar || truth > max(c.hi, 0) || truth < min(c.lo, 0)
					if c.Verdict != Unresolved {
						decided++
					}
				}
				if anyWrong {
					wrong++
				}
				if anyFar {
					far++
				}
				if lo, hi := all[6].rank.interval(o.Alpha); effects[7]-effects[0] < lo || effects[7]-effects[0] > hi {
					alone++
				}
			}
			limit, single := refutes(families, 2*o.Alpha), atMost(families, o.Alpha)
			if wrong > limit || far > limit || alone > single {
				t.Errorf("of %d runs %d have a wrong verdict and %d a wrong far bound, at most %d are allowed; %d a wrong single interval, at most %d are allowed",
					families, wrong, far, limit, alone, single)
			}
			if decided < families {
				t.Errorf("only %d verdicts: the test tests too little", decided)
			}
		})
	}
}

// In a bad hour the machine is slow for long. Ten launches of one and then ten of the
// other differ by that, and an unpaired test reports a difference. On the same machine,
// interleaved and paired launches do not.
func TestBlockOrderFails(t *testing.T) {
	slow := machine{"slow hours", ar1(0.9, 0.3), normal}
	rng := rand.New(rand.NewPCG(7, 7))
	unpaired, paired := 0, 0
	for range families {
		blocks := slow.measure(rng, order.Cells, cells(1), 20, []float64{0})
		var old, new []float64
		for i, v := range blocks {
			if i < 10 {
				old = append(old, math.Exp(v[0]))
			} else {
				new = append(new, math.Exp(v[0]))
			}
		}
		a, b := benchmath.NewSample(old, &benchmath.DefaultThresholds), benchmath.NewSample(new, &benchmath.DefaultThresholds)
		if benchmath.AssumeNothing.Compare(a, b).P <= 0.05 {
			unpaired++
		}
		if contrasts(slow.run(rng, 10, []float64{0, 0}), 10)[0].P <= 0.05 {
			paired++
		}
	}
	if limit := atLeast(families, 0.4); unpaired < limit {
		t.Errorf("block order, unpaired: %d of %d false, expected at least %d", unpaired, families, limit)
	}
	if limit := atMost(families, 0.05); paired > limit {
		t.Errorf("interleaved, paired: %d of %d false, at most %d are allowed", paired, families, limit)
	}
}

// trueMDE returns the effect that a paired comparison finds in 80 % of n draws:
// the quantile of how far the lower bound lies from the truth, which is 0 in
// what draw returns.
func trueMDE(n int, level float64, draw func() signedRank) float64 {
	distances := make([]float64, n)
	for i := range distances {
		lo, _ := draw().interval(level)
		distances[i] = -lo
	}
	slices.Sort(distances)
	return distances[int(Power*float64(n))]
}

// foundBetween returns the limits for how often an effect is found in n draws,
// if it is the trueMDE of n other draws. Both vary, so that the variance is
// twice that of the binomial distribution: it is that of twice one of n/2.
func foundBetween(n int) (low, high int) {
	return 2 * atLeast(n/2, Power), 2 * atMost(n/2, Power)
}

// The true minimal detectable effect is found in 80 % of the cases, and what is
// claimed to be it from single runs is found about as often in others.
func TestPower(t *testing.T) {
	const draws, claims, fresh = 600, 100, 5
	for _, m := range machines()[:4] {
		for rounds, level := range map[int]float64{10: 0.05, 12: 0.05 / size, 20: 0.05 / size} {
			t.Run(fmt.Sprintf("%s with %d rounds at %v", m.name, rounds, level), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(8, 8))
				draw := func(effect float64) *contrast { return contrasts(m.run(rng, rounds, []float64{0, effect}), rounds)[0] }
				truth := trueMDE(draws, level, func() signedRank { return draw(0).rank })
				found := 0
				for range draws {
					if lo, _ := draw(truth).rank.interval(level); lo > 0 {
						found++
					}
				}
				if low, high := foundBetween(draws); found < low || found > high {
					t.Errorf("the MDE of %.4f is found in %d of %d cases, want %d to %d", truth, found, draws, low, high)
				}
				found = 0
				for range claims {
					c := draw(0.05)
					claim := detectable(c.d, c.rank.center(), level)
					for range fresh {
						if lo, _ := draw(claim).rank.interval(level); lo > 0 {
							found++
						}
					}
				}
				// The claims are estimates, so that this is a range and not a
				// test of 80 %: the package documentation states it, and a
				// sampling error of 3 times √(0.25/claims) ≈ 0.15 would be that of
				// claims which are found always or never.
				if share := float64(found) / (claims * fresh); share < 0.65 || share > 0.9 {
					t.Errorf("what is claimed to be detectable is found in %.2f of the cases", share)
				}
			})
		}
	}
}

// One of 20 comparisons has a difference of 5 %, and the launches have just the
// spread with which the MDE is 5 %. It is found in 80 % of the runs, and the MDE
// says 5 %.
func TestFindsFivePercent(t *testing.T) {
	const rounds, runs = 20, 300
	o, _ := Options{}.withDefaults()
	rng := rand.New(rand.NewPCG(9, 9))
	unit := trueMDE(runs, o.Alpha/size, func() signedRank {
		d := make([]float64, rounds)
		for i := range d {
			d[i] = rng.NormFloat64()
		}
		return newSignedRank(d)
	})
	sd := math.Log(1.05) / unit / math.Sqrt2 // of a launch, not of a difference of two
	m := machine{"known spread", quiet, func(rng *rand.Rand) float64 { return sd * rng.NormFloat64() }}
	effects := make([]float64, size+1)
	effects[size] = math.Log(1.05)
	found := 0
	var claimed []float64
	for i := range runs {
		all := contrasts(m.run(rng, rounds, effects), rounds)
		o.judge(all, 1, size, 0)
		last := all[size-1]
		if last.Verdict == Worse {
			found++
		}
		if i < 60 {
			claimed = append(claimed, *last.finish().MDE)
		}
	}
	if low, high := foundBetween(runs); found < low || found > high {
		t.Errorf("5 %% found in %d of %d runs, want %d to %d", found, runs, low, high)
	}
	slices.Sort(claimed)
	if median := claimed[len(claimed)/2]; median < 0.04 || median > 0.06 {
		t.Errorf("the MDE is %.4f in the median, from %.4f to %.4f; it is 0.05", median, claimed[0], claimed[len(claimed)-1])
	}
}
