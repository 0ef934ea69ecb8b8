package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/recording"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/profile"
)

const runText = `usage: bench run [flags]

Measures every chosen cell of the matrix workload × parameters × implementation ×
parker. Each launch is a process of its own. A round launches every cell once. Cells
that are compared live at the same time and measure in slices of about 32 ms, in an
order that is randomized for each pass. Cells are compared within rounds, so a machine
that slows down during the run does not favour any of them. A slice that was disturbed
beyond a limit is dropped and repeated, within bounds; a launch with less than half of
its slices is marked as invalid. Workloads that cannot be divided measure in one piece,
and there invalid launches are repeated, at most twice.

Two choices decide results and are part of each cell's name. The parameter submitter
says who submits tasks: block, a goroutine that then blocks; spin, a thread that never
blocks; poll, a goroutine that the network poller wakes. With parkers that begin with
go- the workers are ordinary goroutines; with the others each is a pinned thread. The
default matrix varies one parameter at a time and keeps the others at their defaults.
-param harness=NAME varies other properties of the harness ("bench list" has the names),
and "bench audit" varies all of them. -param host=NAME chooses the options of the host
scheduler: default, tokio, or settings such as tokio+pause.none.

-param victim=sibling, other or same adds to the workloads idle and trickle a fixed piece
of work of another process: on the other CPU of a worker's core, on another core, or on a
worker's CPU. Its slowdown by the pool is slowdown/piece, from pairs of segments with the
pool stopped and running; 1 is none. -judge idle=slowdown/piece judges it. With it comes
energy and what hardware counters say, where the machine has them.

-param slack=TIME sets the timer slack of every thread of a launch, -param futex_slots=N
the size of its futex hash (Linux 6.16 or later), a power of two or "global"; default
leaves them alone.

Every run also measures yardsticks: the machine's calibrations (platform_*) and, for
workloads with one task, the floors, a bare futex and a bare spin. To choose among
them, name a calibration as a workload, or floor as an implementation.

The results go to a new folder: bench.txt for benchstat, latency/*.hlog for tools that
read HdrHistogram logs, run.json with the plan. An interrupted run keeps what was
measured, and -resume measures the rest. If the program report is in the same folder
as this one, as "make bench" builds it, the run ends with a page of the results.

-profile launches each cell once more for each kind of profile, after all rounds and
for four times as long, and writes profiles/*.pb.gz for "go tool pprof". Profiled
launches are never used as measurements.

Before a run that takes longer than half a minute, a few launches, which are not kept,
show how noisy the machine is. If most of them are invalid, "bench run" asks whether to
go on; without a terminal, or with -anyway, it warns and goes on.

A CPU quota, such as that of a container, must be at least the number of threads that
the busiest cell keeps busy; otherwise nothing is measured. Launches that a quota
stopped are invalid. -throttled lifts both rules.

With -stages the workload wake also reports where the time of a wake went: a mean in
ns/wake for each of lock, decide, call, sleep and handover. This makes wakes slightly
slower, so compare such runs only with each other.

With -load FILE the workload "recorded" replays a recorded load, each task at its recorded
time; "bench record" makes such a file. Each slice replays another window of it, chosen by
the seed, the same for all that are compared. The digest of the load is part of the cells'
names, and the folder keeps a copy.

Without -count and -quick, all cells are measured for as many rounds as a verdict takes;
then only those whose comparison has no verdict yet go on, and are judged again after
fixed numbers of rounds. The error rate of 5 % covers all of these interim analyses.

Without flags the default matrix is measured. Lists are separated by commas. "-plan" says
what a run would cost before it begins; with "-impl all" it is many times more.

  bench run -workload wake -impl bitmap,floor -park futex -param gap=50us
  bench run -workload poisson -profile cpu,mutex,block
  bench run -load orders.load -impl all -park futex
  bench run -quick -impl all -plan > /dev/null
  bench run -resume results/20261123-081500
`

// A runPlan is what the command line asks for.
type runPlan struct {
	engine.Setup
	resume string // the folder of a run to resume; nothing else is set then
	only   bool   // print the plan, measure nothing
	anyway bool   // do not ask

	// adaptive says that rounds go to what is undecided, instead of a number of rounds for
	// everything.
	adaptive bool

	load *recording.Recording // nil if none was given

	judge record.Judge // what is judged in other units than usually
}

func (a app) run(ctx context.Context, args []string) error {
	p, err := a.planRun(ctx, args)
	if err != nil {
		return err
	}
	if p.load != nil {
		a.catalog = a.catalog.WithLoad(p.load)
		for _, note := range carries(p.load, p.Plan) {
			a.note("%s", note)
		}
	}
	e, err := a.engine()
	if err != nil {
		return err
	}
	if p.resume != "" {
		return a.resumeRun(ctx, e, p.resume)
	}
	if err := schedule(e, &p); err != nil {
		return err
	}
	if p.only {
		m, err := e.Preview(p.Setup)
		if err != nil {
			return err
		}
		a.cost(e, p.Plan)
		return json.NewEncoder(a.stdout).Encode(m)
	}
	s, err := a.begin(ctx, e, p)
	if err != nil {
		return err
	}
	return a.carryOut(ctx, e, s)
}

// schedule completes the plan of a new run: in which units it is judged, and when.
func schedule(e *engine.Engine, p *runPlan) error {
	e.Judge = p.judge
	if err := e.CheckJudge(p.Plan); err != nil {
		return command.Usage(fmt.Errorf("run: %w", err))
	}
	return e.Schedule(&p.Plan, p.adaptive)
}

// begin looks at the machine and creates the folder of a new run.
func (a app) begin(ctx context.Context, e *engine.Engine, p runPlan) (*engine.Session, error) {
	if err := a.announce(ctx, e, p); err != nil {
		return nil, err
	}
	s, err := e.Begin(p.Setup)
	if err != nil {
		return nil, notBegun("run", err)
	}
	return s, nil
}

// resumeRun measures what is left of a run. If nothing is left, it makes the page that
// the run may still lack.
func (a app) resumeRun(ctx context.Context, e *engine.Engine, folder string) error {
	s, err := e.Resume("run", folder)
	if s, err = a.resumed(folder, s, err); err != nil {
		return err
	}
	if s != nil {
		return a.carryOut(ctx, e, s)
	}
	if _, err := os.Stat(filepath.Join(folder, reportFile)); errors.Is(err, fs.ErrNotExist) {
		return a.page(folder)
	}
	return nil
}

// carryOut measures what is left of a run, and shows its tables. Warnings that no reader
// may miss come before and after.
func (a app) carryOut(ctx context.Context, e *engine.Engine, s *engine.Session) error {
	warnings := append(a.grave(e, s), undecidable(e.Families(s.Plan), s.Plan.Rounds)...)
	a.banner(warnings)
	defer a.banner(warnings)
	state, err := a.finish(ctx, s)
	a.table(s.Plan, s.Folder, state)
	a.showCounts(s.Counts(), "")
	if err != nil && !errors.Is(err, engine.ErrInterrupted) {
		return err // such as a full disk, on which a page would fail too
	}
	page := a.page(s.Folder)
	if err == nil {
		err = failure(s.Counts(), s.Folder)
	}
	switch {
	case err == nil:
		return page
	case page != nil:
		fmt.Fprintf(a.stderr, "bench: %v\n", page)
	}
	return err
}

// planRun reads the command line.
func (a app) planRun(ctx context.Context, args []string) (p runPlan, err error) {
	p.Command, p.Args = "run", append([]string{"run"}, args...)
	var s matrix.Selection
	flags := flag.NewFlagSet("bench run", flag.ContinueOnError)
	list(flags, &s.Impls, "impl", "`implementations` and references to measure, in addition to the yardsticks; \"all\" is all that \"bench list\" shows (default: some, see there)")
	list(flags, &s.Parks, "park", "`parkers` to measure")
	list(flags, &s.Workloads, "workload", "`workloads` to measure")
	flags.StringVar(&p.Load, "load", "", "`file` of a recorded load, made by \"bench record\"; without -workload only it is measured")
	var peers []string
	list(flags, &peers, "peer", "programs around real runtimes to measure too: `names` in the folder peers next to this program, or paths; docs/peers.md")
	var workers []string
	list(flags, &workers, "workers", "`numbers` of workers (default that of each workload)")
	params(flags, &s.Params)
	var cpus cpu.Set
	timing(flags, &p.Plan.Warmup, &p.Plan.Time, engine.Normal)
	cpuList(flags, &cpus)
	flags.IntVar(&p.Plan.Rounds, "count", 0, "`number` of rounds of every cell, at most 500 (default: as many as it takes, see above)")
	flags.Uint64Var(&p.Plan.Seed, "seed", 0, "`seed` of the order of launches and of the loads' random choices (default random)")
	output(flags, &p.Folder)
	list(flags, &p.Plan.Profiles, "profile", "`kinds` of profile to make of each cell after all rounds: cpu, mutex, block")
	flags.BoolVar(&p.Plan.Stages, "stages", false, "record the stages of wakes, which makes wakes slower")
	throttled(flags, &p.Plan.Throttled)
	p.judge.Flag(flags)
	resumption(flags, &p.resume)
	flags.BoolVar(&p.anyway, "anyway", false, "measure without a question even if most launches will be invalid")
	flags.BoolVar(&p.only, "plan", false, "print the plan as JSON, in the form of run.json, and what it costs; measure nothing")
	isQuick := flags.Bool("quick", false, "measure a smaller matrix with shorter launches, in less than a minute on 2 CPUs; it judges")
	isFull := flags.Bool("full", false, "measure all workloads with all their values, which takes hours")
	if err := command.ParseAll(flags, a.stdout, runText, args); err != nil {
		return p, err
	}
	if p.resume != "" {
		return p, onlyResume(flags)
	}

	given := given(flags)
	if *isQuick {
		if !given["warmup"] {
			p.Plan.Warmup = engine.Quick.Warmup
		}
		if !given["time"] {
			p.Plan.Time = engine.Quick.Time
		}
	}
	switch {
	case given["count"]:
	case *isQuick:
		p.Plan.Rounds = engine.Quick.Rounds
	default:
		p.Plan.Rounds = engine.Normal.Rounds
	}
	switch {
	case *isQuick && *isFull:
		return p, command.Usagef("run: -quick and -full: want one of them")
	case *isQuick:
		s.Size = matrix.Quick
	case *isFull:
		s.Size = matrix.Full
	}
	if err := checkTiming(flags, p.Plan.Warmup, p.Plan.Time); err != nil {
		return p, err
	}
	if p.Plan.Profiles, err = kinds(p.Plan.Profiles); err != nil {
		return p, command.Usagef("run: -%w", err)
	}
	for _, text := range workers {
		n, err := strconv.Atoi(text)
		if err != nil {
			return p, command.Usagef("run: -workers %s: want a number, or several separated by commas", text)
		}
		s.Workers = append(s.Workers, n)
	}
	if p.Load != "" {
		if p.load, err = openLoad(p.Load); err != nil {
			return p, command.Usage(fmt.Errorf("run: -load: %w", err))
		}
		if expected := p.load.Each(p.Plan.Time); expected < 1 {
			return p, command.Usagef("run: -load: %d tasks in %v: a launch of -time %v has %.2g of them on average; want at least 1, better 100",
				len(p.load.Tasks), p.load.Duration, p.Plan.Time, expected)
		}
		a.catalog = a.catalog.WithLoad(p.load)
		if !slices.Contains(s.Workloads, workload.RecordedName) {
			s.Workloads = append(s.Workloads, workload.RecordedName)
		}
	} else if slices.Contains(s.Workloads, workload.RecordedName) {
		return p, command.Usagef("run: -workload %s: which load? want -load FILE, made by \"%s record\"", workload.RecordedName, again())
	}
	use, err := engine.Usable(cpus)
	if err != nil {
		return p, command.Usage(err)
	}
	s.CPUs, s.Cores = len(use), engine.Cores(use)
	if cpus != nil {
		p.Plan.CPUs = cpus.String()
	}
	if a.catalog.Peers, err = a.peers(ctx, peers, use); err != nil {
		return p, err
	}
	if p.Plan.Cells, err = matrix.Cells(a.catalog, s); err != nil {
		return p, command.Usage(err)
	}
	if err := engine.CheckVictims(a.catalog, p.Plan.Cells, use); err != nil {
		return p, command.Usage(fmt.Errorf("run: %w", err))
	}
	for _, known := range a.catalog.Peers {
		p.Plan.Peers = append(p.Plan.Peers, known.Peer)
	}
	if err := a.able(ctx, &p.Plan, use); err != nil {
		return p, err
	}
	for _, name := range limitedToOne(s) {
		a.note("%s holds one task, so it is measured with workers=1 and -workers does not apply to it", name)
	}
	if p.Plan.Stages && !slices.ContainsFunc(p.Plan.Cells, a.staged) {
		return p, command.Usagef("run: -stages: none of the chosen workloads has stages; wake has")
	}
	if !given["seed"] {
		p.Plan.Seed = rand.Uint64()
	}
	if err := engine.CheckSize(len(p.Plan.Cells), p.Plan.Rounds); err != nil {
		return p, command.Usagef("run: -count: %w", err)
	}
	p.adaptive = !given["count"] && !*isQuick
	engine.Slice(a.catalog, &p.Plan, order.Groups(p.Plan.Cells))
	if p.Folder == "" {
		p.Folder = newFolder()
	}
	return p, nil
}

// kinds returns the kinds of profile with the given names, each once and in their
// usual order.
func kinds(names []string) (sorted []string, err error) {
	for _, name := range names {
		if _, err := profile.Parse(name); err != nil {
			return nil, err
		}
	}
	for _, k := range profile.Kinds() {
		if slices.Contains(names, string(k)) {
			sorted = append(sorted, string(k))
		}
	}
	return sorted, nil
}

// limitedToOne returns the references that were chosen by name with a number of
// workers that they cannot have.
func limitedToOne(s matrix.Selection) (names []string) {
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
