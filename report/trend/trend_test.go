package trend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// alone is the search in a single series without correlation.
var alone = Search{Series: 1}

// steps makes a series of segments with given lengths and levels, and noise.
func steps(rng *rand.Rand, noise func(*rand.Rand) float64, levels ...[2]float64) Series {
	var s Series
	for _, l := range levels {
		for range int(l[0]) {
			s = append(s, 1000*l[1]*math.Exp(noise(rng)))
		}
	}
	return s
}

func normal(sd float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return sd * r.NormFloat64() }
}

// heavy has outliers: Student's t with 2 degrees of freedom.
func heavy(sd float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return sd * r.NormFloat64() / math.Sqrt(r.ExpFloat64()) }
}

// twoPeaks is of a machine that is in one of two states at random.
func twoPeaks(r *rand.Rand) float64 { return 0.1*float64(r.IntN(2)) + 0.01*r.NormFloat64() }

// Known changes are found, at most one run away, and with their size.
func TestChanges(t *testing.T) {
	for _, test := range []struct {
		name   string
		noise  func(*rand.Rand) float64
		levels [][2]float64
	}{
		{"none", normal(0.02), [][2]float64{{30, 1}}},
		{"none, few", normal(0.02), [][2]float64{{4, 1}}},
		{"a step", normal(0.02), [][2]float64{{15, 1}, {15, 1.1}}},
		{"a step down", normal(0.02), [][2]float64{{15, 1}, {15, 0.9}}},
		{"a step at the end", normal(0.01), [][2]float64{{20, 1}, {4, 1.1}}},
		{"a step among few", normal(0.005), [][2]float64{{5, 1}, {5, 1.2}}},
		{"up and down", normal(0.02), [][2]float64{{12, 1}, {12, 1.15}, {12, 1}}},
		{"stairs", normal(0.02), [][2]float64{{10, 1}, {10, 1.1}, {10, 1.21}, {10, 1.35}}},
		{"a step with outliers", heavy(0.02), [][2]float64{{20, 1}, {20, 1.2}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 0))
			got, err := alone.Changes(steps(rng, test.noise, test.levels...))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(test.levels)-1 {
				t.Fatalf("changes %v, want %d", got, len(test.levels)-1)
			}
			at := 0
			for i, c := range got {
				at += int(test.levels[i][0])
				ratio := test.levels[i+1][1] / test.levels[i][1]
				if c.At < at-1 || c.At > at+1 || math.Abs(math.Log(c.Ratio/ratio)) > 0.03 || c.P > Level {
					t.Errorf("change %+v, want one at %d by %v", c, at, ratio)
				}
			}
		})
	}
}

// A drift of half a percent in each run, below the noise of 2 %, is found.
func TestDrift(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	var s Series
	for i := range 40 {
		s = append(s, 1000*math.Exp(0.005*float64(i)+0.02*rng.NormFloat64()))
	}
	got, err := alone.Changes(s)
	if err != nil {
		t.Fatal(err)
	}
	whole := 1.0
	for _, c := range got {
		if c.Ratio <= 1 {
			t.Errorf("change %+v in a series that only grows", c)
		}
		whole *= c.Ratio
	}
	if len(got) == 0 || whole < 1.1 {
		t.Errorf("changes %v: of a drift to %.2f they make %.2f", got, math.Exp(0.005*39), whole)
	}
}

// In series without a change one is found in no more than Level of them, whatever
// the noise. A rate of Level would exceed the bound once in 10,000 times.
func TestFalseChanges(t *testing.T) {
	const series, bound = 100, 14
	for name, noise := range map[string]func(*rand.Rand) float64{"normal": normal(0.02), "heavy": heavy(0.02), "two peaks": twoPeaks} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(11, 0))
			found := 0
			for range series {
				c, err := alone.Changes(steps(rng, noise, [2]float64{16, 1}))
				if err != nil {
					t.Fatal(err)
				}
				if len(c) > 0 {
					found++
				}
			}
			if found > bound {
				t.Errorf("changes in %d of %d series that have none", found, series)
			}
		})
	}
}

// bestOf agrees with the definition.
func TestBestOf(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	mean := func(x, y []float64, pairs func(i, j int) bool) float64 {
		var sum, n float64
		for i := range x {
			for j := range y {
				if pairs(i, j) {
					sum += math.Abs(x[i] - y[j])
					n++
				}
			}
		}
		return sum / n
	}
	all, other := func(i, j int) bool { return true }, func(i, j int) bool { return i != j }
	for range 50 {
		x := make([]float64, 2*Least+rng.IntN(10))
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		wantQ, want := math.Inf(-1), -1
		for k := Least; k <= len(x)-Least; k++ {
			a, b := x[:k], x[k:]
			n, m := float64(len(a)), float64(len(b))
			if q := n * m / (n + m) * (2*mean(a, b, all) - mean(a, a, other) - mean(b, b, other)); q > wantQ {
				wantQ, want = q, k
			}
		}
		if q, at := bestOf(x); at != want || math.Abs(q-wantQ) > 1e-9 {
			t.Fatalf("of %v: %v at %d, want %v at %d", x, q, at, wantQ, want)
		}
	}
}

// Series that are too short have no changes, and Detectable knows how long they
// must be: there the largest change of all is found.
func TestDetectable(t *testing.T) {
	for n := range 12 {
		var s Series
		for i := range n {
			s = append(s, 1+0.001*float64(i)+1000*float64(2*i/max(n, 1)))
		}
		got, err := alone.Changes(s)
		if err != nil {
			t.Fatal(err)
		}
		if (len(got) > 0) != alone.Detectable(n) {
			t.Errorf("%d runs: changes %v, but Detectable says %v", n, got, alone.Detectable(n))
		}
	}
}

func TestSame(t *testing.T) {
	s := steps(rand.New(rand.NewPCG(1, 1)), normal(0.05), [2]float64{10, 1}, [2]float64{10, 1.1})
	first, _ := alone.Changes(s)
	if again, _ := alone.Changes(s); !slices.Equal(first, again) {
		t.Errorf("%v, then %v", first, again)
	}
}

// Equal values are no change and no reason to panic; what has no logarithm is an
// error.
func TestOddValues(t *testing.T) {
	same := make(Series, 20)
	for i := range same {
		same[i] = 5
	}
	if got, err := alone.Changes(same); len(got) != 0 || err != nil {
		t.Errorf("equal values: %v, %v", got, err)
	}
	for _, v := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		s := slices.Clone(same)
		s[3] = v
		if got, err := alone.Changes(s); err == nil {
			t.Errorf("with %v: %v and no error", v, got)
		}
	}
	if got, err := alone.Changes(Series{math.MaxFloat64, math.SmallestNonzeroFloat64, 1, 2, 3, 4, 5, 6}); err != nil {
		t.Errorf("extremes: %v, %v", got, err)
	}
}

func ExampleSearch_Changes() {
	// The median time of a wake-up in nanoseconds, in runs of twelve commits.
	runs := Series{811, 806, 820, 809, 815, 812, 870, 866, 874, 869, 871, 868}
	changes, err := alone.Changes(runs)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range changes {
		fmt.Printf("since run %d: %+.1f %%\n", c.At, 100*(c.Ratio-1))
	}
	// Output: since run 6: +7.1 %
}
