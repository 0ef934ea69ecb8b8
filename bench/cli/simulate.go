package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/simulation"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/simulate/machine"
)

const simulateText = `usage: bench simulate -machine NAME [flags]

Runs cells on a simulated machine, and writes a folder of results like "bench run". The
idle managers, the host and the workloads are the same source; what their operations
cost is computed from a model of the machine: cache lines, wakes, idle states. So it
takes two CPUs to see what happens on two hundred. docs/simulation.md says what may be
concluded from that, and what may not: absolute times may not.

The machine is one of %s,
or a file by its path (./machine.toml). Threads are on the CPUs on which "bench run" would
pin them there. With as many workers as CPUs, the thread that submits shares one.

The same command gives the same results, on any computer: a launch depends on its seed
and not on its surroundings. Seeds take the place of repeated launches, -seeds is their
number. -vary 50%% also simulates all cells on machines with each constant 50 %% lower
and 50 %% higher, which shows which results rest on which constant. That is some forty
times as much.

-validate shows how far the simulation is from this computer: it calibrates it (or takes
the file of -machine), measures a choice of cells as "bench run" does, simulates the
same, and compares: the error of each cell, whether two that differ are in the right
order, wakes/task. Half of the cells are held out; to the others it fits what the code
between two operations takes, if the machine's file assumes that. The folder has machine.toml, the result folders measured and simulated, and the judgement as
validation.txt and .json. -resume goes on with an interrupted one, and judges a complete
one again. Targets that are missed make the exit status 1. docs/validation.md has more.

The results say that they were simulated, and are not compared with measured ones.
simulated/*.trace.json can be opened in ui.perfetto.dev. An interrupted run keeps what
was simulated, and -resume simulates the rest.

It starts a program for each launch: the file simulate in the folder of this one, which
"make bin/simulate" builds from the same source with -tags simulate; or that of
-program. Lists are separated by commas.

  bench simulate -machine epyc-milan
  bench simulate -machine epyc-milan -workload skynet -param depth=4 -workers 2,8,63
  bench simulate -validate -o results/validation
  bench simulate -resume results/20261123-081500

Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`

// A simulatePlan is what the command line asks for.
type simulatePlan struct {
	simulation.Setup
	program string // that simulates
	resume  string // the folder of a run to resume; nothing else is set then
	vary    int    // percent, or 0
	leftOut []string
	only    bool // print the size of the plan, simulate nothing
	procs   int

	validation validation
}

func (a app) simulate(ctx context.Context, args []string) error {
	p, err := a.planSimulation(args)
	if err != nil {
		return err
	}
	for _, l := range p.leftOut {
		a.note("%s", l)
	}
	if p.only && p.validation.on {
		a.describeValidation(p)
		return nil
	}
	if p.only {
		varied := 0
		if p.vary > 0 {
			varied = len(simulation.Varied(p.Machine, p.Plan.Cells, p.vary)) * p.variedSeeds()
		}
		fmt.Fprintf(a.stdout, "%d cells with %d seeds: %d launches, and %d on varied machines\n",
			len(p.Plan.Cells), p.Plan.Rounds, len(p.Plan.Cells)*p.Plan.Rounds, varied)
		return nil
	}
	if p.validation.on || p.resume != "" && isValidation(p.resume) {
		return a.validate(ctx, p)
	}
	s, err := a.simulator(p)
	if err != nil {
		return err
	}
	folder, err := a.simulateAll(ctx, s, p)
	err = stopText(err)
	if folder == "" {
		return err // nothing was begun
	}
	page := a.report(reporter(), folder)
	switch {
	case err == nil:
		return page
	case page != nil:
		fmt.Fprintf(a.stderr, "bench: %v\n", page)
	}
	return err
}

// simulateAll carries out a run and then its varied cells, and returns the folder, "" if
// there is none.
func (a app) simulateAll(ctx context.Context, s *simulation.Simulator, p simulatePlan) (folder string, err error) {
	if p.resume != "" {
		if err := a.resumeSimulation(ctx, s, p.resume); err != nil && !command.IsUsage(err) {
			return p.resume, err
		} else if err != nil {
			return "", err
		}
		return p.resume, nil
	}
	se, err := s.Begin(p.Setup)
	if err != nil {
		return "", notBegun("simulate", err)
	}
	var varied *simulation.Session
	if p.vary > 0 {
		// Both folders are there from the beginning, so that an interrupted run has all of its plan.
		set := p.Setup
		set.Folder = simulation.VariedFolder(p.Folder)
		set.Plan = simulation.NewPlan(simulation.Varied(p.Machine, p.Plan.Cells, p.vary), p.variedSeeds(), p.Plan.Seed, p.Plan.Warmup, p.Plan.Time)
		if varied, err = s.Begin(set); err != nil {
			return "", notBegun("simulate", err)
		}
	}
	err = a.carryOutSimulation(ctx, se, p.Folder)
	var stopped *engine.StoppedError
	switch {
	case varied == nil:
		return p.Folder, err
	case errors.As(err, &stopped):
		return p.Folder, errors.Join(err, varied.Leave())
	}
	return p.Folder, errors.Join(err, a.carryOutSimulation(ctx, varied, p.Folder))
}

// resumeSimulation carries out what is left of a run and of its varied cells.
func (a app) resumeSimulation(ctx context.Context, s *simulation.Simulator, folder string) error {
	for _, f := range []string{folder, simulation.VariedFolder(folder)} {
		if _, err := os.Stat(f); f != folder && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		se, err := s.Resume(f)
		var finished *engine.FinishedError
		switch {
		case errors.As(err, &finished):
			fmt.Fprintf(a.stdout, "%s is %s, with %d launches: nothing is left to simulate.\n", f, finished.State, finished.Launches)
			continue
		case err != nil:
			return notResumed(f, err)
		}
		for _, d := range se.Dropped {
			fmt.Fprintf(a.stderr, "bench: %v\n", d)
		}
		fmt.Fprintf(a.stderr, "%d launches are in %s already\n", se.Counts().Launches, f)
		if err := a.carryOutSimulation(ctx, se, folder); err != nil {
			return err
		}
	}
	return nil
}

// carryOutSimulation simulates what is left of a session and says where the results are.
// The folder is that of the run, with which it is resumed.
func (a app) carryOutSimulation(ctx context.Context, se *simulation.Session, folder string) error {
	fmt.Fprintf(a.stderr, "cells: %d, seeds: %d, into %s\n", len(se.Plan.Cells), se.Plan.Rounds, se.Folder)
	state, err := se.Simulate(ctx)
	partial := ""
	if state.Partial() {
		partial = " (partial)"
	}
	fmt.Fprintf(a.stdout, "Simulated results: %s%s\n", se.Folder, partial)
	if stopped := (*engine.StoppedError)(nil); errors.As(err, &stopped) {
		stopped.Folder = folder
	}
	if err != nil {
		return err
	}
	return failure(se.Counts(), se.Folder)
}

// simulator returns what carries out runs.
func (a app) simulator(p simulatePlan) (*simulation.Simulator, error) {
	program, err := simulateProgram(p.program)
	if err != nil {
		return nil, err
	}
	return &simulation.Simulator{
		Catalog: a.catalog, System: environ.Host(), Program: program, Processes: p.procs, Observe: a.watch(),
	}, nil
}

// simulateProgram returns the program that simulates: the named one, or the one in the
// folder of this program.
func simulateProgram(named string) (*engine.Program, error) {
	path := named
	if path == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		if path, err = exec.LookPath(filepath.Join(filepath.Dir(self), "simulate")); err != nil {
			main := "."
			if info, ok := debug.ReadBuildInfo(); ok && info.Path != "" {
				main = info.Path
			}
			return nil, command.Usagef("simulate: there is no program simulate in %s: build it with \"go build -tags simulate -o %s %s\", or name it with -program",
				filepath.Dir(self), filepath.Join(filepath.Dir(self), "simulate"), main)
		}
	}
	p, err := engine.OpenProgram(path)
	if err != nil {
		return nil, command.Usagef("simulate: -program: %w", err)
	}
	return p, nil
}

// variedSeeds is how many seeds the varied cells have. Each is compared with its cell by
// the seed, so few are enough.
func (p simulatePlan) variedSeeds() int { return min(p.Plan.Rounds, 2) }

// planSimulation reads the command line.
func (a app) planSimulation(args []string) (p simulatePlan, err error) {
	p.Args = append([]string{simulation.RunCommand}, args...)
	var s simulation.Selection
	var name string
	var workers []string
	var seeds int
	var seed uint64
	v := &p.validation
	flags := flag.NewFlagSet("bench simulate", flag.ContinueOnError)
	flags.StringVar(&name, "machine", "", "`name` of the machine, or path of its file")
	list(flags, &s.Impls, "impl", "`implementations` to simulate; \"all\" is all (default: some, see \"bench list\")")
	list(flags, &s.Parks, "park", "`parkers` (default futex, and the own ones of implementations that have one)")
	list(flags, &s.Workloads, "workload", "`workloads` (default all that can be simulated)")
	list(flags, &workers, "workers", "`numbers` of workers (default 2,4,8, and so on, as the machine has CPUs, at most 256)")
	params(flags, &s.Params)
	flags.IntVar(&seeds, "seeds", 5, "`number` of seeds of every cell, at most 500")
	flags.Uint64Var(&seed, "seed", 1, "the first `seed`; the others follow it")
	flags.DurationVar(&p.Plan.Warmup, "warmup", simulation.Usual.Warmup, "`time` on the machine of operations before those that count")
	flags.DurationVar(&p.Plan.Time, "time", simulation.Usual.Time, "`time` on the machine of operations that count; at least one does")
	var vary string
	flags.StringVar(&vary, "vary", "", "also simulate machines with each constant that much lower and higher, as in 50%")
	flags.StringVar(&p.program, "program", "", "`file` of the program that simulates (default simulate, in the folder of this one)")
	flags.IntVar(&p.procs, "processes", 0, "`number` of launches at the same time (default: one for each CPU)")
	flags.BoolVar(&v.on, "validate", false, "measure the cells on this computer too, and say how far the simulation is off")
	flags.IntVar(&v.rounds, "count", engine.Normal.Rounds, "with -validate, `number` of rounds that are measured")
	cpuList(flags, &v.cpus)
	throttled(flags, &v.plan.Throttled)
	output(flags, &p.Folder)
	resumption(flags, &p.resume)
	flags.BoolVar(&p.only, "plan", false, "say how many launches there would be, and simulate nothing")
	text := fmt.Sprintf(simulateText, strings.Join(machine.Presets(), ", "))
	if err := command.ParseAll(flags, a.stdout, text, args); err != nil {
		return p, err
	}
	if p.procs == 0 {
		use, err := cpu.Allowed()
		if err != nil {
			return p, err
		}
		p.procs = len(use)
	}
	if p.procs < 1 {
		return p, command.Usagef("simulate: -processes %d: want at least 1", p.procs)
	}
	if p.resume != "" {
		others := given(flags)
		delete(others, "program")
		delete(others, "processes")
		if len(others) > 1 {
			return p, onlyResume(flags)
		}
		return p, nil
	}
	measuring := []string{"count", "cpus", "throttled"}
	for _, name := range measuring {
		if !v.on && given(flags)[name] {
			return p, command.Usagef("simulate: -%s without -validate: nothing is measured", name)
		}
	}
	if name == "" && !v.on {
		return p, command.Usagef("simulate: which machine? want -machine, one of %s, or the path of a file", strings.Join(machine.Presets(), ", "))
	}
	if name != "" {
		if p.Machine, err = machine.Load(name); err != nil {
			return p, command.Usagef("simulate: -machine: %w", err)
		}
	}
	if err := checkTiming(flags, p.Plan.Warmup, p.Plan.Time); err != nil {
		return p, err
	}
	if p.vary, err = percent(vary); err != nil {
		return p, command.Usagef("simulate: -vary %s: %w", vary, err)
	}
	for _, text := range workers {
		n, err := strconv.Atoi(text)
		if err != nil {
			return p, command.Usagef("simulate: -workers %s: want a number, or several separated by commas", text)
		}
		s.Workers = append(s.Workers, n)
	}
	if p.Plan.Seed = seed; v.on {
		err = a.planValidation(&p, s, given(flags))
	} else if p.Plan.Cells, p.leftOut, err = simulation.Cells(a.catalog, p.Machine, s); err != nil {
		err = command.Usagef("simulate: %w", err)
	}
	if err != nil {
		return p, err
	}
	if err := engine.CheckSize(len(p.Plan.Cells), seeds); err != nil {
		return p, command.Usagef("simulate: -seeds: %w", err)
	}
	p.Plan = simulation.NewPlan(p.Plan.Cells, seeds, seed, p.Plan.Warmup, p.Plan.Time)
	if p.Folder == "" {
		p.Folder = newFolder()
	}
	return p, nil
}

// percent reads a change of constants; "" is 0.
func percent(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(text, "%"))
	if err != nil || n < 1 || n > 99 {
		return 0, errors.New("want 1% to 99%")
	}
	return n, nil
}
