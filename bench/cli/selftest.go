package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/selftest"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/record/evidence"
)

const selftestText = `usage: bench selftest [flags]

Proves on this machine that the chain from launches to verdicts can be trusted, by
measuring what the answer to is known:

  A/A            an implementation under two names, in 108 comparisons: no more are
                 better or worse than a rate of 5 % explains
  families       the same and delays, judged together as a report does
  sensitivity    delays of 2, 5, 10 and 20 % of p50: which are found, how often
  repeatability  two runs, one after the other: how many of their verdicts agree
  audit          an artefact of the harness that is planted: whether "bench audit"
                 would find it, and find nothing where nothing is

It is a run as any other, of short launches. Its evidence goes into the folder, as
selftest.json and as text. A pilot comes first, of some seconds, whose launches are
not kept: interrupted in it, there is no folder yet. After that, interrupting keeps
what was measured; -resume goes on, and for a complete run makes the evidence again
from what was measured.

Exit status: 0 no claim failed (but some may be unresolved), 1 a claim failed or
something could not be measured, 2 wrong usage, 130 interrupted.
`

// The time that a self-test is to take at most. On a machine where launches take
// long it has fewer rounds, down to leastBlock for each comparison: with fewer there
// is no verdict in families as large as these.
const (
	selftestTime      = 11 * time.Minute
	quickSelftestTime = 110 * time.Second
	leastBlock        = 10
)

// A selftestPlan is what the command line asks for.
type selftestPlan struct {
	runPlan
	use    cpu.Set
	quick  bool
	rounds int // of a comparison; 0 for as many as there is time for
}

// errSelftest is of a self-test that has ended in order, with a claim that failed.
var errSelftest = errors.New("the self-test failed: verdicts from this machine are not to be trusted")

func (a app) selftest(ctx context.Context, args []string) error {
	system := environ.Host()
	p, err := a.planSelftest(args, system)
	if err != nil {
		return err
	}
	self, err := thisProgram()
	if err != nil {
		return err
	}
	design, t, err := a.beginSelftest(ctx, p, system, self)
	if err != nil {
		return err
	}
	if t != nil {
		_, err = a.finish(ctx, t)
		t.tally.report(a.stderr, "")
		if err == nil {
			err = t.tally.failure(t.folder)
		}
	}
	outcome, failure := a.evaluate(design, p.folder)
	if err = errors.Join(err, failure); err == nil && outcome == evidence.Failed {
		err = errSelftest
	}
	return err
}

// planSelftest reads the command line.
func (a app) planSelftest(args []string, system environ.System) (p selftestPlan, err error) {
	p.command, p.args = "selftest", append([]string{"selftest"}, args...)
	flags := flag.NewFlagSet("bench selftest", flag.ContinueOnError)
	flags.BoolVar(&p.quick, "quick", false, "take less than two minutes, for statements that are weaker")
	flags.IntVar(&p.rounds, "rounds", 0, "`number` of rounds of each comparison (default 12, or fewer if launches take long)")
	flags.DurationVar(&p.plan.Warmup, "warmup", 15*time.Millisecond, "`time` of operations before the measured ones")
	flags.DurationVar(&p.plan.Time, "time", 50*time.Millisecond, "`time` to measure in each launch")
	flags.Func("cpus", "CPUs to use, as a `list` such as 0-3,8 (default all that the process may use)", func(s string) (err error) {
		p.use, err = cpu.Parse(s)
		p.plan.CPUs = s
		return err
	})
	flags.Uint64Var(&p.plan.Seed, "seed", 0, "`seed` of the order of launches (default drawn)")
	flags.StringVar(&p.folder, "o", "", "`folder` for the results, which must not exist (default results/<date>-<time>)")
	throttledFlag(flags, &p.plan.Throttled)
	resumption(flags, &p.runPlan)
	if err := command.ParseAll(flags, a.stdout, selftestText, args); err != nil {
		return p, err
	}
	if p.resume {
		return p, p.onlyResume(flags)
	}
	if err := p.checkTiming(flags); err != nil {
		return p, err
	}
	if given(flags)["rounds"] && p.rounds < 1 {
		return p, command.Usagef("selftest: -rounds %d: want at least 1", p.rounds)
	}
	if !given(flags)["seed"] {
		p.plan.Seed = rand.Uint64()
	}
	if p.folder == "" {
		p.folder = newFolder(system)
	}
	p.use, err = usable(p.use)
	if err != nil {
		return p, command.Usage(err)
	}
	return p, nil
}

// beginSelftest goes on with the run of a folder, or begins one with a pilot. The
// tour is nil if nothing is left to measure.
func (a app) beginSelftest(ctx context.Context, p selftestPlan, system environ.System, self *program) (d selftest.Design, t *tour, err error) {
	if p.resume {
		f, err := selftest.Read(p.folder)
		if errors.Is(err, fs.ErrNotExist) {
			return d, nil, command.Usage(err)
		}
		if err != nil {
			return d, nil, err
		}
		t, err := a.resume(p.command, p.folder, system, self)
		return f.Design, t, err
	}
	if d, err = selftest.New(a.catalog, p.quick, len(p.use)); err != nil {
		return d, nil, err
	}
	if err := a.shortage(system, p.use, d.Cells()).refuse("selftest", p.plan.Throttled); err != nil {
		return d, nil, err
	}
	r, err := request(p.plan)
	if err != nil {
		return d, nil, err
	}
	cost, err := a.pilot(ctx, &d, r)
	if err != nil {
		return d, nil, err
	}
	p.plan.Cells = d.Cells()
	limit := selftestTime
	if p.quick {
		limit = quickSelftestTime
	}
	if p.rounds > 0 {
		d.Block = p.rounds
	} else {
		for d.Block > leastBlock && estimate(d, cost) > limit {
			d.Block--
		}
	}
	fmt.Fprintf(a.stderr, "comparisons of %d rounds; this will take about %v\n", d.Block, estimate(d, cost).Round(10*time.Second))
	p.plan.Rounds = d.Rounds()
	p.plan.Order = d.Order(p.plan.Seed)
	p.config = a.config(system, p.use, p.plan)
	if t, err = a.begin(p.runPlan, self); err != nil {
		return d, nil, err
	}
	return d, t, selftest.Write(p.folder, d, nil)
}

// estimate returns how long a self-test takes if a launch takes so long.
func estimate(d selftest.Design, cost time.Duration) time.Duration {
	return cost * time.Duration(len(d.Cells())*d.Rounds())
}

// pilotLaunches is how many launches a row's delays are made from.
const pilotLaunches = 8

// pilot measures the p50 of rows that delays are for, and makes these. It returns
// how long a launch takes in all, with the repeats to be expected.
func (a app) pilot(ctx context.Context, d *selftest.Design, r launch.Request) (cost time.Duration, err error) {
	values := make([][]float64, len(d.Rows))
	var sum tally
	start := time.Now()
	for r.Round = range pilotLaunches {
		for i, row := range d.Rows {
			if !row.Delayed {
				continue
			}
			r.Cell, r.Seed = row.Cell, uint64(r.Round)
			l, err := r.Exec(ctx)
			if ctx.Err() != nil || interrupted(err) {
				return 0, fmt.Errorf("%w in the pilot, whose launches are not kept: begin again", errInterrupted)
			}
			if err != nil {
				return 0, fmt.Errorf("pilot: %s: %w", row.Cell.Name(), err)
			}
			at := slices.IndexFunc(l.Metrics, func(m record.Metric) bool { return m.Unit == row.Unit })
			if at < 0 {
				return 0, fmt.Errorf("pilot: %s: no %s was measured", row.Cell.Name(), row.Unit)
			}
			values[i] = append(values[i], l.Metrics[at].Value)
			sum.add(l)
		}
	}
	cost = time.Since(start) / time.Duration(sum.launches)
	cost += cost * time.Duration(min(sum.invalid, sum.launches/repeatShare)) / time.Duration(sum.launches)
	for i := range d.Rows {
		if row := &d.Rows[i]; row.Delayed {
			row.Inject(values[i])
			last := row.Delays[len(row.Delays)-1]
			fmt.Fprintf(a.stderr, "pilot: %s: p50 of %d launches, %d %% of it are %v\n", row.Cell.Name(), len(values[i]), last.Percent, last.Time)
		}
	}
	d.Plant()
	if 2*sum.invalid > sum.launches {
		fmt.Fprintf(a.stderr, "This machine is not quiet: %d of %d launches of the pilot were invalid, so that much will be unresolved. "+
			"\"bench doctor\" may tell more.\n", sum.invalid, sum.launches)
	}
	return cost, nil
}

// evaluate makes the evidence from a folder, and shows it.
func (a app) evaluate(d selftest.Design, folder string) (evidence.Outcome, error) {
	run, err := record.Read(folder)
	if err != nil {
		return "", err
	}
	d.Default = a.byDefault(d.Impl, run.Plan)
	e, err := selftest.Evaluate(d, run)
	if err != nil {
		return "", fmt.Errorf("%s: %w", folder, err)
	}
	text := e.Text(d, folder) + "\n" + e.Advice(d)
	fmt.Fprint(a.stdout, text)
	return e.Outcome, errors.Join(selftest.Write(folder, d, &e), evidence.Selftest.WriteText(folder, text))
}

// byDefault returns what a run without flags has, on the CPUs of a plan, and what a
// report judges of it with an implementation as the baseline; nil if the plan is of
// another machine.
func (a app) byDefault(impl string, p record.Plan) *selftest.Default {
	r, err := request(p)
	if err != nil {
		return nil
	}
	use, err := usable(r.CPUs)
	if err != nil {
		return nil
	}
	cells, err := matrix.Cells(a.catalog, matrix.Selection{CPUs: len(use)})
	if err != nil {
		return nil
	}
	d := selftest.Default{Rounds: normal.rounds, Time: normal.time}
	for _, c := range cells {
		row := selftest.RowName(c)
		// One that has a parker of its own is compared with the baseline too, on
		// another parker; references are not judged.
		if c.Impl == impl || !slices.ContainsFunc(a.catalog.Implementations, func(i impls.Implementation) bool { return i.Name == c.Impl }) ||
			!slices.ContainsFunc(cells, func(o record.Cell) bool { return o.Impl == impl && selftest.RowName(o) == row }) {
			continue
		}
		d.Comparisons++
		if !slices.Contains(d.Rows, row) {
			d.Rows = append(d.Rows, row)
		}
	}
	return &d
}
