package spinbudget

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A world is a machine and a load whose costs are known: what is planted, and what any
// budget really costs, by going through the arrivals with a worker that serves them one by
// one. It knows nothing of gaps or of the model.
type world struct {
	arrivals, services []float64
	enter, leave       float64 // CPU time of going to sleep and of coming back, the worker's
	waker              float64 // CPU time of a wake, the waker's
	submit             float64 // CPU time of a submission
	sleeper, spinner   float64 // latency of a wake
	deep               float64 // what it is longer after a sleep of more than deepAfter
	deepAfter          float64
}

// run serves all arrivals with a budget. recorded are the gaps if the budget is 0.
func (w world) run(budget float64) (e End, gaps []Gap) {
	free := 0.0 // when the worker becomes idle
	var cpu, workers, latency float64
	for i, at := range w.arrivals {
		begin := free
		cpu += w.submit
		if at >= free {
			gap := at - free
			switch wake := w.sleeper; {
			case gap <= budget:
				begin = at + w.spinner
				workers += gap
			default:
				if gap-budget > w.deepAfter {
					wake += w.deep
				}
				begin = at + wake
				workers += budget + w.enter + w.leave
				cpu += w.waker
				gaps = append(gaps, Gap{Idle: gap, Wake: wake, CPU: w.enter + w.leave})
			}
		}
		latency += begin - at
		workers += w.services[i]
		free = begin + w.services[i]
	}
	n := float64(len(w.arrivals))
	return End{CPU: (cpu + workers) / n, Workers: workers / n, Latency: latency / n}, gaps
}

func (w world) round() Round {
	sleep, gaps := w.run(0)
	spin, _ := w.run(math.Inf(1))
	return Round{Gaps: [][]Gap{gaps}, Tasks: float64(len(w.arrivals)), Sleep: sleep, Spin: spin}
}

// planted is a world with gaps of a kind, in ns, and no task that waits for another.
func planted(seed uint64, gap func(*rand.Rand) float64) world {
	rng := rand.New(rand.NewPCG(seed, 7))
	w := world{enter: 1500, leave: 1000, waker: 2000, submit: 300, sleeper: 6000, spinner: 200}
	at := 0.0
	for range 4000 {
		w.arrivals = append(w.arrivals, at)
		w.services = append(w.services, 3000)
		at += 3000 + w.sleeper + gap(rng)
	}
	return w
}

var loads = map[string]func(*rand.Rand) float64{
	"exponential":  func(r *rand.Rand) float64 { return 20_000 * r.ExpFloat64() },
	"long gaps":    func(r *rand.Rand) float64 { return 500_000 * r.ExpFloat64() },
	"two kinds":    func(r *rand.Rand) float64 { return []float64{2_000, 90_000}[r.IntN(2)] * (0.8 + 0.4*r.Float64()) },
	"heavy tailed": func(r *rand.Rand) float64 { return 2_000 * math.Pow(r.Float64(), -0.8) },
	"constant":     func(*rand.Rand) float64 { return 30_000 },
}

// For every budget the curve is what a worker with that budget really takes, within 1 %.
// The confirmations need 10 %; here nothing is noisy.
func TestPredictionsAreTrue(t *testing.T) {
	for name, gap := range loads {
		var rounds []Round
		var worlds []world
		for seed := range uint64(5) {
			w := planted(seed, gap)
			worlds = append(worlds, w)
			rounds = append(rounds, w.round())
		}
		curve, err := Compute(rounds, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if c := curve.BreakEven.Mean; math.Abs(c-4500) > 1 {
			t.Errorf("%s: a sleep and a wake cost %v, want 4500", name, c)
		}
		if d := curve.WakeTime.Mean; math.Abs(d-5800) > 1 {
			t.Errorf("%s: a sleep adds %v, want 5800", name, d)
		}
		if o := curve.Overhead.Mean; math.Abs(o) > 0.01 {
			t.Errorf("%s: the other end is off by %v", name, o)
		}
		for _, p := range curve.Points {
			var cpu, latency float64
			for _, w := range worlds {
				e, _ := w.run(float64(p.Budget))
				cpu += e.CPU / float64(len(worlds))
				latency += e.Latency / float64(len(worlds))
			}
			if r := p.CPU.Mean/cpu - 1; math.Abs(r) > 0.01 {
				t.Errorf("%s, budget %v: CPU %v, really %v: %.1f %%", name, p.Budget, p.CPU.Mean, cpu, 100*r)
			}
			if d := p.Latency.Mean - latency; math.Abs(d) > 0.01*latency {
				t.Errorf("%s, budget %v: latency %v, really %v", name, p.Budget, p.Latency.Mean, latency)
			}
		}
	}
}

// Gaps that are not corrected would be wrong by the latency that is saved: here that is
// more than the gap.
func TestGapsAreCorrected(t *testing.T) {
	w := planted(1, func(*rand.Rand) float64 { return 3_000 })
	curve, err := Compute([]Round{w.round(), w.round()}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	// Once it is woken sooner its gaps are of 8.8 µs, so a budget of 3.5 µs spins through
	// the first gap, sleeps in the second, and so on.
	budget := time.Duration(0)
	for _, p := range curve.Points {
		if p.Budget < 8*time.Microsecond {
			budget = p.Budget
		}
	}
	p, _ := curve.At(budget)
	want, _ := w.run(float64(budget))
	if math.Abs(p.Slept.Mean-0.5) > 0.01 || math.Abs(p.CPU.Mean/want.CPU-1) > 0.01 {
		t.Errorf("budget %v: sleeps in %v of the gaps, CPU %v, really %v", budget, p.Slept.Mean, p.CPU.Mean, want.CPU)
	}
}

// The wake of a deep sleep takes longer, and the curve knows how deep a sleep would be.
func TestDeepSleeps(t *testing.T) {
	w := planted(3, loads["exponential"])
	w.deep, w.deepAfter = 30_000, 32_768
	for i := range w.arrivals { // no task waits for another
		w.arrivals[i] += float64(i) * w.deep
	}
	curve, err := Compute([]Round{w.round(), w.round()}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range curve.Points {
		want, _ := w.run(float64(p.Budget))
		if r := p.Latency.Mean/want.Latency - 1; math.Abs(r) > 0.05 {
			t.Errorf("budget %v: latency %v, really %v", p.Budget, p.Latency.Mean, want.Latency)
		}
	}
}

// However much wakes vary, a budget of 0 is as it was measured.
func TestNoBudgetIsAsMeasured(t *testing.T) {
	r := planted(1, loads["heavy tailed"]).round()
	rng := rand.New(rand.NewPCG(3, 3))
	for i := range r.Gaps[0] {
		r.Gaps[0][i].Wake *= 20 * rng.ExpFloat64()
	}
	curve, err := Compute([]Round{r, r}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := curve.At(0)
	if math.Abs(p.CPU.Mean/r.Sleep.CPU-1) > 1e-6 || math.Abs(p.Latency.Mean/r.Sleep.Latency-1) > 1e-6 || p.Slept.Mean != 1 {
		t.Errorf("%+v, measured %+v", p, r.Sleep)
	}
}

// With regard to CPU time alone the break-even budget costs at most twice what the oracle
// costs, whatever the gaps; and no budget costs less than the oracle.
func TestBreakEvenIsTwoCompetitive(t *testing.T) {
	adversary := func(*rand.Rand) float64 { return 4_501 } // just longer than the budget
	for name, gap := range map[string]func(*rand.Rand) float64{
		"adversary": adversary, "exponential": loads["exponential"], "heavy tailed": loads["heavy tailed"], "long gaps": loads["long gaps"],
	} {
		w := planted(5, gap)
		w.sleeper, w.spinner = 0, 0 // so that gaps are as planted
		for i := range w.arrivals {
			w.arrivals[i] -= float64(i) * 6000
		}
		curve, err := Compute([]Round{w.round(), w.round()}, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		even, ok := curve.At(4500)
		if !ok || even.Regret.Mean > 1+1e-9 {
			t.Errorf("%s: the regret of the break-even is %v", name, even.Regret.Mean)
		}
		if name == "adversary" && even.Regret.Mean < 0.999 {
			t.Errorf("the adversary's gaps cost the break-even only %v more", even.Regret.Mean)
		}
		for _, p := range curve.Points {
			if p.Regret.Mean < -1e-9 {
				t.Errorf("%s: a budget of %v is better than the oracle by %v", name, p.Budget, -p.Regret.Mean)
			}
		}
		if best := curve.Best(); best.Regret.Mean > even.Regret.Mean {
			t.Errorf("%s: the best is %v, which is worse than the break-even", name, best.Budget)
		}
	}
}

// The best budget of gaps of two kinds is between them: long enough for the short ones.
func TestBest(t *testing.T) {
	w := planted(1, loads["two kinds"])
	curve, err := Compute([]Round{w.round(), w.round()}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	// A short gap is of 1.6 to 2.4 µs; after one that was spun through it is longer by 5.8.
	if b := curve.Best().Budget; b < 2*time.Microsecond || b > 15*time.Microsecond {
		t.Errorf("the best budget is %v", b)
	}
}

// The budgets to confirm: half the break-even, the break-even, and where most gaps end.
func TestConfirm(t *testing.T) {
	w := planted(1, loads["constant"])
	curve, err := Compute([]Round{w.round(), w.round()}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	got := curve.Confirm()
	if len(got) != 3 || got[0] != 2250 || got[1] != 4500 || got[2] < 25*time.Microsecond || got[2] > 45*time.Microsecond {
		t.Errorf("%v, and all gaps are of 30 to 36 µs", got)
	}
}

// The interval covers the truth in nearly 95 % of all cases. With 12 launches a bootstrap
// covers about 92 %; the bounds are more than three standard deviations of 400 cases away.
func TestBandCovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	covered := 0
	const cases, launches = 400, 12
	for range cases {
		v := make([]float64, launches)
		for i := range v {
			v[i] = 10 + rng.NormFloat64()
		}
		b := newBootstrap(launches, rng.Uint64()).mean(v)
		if b.Low <= 10 && 10 <= b.High {
			covered++
		}
	}
	if share := float64(covered) / cases; share < 0.87 || share > 0.98 {
		t.Errorf("it covers %v", share)
	}
}

// The same seed gives the same band.
func TestSeed(t *testing.T) {
	var rounds []Round
	for seed := range uint64(4) {
		rounds = append(rounds, planted(seed, loads["exponential"]).round())
	}
	a, err := Compute(rounds, 1, 9)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Compute(rounds, 1, 9)
	if diff := cmp.Diff(a, b, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	for _, p := range a.Points {
		for _, v := range []Value{p.CPU, p.Latency, p.Slept, p.Regret} {
			if !(v.Low <= v.Mean && v.Mean <= v.High) {
				t.Errorf("budget %v: %v", p.Budget, v)
			}
		}
	}
	if !slices.IsSortedFunc(a.Points, func(x, y Point) int { return int(x.Budget - y.Budget) }) {
		t.Error("budgets are not in order")
	}
}

func TestComputeRefuses(t *testing.T) {
	good := planted(1, loads["constant"]).round()
	for name, rounds := range map[string][]Round{
		"none":       nil,
		"one":        {good},
		"no gaps":    {good, {Tasks: 1}},
		"no tasks":   {good, {Gaps: good.Gaps}},
		"not a rate": {good, {Gaps: good.Gaps, Tasks: math.NaN()}},
	} {
		if _, err := Compute(rounds, 1, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, weight := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := Compute([]Round{good, good}, weight, 1); err == nil {
			t.Errorf("weight %v: no error", weight)
		}
	}
}
