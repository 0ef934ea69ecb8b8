package simulation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"sync"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/simulate"
	"github.com/idlebench/idlebench/simulate/machine"
	"github.com/idlebench/idlebench/stats/validate"
)

// fitted is the constant that no probe measures and that most simulated times depend on:
// what the instructions between two operations take.
const fitted = "code"

// Fits reports whether a validation on the machine fits a constant: its file assumes it.
func Fits(m *machine.File) bool {
	c, there := m.Costs[fitted]
	return there && c.Value > 0 && m.Sources[c.Source].Kind == machine.Assumed
}

// A Fit is a copy of a machine with a constant that was fitted.
type Fit struct {
	Machine       *machine.File
	Before, After float64 // median error of the cells that may be fitted, at least 1
	Cells         int
}

// Fit fits the constant to the cells of a measured run that are not held out: it takes the
// value with which their median error is least, of those that are tried with one seed.
// File is where the machine is kept. Its error is engine.ErrInterrupted if the context
// ended.
func (s *Simulator) Fit(ctx context.Context, m *machine.File, file string, plan record.Plan, measured record.Run) (Fit, error) {
	f := fit{s: s, file: file, plan: plan, measured: measured, seen: make(map[int]float64)}
	for _, c := range plan.Cells {
		if !validate.HeldOut(c) {
			f.cells = append(f.cells, c)
		}
	}
	work := cost(Request{Cell: record.Cell{Workers: 1}})
	s.watch(engine.PhaseBegan{Phase: engine.Rounds, Work: work * fitTrials})
	defer s.watch(engine.PhaseEnded{Phase: engine.Rounds})
	trial := 0
	try := func(percent int) (float64, error) {
		e, err := f.median(ctx, percent)
		if err == nil {
			trial++
			s.watch(engine.StepDone{Phase: engine.Rounds, Work: work, Round: min(trial, fitTrials) - 1, Rounds: fitTrials})
		}
		return e, err
	}
	best, err := least(try)
	if err != nil {
		return Fit{}, err
	}
	result := Fit{Before: f.seen[0], After: f.seen[best], Cells: f.judged}
	if result.Machine, err = vary(m, simulated.Variation{Constant: fitted, Percent: best}); err != nil {
		return Fit{}, err
	}
	result.name()
	return result, nil
}

// String says what was fitted and what it brought.
func (f Fit) String() string {
	c := f.Machine.Costs[fitted]
	return fmt.Sprintf("fitted: %s is %v; the median error of %d cells that are not held out is %.1f %%, and was %.1f %%",
		fitted, simulate.Time(c.Value), f.Cells, (f.After-1)*100, (f.Before-1)*100)
}

// name says in the machine's file where the constant is from.
func (f *Fit) name() {
	const source = "fitted"
	m := f.Machine
	c := m.Costs[fitted]
	was := c.Source
	c.Source = source
	m.Costs, m.Sources = maps.Clone(m.Costs), maps.Clone(m.Sources)
	m.Costs[fitted] = c
	m.Sources[source] = machine.Source{
		Kind: machine.Measured,
		Text: fmt.Sprintf("by bench simulate -validate: fitted to %d cells that are not held out. Their median error is %.1f %%; with the value before it was %.1f %%",
			f.Cells, (f.After-1)*100, (f.Before-1)*100),
	}
	for _, other := range m.Costs {
		if other.Source == was {
			return
		}
	}
	delete(m.Sources, was) // a source of nothing is a mistake
}

// fit is what a search has found so far.
type fit struct {
	s        *Simulator
	file     string
	plan     record.Plan
	measured record.Run
	cells    []record.Cell // not held out
	seen     map[int]float64
	judged   int
}

// median returns the median error with the constant varied by some percent.
func (f *fit) median(ctx context.Context, percent int) (float64, error) {
	if e, ok := f.seen[percent]; ok {
		return e, nil
	}
	launches := make([]record.Launch, len(f.cells))
	errs := make([]error, len(f.cells))
	next := make(chan int)
	var processes sync.WaitGroup
	for range max(1, f.s.Processes) {
		processes.Go(func() {
			for i := range next {
				launches[i], errs[i] = f.launch(ctx, f.cells[i], percent)
			}
		})
	}
	for i := range f.cells {
		next <- i
	}
	close(next)
	processes.Wait()
	if ctx.Err() != nil {
		return 0, engine.ErrInterrupted
	}
	model := record.Run{}
	model.Config = []record.Pair{{Key: record.SimulatedKey, Value: "this machine"}}
	model.Plan = record.Plan{Cells: f.cells, Rounds: 1}
	var failed error
	for i, l := range launches {
		if errs[i] != nil {
			failed = errs[i] // other cells may do
			continue
		}
		model.Recorded = append(model.Recorded, l)
	}
	half, err := validate.Errors(f.measured, model)
	if err != nil {
		return 0, errors.Join(err, failed)
	}
	f.seen[percent], f.judged = half.Median, half.Cells
	return half.Median, nil
}

func (f *fit) launch(ctx context.Context, c record.Cell, percent int) (record.Launch, error) {
	r := Request{Cell: c, Seed: f.plan.Seed, Machine: f.file, Warmup: f.plan.Warmup, Time: f.plan.Time}
	if percent != 0 {
		r.Cell = simulated.Variation{Constant: fitted, Percent: percent}.With(c)
	}
	result, err := r.exec(ctx, f.s.Program.Path)
	result.Launch.Cell = c
	return result.Launch, err
}

// What is tried: factors from a third to twenty times in even steps, and then some on both
// sides of the best. The figure that it begins with is that of another machine, but it is
// not off by more.
const (
	fitLeast, fitMost = 0.3, 20.0
	fitSteps          = 9
	fitHalvings       = 3
	fitTrials         = 1 + fitSteps + 2*fitHalvings
)

// least returns the percentage by which the function is least, of those that are tried.
func least(median func(percent int) (float64, error)) (best int, err error) {
	percent := func(factor float64) int { return int(math.Round((factor - 1) * 100)) }
	at, lowest := 1.0, 0.0
	if lowest, err = median(0); err != nil {
		return 0, err
	}
	try := func(factor float64) error {
		e, err := median(percent(factor))
		if err == nil && e < lowest {
			at, lowest = factor, e
		}
		return err
	}
	step := math.Pow(fitMost/fitLeast, 1/float64(fitSteps-1))
	for i := range fitSteps {
		if err := try(fitLeast * math.Pow(step, float64(i))); err != nil {
			return 0, err
		}
	}
	for range fitHalvings {
		step = math.Sqrt(step)
		from := at
		for _, factor := range []float64{from / step, from * step} {
			if err := try(factor); err != nil {
				return 0, err
			}
		}
	}
	return percent(at), nil
}
