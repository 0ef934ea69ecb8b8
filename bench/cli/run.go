package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

const runText = `usage: bench run [flags]

Measures every chosen cell of the matrix workload × parameters × implementation ×
parker, each launch in a process of its own. A round launches every cell, in an
order that is randomized for each round; cells are compared within rounds, so that a
machine that becomes slower in the middle makes none of them look bad. A launch that
was disturbed beyond a limit is marked and repeated, at most twice.

Two choices decide results and are part of each cell's name. The parameter submitter
says who submits: block, a goroutine that then blocks; spin, a thread that never does;
poll, a goroutine that the network poller wakes. Parkers that begin with go- have
ordinary goroutines as workers, the others a pinned thread each. The default matrix
varies one parameter at a time, with the others at their defaults. What else the harness
does that a user could have otherwise is varied with -param harness=NAME ("bench list"
has the names), and all of it by "bench audit". The options of the host scheduler are
chosen with -param host=NAME: default, tokio, or settings such as tokio+pause.none.

Whatever is chosen, yardsticks are measured with it: the machine's calibrations
(platform_*), and for workloads with one task the floors, a bare futex and a bare
spin. Name one of the calibrations as a workload, or floor as an implementation,
to choose among them.

The results go to a new folder: bench.txt for benchstat, latency/*.hlog for tools
that read HdrHistogram logs, run.json with the plan. Interrupting keeps what was
measured, and -resume goes on with the rest. If the program report stands beside
this one, as "make bench" has it, it makes a page of the results.

With -profile each cell is launched once more for each kind of profile, after all
rounds and for four times as long, into profiles/*.pb.gz, for "go tool pprof".
What is profiled is not timed, and what is timed is not profiled.

A CPU quota, such as that of a container, has to be as large as the number of threads
that the busiest cell keeps busy; otherwise nothing is measured, unless -throttled says
so. Launches that a quota stopped are invalid, again unless -throttled says so.

With -stages the workload wake also tells where the time of a wake went: a mean in
ns/wake for each of lock, decide, call, sleep and handover. Wakes are a little
longer for it, so compare such runs with each other only.

Without flags the default matrix is measured. Lists are separated by commas.

  bench run -workload wake -impl bitmap,floor -park futex -param gap=50us
  bench run -workload poisson -profile cpu,mutex,block
  bench run -resume results/20261123-081500
`

// The settings of the default run, and of a quick one.
//
// All comparisons of a run share one error rate. The default matrix has some 50,
// and with fewer than 12 rounds none of them could be decided, whatever the
// difference. Two more are for rounds that a cell is without. A quick run is for
// benchstat, which wants 6.
var (
	normal = settings{warmup: 40 * time.Millisecond, time: 200 * time.Millisecond, rounds: 14}
	quick  = settings{warmup: 30 * time.Millisecond, time: 120 * time.Millisecond, rounds: 6}
)

type settings struct {
	warmup, time time.Duration
	rounds       int
}

// timing declares the flags that a run and a launch share.
func timing(flags *flag.FlagSet, warmup, measure *time.Duration, cpus *cpu.Set) {
	flags.DurationVar(warmup, "warmup", normal.warmup, "`time` of operations before the measured ones")
	flags.DurationVar(measure, "time", normal.time, "`time` to measure in each launch")
	flags.Func("cpus", "CPUs to use, as a `list` such as 0-3,8 (default all that the process may use)", func(s string) (err error) {
		*cpus, err = cpu.Parse(s)
		return err
	})
}

// A runPlan is what the command line asks for.
type runPlan struct {
	command string // whose run it is
	folder  string
	resume  bool // what is in the folder; there is nothing else then
	only    bool // to be shown, and not carried out
	plan    record.Plan
	config  []record.Pair
}

func (a app) run(ctx context.Context, args []string) error {
	system := environ.Host()
	p, err := a.planRun(args, system)
	if err != nil {
		return err
	}
	self, err := thisProgram()
	if err != nil {
		return err
	}
	if p.only {
		return a.showPlan(p, self)
	}
	if !p.resume {
		t, err := a.begin(p, self)
		if err != nil {
			return err
		}
		return a.carryOut(ctx, t)
	}
	t, err := a.resume(p.command, p.folder, system, self)
	switch {
	case err != nil:
		return err
	case t != nil:
		return a.carryOut(ctx, t)
	}
	if _, err := os.Stat(filepath.Join(p.folder, reportFile)); errors.Is(err, fs.ErrNotExist) {
		return a.page(p.folder)
	}
	return nil
}

// showPlan prints what would be in run.json. Other programs ask for it, so that
// they need not know what cells this one has.
func (a app) showPlan(p runPlan, self *program) error {
	h := a.header(p, self)
	return json.NewEncoder(a.stdout).Encode(record.Manifest{
		Version: record.Version,
		Plan:    h.Plan,
		Program: h.Program,
		Config:  h.Config,
		Units:   h.Units,
		Primary: h.Primary,
	})
}

func (a app) header(p runPlan, self *program) record.Header {
	return record.Header{
		Start:   time.Now(),
		Plan:    p.plan,
		Command: p.command,
		Program: self.sum,
		Config:  p.config,
		Units:   record.Units(),
		Primary: a.primary(p.plan),
	}
}

// begin makes the folder of a new run.
func (a app) begin(p runPlan, self *program) (*tour, error) {
	r, err := request(p.plan)
	if err != nil {
		return nil, err
	}
	w, err := record.Create(p.folder, a.header(p, self))
	if errors.Is(err, fs.ErrExist) {
		return nil, command.Usage(err)
	}
	if err != nil {
		return nil, err
	}
	return &tour{command: p.command, plan: p.plan, folder: p.folder, writer: w, request: r, program: self}, nil
}

// primary returns the primary unit of each workload in the plan.
func (a app) primary(p record.Plan) map[string]string {
	units := make(map[string]string)
	for _, w := range a.catalog.Workloads {
		if slices.ContainsFunc(p.Cells, func(c record.Cell) bool { return c.Workload == w.Name }) {
			units[w.Name] = w.Primary
		}
	}
	return units
}

// carryOut measures what is left of a run, and shows its tables.
func (a app) carryOut(ctx context.Context, t *tour) error {
	state, err := a.finish(ctx, t)
	a.table(t.plan, t.folder, state)
	t.tally.report(a.stderr, "")
	if err != nil && !errors.Is(err, errInterrupted) {
		return err // what it stopped for, a full disk perhaps, is to be seen to first
	}
	page := a.page(t.folder)
	if err == nil {
		err = t.tally.failure(t.folder)
	}
	switch {
	case err == nil:
		return page
	case page != nil:
		fmt.Fprintf(a.stderr, "bench: %v\n", page)
	}
	return err
}

// finish measures what is left of a run, and ends it.
func (a app) finish(ctx context.Context, t *tour) (record.State, error) {
	t.measure = func(ctx context.Context, r launch.Request) (record.Launch, error) { return r.Exec(ctx) }
	fmt.Fprintf(a.stderr, "cells: %d, rounds: %d, into %s\n", len(t.plan.Cells), t.plan.Rounds, t.folder)
	if use, err := usable(t.request.CPUs); err == nil {
		if over, _ := oversubscribed(t.plan.Cells, use); over != nil {
			fmt.Fprintf(a.stderr, "Oversubscribed: with %s there are more busy threads than CPUs (%v), so that they wait for each other.\n",
				strings.Join(over, ", "), use)
		}
	}
	t.progress = newProgress(a.stderr, t.left())
	err := t.rounds(ctx)
	t.progress.end()
	if err == nil {
		err = t.profiles(ctx, a.stderr)
	}
	state := record.Complete
	if err != nil {
		state = record.Interrupted
	}
	// If it has ended early and cannot even say so, as on a full disk, it is
	// resumed as one that was killed.
	if closed := t.writer.Close(state); closed != nil && err == nil {
		err = t.stopped(closed, "make room there")
	}
	return state, err
}

// planRun reads the command line.
func (a app) planRun(args []string, system environ.System) (p runPlan, err error) {
	p.command = "run"
	var s matrix.Selection
	flags := flag.NewFlagSet("bench run", flag.ContinueOnError)
	list(flags, &s.Impls, "impl", "`implementations` and references to measure, beside the yardsticks")
	list(flags, &s.Parks, "park", "`parkers` to measure")
	list(flags, &s.Workloads, "workload", "`workloads` to measure")
	var workers []string
	list(flags, &workers, "workers", "`numbers` of workers (default that of each workload)")
	flags.Func("param", "`name=value` of a workload's parameter; again for another value or parameter", func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("want name=value")
		}
		s.Params = append(s.Params, record.Param{Name: name, Value: value})
		return nil
	})
	var cpus cpu.Set
	timing(flags, &p.plan.Warmup, &p.plan.Time, &cpus)
	flags.IntVar(&p.plan.Rounds, "count", normal.rounds, "`number` of rounds; benchstat wants at least 6")
	flags.Uint64Var(&p.plan.Seed, "seed", 0, "`seed` of the order of launches, and of what loads draw (default drawn)")
	flags.StringVar(&p.folder, "o", "", "`folder` for the results, which must not exist (default results/<date>-<time>)")
	list(flags, &p.plan.Profiles, "profile", "`kinds` of profile to make of each cell when all is measured: cpu, mutex, block")
	flags.BoolVar(&p.plan.Stages, "stages", false, "record the stages of wakes, which makes each wake longer")
	throttledFlag(flags, &p.plan.Throttled)
	resumption(flags, &p)
	flags.BoolVar(&p.only, "plan", false, "print the plan as JSON, in the form of run.json, and measure nothing")
	isQuick := flags.Bool("quick", false, "measure a smaller matrix with fewer and shorter launches")
	isFull := flags.Bool("full", false, "measure all workloads with all their values, which takes hours")
	if err := command.ParseAll(flags, a.stdout, runText, args); err != nil {
		return p, err
	}
	given := given(flags)
	if p.resume {
		return p, p.onlyResume(flags)
	}

	if *isQuick {
		if !given["warmup"] {
			p.plan.Warmup = quick.warmup
		}
		if !given["time"] {
			p.plan.Time = quick.time
		}
		if !given["count"] {
			p.plan.Rounds = quick.rounds
		}
	}
	switch {
	case *isQuick && *isFull:
		return p, command.Usagef("run: -quick and -full: want one of them")
	case *isQuick:
		s.Size = matrix.Quick
	case *isFull:
		s.Size = matrix.Full
	}
	if err := p.checkTiming(flags); err != nil {
		return p, err
	}
	if p.plan.Profiles, err = kinds(p.plan.Profiles); err != nil {
		return p, command.Usagef("run: -%w", err)
	}
	if p.plan.Rounds < 1 {
		return p, command.Usagef("run: -count %d: want at least 1", p.plan.Rounds)
	}
	for _, text := range workers {
		n, err := strconv.Atoi(text)
		if err != nil {
			return p, command.Usagef("run: -workers %s: want a number, or several separated by commas", text)
		}
		s.Workers = append(s.Workers, n)
	}
	use, err := usable(cpus)
	if err != nil {
		return p, command.Usage(err)
	}
	s.CPUs, s.Cores = len(use), cores(use)
	if cpus != nil {
		p.plan.CPUs = cpus.String()
	}
	if p.plan.Cells, err = matrix.Cells(a.catalog, s); err != nil {
		return p, command.Usage(err)
	}
	for _, name := range heldToOne(s) {
		fmt.Fprintf(a.stderr, "%s holds one task, and is measured with workers=1 whatever -workers says\n", name)
	}
	if p.plan.Stages && !slices.ContainsFunc(p.plan.Cells, a.staged) {
		return p, command.Usagef("run: -stages: none of the chosen workloads has stages; wake has")
	}
	if !given["seed"] {
		p.plan.Seed = rand.Uint64()
	}
	p.plan.Order = order.Cells(p.plan.Cells, p.plan.Rounds, p.plan.Seed)
	if p.folder == "" {
		p.folder = newFolder(system)
	}
	if !p.only {
		if err := a.shortage(system, use, p.plan.Cells).refuse("run", p.plan.Throttled); err != nil {
			return p, err
		}
	}
	p.config = a.config(system, use, p.plan)
	return p, nil
}

// heldToOne returns the references that were asked for by name with a number of
// workers that they cannot have.
func heldToOne(s matrix.Selection) (names []string) {
	if !slices.ContainsFunc(s.Workers, func(n int) bool { return n != 1 }) {
		return nil
	}
	for _, subject := range loadgen.References() {
		if subject.OneTask && slices.Contains(s.Impls, subject.Impl) && !slices.Contains(names, subject.Impl) {
			names = append(names, subject.Impl)
		}
	}
	return names
}

// staged reports whether a cell's workload can record stages.
func (a app) staged(c record.Cell) bool {
	w, _ := workload.Find(a.catalog.Workloads, c.Workload)
	return w.Staged
}

// resumption declares the flag to go on with a run.
func resumption(flags *flag.FlagSet, p *runPlan) {
	flags.Func("resume", "go on with the interrupted run in this `folder`; no other flag is allowed", func(folder string) error {
		if folder == "" {
			return errors.New("want a folder")
		}
		p.folder, p.resume = folder, true
		return nil
	})
}

// onlyResume refuses flags beside -resume.
func (p runPlan) onlyResume(flags *flag.FlagSet) error {
	others := given(flags)
	delete(others, "resume")
	for _, name := range slices.Sorted(maps.Keys(others)) {
		return command.Usagef("%s: -%s with -resume: the plan is that of the folder", subcommand(flags), name)
	}
	return nil
}

// subcommand is what an error calls a command, after the program's name.
func subcommand(flags *flag.FlagSet) string { return strings.TrimPrefix(flags.Name(), "bench ") }

func (p runPlan) checkTiming(flags *flag.FlagSet) error {
	if p.plan.Time <= 0 || p.plan.Warmup < 0 {
		return command.Usagef("%s: -time %v -warmup %v: want a positive time, and a warm-up that is not negative", subcommand(flags), p.plan.Time, p.plan.Warmup)
	}
	return nil
}

// given returns the names of the flags that are on the command line.
func given(flags *flag.FlagSet) map[string]bool {
	names := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { names[f.Name] = true })
	return names
}

// list declares a flag that is a list separated by commas.
func list(flags *flag.FlagSet, to *[]string, name, about string) {
	flags.Func(name, about, func(text string) error {
		for item := range strings.SplitSeq(text, ",") {
			item = strings.TrimSpace(item)
			if item == "" {
				return errors.New("an item of the list is empty")
			}
			*to = append(*to, item)
		}
		return nil
	})
}

// newFolder is where a run goes if the user does not say.
func newFolder(system environ.System) string {
	return filepath.Join("results", system.Now.Format("20060102-150405"))
}

// cores returns the number of physical cores that the CPUs are on, 0 if that cannot be
// found out.
func cores(use cpu.Set) int {
	t, err := cpu.SystemTopology(use)
	if err != nil {
		return 0
	}
	return t.Cores(use)
}

// usable returns the CPUs to measure on.
func usable(asked cpu.Set) (cpu.Set, error) {
	allowed, err := cpu.Allowed()
	if err != nil || asked == nil {
		return allowed, err
	}
	if err := asked.Within(allowed); err != nil {
		return nil, fmt.Errorf("%w: choose among these", err)
	}
	return asked, nil
}

// config returns the configuration lines: the machine's facts, how the cells are
// placed on it, and what makes them slower: what was asked for, and a CPU quota.
func (a app) config(system environ.System, use cpu.Set, plan record.Plan) []record.Pair {
	var pairs []record.Pair
	for _, f := range environ.Read(system) {
		pairs = append(pairs, record.Pair{Key: f.Key, Value: f.Value})
	}
	pinned := "yes"
	if !cpu.CanPin {
		pinned = "no, this system cannot"
	}
	oversubscription := "no"
	switch over, some := oversubscribed(plan.Cells, use); {
	case over != nil && some:
		oversubscription = "yes, with " + strings.Join(over, ", ")
	case over != nil:
		oversubscription = "yes"
	}
	pairs = append(pairs,
		record.Pair{Key: "cpus-used", Value: use.String()},
		record.Pair{Key: "pinned", Value: pinned},
		record.Pair{Key: "oversubscribed", Value: oversubscription},
	)
	if plan.Stages {
		pairs = append(pairs, record.Pair{Key: "stages", Value: "recorded"})
	}
	if a.shortage(system, use, plan.Cells) != nil {
		pairs = append(pairs, record.Pair{Key: "cpu-quota-short", Value: "yes"})
	}
	return pairs
}

// oversubscribed returns the numbers of workers, each once, with which there are
// not as many CPUs as workers and the load generator need; and whether there are
// cells with fewer.
func oversubscribed(cells []record.Cell, use cpu.Set) (over []string, fewer bool) {
	for _, c := range cells {
		if c.Workers < len(use) {
			fewer = true
		} else if n := fmt.Sprintf("workers=%d", c.Workers); !slices.Contains(over, n) {
			over = append(over, n)
		}
	}
	return over, fewer
}
