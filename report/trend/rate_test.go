package trend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/idlebench/idlebench/impls/invariants"
)

// A report simulates the metrics of one machine, of which the first one has a step of four
// standard deviations in its middle.
type report struct {
	metrics, runs int
	correlation   float64 // of successive runs
	shared        float64 // part of the variance that all metrics share: the machine's days
}

func (r report) series(rng *rand.Rand) (all []Series) {
	days := autoregression(rng, r.correlation, r.runs)
	for i := range r.metrics {
		s := make(Series, r.runs)
		for k, own := range autoregression(rng, r.correlation, r.runs) {
			v := math.Sqrt(1-r.shared)*own + math.Sqrt(r.shared)*days[k]
			if i == 0 && k >= r.runs/2 {
				v += 4
			}
			s[k] = math.Exp(0.03 * v)
		}
		all = append(all, s)
	}
	return all
}

// anyChange reports whether a search finds a change in one of the series.
func anyChange(t *testing.T, h Search, all []Series) bool {
	for _, s := range all {
		changes, err := h.Changes(s)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) > 0 {
			return true
		}
	}
	return false
}

// Of 96 metrics, 95 without a change, a report shows a change in one of these with a
// probability of at most Level, also if runs are correlated and metrics share the machine's
// days. Of 150 reports 6 or fewer have one in 1 % of the cases if the rate is twice Level.
func TestRate(t *testing.T) {
	if invariants.Enabled {
		t.Skip("takes many times as long with the race detector, which has nothing to find here")
	}
	const reports, limit = 150, 6
	if tail := atMostOf(reports, limit, 2*Level); tail > 0.01 {
		t.Fatalf("a rate of twice the level passes with a probability of %v", tail)
	}
	for _, c := range []struct {
		report
		found int // reports in which the step is found, at least
	}{
		{report{96, 16, 0, 0}, 100},
		{report{96, 16, 0.5, 0.7}, 30},
	} {
		t.Run(fmt.Sprintf("correlation %v, shared %v", c.correlation, c.shared), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(17, 0))
			wrong, found, uncorrected := 0, 0, 0
			for i := range reports {
				all := c.series(rng)
				h := Search{Series: len(all), Correlation: Correlation(all)}
				if anyChange(t, h, all[1:]) {
					wrong++
				}
				if anyChange(t, h, all[:1]) {
					found++
				}
				if i < 5 && anyChange(t, alone, all[1:]) {
					uncorrected++
				}
			}
			if wrong > limit {
				t.Errorf("%d of %d reports show a change that is none: more than %d do not exclude twice the level", wrong, reports, limit)
			}
			if found < c.found {
				t.Errorf("the step is found in %d of %d reports, want %d", found, reports, c.found)
			}
			if uncorrected < 3 {
				t.Errorf("without a correction %d of 5 reports show a change: the test tests nothing", uncorrected)
			}
			t.Logf("%d of %d reports wrong, step found in %d, %d of 5 wrong without a correction", wrong, reports, found, uncorrected)
		})
	}
}

// atMostOf is the probability of at most k cases in n, each with probability p.
func atMostOf(n, k int, p float64) (sum float64) {
	term := math.Pow(1-p, float64(n))
	for i := range k + 1 {
		sum += term
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
	}
	return sum
}

// The bound is above the correlation in most cases, and not far above it where many
// metrics with noise of their own say the same.
func TestCorrelation(t *testing.T) {
	for _, c := range []struct {
		report
		below, within float64 // shares of the bounds below, and at most 0.2 above the correlation
	}{
		{report{48, 30, 0, 0}, 0, 1},
		{report{48, 30, 0.5, 0}, 0.2, 0.8},
		{report{48, 30, 0.5, 0.7}, 0.35, 0.3},
		{report{1, 30, 0.5, 0}, 0.35, 0.2},
	} {
		rng := rand.New(rand.NewPCG(18, 0))
		const n = 30
		below, within := 0, 0
		for range n {
			bound := Correlation(c.series(rng))
			if bound < c.correlation-0.01 {
				below++
			} else if bound <= c.correlation+0.2 {
				within++
			}
		}
		if float64(below) > c.below*n || float64(within) < c.within*n {
			t.Errorf("%+v: of %d bounds %d are below, and %d above by at most 0.2", c.report, n, below, within)
		}
	}
	if got := Correlation(nil); got != 0 {
		t.Errorf("without series the correlation is %v", got)
	}
	if got := Correlation([]Series{{0, 1, 2, 3, 4, 5, 6, 7}, {1, 1, 1, 1, 1, 1, 1}}); got != 0 {
		t.Errorf("of series with a zero, and without variation, the correlation is %v", got)
	}
}
