package workload

import (
	"math"
	"slices"
	"testing"
	"time"
)

// moments returns the mean and the standard deviation.
func moments(times []int64) (mean, deviation float64) {
	for _, t := range times {
		mean += float64(t)
	}
	mean /= float64(len(times))
	for _, t := range times {
		d := float64(t) - mean
		deviation += d * d
	}
	return mean, math.Sqrt(deviation / float64(len(times)))
}

// distance returns the Kolmogorov–Smirnov statistic: the largest difference
// between the empirical distribution and the exponential one with this mean.
func distance(times []int64, mean float64) (d float64) {
	sorted := slices.Sorted(slices.Values(times))
	n := float64(len(sorted))
	for i, t := range sorted {
		want := -math.Expm1(-float64(t) / mean)
		d = max(d, want-float64(i)/n, float64(i+1)/n-want)
	}
	return d
}

// Times of arrival and of service have the distribution that they should. For a
// true one and n draws, the mean is off by more than 4/√n, relatively, or the
// standard deviation by more than 8/√n, or the distance is above 1.95/√n, in
// less than one of a thousand seeds each; these are not among them.
func TestScheduleDistribution(t *testing.T) {
	const n = 100_000
	root := math.Sqrt(n)
	for _, seed := range []uint64{1, 2, 3} {
		for _, mean := range []float64{2_000, 111_111, 1e7} {
			s := drawSchedule(n, seed, 0, mean, exponential, 3*mean, exponential)
			for _, c := range []struct {
				name  string
				times []int64
				mean  float64
			}{{"gaps", s.gaps, mean}, {"services", s.services, 3 * mean}} {
				got, deviation := moments(c.times)
				if math.Abs(got/c.mean-1) > 4/root {
					t.Errorf("seed %d: mean of %s is %v, want %v", seed, c.name, got, c.mean)
				}
				if math.Abs(deviation/c.mean-1) > 8/root {
					t.Errorf("seed %d: standard deviation of %s is %v, want the mean, %v", seed, c.name, deviation, c.mean)
				}
				if d := distance(c.times, c.mean); d > 1.95/root {
					t.Errorf("seed %d: %s are not exponential: distance %v", seed, c.name, d)
				}
			}
		}
	}
}

// Arrivals in equal intervals have the Poisson distribution's mean and variance,
// and no memory: neighbouring gaps are not correlated.
func TestScheduleIsPoisson(t *testing.T) {
	const n, mean, perInterval = 100_000, 1000, 10
	s := drawSchedule(n, 1, 0, mean, exponential, 0, fixed)
	counts := make([]int64, n/perInterval-100)
	at, product := int64(0), 0.0
	for i, gap := range s.gaps {
		at += gap
		if k := at / (mean * perInterval); k < int64(len(counts)) {
			counts[k]++
		}
		if i > 0 {
			product += (float64(s.gaps[i-1]) - mean) * (float64(gap) - mean) / (mean * mean)
		}
	}
	got, deviation := moments(counts)
	if math.Abs(got/perInterval-1) > 0.02 {
		t.Errorf("%v arrivals in an interval, want %v", got, perInterval)
	}
	if variance := deviation * deviation; math.Abs(variance/perInterval-1) > 0.06 {
		t.Errorf("variance %v, want that of the Poisson distribution, %v", variance, perInterval)
	}
	if r := product / n; math.Abs(r) > 4/math.Sqrt(n) {
		t.Errorf("neighbouring gaps are correlated: %v", r)
	}
}

func TestFixedSchedule(t *testing.T) {
	s := drawSchedule(1000, 1, 0, 1e6, fixed, 1234.4, fixed)
	for i := range s.gaps {
		if s.gaps[i] != 1e6 || s.services[i] != 1234 {
			t.Fatalf("arrival %d: gap %d, service %d", i, s.gaps[i], s.services[i])
		}
	}
}

// A seed gives the same schedule again, another seed or stream another one.
func TestScheduleSeed(t *testing.T) {
	draw := func(seed, stream uint64) []int64 {
		return drawSchedule(100, seed, stream, 1e6, exponential, 1, fixed).gaps
	}
	first := draw(1, 0)
	if !slices.Equal(first, draw(1, 0)) {
		t.Error("the same seed gives another schedule")
	}
	if slices.Equal(first, draw(2, 0)) || slices.Equal(first, draw(1, 1)) {
		t.Error("another seed or stream gives the same schedule")
	}
}

// The rate of poisson is load × workers / service, whatever the number of
// sources.
func TestPoissonRate(t *testing.T) {
	for _, sources := range []string{"1", "3"} {
		v, err := poisson.Values(map[string]string{"load": "0.25", "service": "50us", "generators": sources})
		if err != nil {
			t.Fatal(err)
		}
		l := poisson.New(v).(*openLoop)
		rate := 0.0
		for i := range l.sources {
			s := l.draw(&Generator{Workers: 8, Seed: 7}, i)
			mean, _ := moments(s.gaps)
			rate += 1e9 / mean
			if mean, _ := moments(s.services); math.Abs(mean/50e3-1) > 0.01 {
				t.Errorf("mean service time %v", time.Duration(mean))
			}
		}
		if want := 0.25 * 8 / 50e-6; math.Abs(rate/want-1) > 0.01 {
			t.Errorf("%s sources: %v tasks a second, want %v", sources, rate, want)
		}
	}
}

func TestParsers(t *testing.T) {
	for _, test := range []struct {
		parse func(string) (int64, error)
		text  string
		want  int64 // -1 if it is refused
	}{
		{perMille(0.1, 1), "0.5", 500},
		{perMille(0.1, 1), "0.95", 950},
		{perMille(0.1, 1), "0.999", 999},
		{perMille(0.1, 1), "0.9999", -1},
		{perMille(0.1, 1), "0.09", -1},
		{perMille(0.1, 1), "1.1", -1},
		{perMille(0.1, 1), "NaN", -1},
		{perMille(0.1, 1), "", -1},
		{oneOf("fixed", "exp"), "exp", 1},
		{oneOf("fixed", "exp"), "", -1},
	} {
		got, err := test.parse(test.text)
		if err != nil {
			got = -1
		}
		if got != test.want {
			t.Errorf("%q: got %d, %v; want %d", test.text, got, err, test.want)
		}
	}
}
