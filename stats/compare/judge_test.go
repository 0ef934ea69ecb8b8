package compare

import (
	"cmp"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/record"
)

// holm is Holm's procedure as it is printed: hypotheses in the order of their
// p-values, each against alpha divided by how many are left.
func holm(ps []float64, alpha float64) (rejected []bool) {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	rejected = make([]bool, len(ps))
	for s, i := range order {
		if ps[i] > alpha/float64(len(ps)-s) {
			break
		}
		rejected[i] = true
	}
	return rejected
}

// The verdicts are those of Holm's procedure for twice as many one-sided
// hypotheses; the adjusted p-values and the level for the intervals say the
// same.
func TestDecideIsHolm(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	found := make([]int, 13)
	for range 5000 {
		m := 1 + rng.IntN(12)
		two := make([]float64, m)
		var one []float64
		for i := range two {
			two[i] = math.Pow(rng.Float64(), 6)
			one = append(one, two[i]/2, 1-two[i]/2)
		}
		const alpha = 0.05
		want := holm(one, alpha)
		level, n := decide(two, alpha, m, 0)
		adjusted := adjust(two, m, 0)
		found[n]++
		for i, p := range two {
			if want[2*i+1] {
				t.Fatalf("%v: both directions rejected", two)
			}
			if got := p <= level; got != want[2*i] {
				t.Fatalf("%v: level %v, found %v for p = %v, want %v", two, level, got, p, want[2*i])
			}
			if got := adjusted[i] <= alpha; got != want[2*i] {
				t.Fatalf("%v: adjusted %v for p = %v, want found = %v", two, adjusted[i], p, want[2*i])
			}
		}
		if level < alpha/float64(m) || level > alpha/(float64(m+1)/2) {
			t.Fatalf("level %v for %d comparisons", level, m)
		}
	}
	for n, count := range found[:8] {
		if count == 0 {
			t.Errorf("no case with %d found: the test tests too little", n)
		}
	}
}

// What was found at earlier looks counts.
func TestDecideGoesOn(t *testing.T) {
	if level, now := decide([]float64{0.013, 0.5}, 0.05, 4, 0); now != 0 || level != 0.05/4 {
		t.Errorf("0.013 of 4 comparisons: %d found, level %v", now, level)
	}
	if level, now := decide([]float64{0.013, 0.5}, 0.05, 4, 2); now != 3 || level != 0.05/2.5 {
		t.Errorf("0.013 of 4 comparisons, 2 found before: %d found, level %v", now, level)
	}
	if got, want := adjust([]float64{0.013, 0.5}, 4, 2), []float64{0.013 * 3, 1}; math.Abs(got[0]-want[0]) > 1e-12 || got[1] != want[1] {
		t.Errorf("adjusted %v, want %v", got, want)
	}
}

// series returns a series with the values as rounds 0, 1, …
func series(column string, better record.Better, values ...float64) Series {
	s := Series{Row: "Wake/workers=1", Column: column, Name: "Wake/impl=" + column + "/workers=1", Workload: "wake", Unit: "ns/op", Better: better, Clock: "launches"}
	for i, v := range values {
		at := int64(2 * i)
		if column != "old" {
			at++
		}
		s.Observations = append(s.Observations, Observation{Round: i, Value: v, At: at})
	}
	return s
}

// scaled returns 12 values around x, and the same times a factor with a little
// noise.
func scaled(factor float64) (old, new []float64) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 12 {
		v := 100 * math.Exp(rng.NormFloat64())
		old = append(old, v)
		new = append(new, v*factor*math.Exp(0.001*rng.NormFloat64()))
	}
	return old, new
}

func TestRegression(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		better                    record.Better
		effect                    *Effect
		estimate, atLeast, atMost float64
		ok                        bool
	}{
		{record.Lower, &Effect{1.25, &Interval{0.5, 2, 0.95}}, 0.25, -0.5, 1, true},
		{record.Higher, &Effect{1.25, &Interval{0.5, 2, 0.95}}, -0.2, -0.5, 1, true},
		{record.Higher, &Effect{0.5, &Interval{0.25, 0.8, 0.95}}, 1, 0.25, 3, true},
		{record.Lower, &Effect{0.5, nil}, -0.5, -1, inf, true},
		{record.Higher, &Effect{0.5, nil}, 1, -1, inf, true},
		{record.Neither, &Effect{1.25, nil}, 0, 0, 0, false},
		{record.Lower, nil, 0, 0, 0, false},
	} {
		estimate, atLeast, atMost, ok := Comparison{Better: c.better, Effect: c.effect}.Regression()
		if math.Abs(estimate-c.estimate) > 1e-12 || math.Abs(atLeast-c.atLeast) > 1e-12 || atMost != c.atMost && math.Abs(atMost-c.atMost) > 1e-12 || ok != c.ok {
			t.Errorf("%q %+v: %v from %v to %v, %v", c.better, c.effect, estimate, atLeast, atMost, ok)
		}
	}
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		name   string
		factor float64
		better record.Better
		want   Verdict
	}{
		{"slower", 1.1, record.Lower, Worse},
		{"faster", 0.9, record.Lower, Better},
		{"more", 1.1, record.Higher, Better},
		{"less", 0.9, record.Higher, Worse},
		{"the same", 1, record.Lower, Equivalent},
		{"proven, but small", 1.01, record.Lower, Equivalent},
		{"a fact", 1.1, record.Neither, Unresolved},
	} {
		t.Run(c.name, func(t *testing.T) {
			old, new := scaled(c.factor)
			f, err := Compare(Table{Series: []Series{series("old", c.better, old...), series("new", c.better, new...)}}, "old", Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := f.Comparisons[0]
			if got.Verdict != c.want || (got.Reason != "") != (c.want == Unresolved) {
				t.Errorf("%s (%q), want %s; effect %+v", got.Verdict, got.Reason, c.want, got.Effect)
			}
			if r := got.Effect.Ratio; math.Abs(r/c.factor-1) > 0.003 {
				t.Errorf("ratio %v, want %v", r, c.factor)
			}
			if i := got.Effect.Interval; i.Lo > c.factor || i.Hi < c.factor || math.Abs(i.Confidence-0.95) > 1e-12 {
				t.Errorf("interval %+v does not have %v", *i, c.factor)
			}
			if got.MDE == nil || *got.MDE <= 0 || *got.MDE > 0.01 {
				t.Errorf("MDE %v", got.MDE)
			}
		})
	}
}

// A latency under a load that was too much has no verdict, whichever side it was
// too much for. A launch or two are outliers, and a throughput can be judged.
func TestSaturated(t *testing.T) {
	for _, c := range []struct {
		name     string
		unit     string
		factor   float64
		old, new int // launches of 12 that are saturated
		want     Verdict
		reason   string
	}{
		{"none", "ns/op", 1.1, 0, 0, Worse, ""},
		{"few", "ns/op", 1.1, 5, 5, Worse, ""},
		{"half of the old", "ns/op", 0.9, 6, 0, Unresolved, "saturated: in 6 of 12 launches old achieved less"},
		{"all of the new", "ns/op", 1.1, 0, 12, Unresolved, "saturated: in 12 of 12 launches new achieved less"},
		{"equivalent", "ns/op", 1, 12, 12, Unresolved, "saturated: in 12 of 12 launches old achieved less"},
		{"throughput", "achieved-tasks/sec", 1.1, 12, 12, Worse, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			old, new := scaled(c.factor)
			table := Table{Series: []Series{series("old", record.Lower, old...), series("new", record.Lower, new...)}, Primary: map[string]string{"wake": c.unit}}
			for i, n := range []int{c.old, c.new} {
				table.Series[i].Unit = c.unit
				for j := range n {
					table.Series[i].Observations[j].Saturated = true
				}
			}
			f, err := Compare(table, "old", Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := f.Comparisons[0]
			if got.Verdict != c.want || !strings.HasPrefix(got.Reason, c.reason) || got.Barred != (c.reason != "") {
				t.Errorf("%s (%q), barred %t, want %s (%q)", got.Verdict, got.Reason, got.Barred, c.want, c.reason)
			}
			if got.Old.Saturated != c.old || got.New.Saturated != c.new || got.Effect.Interval == nil {
				t.Errorf("%d and %d saturated, want %d and %d; effect %+v", got.Old.Saturated, got.New.Saturated, c.old, c.new, got.Effect)
			}
			if warned := len(f.Warnings) == 1 && strings.HasSuffix(f.Warnings[0], ": Wake/workers=1"); warned != got.Barred {
				t.Errorf("warnings %q", f.Warnings)
			}
		})
	}
}

// The launch's fact, or its metrics, say whether it is saturated.
func TestFromSaturated(t *testing.T) {
	const load = "1000 offered-tasks/sec 900 achieved-tasks/sec"
	for text, want := range map[string]bool{
		"BenchmarkA/impl=x 1 5 ns/op " + load + "\n":                              true,
		"BenchmarkA/impl=x 1 5 ns/op\n":                                           false,
		"# round=0 saturated=yes gc=0\nBenchmarkA/impl=x 1 5 ns/op\n":             true,
		"# round=0 saturated=no gc=0\nBenchmarkA/impl=x 1 5 ns/op " + load + "\n": false,
		"# round=0 gc=0\nBenchmarkA/impl=x 1 5 ns/op " + load + "\n":              true,
	} {
		table, err := FromBenchmarks(Selection{Col: "/impl"}, file("f", text))
		if err != nil || table.Series[0].Observations[0].Saturated != want {
			t.Errorf("%q: %+v, %v, want %t", text, table.Series, err, want)
		}
	}
	run := writeRun(t, filepath.Join(t.TempDir(), "run"), time.Unix(1e9, 0), 1, []record.Cell{cell("wake", "bitmap")}, func(record.Cell, int) []record.Launch {
		return []record.Launch{{Metrics: []record.Metric{{Value: 5, Unit: "p50-ns/wake"}}, Conditions: []record.Pair{{Key: "saturated", Value: "yes"}}}}
	})
	for _, table := range []Table{FromRun(run), FromRuns(run, run)} {
		if s := table.Series[0]; !s.Observations[0].Saturated {
			t.Errorf("%+v", s)
		}
	}
}
