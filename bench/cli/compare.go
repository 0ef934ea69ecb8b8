package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/stats/gate"
)

const compareText = `usage: bench compare [flags] -old PROGRAM -new PROGRAM [-- flags of run]

Decides whether one revision of this program is slower than another. It measures the
cells that both have in common, alternately, on this machine. scripts/compare builds the
two programs. The flags after -- choose the cells, as for "bench run"; the default is one
cell of each of wake, poisson, spawn_many_remote_idle, ping_pong and trickle for every
implementation, which five minutes decide. References are left out.

The results are judged after fixed numbers of rounds and when the budget is used up. Cells
that are decided are not measured any more; the others continue until then, but at least
for as many rounds as a verdict needs. There are two limits: the threshold, 5 % unless
-threshold says otherwise, up to which a change is tolerated, and twice that, 10 %, which
must not be missed. A cell is

  regressed          if it is significantly worse, and its estimate exceeds the threshold
  within threshold   if its confidence interval is: it may be better, the same, or a
                     little worse
  10 % excluded      if it is worse by less than that, for certain; it may be better or
                     the same

and unresolved otherwise. In at most 5 % of all comparisons of two revisions is any cell
wrongly called regressed or wrongly called within the threshold, and a change that makes
any cell worse by 10 % or more passes in at most 5 %. Between the two limits a change may be
called regressed or pass, the more often regressed the larger it is. docs/review.md says
how often the same code passes and a change is caught.

The folder has the runs of both programs, old and new, for benchstat and "report", and
the decision as gate.txt, gate.md and gate.json. An interrupted comparison keeps its
launches, but cannot be resumed.

Exit status: 0 a regression of twice the threshold is excluded in all cells, 1 something
regressed, 2 wrong usage, 3 nothing could be compared, or something could not be
measured, 4 something is unresolved, 130 interrupted.
`

// A comparison is what the command line of compare asks for.
type comparison struct {
	engine.ABSetup
	thresholds  gate.Thresholds
	format      string
	undecidedOK bool
	failed      string // why nothing can be measured; "" if it can
}

func (a app) compare(ctx context.Context, args []string) error {
	c, err := a.planCompare(args)
	if err != nil {
		return err
	}
	decision, err := a.decide(ctx, c)
	if command.IsUsage(err) || errors.Is(err, engine.ErrInterrupted) {
		return err
	}
	if err != nil {
		decision = gate.Nothing(c.Old.Name, c.New.Name, err.Error())
	}
	if err := a.showDecision(c, decision); err != nil {
		fmt.Fprintf(a.stderr, "bench: compare: the decision could not be written: %v\n", err)
		return gate.Error{Decision: gate.Nothing(c.Old.Name, c.New.Name, err.Error())}
	}
	switch {
	case decision.Outcome == gate.Pass, decision.Outcome == gate.Open && c.undecidedOK:
		return nil
	}
	return gate.Error{Decision: decision}
}

// planCompare reads the command line.
func (a app) planCompare(args []string) (c comparison, err error) {
	c.Args = append([]string{engine.ABCommand}, args...)
	flags := flag.NewFlagSet("bench compare", flag.ContinueOnError)
	flags.StringVar(&c.Old.Path, "old", "", "`program` of the revision to compare with")
	flags.StringVar(&c.New.Path, "new", "", "`program` of the revision in question")
	flags.StringVar(&c.Old.Name, "old-name", "old", "what to call the old `revision`")
	flags.StringVar(&c.New.Name, "new-name", "new", "what to call the new `revision`")
	flags.DurationVar(&c.Budget, "budget", 5*time.Minute, "approximate `time` to measure; a verdict may need more")
	c.thresholds.Flags(flags)
	flags.BoolVar(&c.undecidedOK, "allow-unresolved", false, "exit with 0 instead of 4 if something is unresolved and nothing worse")
	throttled(flags, &c.Throttled)
	c.Judge.Flag(flags)
	flags.StringVar(&c.format, "format", "text", "`format` of what is printed: text, md or json")
	flags.StringVar(&c.Folder, "o", "", "`folder` for the results, which must not exist (default results/<date>-<time>-compare)")
	flags.StringVar(&c.failed, "failed", "", "measure nothing, and write that nothing could be compared: `why` in the first line, details in the others; for scripts that build the programs")
	flags.Uint64Var(&c.Seed, "seed", 0, "`seed` of the order of launches (default random)")
	before, after := args, []string(nil)
	if i := slices.Index(args, "--"); i >= 0 {
		before, after = args[:i], args[i+1:]
	}
	if err := command.ParseAll(flags, a.stdout, compareText, before); err != nil {
		return c, err
	}
	c.Selection = after
	if len(after) == 0 {
		c.Selection = usualSelection(a.catalog)
	}
	switch {
	case c.failed == "" && (c.Old.Path == "" || c.New.Path == ""):
		return c, command.Usagef("compare: want -old and -new, the two programs; scripts/compare builds them")
	case c.Budget <= 0:
		return c, command.Usagef("compare: -budget %v: want a time above zero", c.Budget)
	case !slices.Contains([]string{"text", "md", "json"}, c.format):
		return c, command.Usagef("compare: -format %s: there are text, md and json", c.format)
	}
	var units []string
	for _, u := range record.Units() {
		units = append(units, u.Name)
	}
	if wrong := c.thresholds.Without(units...); wrong != nil {
		return c, command.Usagef("compare: -thresholds: no workload has the unit %s: choose a unit such as p50-ns/wake", strings.Join(wrong, ", "))
	}
	for _, path := range []*string{&c.Old.Path, &c.New.Path} {
		if err := find(path); err != nil && c.failed == "" {
			return c, command.Usage(fmt.Errorf("compare: %w", err))
		}
	}
	if !given(flags)["seed"] {
		c.Seed = rand.Uint64()
	}
	if c.Folder == "" {
		c.Folder = newFolder() + "-compare"
	}
	c.Margin, c.Decided = c.thresholds.Least(), c.thresholds.Decided
	return c, nil
}

// usualSelection is what is compared without flags after --: the cells that a budget of
// minutes decides. They are every implementation on a lone wake, a random load, a burst
// from outside, a chain of wakes and a pool that is mostly idle, each with one value of its
// parameters and the parker of the least noise, a bare futex where the system has it. What
// a change does to other parkers is for -park to ask.
func usualSelection(c catalog.Catalog) []string {
	parks := []string{loadgen.GoPrefix + "chan"}
	if k, ok := park.Find(c.Parkers, "futex"); ok && k.Missing == "" {
		parks[0] = k.Name
	}
	for _, i := range c.Implementations {
		if i.Parker != "" {
			parks = append(parks, i.Parker)
		}
	}
	return []string{
		"-workload", "wake,poisson,spawn_many_remote_idle,ping_pong,trickle", "-park", strings.Join(parks, ","),
		"-param", "gap=200us", "-param", "load=0.5", "-param", "submitter=block", "-count", "1",
	}
}

// find makes the path of a file absolute, and returns an error if there is none.
func find(path *string) (err error) {
	if *path, err = filepath.Abs(*path); err == nil {
		_, err = os.Stat(*path)
	}
	return err
}

// decide measures what both programs have, and judges it.
func (a app) decide(ctx context.Context, c comparison) (gate.Decision, error) {
	if c.failed != "" {
		why, more, _ := strings.Cut(c.failed, "\n")
		d := gate.Nothing(c.Old.Name, c.New.Name, why)
		for line := range strings.Lines(more) {
			d.Notes = append(d.Notes, strings.TrimRight(line, "\n"))
		}
		return d, nil
	}
	e := engine.Engine{Catalog: a.catalog, System: environ.Host(), Observe: a.watch()}
	ab, err := e.BeginAB(ctx, c.ABSetup)
	var refused *engine.RefusedError
	var other *engine.NotProgramError
	var judge *engine.JudgeError
	if errors.As(err, &refused) || errors.As(err, &other) || errors.As(err, &judge) {
		return gate.Decision{}, command.Usage(fmt.Errorf("compare: %w", err))
	}
	if err != nil {
		return gate.Decision{}, notBegun("compare", err)
	}
	notes := notesOf(ab.Common, c)
	if len(ab.Cells) == 0 {
		d := gate.Nothing(c.Old.Name, c.New.Name, "the two have no cell in common")
		d.Notes = notes
		return d, nil
	}
	fmt.Fprintf(a.stderr, "%s, %s against %s, for %v, into %s\n", plural(len(ab.Cells), "cell"), c.Old.Name, c.New.Name, c.Budget, c.Folder)
	if ab.Affordable < ab.Course.Least {
		a.note("a verdict needs %d rounds, and a budget of %v is enough for %d: choose fewer cells, or it will take longer", ab.Course.Least, c.Budget, ab.Affordable)
	}
	warnings := a.grave(&e, ab.New)
	a.banner(warnings)
	defer a.banner(warnings)
	err = stopText(ab.Run(ctx))
	sides := []*engine.Session{ab.Old, ab.New}
	for _, s := range sides {
		a.showCounts(s.Counts(), filepath.Base(s.Folder)+": ")
	}
	if err != nil {
		return gate.Decision{}, err
	}
	var planned []string
	for _, cell := range ab.Cells {
		planned = append(planned, cell.Name())
	}
	d := gate.Decide(c.Old.Name, c.New.Name, ab.Family, c.thresholds, planned)
	if d.Outcome == gate.Useless {
		d.Why += disturbed(ab.Old.Counts(), ab.New.Counts())
	}
	d.Notes = slices.Concat(d.Notes, notes, d.Family.Warnings)
	for _, s := range sides {
		if n := s.Counts().Failed; n > 0 {
			d.Notes = append(d.Notes, fmt.Sprintf("%d launches failed; %s has the reasons", n, filepath.Join(s.Folder, record.ManifestFile)))
		}
	}
	return d, nil
}

// notesOf says what of the two programs is not compared, and why.
func notesOf(common engine.Common, c comparison) (notes []string) {
	if common.Refused != nil {
		notes = append(notes, common.Refused.Error())
	}
	for _, w := range common.NotJudged {
		notes = append(notes, w+" is not measured: it is "+record.NotJudged)
	}
	for _, side := range []struct {
		name string
		only []record.Cell
	}{{c.Old.Name, common.OnlyOld}, {c.New.Name, common.OnlyNew}} {
		for _, cell := range side.only {
			notes = append(notes, fmt.Sprintf("only %s has %s", side.name, cell.Name()))
		}
	}
	return notes
}
