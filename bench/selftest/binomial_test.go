package selftest

import (
	"math"
	"testing"

	"github.com/idlebench/idlebench/record/evidence"
)

func TestTail(t *testing.T) {
	for _, c := range []struct {
		n, x int
		p    float64
		want float64
	}{
		{10, 8, 0.5, 56.0 / 1024},
		{3, 1, 0.5, 7.0 / 8},
		{2, 2, 0.1, 0.01},
		{5, 0, 0.3, 1},
		{5, 6, 0.3, 0},
		{0, 0, 0.3, 1},
		{0, 1, 0.3, 0},
		{5, 1, 0, 0},
		{5, 5, 1, 1},
		{100, 6, 0.05, 0.38400}, // R: 1 - pbinom(5, 100, 0.05)
	} {
		if got := tail(c.n, c.x, c.p); math.Abs(got-c.want) > 1e-5 {
			t.Errorf("P(X ≥ %d) of %d with %v is %v, want %v", c.x, c.n, c.p, got, c.want)
		}
	}
}

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		n, x   int
		lo, hi float64
	}{
		{100, 5, 0.01643, 0.11283}, // R: binom.test(5, 100)
		{10, 0, 0, 1 - math.Pow(0.025, 0.1)},
		{10, 10, math.Pow(0.025, 0.1), 1},
	} {
		lo, hi := interval(c.n, c.x, 0.95)
		if math.Abs(lo-c.lo) > 1e-4 || math.Abs(hi-c.hi) > 1e-4 {
			t.Errorf("%d of %d: from %v to %v, want %v to %v", c.x, c.n, lo, hi, c.lo, c.hi)
		}
	}
}

// The rate that is found is one that fails in 80 % of the cases.
func TestFoundRate(t *testing.T) {
	for _, n := range []int{20, 108, 1000} {
		rate := foundRate(n, limit, refuted)
		fails := 0.0
		for x := range n + 1 {
			if newCount(n, x).atMost(limit) == evidence.Failed {
				fails += tail(n, x, rate) - tail(n, x+1, rate)
			}
		}
		if math.Abs(fails-power) > 1e-6 {
			t.Errorf("of chains with a rate of %v %v fail with %d comparisons, want %v", rate, fails, n, power)
		}
	}
	if rate := foundRate(0, limit, refuted); rate != 1 {
		t.Errorf("without comparisons a rate of %v is found", rate)
	}
}

// The text separates the observed share from the result of the test.
func TestTested(t *testing.T) {
	for _, c := range []struct {
		of, n int
		want  string
	}{
		{108, 5, "The share is not above 5 %. A true rate of 13.4 % would be detected with a power of 80 %."},
		{108, 7, "The share is above 5 %, but not distinguishable from it: a true rate of 5 % shows as many or more in 29.6 % of all self-tests. A true rate of 13.4 % would be detected with a power of 80 %."},
		{108, 11, "The share is above 5 %, which is probably not chance: a true rate of 5 % shows as many or more in 2.0 % of all self-tests. A true rate of 13.4 % would be detected with a power of 80 %."},
		{108, 20, "The share is above 5 % by more than chance explains: a true rate of 5 % shows as many or more in less than 0.1 % of all self-tests. A true rate of 13.4 % would be detected with a power of 80 %."},
	} {
		if got := newCount(c.of, c.n).tested(); got != c.want {
			t.Errorf("%d of %d: %s\nwant %s", c.n, c.of, got, c.want)
		}
	}
}

func TestAtMost(t *testing.T) {
	for _, c := range []struct {
		of, n int
		want  evidence.Outcome
	}{
		{0, 0, evidence.Passed}, // enough says that there are too few
		{108, 0, evidence.Passed},
		{108, 6, evidence.Passed}, // more than 5 %, by chance in four of ten
		{108, 9, evidence.Passed},
		{108, 11, evidence.Unresolved},
		{108, 12, evidence.Failed},
		{108, 108, evidence.Failed},
		{2, 2, evidence.Failed},
	} {
		if got := newCount(c.of, c.n).atMost(limit); got != c.want {
			t.Errorf("%d of %d: %s, want %s", c.n, c.of, got, c.want)
		}
	}
}
