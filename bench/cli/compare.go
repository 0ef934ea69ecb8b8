package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/stats/benchstat"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

const compareText = `usage: bench compare [flags] -old PROGRAM -new PROGRAM [-- flags of run]

Says whether one revision of this program wakes slower than another. Both measure
the cells that they have in common, alternately, on this machine; scripts/compare
builds them of two revisions. What is after -- chooses the cells, as for
"bench run"; without it they are those of "-quick", less the references.

After fixed numbers of rounds the results so far are judged. Cells that are decided
are measured no more, and the others go on until the budget is used, or until they
have had as many rounds as a verdict takes, if that is later. A cell

  regressed   if it is worse for certain, and its estimate is beyond the threshold
  held        if it is certain that it is not worse by more than the threshold

and is unresolved otherwise. What is called certain is wrong in at most 5 % of all
comparisons of two revisions, in any of their cells. That a regression is beyond the
threshold is an estimate: what is a little below it may be called one, too.

The folder has the runs of both, old and new, for benchstat and for "report", and
the decision as gate.txt, gate.md and gate.json. A comparison that is interrupted
keeps its launches, but cannot be resumed.

Exit status: 0 nothing became worse beyond the threshold, 1 something did, 2 wrong
usage, 3 nothing could be compared, or something could not be measured,
4 something is unresolved, 130 interrupted.
`

// A contest is what the command line of compare asks for.
type contest struct {
	folder      string
	old, new    rival
	thresholds  gate.Thresholds
	budget      time.Duration
	seed        uint64
	format      string
	undecidedOK bool
	throttled   bool
	args        []string // the command line, with the command
	failed      string   // why nothing can be measured; "" if it can
	selection   []string // flags for run
}

// A rival is one of two programs.
type rival struct {
	path, name string
	manifest   record.Manifest // what it would do

	// unlimited says that it is of a time when a quota that stopped threads was no
	// limit, and -throttled no flag.
	unlimited bool
}

// find makes the path absolute, and returns an error if there is no such file.
func (r *rival) find() (err error) {
	if r.path, err = filepath.Abs(r.path); err == nil {
		_, err = os.Stat(r.path)
	}
	return err
}

func (a app) compare(ctx context.Context, args []string) error {
	c, err := a.planCompare(args)
	if err != nil {
		return err
	}
	decision, err := a.decide(ctx, &c)
	if command.IsUsage(err) || errors.Is(err, errInterrupted) {
		return err
	}
	if err != nil {
		decision = gate.Nothing(c.old.name, c.new.name, err.Error())
	}
	if err := a.showDecision(c, decision); err != nil {
		fmt.Fprintf(a.stderr, "bench: compare: the decision could not be kept: %v\n", err)
		return gate.Error{Decision: gate.Nothing(c.old.name, c.new.name, err.Error())}
	}
	switch {
	case decision.Outcome == gate.Pass, decision.Outcome == gate.Open && c.undecidedOK:
		return nil
	}
	return gate.Error{Decision: decision}
}

func (a app) planCompare(args []string) (c contest, err error) {
	flags := flag.NewFlagSet("bench compare", flag.ContinueOnError)
	flags.StringVar(&c.old.path, "old", "", "`program` of the revision to compare with")
	flags.StringVar(&c.new.path, "new", "", "`program` of the revision in question")
	flags.StringVar(&c.old.name, "old-name", "old", "what to call the old `revision`")
	flags.StringVar(&c.new.name, "new-name", "new", "what to call the new `revision`")
	flags.DurationVar(&c.budget, "budget", 10*time.Minute, "`time` to measure, about, but at least the rounds that a verdict takes")
	c.thresholds.Flags(flags)
	flags.BoolVar(&c.undecidedOK, "allow-unresolved", false, "exit with 0 instead of 4 if something is unresolved and nothing worse")
	throttledFlag(flags, &c.throttled)
	flags.StringVar(&c.format, "format", "text", "`form` of what is printed: text, md or json")
	flags.StringVar(&c.folder, "o", "", "`folder` for the results, which must not exist (default results/<date>-<time>-compare)")
	flags.StringVar(&c.failed, "failed", "", "measure nothing, and write that nothing could be compared: `why` in the first line, more in the others; for scripts that build the programs")
	flags.Uint64Var(&c.seed, "seed", 0, "`seed` of the order of launches (default drawn)")
	c.args = append([]string{comparing}, args...)
	before, after := args, []string(nil)
	if i := slices.Index(args, "--"); i >= 0 {
		before, after = args[:i], args[i+1:]
	}
	if err := command.ParseAll(flags, a.stdout, compareText, before); err != nil {
		return c, err
	}
	c.selection = after
	if len(after) == 0 {
		c.selection = []string{"-quick"}
	}
	switch {
	case c.failed == "" && (c.old.path == "" || c.new.path == ""):
		return c, command.Usagef("compare: give -old and -new, the two programs; scripts/compare builds them")
	case c.budget <= 0:
		return c, command.Usagef("compare: -budget %v: want a time above zero", c.budget)
	case !slices.Contains([]string{"text", "md", "json"}, c.format):
		return c, command.Usagef("compare: -format %s: there are text, md and json", c.format)
	}
	for _, r := range []*rival{&c.old, &c.new} {
		if err := r.find(); err != nil && c.failed == "" {
			return c, command.Usage(fmt.Errorf("compare: %w", err))
		}
	}
	if !given(flags)["seed"] {
		c.seed = rand.Uint64()
	}
	if c.folder == "" {
		c.folder = newFolder(environ.Host()) + "-compare"
	}
	return c, nil
}

// decide asks both programs what they have, measures what is common, and judges
// it.
func (a app) decide(ctx context.Context, c *contest) (gate.Decision, error) {
	if c.failed != "" {
		why, more, _ := strings.Cut(c.failed, "\n")
		d := gate.Nothing(c.old.name, c.new.name, why)
		for line := range strings.Lines(more) {
			d.Notes = append(d.Notes, strings.TrimRight(line, "\n"))
		}
		return d, nil
	}
	notes, err := c.ask(ctx)
	if err != nil {
		return gate.Decision{}, err
	}
	cells, missing := common(c.old, c.new)
	notes = append(notes, missing...)
	if len(cells) == 0 {
		d := gate.Nothing(c.old.name, c.new.name, "the two have no cell in common")
		d.Notes = notes
		return d, nil
	}
	throttled := c.throttled || c.new.manifest.Plan.Throttled
	if err := a.checkQuota(environ.Host(), cells, c.new.manifest.Plan.CPUs, throttled); err != nil {
		return gate.Decision{}, err
	}
	if c.new.manifest.Plan.Throttled = throttled; throttled {
		c.old.findUnlimited(ctx)
		c.new.findUnlimited(ctx)
	}
	duel, err := a.newDuel(c, cells)
	if err != nil {
		return gate.Decision{}, err
	}
	state, err := duel.run(ctx)
	for _, side := range []*tour{duel.old, duel.new} {
		if closed := side.writer.Close(state); err == nil {
			err = closed
		}
		side.tally.report(a.stderr, filepath.Base(side.folder)+": ")
	}
	if err != nil {
		return gate.Decision{}, err
	}
	var planned []string
	for _, cell := range cells {
		planned = append(planned, cell.Name())
	}
	d := gate.Decide(c.old.name, c.new.name, duel.family, c.thresholds, planned)
	if d.Outcome == gate.Useless {
		d.Why += disturbed(duel.old.tally, duel.new.tally)
	}
	d.Notes = slices.Concat(d.Notes, notes, d.Family.Warnings)
	for _, side := range []*tour{duel.old, duel.new} {
		if n := side.tally.failed; n > 0 {
			d.Notes = append(d.Notes, fmt.Sprintf("%d launches failed; %s tells why", n, filepath.Join(side.folder, record.ManifestFile)))
		}
	}
	return d, nil
}

// disturbed says what made launches invalid; "" if nothing did.
func disturbed(tallies ...tally) string {
	all := make(map[string]int)
	for _, t := range tallies {
		for name, n := range t.limits {
			all[name] += n
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "; the machine was too busy: " + counts(all)
}

// ask has both programs tell what they would measure. If one of them refuses the
// selection, for instance since it lacks an implementation, it is asked for each
// cell of the other.
func (c *contest) ask(ctx context.Context) (notes []string, err error) {
	refused := c.old.ask(ctx, c.selection)
	if refused != nil && !command.IsUsage(refused) {
		return nil, refused
	}
	err = c.new.ask(ctx, c.selection)
	switch {
	case refused == nil && command.IsUsage(err):
		return []string{err.Error()}, c.new.askEach(ctx, c.old.manifest)
	case refused != nil && command.IsUsage(err):
		return nil, command.Usage(fmt.Errorf("compare: %w", err))
	case err != nil || refused == nil:
		return nil, err
	}
	return []string{refused.Error()}, c.old.askEach(ctx, c.new.manifest)
}

// askEach has the program tell which cells of another's plan it would measure.
func (r *rival) askEach(ctx context.Context, other record.Manifest) error {
	var has []record.Cell
	for _, cell := range other.Plan.Cells {
		if record.RoleOf(cell) != record.Implementation {
			continue
		}
		flags := []string{"-workload", cell.Workload, "-impl", cell.Impl, "-park", cell.Park, "-workers", strconv.Itoa(cell.Workers)}
		for _, p := range cell.Params {
			flags = append(flags, "-param", p.Name+"="+p.Value)
		}
		switch err := r.ask(ctx, flags); {
		case command.IsUsage(err):
			continue // it lacks that
		case err != nil:
			return err
		}
		has = append(has, r.manifest.Plan.Cells...)
	}
	r.manifest.Plan = other.Plan
	r.manifest.Plan.Cells = has
	return nil
}

// checkQuota refuses to compare cells that need more than the CPU quota.
func (a app) checkQuota(system environ.System, cells []record.Cell, cpus string, throttled bool) error {
	r, err := request(record.Plan{CPUs: cpus})
	if err != nil {
		return err
	}
	use, err := usable(r.CPUs)
	if err != nil {
		return command.Usage(err)
	}
	return a.shortage(system, use, cells).refuse("compare", throttled)
}

// findUnlimited finds out whether the program has the limit that -throttled lifts.
func (r *rival) findUnlimited(ctx context.Context) {
	other := *r // what it answered before is still needed
	err := other.ask(ctx, []string{"-quick", "-throttled"})
	r.unlimited = command.IsUsage(err) && strings.Contains(err.Error(), "-throttled")
}

// ask has the program tell what it would measure. An error of usage says that it
// refuses the flags.
func (r *rival) ask(ctx context.Context, flags []string) error {
	cmd := exec.CommandContext(ctx, r.path, slices.Concat([]string{"run", "-plan"}, flags)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil || interrupted(err) {
			return errInterrupted
		}
		said := strings.TrimSpace(stderr.String())
		if cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == Usage && !strings.Contains(said, "-plan") {
			return command.Usagef("%s refuses this selection: %s", r.name, strings.TrimPrefix(said, "bench: "))
		}
		return fmt.Errorf("%s cannot tell what it measures; a revision before \"bench run -plan\" cannot be compared: %s (%w)", r.name, said, err)
	}
	r.manifest = record.Manifest{}
	if err := json.Unmarshal(stdout.Bytes(), &r.manifest); err != nil {
		return fmt.Errorf("the plan of %s: %w", r.name, err)
	}
	if v := r.manifest.Version; v < record.Oldest || v > record.Version {
		return fmt.Errorf("%s writes results in version %d of their form; this program reads versions %d to %d", r.name, v, record.Oldest, record.Version)
	}
	return r.manifest.Plan.Validate()
}

// common returns the cells that both have, less the references, which no change
// is about, and those of workloads that are not judged. It tells the others.
func common(old, new rival) (cells []record.Cell, notes []string) {
	names := func(m record.Manifest) map[string]bool {
		all := make(map[string]bool)
		for _, c := range m.Plan.Cells {
			all[c.Name()] = true
		}
		return all
	}
	has := names(new.manifest)
	had := names(old.manifest)
	reported := make(map[string]bool)
	for _, c := range old.manifest.Plan.Cells {
		unit, known := new.manifest.Primary[c.Workload]
		switch {
		case record.RoleOf(c) != record.Implementation:
		case known && unit == "":
			if !reported[c.Workload] {
				reported[c.Workload] = true
				notes = append(notes, c.Workload+" is not measured: it is "+record.NotJudged)
			}
		case has[c.Name()]:
			cells = append(cells, c)
		default:
			notes = append(notes, fmt.Sprintf("only %s has %s", old.name, c.Name()))
		}
	}
	for _, c := range new.manifest.Plan.Cells {
		if !had[c.Name()] && record.RoleOf(c) == record.Implementation {
			notes = append(notes, fmt.Sprintf("only %s has %s", new.name, c.Name()))
		}
	}
	return cells, notes
}

// comparing is the command that the runs of both sides belong to.
const comparing = "compare"

// overhead is about what starting a process takes, besides what it measures.
const overhead = 40 * time.Millisecond

// newDuel makes the folders.
func (a app) newDuel(c *contest, cells []record.Cell) (*duel, error) {
	each := c.new.manifest.Plan.Warmup + c.new.manifest.Plan.Time + overhead
	affordable := int(c.budget / (2 * time.Duration(len(cells)) * each))
	at := compare.Looks(level, len(cells), affordable)
	schedule, err := compare.NewSchedule(level, compare.Pocock, at...)
	if err != nil {
		return nil, err
	}
	sequence, err := compare.NewSequence(schedule, compare.Old, compare.Options{Alpha: level, Margin: c.thresholds.Least()}, c.thresholds.Decided)
	if err != nil {
		return nil, err
	}
	plan := c.new.manifest.Plan
	plan.Cells, plan.Rounds, plan.Seed, plan.Profiles = cells, at[len(at)-1], c.seed, nil
	plan.Order = order.Cells(cells, plan.Rounds, c.seed)
	d := &duel{
		order: plan.Order, newFirst: order.Sides(len(cells), plan.Rounds, c.seed), sequence: sequence, limits: c.thresholds,
		budget: c.budget, stderr: a.stderr, decided: make(map[string]bool),
	}
	fmt.Fprintf(a.stderr, "%d cells, %s against %s, judged after %v rounds, into %s\n", len(cells), c.old.name, c.new.name, at, c.folder)
	if affordable < at[0] {
		fmt.Fprintf(a.stderr, "a verdict takes %d rounds, and a budget of %v allows %d: choose fewer cells, or it will take longer\n", at[0], c.budget, affordable)
	}
	for _, side := range []struct {
		to     **tour
		rival  rival
		folder string
	}{{&d.old, c.old, compare.Old}, {&d.new, c.new, compare.New}} {
		if *side.to, err = side.rival.tour(plan, c.args, filepath.Join(c.folder, side.folder)); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// tour makes the folder of a rival's run.
func (r rival) tour(plan record.Plan, args []string, folder string) (*tour, error) {
	program, err := readProgram(r.path)
	if err != nil {
		return nil, err
	}
	w, err := record.Create(folder, record.Header{
		Start: time.Now(), Plan: plan, Command: comparing, Args: args, Program: r.manifest.Program,
		Config: r.manifest.Config, Units: r.manifest.Units, Primary: r.manifest.Primary,
	})
	if errors.Is(err, os.ErrExist) {
		return nil, command.Usage(err)
	}
	if err != nil {
		return nil, err
	}
	req, err := request(plan)
	if err != nil {
		return nil, err
	}
	req.Program = r.path
	req.Throttled = plan.Throttled && !r.unlimited
	return &tour{
		command: comparing, plan: plan, folder: folder, writer: w, request: req, program: program,
		measure: func(ctx context.Context, r launch.Request) (record.Launch, error) { return r.Exec(ctx) },
	}, nil
}

// showDecision prints the decision, and writes it into the folder in all forms.
func (a app) showDecision(c contest, d gate.Decision) error {
	var whole, brief string // tables of all units, and of those that are judged
	if len(d.Findings) > 0 {
		var err error
		if whole, err = benchstatOf(c, benchstat.Options{Filter: "*", Ignore: ignored}); err == nil {
			brief, err = benchstatOf(c, benchstat.Options{Filter: ".unit:(" + strings.Join(judged(d), " OR ") + ")", Table: ".name"})
		}
		if err != nil {
			d.Notes = append(d.Notes, fmt.Sprintf("the tables of benchstat: %v", err))
		}
	}
	forms := []struct {
		name, file string
		write      func(io.Writer) error
	}{
		{"text", "gate.txt", func(w io.Writer) error {
			if whole != "" {
				fmt.Fprintf(w, "%s\n", whole)
			}
			return d.Text(w)
		}},
		{"md", "gate.md", func(w io.Writer) error { return d.Markdown(w, brief) }},
		{"json", "gate.json", d.JSON},
	}
	wrong := os.MkdirAll(c.folder, 0o777)
	for _, f := range forms {
		var text bytes.Buffer
		if err := f.write(&text); err != nil {
			return err
		}
		if f.name == c.format {
			if _, err := a.stdout.Write(text.Bytes()); err != nil {
				return err
			}
		}
		if wrong == nil {
			wrong = os.WriteFile(filepath.Join(c.folder, f.file), text.Bytes(), 0o666)
		}
	}
	return wrong
}

// judged returns the units of the findings, as benchstat's filter has them.
func judged(d gate.Decision) (units []string) {
	for _, f := range d.Findings {
		if unit := strconv.Quote(f.Unit); f.Unit != "" && !slices.Contains(units, unit) {
			units = append(units, unit)
		}
	}
	return units
}

// benchstatOf makes the table that a reader is used to: old against new.
func benchstatOf(c contest, o benchstat.Options) (string, error) {
	var files []benchstat.File
	for _, side := range []string{compare.Old, compare.New} {
		text, err := os.ReadFile(filepath.Join(c.folder, side, record.BenchFile))
		if err != nil {
			return "", err
		}
		files = append(files, benchstat.File{Name: side, Text: record.ReadText(side, text)})
	}
	return benchstat.Text(o, files...)
}
