package spin

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/loadgen/gaps"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/spinbudget"
)

// Tolerance is the error of a prediction that the method claims, as a share.
const Tolerance = 0.10

// MinRounds is the number of rounds below which there is no curve.
const MinRounds = 4

// A Setup says what is measured.
type Setup struct {
	Cell    record.Cell    // its parker has no effect
	Request launch.Request // without what differs between launches
	Rounds  int
	Weight  float64 // what a ns of latency costs, in ns of CPU time
	Seed    uint64

	// Anyway uses launches that were disturbed, too. The result says so.
	Anyway bool

	// Measure carries out a launch.
	Measure func(context.Context, launch.Request) (record.Launch, error)

	// Done, if not nil, is called after each launch, with how many there are in all.
	Done func(launches, of int)
}

// A Result is what was found. It is what is written as JSON.
type Result struct {
	Cell      record.Cell      `json:"cell"`
	Rounds    int              `json:"rounds"` // that count
	Asked     int              `json:"rounds_asked"`
	Disturbed int              `json:"disturbed"` // launches that were used although they were
	Lost      int              `json:"gaps_lost"` // gaps for which there was no room
	Saturated bool             `json:"saturated"` // some launch did not sustain the load
	Curve     spinbudget.Curve `json:"curve"`
	Confirmed []Confirmation   `json:"confirmed"`
}

// A Confirmation is a budget that was measured.
type Confirmation struct {
	Predicted spinbudget.Point `json:"predicted"`
	CPU       float64          `json:"cpu_ns"`     // measured, for each task
	Latency   float64          `json:"latency_ns"` // measured, mean
	Rounds    int              `json:"rounds"`
}

// CPUError and LatencyError are the errors of the prediction, as shares.
func (c Confirmation) CPUError() float64     { return c.Predicted.CPU.Mean/c.CPU - 1 }
func (c Confirmation) LatencyError() float64 { return c.Predicted.Latency.Mean/c.Latency - 1 }

// Parker returns the name of the parker with a budget.
func Parker(budget time.Duration) string {
	return "spin-futex-" + strings.ReplaceAll(budget.String(), "µ", "u")
}

const (
	sleeps = "futex"
	spins  = "spin"
)

// attempts is how often a launch is tried until it is not disturbed.
const attempts = 3

// launches of a round: three for the curve, and for each budget.
const launchesOf = 3 + 3

// Run measures everything. An error says what could not be done.
func Run(ctx context.Context, s Setup) (Result, error) {
	dir, err := os.MkdirTemp("", "idlebench-gaps")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(dir)
	r := runner{Setup: s, file: filepath.Join(dir, "gaps.json"), rng: rand.New(rand.NewPCG(s.Seed, 1))}
	r.result.Cell, r.result.Asked = s.Cell, s.Rounds
	r.result.Cell.Park = sleeps
	var rounds []spinbudget.Round
	var numbers []int // of the rounds that count
	for round := range s.Rounds {
		measured, ok, err := r.round(ctx, round)
		if err != nil {
			return Result{}, err
		}
		if ok {
			rounds, numbers = append(rounds, measured), append(numbers, round)
		}
	}
	if r.result.Rounds = len(rounds); len(rounds) < MinRounds {
		return Result{}, fmt.Errorf("%d of %d rounds count, and it takes %d: the launches of the others were disturbed; "+
			"\"bench doctor\" shows by what", len(rounds), s.Rounds, MinRounds)
	}
	if r.result.Curve, err = spinbudget.Compute(rounds, s.Weight, s.Seed); err != nil {
		return Result{}, err
	}
	return r.result, r.confirm(ctx, numbers)
}

// A runner carries out a Setup.
type runner struct {
	Setup
	file   string // for gaps
	rng    *rand.Rand
	done   int
	result Result
}

// round measures the three launches of a round. It reports false if one of them was
// disturbed each time.
func (r *runner) round(ctx context.Context, round int) (m spinbudget.Round, ok bool, err error) {
	ok = true
	for _, i := range r.rng.Perm(3) {
		kind := []string{sleeps, sleeps, spins}[i]
		file := ""
		if i == 0 {
			file = r.file
		}
		l, valid, err := r.launch(ctx, round, kind, file)
		if err != nil {
			return m, false, err
		}
		ok = ok && valid
		if !valid {
			continue
		}
		switch i {
		case 0:
			m.Tasks = float64(l.N) * value(l, "tasks/op")
			m.Gaps, err = r.gaps()
		case 1:
			m.Sleep, err = end(l)
		case 2:
			m.Spin, err = end(l)
		}
		if err != nil {
			return m, false, err
		}
	}
	return m, ok, nil
}

// gaps reads what the launch before has recorded.
func (r *runner) gaps() (workers [][]spinbudget.Gap, err error) {
	data, err := os.ReadFile(r.file)
	if err != nil {
		return nil, err
	}
	var f launch.Gaps
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("gaps of a launch: %w", err)
	}
	r.result.Lost += f.Lost
	for _, worker := range f.Workers {
		workers = append(workers, convert(worker))
	}
	return workers, nil
}

func convert(worker []gaps.Gap) []spinbudget.Gap {
	all := make([]spinbudget.Gap, len(worker))
	for i, g := range worker {
		all[i] = spinbudget.Gap{Idle: float64(g.Idle), Wake: float64(g.Wake), CPU: float64(g.CPU)}
	}
	return all
}

// launch measures the cell with a parker once, and reports whether it was valid.
func (r *runner) launch(ctx context.Context, round int, kind, file string) (l record.Launch, valid bool, err error) {
	request := r.Request
	request.Cell, request.Round, request.Seed, request.Gaps = r.Cell, round, r.Seed+uint64(round), file
	request.Cell.Park = kind
	for n := 0; n < attempts && !valid; n++ {
		if l, err = r.Measure(ctx, request); err != nil {
			return l, false, fmt.Errorf("%s: %w", request.Cell.Name(), err)
		}
		valid = len(l.Invalid) == 0
		if r.Anyway {
			break
		}
	}
	if !valid && r.Anyway {
		r.result.Disturbed++
		valid = true
	}
	r.result.Saturated = r.result.Saturated || l.Saturated()
	if r.done++; r.Done != nil {
		r.Done(r.done, r.Rounds*launchesOf)
	}
	return l, valid, nil
}

// confirm measures the budgets that confirm the curve, in the rounds that count.
func (r *runner) confirm(ctx context.Context, rounds []int) error {
	budgets := r.result.Curve.Confirm()
	sums := make([]spinbudget.End, len(budgets))
	counts := make([]int, len(budgets))
	for _, round := range rounds {
		for _, i := range r.rng.Perm(len(budgets)) {
			l, valid, err := r.launch(ctx, round, Parker(budgets[i]), "")
			if err != nil {
				return err
			}
			if !valid {
				continue
			}
			e, err := end(l)
			if err != nil {
				return err
			}
			sums[i].CPU += e.CPU
			sums[i].Latency += e.Latency
			counts[i]++
		}
	}
	for i, budget := range budgets {
		p, ok := r.result.Curve.At(budget)
		if !ok || counts[i] == 0 {
			continue // it was disturbed each time; the text says that it lacks
		}
		n := float64(counts[i])
		r.result.Confirmed = append(r.result.Confirmed, Confirmation{p, sums[i].CPU / n, sums[i].Latency / n, counts[i]})
	}
	return nil
}

// end returns what a launch says of an end of the curve.
func end(l record.Launch) (e spinbudget.End, err error) {
	e.CPU, e.Workers = value(l, "cost-ns/task"), value(l, "worker-cpu-ns/task")
	if e.Workers == 0 || l.Latency == nil {
		return e, fmt.Errorf("%s: no CPU time of the workers, or no latency: a curve needs both", l.Cell.Name())
	}
	e.Latency = l.Latency.Mean()
	return e, nil
}

// value returns a metric of a launch, 0 if it has none.
func value(l record.Launch, unit string) float64 {
	for _, m := range l.Metrics {
		if m.Unit == unit {
			return m.Value
		}
	}
	return 0
}
