package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/bench/simulation"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/stats/validate"
)

// What the folder of a validation has besides the file of the machine.
const (
	measuredDir    = "measured"  // a result folder
	simulatedDir   = "simulated" // another
	judgementText  = "validation.txt"
	judgementJSON  = "validation.json"
	measureCommand = "run" // which resumes the measured part alone, too
)

// A validation is what -validate adds to a simulation: the same cells, measured.
type validation struct {
	on     bool
	rounds int
	cpus   cpu.Set // nil for all
	use    cpu.Set
	plan   record.Plan // of what is measured
}

// errValidation is the error of a validation that is complete and misses a target.
var errValidation = errors.New("the simulation misses a target, or has nothing to decide one by")

// planValidation completes the plan of both parts.
func (a app) planValidation(p *simulatePlan, s simulation.Selection, given map[string]bool) (err error) {
	v := &p.validation
	if p.vary != 0 {
		return command.Usagef("simulate: -vary with -validate: want one of them")
	}
	if v.use, err = engine.Usable(v.cpus); err != nil {
		return command.Usage(err)
	}
	if p.Machine != nil && p.Machine.CPUs() != len(v.use) {
		return command.Usagef("simulate: -machine %s has %s, and what is measured uses %d: want the file that \"%s calibrate\" wrote for these CPUs, or no -machine",
			p.Machine.Name, plural(p.Machine.CPUs(), "CPU"), len(v.use), again())
	}
	cells, err := simulation.ValidationCells(a.catalog, len(v.use), s)
	if err != nil {
		return command.Usagef("simulate: %w", err)
	}
	if err := engine.CheckSize(len(cells), v.rounds); err != nil {
		return command.Usagef("simulate: -count: %w", err)
	}
	p.Plan.Cells = cells
	if !given["warmup"] {
		p.Plan.Warmup = simulation.Validation.Warmup
	}
	if !given["time"] {
		p.Plan.Time = simulation.Validation.Time
	}
	throttled := v.plan.Throttled
	v.plan = record.Plan{
		Cells: cells, Rounds: v.rounds, Order: order.Cells(cells, v.rounds, p.Plan.Seed), Seed: p.Plan.Seed,
		Warmup: engine.Normal.Warmup, Time: engine.Normal.Time, Throttled: throttled,
	}
	if v.cpus != nil {
		v.plan.CPUs = v.cpus.String()
	}
	engine.Slice(a.catalog, &v.plan, order.Groups(cells))
	return nil
}

// describeValidation says how large a validation would be.
func (a app) describeValidation(p simulatePlan) {
	held := 0
	for _, c := range p.Plan.Cells {
		if validate.HeldOut(c) {
			held++
		}
	}
	n := len(p.Plan.Cells)
	fmt.Fprintf(a.stdout, "%d cells, %d of them held out: %d launches are measured, in %s, and %d simulated\n",
		n, held, n*p.validation.rounds, duration(p.validation.plan), n*p.Plan.Rounds)
}

// The parts of a validation that are not over; nil for one that is.
type validationParts struct {
	measured  *engine.Session
	simulated *simulation.Session
}

// validate carries out a validation, or the rest of one, and judges it.
func (a app) validate(ctx context.Context, p simulatePlan) error {
	s, err := a.simulator(p)
	if err != nil {
		return err
	}
	e, err := a.engine()
	if err != nil {
		return err
	}
	folder := p.resume
	var parts validationParts
	if p.resume != "" {
		parts, err = a.resumeValidation(e, s, folder)
	} else {
		folder = p.Folder
		parts, err = a.beginValidation(ctx, e, s, p)
	}
	if err != nil {
		return err
	}
	failed, err := a.carryOutValidation(ctx, e, s, folder, parts)
	if stopped := (*engine.StoppedError)(nil); errors.As(err, &stopped) {
		stopped.Command, stopped.Folder = simulation.RunCommand, folder
	}
	if err != nil {
		return stopText(err)
	}
	return errors.Join(failed, a.judgeValidation(folder))
}

// beginValidation makes the folder with both parts, so that an interrupted validation has
// all of its plan.
func (a app) beginValidation(ctx context.Context, e *engine.Engine, s *simulation.Simulator, p simulatePlan) (parts validationParts, err error) {
	if _, err := os.Lstat(p.Folder); !errors.Is(err, fs.ErrNotExist) {
		return parts, command.Usagef("simulate: %s exists; name another folder with -o", p.Folder)
	}
	measured := engine.Setup{
		Command: measureCommand, Args: p.Args, Folder: filepath.Join(p.Folder, measuredDir), Plan: p.validation.plan,
	}
	if engine.Estimate(measured.Plan) >= worthALook {
		fmt.Fprintf(a.stderr, "measuring will take %s, and simulating some minutes; looking at the machine first …\n", duration(measured.Plan))
		look, err := e.Look(ctx, measured)
		if err != nil {
			return parts, notBegun("simulate", err)
		}
		if look.Noisy() {
			a.note("%s", noisy(look.Counts))
		}
	}
	if p.Machine == nil {
		if p.Machine, err = a.calibrated(ctx, p.validation.use); err != nil {
			return parts, err
		}
	}
	if err := os.MkdirAll(p.Folder, 0o777); err != nil {
		return parts, err
	}
	defer func() {
		if err != nil { // nothing was measured
			err = errors.Join(err, os.RemoveAll(p.Folder))
		}
	}()
	file := filepath.Join(p.Folder, simulated.MachineFile)
	if err := replace.Durable(file, p.Machine.Format()); err != nil {
		return parts, err
	}
	set := p.Setup
	set.Folder = filepath.Join(p.Folder, simulatedDir)
	if parts.simulated, err = s.Begin(set); err != nil {
		return parts, notBegun("simulate", err)
	}
	if parts.measured, err = e.Begin(measured); err != nil {
		return parts, errors.Join(notBegun("simulate", err), parts.simulated.Leave())
	}
	fmt.Fprintf(a.stderr, "machine: %s\n", file)
	return parts, nil
}

// isValidation reports whether a folder is that of a validation.
func isValidation(folder string) bool {
	for _, part := range []string{measuredDir, simulatedDir} {
		if _, err := os.Stat(filepath.Join(folder, part, record.ManifestFile)); err != nil {
			return false
		}
	}
	return true
}

// resumeValidation returns what is left of a validation.
func (a app) resumeValidation(e *engine.Engine, s *simulation.Simulator, folder string) (parts validationParts, err error) {
	sub := filepath.Join(folder, simulatedDir)
	var finished *engine.FinishedError
	if parts.simulated, err = s.Resume(sub); errors.As(err, &finished) {
		fmt.Fprintf(a.stdout, "%s is %s, with %d launches: nothing is left to simulate.\n", sub, finished.State, finished.Launches)
	} else if err != nil {
		return parts, notResumed(sub, err)
	} else {
		for _, d := range parts.simulated.Dropped {
			fmt.Fprintf(a.stderr, "bench: %v\n", d)
		}
		fmt.Fprintf(a.stderr, "%d launches are in %s already\n", parts.simulated.Counts().Launches, sub)
	}
	sub = filepath.Join(folder, measuredDir)
	parts.measured, err = e.Resume(measureCommand, sub)
	parts.measured, err = a.resumed(sub, parts.measured, err)
	if err != nil && parts.simulated != nil {
		err = errors.Join(err, parts.simulated.Leave())
	}
	return parts, err
}

// carryOutValidation measures what is left, fits what the machine's file assumes, and then
// simulates. The first error is that of
// launches that failed, which leave enough to judge; the other one ends the work.
func (a app) carryOutValidation(ctx context.Context, e *engine.Engine, simulator *simulation.Simulator, folder string, parts validationParts) (failed, err error) {
	if s := parts.measured; s != nil {
		warnings := a.grave(e, s)
		a.banner(warnings)
		defer a.banner(warnings)
		fmt.Fprintf(a.stderr, "measuring %s in %s rounds, into %s\n", plural(len(s.Plan.Cells), "cell"), s.Plan.RoundsText(), s.Folder)
		if _, err := s.Measure(ctx); err != nil {
			if parts.simulated != nil {
				err = errors.Join(err, parts.simulated.Leave())
			}
			return nil, err
		}
		a.showCounts(s.Counts(), "")
		failed = failure(s.Counts(), s.Folder)
	}
	if s := parts.simulated; s != nil {
		if s, err = a.fitted(ctx, simulator, folder, s); err != nil {
			return failed, err
		}
		fmt.Fprintf(a.stderr, "simulating %s with %s, into %s\n", plural(len(s.Plan.Cells), "cell"), plural(s.Plan.Rounds, "seed"), s.Folder)
		if _, err := s.Simulate(ctx); err != nil {
			return failed, err
		}
		failed = errors.Join(failed, failure(s.Counts(), s.Folder))
	}
	return failed, nil
}

// fitted fits the constant that the machine's file assumes to what was measured, if nothing
// has been simulated yet, and returns a session on that machine.
func (a app) fitted(ctx context.Context, s *simulation.Simulator, folder string, se *simulation.Session) (*simulation.Session, error) {
	m, err := simulation.Machine(folder)
	if err != nil || !simulation.Fits(m) || se.Counts().Launches > 0 {
		return se, err
	}
	measured, err := record.Read(filepath.Join(folder, measuredDir))
	if err != nil {
		return nil, errors.Join(err, se.Leave())
	}
	fmt.Fprintf(a.stderr, "fitting what the machine's file assumes to the cells that are not held out\n")
	fit, err := s.Fit(ctx, m, filepath.Join(folder, simulated.MachineFile), se.Plan, measured)
	if errors.Is(err, validate.ErrNothing) {
		a.note("nothing is fitted: %v", err)
		return se, nil
	}
	if errors.Is(err, engine.ErrInterrupted) {
		err = &engine.StoppedError{Reason: engine.Interrupted, Err: err}
	}
	if err != nil {
		return nil, errors.Join(err, se.Leave())
	}
	// The folder of the simulation is made anew, on the other machine; should it end between
	// the two steps, the machine is fitted once more.
	set := simulation.Setup{Args: se.Args, Folder: se.Folder, Machine: fit.Machine, Plan: se.Plan}
	if err := errors.Join(se.Leave(), os.RemoveAll(set.Folder)); err != nil {
		return nil, err
	}
	again, err := s.Begin(set)
	if err != nil {
		return nil, err
	}
	if err := replace.Durable(filepath.Join(folder, simulated.MachineFile), fit.Machine.Format()); err != nil {
		return nil, errors.Join(err, again.Leave())
	}
	fmt.Fprintf(a.stdout, "%s\n", fit)
	return again, nil
}

// judgeValidation judges what is in the folder, and writes the judgement there. A target
// that is missed is an error.
func (a app) judgeValidation(folder string) error {
	measured, err := record.Read(filepath.Join(folder, measuredDir))
	if err != nil {
		return err
	}
	model, err := record.Read(filepath.Join(folder, simulatedDir))
	if err != nil {
		return err
	}
	j, err := validate.Judge(measured, model)
	if err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	var text strings.Builder
	if err := j.WriteText(&text); err != nil {
		return err
	}
	data, err := json.MarshalIndent(j, "", " ")
	if err != nil {
		return err
	}
	if err := errors.Join(
		replace.File(filepath.Join(folder, judgementText), []byte(text.String())),
		replace.File(filepath.Join(folder, judgementJSON), append(data, '\n')),
	); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s\nValidation: %s, %s\n", &text, filepath.Join(folder, judgementText), judgementJSON)
	if !j.Met() {
		return errValidation
	}
	return nil
}
