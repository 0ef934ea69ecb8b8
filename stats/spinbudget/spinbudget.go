package spinbudget

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// A Gap is one time that a worker had nothing to do, recorded without spinning. All times
// are in nanoseconds.
type Gap struct {
	Idle float64 // from when it went to sleep until it was woken
	Wake float64 // from then until it ran
	CPU  float64 // CPU time that it used from going to sleep until it ran
}

// A Round is what was measured of the load once: by three launches, all with the same
// arrivals.
type Round struct {
	Gaps  [][]Gap // of each worker, in their order
	Tasks float64 // of the launch that recorded them

	// Sleep and Spin are the launches without recording: with a budget of 0, and with one
	// that does not end.
	Sleep, Spin End
}

// An End is a launch at an end of the curve. All values are in nanoseconds for each task.
type End struct {
	CPU     float64 // of the whole process, but for what the load generator used to wait
	Workers float64 // the part of the workers
	Latency float64 // mean
}

// A Value is a mean over launches with its 95 % interval.
type Value struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// A Point is a budget, and what it would cost.
type Point struct {
	Budget  time.Duration `json:"budget_ns"`
	CPU     Value         `json:"cpu_ns"`     // for each task
	Latency Value         `json:"latency_ns"` // mean
	Slept   Value         `json:"slept"`      // share of the gaps in which the worker sleeps
	Regret  Value         `json:"regret"`     // how much more the gaps cost than with the oracle, as a share
}

// A Curve is what every budget would cost.
type Curve struct {
	Weight float64 `json:"weight"` // what a ns of latency costs, in ns of CPU time

	BreakEven Value   `json:"break_even_ns"` // c
	WakeTime  Value   `json:"wake_ns"`       // latency that a sleep adds to what a spinning worker has
	GapsTask  Value   `json:"gaps_per_task"`
	Oracle    Value   `json:"oracle_ns"` // what a gap costs with the oracle
	Points    []Point `json:"points"`    // by their budgets

	// Overhead is how far the CPU time that is predicted for a worker that never sleeps is
	// from what was measured, as a share: a check of the model at the other end.
	Overhead Value `json:"never_sleeps_error"`
}

// Limits of what is computed.
const (
	resamples = 2000
	perOctave = 4              // budgets on the curve, and classes of sleeps, for each factor of two
	classes   = 41 * perOctave // the last one is of sleeps of half an hour or more
	least     = 100 * time.Nanosecond
)

// A prediction is what one round says of one budget: for each task, but for shares.
type prediction struct{ cpu, latency, gaps, slept, cost, oracle float64 }

// A model is a round with what was derived from it.
type model struct {
	Round
	gaps  float64
	c     float64 // CPU time of a sleep and a wake
	spun  float64 // latency of a worker that spins
	late  float64 // by how much the latencies of all tasks grow for each ns that a wake is late
	wakes [classes]float64
}

func newModel(r Round) (m model, err error) {
	m.Round = r
	var wake, cpu float64
	var counts, sums [classes]float64
	for _, worker := range r.Gaps {
		for _, g := range worker {
			m.gaps++
			wake += g.Wake
			cpu += g.CPU
			counts[class(g.Idle)]++
			sums[class(g.Idle)] += g.Wake
		}
	}
	if m.gaps == 0 || !(r.Tasks > 0) {
		return m, errors.New("spinbudget: a launch without idle gaps: the workers never slept")
	}
	each := r.Tasks / m.gaps // tasks for each gap
	waker := (r.Sleep.CPU - r.Sleep.Workers - (r.Spin.CPU - r.Spin.Workers)) * each
	m.c = max(0, cpu/m.gaps+waker)
	// If the spinning worker saves more than the wakes take, they delay the tasks behind them
	// too.
	saved := (r.Sleep.Latency - r.Spin.Latency) * each
	m.spun, m.late = max(0, wake/m.gaps-saved), 1
	if m.spun == 0 && wake > 0 {
		m.late = saved / (wake / m.gaps)
	}
	for i := range m.wakes {
		m.wakes[i] = wake / m.gaps
		for d := range m.wakes { // the nearest class that has some
			n, sum := 0.0, 0.0
			for _, k := range []int{i - d, i + d} {
				if k >= 0 && k < len(counts) {
					n += counts[k]
					sum += sums[k]
				}
			}
			if n > 0 {
				m.wakes[i] = sum / n
				break
			}
		}
	}
	return m, nil
}

// sleep returns what the wake of a recorded gap would take if the worker slept for another
// time: what it took, and the difference of the means of sleeps of either length. So what
// made this wake slower than others stays with it, and a budget of 0 is as recorded.
func (m *model) sleep(g Gap, asleep float64) float64 {
	return max(0, g.Wake+m.wakes[class(asleep)]-m.wakes[class(g.Idle)])
}

// class returns the class of a sleep: lengths within a quarter of an octave.
func class(ns float64) int { return min(classes-1, int(perOctave*math.Log2(max(1, ns)))) }

// predict goes through all gaps with a budget; an infinite one never ends.
func (m *model) predict(budget, weight float64) (p prediction) {
	var slept float64
	for _, worker := range m.Gaps {
		sooner := 0.0 // by how much the worker begins its gap sooner than it did
		for _, g := range worker {
			gap := max(0, g.Idle+sooner)
			cpu, latency := gap, m.spun
			if gap > budget {
				slept++
				cpu, latency = budget+m.c, m.sleep(g, gap-budget)
			}
			sooner = g.Wake - latency
			p.cpu += cpu - m.c
			p.latency += m.late * (latency - g.Wake)
			p.cost += cpu + weight*m.late*latency
			p.oracle += min(gap+weight*m.late*m.spun, m.c+weight*m.late*m.sleep(g, gap))
		}
	}
	p.cpu = m.Sleep.CPU + p.cpu/m.Tasks
	p.latency = m.Sleep.Latency + p.latency/m.Tasks
	p.gaps, p.slept = m.gaps/m.Tasks, slept/m.gaps
	p.cost /= m.gaps
	p.oracle /= m.gaps
	return p
}

// Compute returns the curve for the rounds. The weight is what a ns of latency costs in ns
// of CPU time, for the regret. The seed is that of the bootstrap.
func Compute(rounds []Round, weight float64, seed uint64) (Curve, error) {
	if len(rounds) < 2 {
		return Curve{}, fmt.Errorf("spinbudget: %d rounds: want at least 2, since the spread of launches makes the band", len(rounds))
	}
	if !(weight >= 0) || math.IsInf(weight, 0) {
		return Curve{}, fmt.Errorf("spinbudget: weight %v: want a finite one that is not negative", weight)
	}
	models := make([]model, len(rounds))
	longest := 0.0
	for i, r := range rounds {
		var err error
		if models[i], err = newModel(r); err != nil {
			return Curve{}, err
		}
		for _, worker := range r.Gaps {
			for _, g := range worker {
				longest = max(longest, g.Idle)
			}
		}
	}
	b := newBootstrap(len(rounds), seed)
	curve := Curve{Weight: weight}
	curve.BreakEven = b.mean(values(models, func(m *model) float64 { return m.c }))
	curve.WakeTime = b.mean(values(models, func(m *model) float64 { return (m.Sleep.Latency - m.Spin.Latency) * m.Tasks / m.gaps }))
	curve.GapsTask = b.mean(values(models, func(m *model) float64 { return m.gaps / m.Tasks }))
	curve.Overhead = b.mean(values(models, func(m *model) float64 { return m.predict(math.Inf(1), weight).cpu/m.Spin.CPU - 1 }))
	curve.Oracle = b.mean(values(models, func(m *model) float64 { return m.predict(0, weight).oracle }))
	budgets := []time.Duration{0}
	for k := 0; ; k++ {
		d := time.Duration(float64(least) * math.Pow(2, float64(k)/perOctave))
		budgets = append(budgets, d)
		if float64(d) > longest || d > time.Second {
			break
		}
	}
	for _, c := range []float64{curve.BreakEven.Mean / 2, curve.BreakEven.Mean} {
		budgets = append(budgets, time.Duration(math.Round(c)))
	}
	slices.Sort(budgets)
	for _, d := range slices.Compact(budgets) {
		curve.Points = append(curve.Points, point(models, d, weight, b))
	}
	return curve, nil
}

func point(models []model, budget time.Duration, weight float64, b bootstrap) Point {
	all := make([]prediction, len(models))
	for i := range models {
		all[i] = models[i].predict(float64(budget), weight)
	}
	pick := func(of func(prediction) float64) Value {
		v := make([]float64, len(all))
		for i, p := range all {
			v[i] = of(p)
		}
		return b.mean(v)
	}
	return Point{
		Budget:  budget,
		CPU:     pick(func(p prediction) float64 { return p.cpu }),
		Latency: pick(func(p prediction) float64 { return p.latency }),
		Slept:   pick(func(p prediction) float64 { return p.slept }),
		Regret:  pick(func(p prediction) float64 { return p.cost/p.oracle - 1 }),
	}
}

// At returns the point of a budget that is on the curve.
func (c *Curve) At(budget time.Duration) (Point, bool) {
	i := slices.IndexFunc(c.Points, func(p Point) bool { return p.Budget == budget })
	if i < 0 {
		return Point{}, false
	}
	return c.Points[i], true
}

// Best returns the point with the least regret.
func (c *Curve) Best() Point {
	return slices.MinFunc(c.Points, func(a, b Point) int { return cmp.Compare(a.Regret.Mean, b.Regret.Mean) })
}

// Confirm returns the budgets by which the prediction is to be confirmed: the break-even,
// half of it, and where the latency falls most steeply, as the budget grows by a factor.
// Budgets that are the same appear once.
func (c *Curve) Confirm() []time.Duration {
	even := time.Duration(math.Round(c.BreakEven.Mean))
	steepest, most := time.Duration(0), math.Inf(-1)
	for i := 1; i+1 < len(c.Points); i++ {
		before, here, after := c.Points[i-1], c.Points[i], c.Points[i+1]
		if before.Budget == 0 {
			continue
		}
		fall := (before.Latency.Mean - after.Latency.Mean) / math.Log(float64(after.Budget)/float64(before.Budget))
		if fall > most {
			steepest, most = here.Budget, fall
		}
	}
	budgets := []time.Duration{max(1, even/2), max(1, even), max(1, steepest)}
	slices.Sort(budgets)
	return slices.Compact(budgets)
}

func values(models []model, of func(*model) float64) []float64 {
	v := make([]float64, len(models))
	for i := range models {
		v[i] = of(&models[i])
	}
	return v
}

// A bootstrap has samples of rounds, each as how often a round is in it. All values are
// resampled alike.
type bootstrap [][]float64

func newBootstrap(rounds int, seed uint64) bootstrap {
	rng := rand.New(rand.NewPCG(seed, 0))
	b := make(bootstrap, resamples)
	for i := range b {
		b[i] = make([]float64, rounds)
		for range rounds {
			b[i][rng.IntN(rounds)]++
		}
	}
	return b
}

// mean returns the mean of values, one for each round, with its interval.
func (b bootstrap) mean(v []float64) Value {
	n := float64(len(v))
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	means := make([]float64, len(b))
	for i, times := range b {
		for k, x := range v {
			means[i] += times[k] * x / n
		}
	}
	slices.Sort(means)
	return Value{sum / n, means[len(means)*25/1000], means[len(means)-1-len(means)*25/1000]}
}
