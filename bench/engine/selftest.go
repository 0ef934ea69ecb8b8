package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/selftest"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/stats/family"
)

// The time that a self-test takes at most. On a machine where launches take long it
// has fewer rounds, down to leastBlock for each comparison: with fewer nothing is
// significant in families as large as these.
const (
	selftestTime      = 7 * time.Minute
	quickSelftestTime = 110 * time.Second
	leastBlock        = 10
)

// MaxSelftestRounds bounds the rounds of a comparison: half a self-test is six blocks of
// them, which are judged as one run.
const MaxSelftestRounds = MaxRounds / 6

// PilotLaunches is how many pilot launches of a row determine its delays.
const PilotLaunches = 8

// A Pilot is what the launches before a designed run found.
type Pilot struct {
	Launches, Invalid int
	Duration          time.Duration // that the run will take, about
}

// A Selftest is a self-test that was begun or resumed.
type Selftest struct {
	Design  selftest.Design
	Pilot   Pilot    // zero if it was resumed
	Session *Session // nil if nothing is left to measure
}

// BeginSelftest runs the pilot of a self-test, completes its design and the plan of the
// setup accordingly, and creates the folder. With rounds = 0 a comparison has as many
// rounds as there is time for.
func (e *Engine) BeginSelftest(ctx context.Context, s Setup, d selftest.Design, rounds int) (Selftest, error) {
	s.Plan.Cells = d.Cells() // those of the pilot, without the delays
	request, err := e.pilotRequest(s.Plan)
	if err != nil {
		return Selftest{}, err
	}
	cost, pilot, err := e.pilot(ctx, s.Command, &d, request)
	if err != nil {
		return Selftest{}, err
	}
	s.Plan.Cells = d.Cells()
	Slice(e.Catalog, &s.Plan, d.Groups())
	cost += time.Duration(s.Plan.Slices) * s.Plan.Lead
	duration := func() time.Duration { return cost * time.Duration(d.Launches()) }
	limit := selftestTime
	if d.Quick {
		limit = quickSelftestTime
	}
	if rounds > 0 {
		d.Block = rounds
	} else {
		for d.Block > leastBlock && duration() > limit {
			d.Block--
		}
	}
	pilot.Duration = duration()
	s.Plan.Rounds = d.Rounds()
	s.Plan.Order = d.Order(s.Plan.Seed)
	session, err := e.Begin(s)
	if err != nil {
		return Selftest{}, err
	}
	if err := selftest.Write(s.Folder, d, nil); err != nil {
		return Selftest{}, session.abandon(err)
	}
	return Selftest{d, pilot, session}, nil
}

// ResumeSelftest resumes the self-test in a folder. If it is finished it returns the
// design with a *FinishedError: the evidence can still be made.
func (e *Engine) ResumeSelftest(command, folder string) (Selftest, error) {
	f, err := selftest.Read(folder)
	if err != nil {
		return Selftest{}, err
	}
	session, err := e.Resume(command, folder)
	return Selftest{Design: f.Design, Session: session}, err
}

// SelftestEvidence evaluates a self-test and writes the evidence into its folder. The
// text is for people; it is returned even if it could not be written.
func (e *Engine) SelftestEvidence(d selftest.Design, folder string) (found selftest.Evidence, text string, err error) {
	run, err := record.Read(folder)
	if err != nil {
		return found, "", err
	}
	d.Default = e.byDefault(run.Plan)
	if found, err = selftest.Evaluate(d, run); err != nil {
		return found, "", fmt.Errorf("%s: %w", folder, err)
	}
	text = found.Text(d, folder) + "\n" + found.Advice(d)
	return found, text, errors.Join(selftest.Write(folder, d, &found), evidence.Selftest.WriteText(folder, text))
}

// pilotRequest returns what the launches of a pilot have in common. It refuses a quota
// that is too small for the cells of the plan.
func (e *Engine) pilotRequest(p record.Plan) (launch.Request, error) {
	use, err := planCPUs(p)
	if err != nil {
		return launch.Request{}, err
	}
	if err := e.checkQuota(use, p); err != nil {
		return launch.Request{}, err
	}
	return requestOf(p, e.Program)
}

// pilotLaunch measures a cell for a pilot, which an error ends.
func pilotLaunch(ctx context.Context, command string, r launch.Request) (record.Launch, error) {
	l, err := r.Exec(ctx)
	switch {
	case ctx.Err() != nil || launch.Signalled(err):
		return l, &StoppedError{Reason: Interrupted, Command: command, Err: ErrInterrupted}
	case err != nil:
		return l, fmt.Errorf("pilot: %s: %w", r.Cell.Name(), err)
	}
	return l, nil
}

// pilot measures the p50 of the rows that get delays, and makes these. It returns how
// long a launch takes, including the repeats to be expected.
func (e *Engine) pilot(ctx context.Context, command string, d *selftest.Design, r launch.Request) (cost time.Duration, p Pilot, err error) {
	values := make([][]float64, len(d.Rows))
	var counts Counts
	start := time.Now()
	for r.Round = range PilotLaunches {
		for i, row := range d.Rows {
			if !row.Delayed {
				continue
			}
			r.Cell, r.Seed = row.Cell, uint64(r.Round)
			l, err := pilotLaunch(ctx, command, r)
			if err != nil {
				return 0, p, err
			}
			at := slices.IndexFunc(l.Metrics, func(m record.Metric) bool { return m.Unit == row.Unit })
			if at < 0 {
				return 0, p, fmt.Errorf("pilot: %s: no %s was measured", row.Cell.Name(), row.Unit)
			}
			values[i] = append(values[i], l.Metrics[at].Value)
			counts.add(l)
		}
	}
	cost = time.Since(start) / time.Duration(counts.Launches)
	cost += cost * time.Duration(min(counts.Invalid, counts.Launches/repeatShare)) / time.Duration(counts.Launches)
	for i := range d.Rows {
		if row := &d.Rows[i]; row.Delayed {
			row.Inject(values[i])
		}
	}
	d.Plant()
	return cost, Pilot{Launches: counts.Launches, Invalid: counts.Invalid}, nil
}

// byDefault returns what a run without flags measures on the CPUs of a plan, and what a
// report judges of it; nil if the plan is of another machine.
func (e *Engine) byDefault(p record.Plan) *selftest.Default {
	use, err := planCPUs(p)
	if err != nil {
		return nil
	}
	cells, err := matrix.Cells(e.Catalog, matrix.Selection{CPUs: len(use)})
	if err != nil {
		return nil
	}
	plan := record.Plan{Cells: cells}
	primary, _ := e.workloads(plan)
	d := selftest.Default{Rounds: Normal.Rounds, Time: Normal.Time}
	for _, f := range planned(plan, primary) {
		if f.Column != family.ImplKey {
			continue // the self-test compares implementations
		}
		d.Comparisons = f.Comparisons
		for _, c := range f.comparisons {
			cell, _ := record.ParseName(c.New.Name) // it is a cell's
			if row := selftest.RowName(cell); c.Judged && !slices.Contains(d.Rows, row) {
				d.Rows = append(d.Rows, row)
			}
		}
	}
	return &d
}
