package selftest

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/variant"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
)

// p50 is that of all cells of a made-up machine, in nanoseconds.
const p50 = 20_000

// newDesign is that of a self-test on a machine with two CPUs.
func newDesign(t testing.TB, quick bool) Design {
	t.Helper()
	d, err := New(catalog.Default(), quick, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Rows {
		if d.Rows[i].Delayed {
			d.Rows[i].Inject([]float64{p50 * 1.1, p50, p50 * 0.9})
		}
	}
	d.Plant()
	return d
}

// newSmallDesign is between the two, to be evaluated in little time.
func newSmallDesign(t testing.TB) Design {
	t.Helper()
	d := newDesign(t, true)
	d.Quick, d.Blocks, d.Wanted = false, 8, 30
	return d
}

// A chain is a made-up way from cells to launches.
type chain struct {
	// noise returns the logarithm of what disturbs the next launch.
	noise func(*rand.Rand) float64

	// effect returns by what factor a launch takes longer than the baseline's;
	// nil for one that is right: it adds the delay.
	effect func(at moment) float64

	invalid float64 // share of launches
	rounds  int     // after which it was interrupted; 0 for never
}

// A moment is when a cell is launched.
type moment struct {
	cell   record.Cell
	delay  float64 // as a share of p50
	again  bool
	round  int
	block  int
	second bool   // half
	seed   uint64 // of the cell in the block
}

func honest(at moment) float64 { return 1 + at.delay }

// run makes a run of the design.
func (c chain) run(d Design, seed uint64) record.Run {
	rng := rand.New(rand.NewPCG(seed, 0))
	run := record.Run{Manifest: record.Manifest{
		State: record.Complete,
		Units: record.Units(),
		Plan:  record.Plan{Cells: d.Cells(), Rounds: d.Rounds()},
	}}
	run.Primary = make(map[string]string)
	for _, r := range d.Rows {
		run.Primary[r.Cell.Workload] = r.Unit
	}
	rounds := d.Rounds()
	if c.rounds > 0 {
		rounds, run.State = c.rounds, record.Interrupted
	}
	effect := c.effect
	if effect == nil {
		effect = honest
	}
	run.Plan.Order = d.Order(seed)
	for round, row := range run.Plan.Order[:rounds] {
		for _, i := range row {
			cell := run.Plan.Cells[i]
			at := moment{cell: cell, round: round, block: round / d.Block, second: 2*round >= d.Rounds(), again: cell.Impl == d.Impl+"-again"}
			if _, delay, ok := variant.Delay(cell.Impl); ok {
				at.delay = float64(delay) / p50
			}
			at.seed = seed<<32 + uint64(at.block)<<16 + uint64(i)
			l := record.Launch{Cell: cell, Round: round, N: 1, Start: time.Unix(int64(len(run.Recorded)), 0)}
			value := p50 * effect(at) * math.Exp(c.noise(rng))
			l.Metrics = []record.Metric{{Value: value, Unit: run.Primary[cell.Workload]}}
			if rng.Float64() < c.invalid {
				l.Invalid = []string{"steal"}
			}
			run.Recorded = append(run.Recorded, l)
		}
	}
	run.Launches = len(run.Recorded)
	return run
}

func white(sd float64) func(*rand.Rand) float64 {
	return func(rng *rand.Rand) float64 { return sd * rng.NormFloat64() }
}

// ar1 noise is a first-order autoregression from launch to launch.
func ar1(rho, sd float64) func(*rand.Rand) float64 {
	x := 0.0
	return func(rng *rand.Rand) float64 {
		x = rho*x + math.Sqrt(1-rho*rho)*sd*rng.NormFloat64()
		return x
	}
}

// drifting noise is autocorrelated, over some 50 launches.
func drifting(sd float64) func(*rand.Rand) float64 {
	x := ar1(0.98, sd)
	return func(rng *rand.Rand) float64 { return x(rng) + 0.02*rng.NormFloat64() }
}

// bimodal launches are of two kinds, and some are far off.
func bimodal(rng *rand.Rand) float64 {
	x := 0.02 * rng.NormFloat64()
	if rng.IntN(3) == 0 {
		x += 0.15
	}
	if rng.IntN(20) == 0 {
		x += rng.ExpFloat64()
	}
	return x
}

// outcomes returns the claims' by name.
func (e Evidence) outcomes() map[string]evidence.Outcome {
	all := make(map[string]evidence.Outcome)
	for _, c := range e.Claims {
		all[c.Name] = c.Outcome
	}
	return all
}

func evaluate(t *testing.T, d Design, c chain, seed uint64) Evidence {
	t.Helper()
	e, err := Evaluate(d, c.run(d, seed))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A chain that is right passes, whatever the noise, or it is unresolved.
func TestHonestChain(t *testing.T) {
	for _, c := range []struct {
		name     string
		chain    chain
		outcome  evidence.Outcome
		smallest int // at most
	}{
		{"quiet", chain{noise: white(0.01)}, evidence.Passed, 2},
		{"noisy", chain{noise: white(0.04)}, "", 10},
		{"drifting", chain{noise: drifting(0.2)}, "", 20},
		{"some invalid", chain{noise: white(0.02), invalid: 0.05}, evidence.Passed, 10},
		{"bimodal, with outliers", chain{noise: bimodal}, "", 0},
		{"too noisy", chain{noise: white(1)}, evidence.Unresolved, 0},
		{"nothing valid", chain{noise: white(0.02), invalid: 1}, evidence.Unresolved, 0},
		{"interrupted", chain{noise: white(0.02), rounds: 30}, evidence.Unresolved, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newSmallDesign(t)
			e := evaluate(t, d, c.chain, 2)
			if e.Outcome == evidence.Failed || c.outcome != "" && e.Outcome != c.outcome {
				t.Errorf("%s, want %s:\n%s", e.Outcome, c.outcome, e.Text(d, "x"))
			}
			if smallest, ok := e.Valid.Blocks.Smallest(); c.smallest > 0 && (!ok || smallest > c.smallest) {
				t.Errorf("the smallest delay that is found is %d %%, %v; want at most %d %%:\n%s", smallest, ok, c.smallest, e.Text(d, "x"))
			}
			for _, s := range e.Valid.Blocks.Delays {
				if c.outcome == evidence.Passed && math.Abs(s.Estimated-s.Injected) > 0.01 {
					t.Errorf("%d %%: %v was injected, %v estimated", s.Percent, s.Injected, s.Estimated)
				}
			}
			if c.chain.rounds == 0 && e.All.Blocks.AA.Of != 40 {
				t.Errorf("%d A/A comparisons, want 40", e.All.Blocks.AA.Of)
			}
		})
	}
}

// A chain that is broken fails, and the right claim says so.
func TestBrokenChain(t *testing.T) {
	for _, c := range []struct {
		name   string
		effect func(moment) float64
		fails  []string
	}{
		{"the second launch is always slower", func(at moment) float64 {
			if at.again {
				return 1.05
			}
			return honest(at)
		}, []string{"A/A", "families"}},
		{"each block has a luck of its own for each cell", func(at moment) float64 {
			return honest(at) * math.Exp(0.1*rand.New(rand.NewPCG(at.seed, 1)).NormFloat64())
		}, []string{"A/A", "families", "sensitivity", "repeatability"}},
		{"delays are lost", func(at moment) float64 { return 1 }, []string{"families", "sensitivity", "audit"}},
		{"delays are taken off", func(at moment) float64 { return 1 / (1 + at.delay) }, []string{"families", "sensitivity", "audit"}},
		{"the second half is the other way round", func(at moment) float64 {
			if at.second {
				return 1 / (1 + at.delay)
			}
			return honest(at)
		}, []string{"families", "repeatability", "sensitivity", "audit"}},
		{"slices measure something else", func(at moment) float64 {
			if matrix.Whole(at.cell) {
				return 1.08
			}
			return honest(at)
		}, []string{"slices"}},
		{"a third of the delays are mistaken for others", func(at moment) float64 {
			if at.seed%3 == 0 {
				return 1
			}
			return honest(at)
		}, []string{"families"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newSmallDesign(t)
			e := evaluate(t, d, chain{noise: white(0.01), effect: c.effect}, 1)
			if e.Outcome != evidence.Failed {
				t.Errorf("%s, want %s", e.Outcome, evidence.Failed)
			}
			for name, outcome := range e.outcomes() {
				if slices.Contains(c.fails, name) != (outcome == evidence.Failed) {
					t.Errorf("%s %s:\n%s", name, outcome, e.Text(d, "x"))
				}
			}
		})
	}
}

// Over many honest chains the share of those that fail is small, and A/A
// comparisons are false as often as the test's level says.
func TestRates(t *testing.T) {
	if testing.Short() || invariants.Enabled {
		t.Skip("takes many times as long with the race detector, which has nothing to find here")
	}
	const runs = 4
	d := newDesign(t, false)
	for name, noise := range map[string]func(*rand.Rand) float64{"white": white(0.2), "autocorrelated": ar1(0.5, 0.2)} {
		failed := 0
		var aa Count
		for seed := range uint64(runs) {
			e := evaluate(t, d, chain{noise: noise}, 100+seed)
			if e.Outcome == evidence.Failed {
				failed++
			}
			aa = newCount(aa.Of+e.Valid.Blocks.AA.Of, aa.N+e.Valid.Blocks.AA.N)
		}
		if failed > 0 {
			t.Errorf("%s: %d of %d honest chains failed", name, failed, runs)
		}
		// The level of the exact signed-rank test with 12 pairs, next to 5 %.
		const level = 0.0425
		if lo, hi := interval(aa.Of, aa.N, 0.9999); lo > level || hi < level {
			t.Errorf("%s: %v are false, want %v", name, aa, level)
		}
	}
}

// With the marks of invalid launches taken away they count in one view only.
func TestViews(t *testing.T) {
	d := newDesign(t, true)
	e := evaluate(t, d, chain{noise: white(0.02), invalid: 0.6}, 1)
	if e.Invalid == 0 || e.Launches != d.Launches() {
		t.Errorf("%d of %d launches are invalid", e.Invalid, e.Launches)
	}
	if v, a := e.Valid.Blocks.AA.Of, e.All.Blocks.AA.Of; v >= a || a != 20 {
		t.Errorf("%d A/A comparisons by valid launches, %d by all, want 20 of these", v, a)
	}
}

// What was measured determines the evidence.
func TestDeterministic(t *testing.T) {
	d := newDesign(t, true)
	run := chain{noise: bimodal, invalid: 0.1}.run(d, 1)
	var texts []string
	for range 2 {
		e, err := Evaluate(d, run)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" {
		t.Error(diff)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	for name, edit := range map[string]func(*Design){
		"another impl":   func(d *Design) { d.Impl = "mutexonly" },
		"other delays":   func(d *Design) { d.Rows[0].Delays[1].Time++ },
		"a row less":     func(d *Design) { d.Rows = d.Rows[1:] },
		"other blocks":   func(d *Design) { d.Block++ },
		"odd blocks":     func(d *Design) { d.Block, d.Blocks = d.Block*4, 1 },
		"blocks of none": func(d *Design) { d.Block = 0 },
		"negative":       func(d *Design) { d.Block, d.Blocks = -d.Block, -d.Blocks },
	} {
		run := chain{noise: white(0.01), rounds: 1}.run(newDesign(t, true), 1)
		d := newDesign(t, true)
		edit(&d)
		if _, err := Evaluate(d, run); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The two ways are compared in twelve rounds, whatever the number of rounds is, and each
// round has every other cell.
func TestWays(t *testing.T) {
	for _, quick := range []bool{true, false} {
		d := newDesign(t, quick)
		d.Block = 11
		always, sometimes := d.cells()
		orders := d.Order(1)
		p := record.Plan{Cells: d.Cells(), Rounds: d.Rounds(), Order: orders, Slices: 1, Time: 1, Groups: d.Groups()}
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		groups := p.GroupOf()
		launches, compared := 0, 0
		for _, cells := range orders {
			launches += len(cells)
			switch len(cells) {
			case len(always) + len(sometimes):
				compared++
			case len(always):
			default:
				t.Errorf("a round of %d cells; there are %d and %d", len(cells), len(always), len(sometimes))
			}
		}
		if compared != wayRounds || launches != d.Launches() {
			t.Errorf("the ways are compared in %d rounds; %d launches, want %d", compared, launches, d.Launches())
		}
		names := make(map[string]int)
		for i, c := range d.Cells() {
			names[c.Name()] = i
		}
		parkers := make(map[string]bool)
		for _, c := range d.Ways {
			inSlices, in := names[c.Name()]
			inOne, also := names[whole(c).Name()]
			if !in || !also || groups[inSlices] != groups[inOne] {
				t.Errorf("%s: in the design %v and %v, in groups %d and %d", c.Name(), in, also, groups[inSlices], groups[inOne])
			}
			parkers[c.Park] = true
		}
		if quick == (len(parkers) > 2) {
			t.Errorf("quick %v: parkers %v", quick, parkers)
		}
	}
}
