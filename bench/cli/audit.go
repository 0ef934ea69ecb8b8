package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/audit"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/record/evidence"
)

const auditText = `usage: bench audit [flags]

Shows which results depend on the harness. Each cell of a report's first section is
measured as usual, and again with one property of the harness changed at a time:

  submitter=…         another thread or goroutine submits
  held=…              workers are locked to threads, or ordinary goroutines
  slack-1ns           the least slack of timers
  spare-proc          GOMAXPROCS one larger
  spare-worker        one worker more than cores
  unconfined          threads that are not workers may use all CPUs
  mirrored            the generator and a worker with their CPUs exchanged
  clock-call          the clock read by a system call

For each it prints by what factor the property moves the value, and the ratio to the
baseline, with 95 % intervals. A result is moved if its interval lies wholly beyond
±10 %.

It is a run as any other. The evidence goes into its folder, as audit.txt and
audit.json; "bench run" on the same machine takes the newest along, so that its page
can say which results depend on what. A pilot comes first, of some seconds, whose
launches are not kept. Interrupting keeps what was measured; -resume goes on, and
for a complete audit makes the evidence again from what was measured.

  bench audit -workload wake -impl bitmap,mutexonly -park futex

Exit status: 0 done, whatever was found, 1 something could not be measured, 2 wrong
usage, 130 interrupted.
`

// The time that an audit is to take at most. On a machine where launches take long
// it has fewer rounds, down to those that an interval takes and two more, for rounds
// that a cell is without; where they are quick, or few, it has more, up to most.
const (
	auditTime      = 18 * time.Minute
	quickAuditTime = 2 * time.Minute

	leastAuditRounds = 8
	mostAuditRounds  = 20
)

// An auditPlan is what the command line asks for.
type auditPlan struct {
	runPlan
	selection audit.Selection
	use       cpu.Set
}

func (a app) audit(ctx context.Context, args []string) error {
	system := environ.Host()
	p, err := a.planAudit(args, system)
	if err != nil {
		return err
	}
	self, err := thisProgram()
	if err != nil {
		return err
	}
	d, t, err := a.beginAudit(ctx, p, system, self)
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
	return errors.Join(err, a.auditEvidence(d, p.folder))
}

// planAudit reads the command line.
func (a app) planAudit(args []string, system environ.System) (p auditPlan, err error) {
	p.command, p.args = "audit", append([]string{"audit"}, args...)
	flags := flag.NewFlagSet("bench audit", flag.ContinueOnError)
	s := &p.selection
	flags.BoolVar(&s.Quick, "quick", false, "take some two minutes, for fewer workloads and parkers")
	list(flags, &s.Workloads, "workload", "`workloads` to audit, at their usual parameters (default those of a report's first section)")
	list(flags, &s.Impls, "impl", "`implementations` and references to audit")
	list(flags, &s.Parks, "park", "`parkers` to audit")
	flags.IntVar(&p.plan.Rounds, "rounds", 0, fmt.Sprintf("`number` of rounds; below %d there are no intervals (default as many as there is time for, %d to %d)", leastAuditRounds-2, leastAuditRounds, mostAuditRounds))
	flags.DurationVar(&p.plan.Warmup, "warmup", 20*time.Millisecond, "`time` of operations before the measured ones")
	flags.DurationVar(&p.plan.Time, "time", 100*time.Millisecond, "`time` to measure in each launch")
	flags.Func("cpus", "CPUs to use, as a `list` such as 0-3,8 (default all that the process may use)", func(s string) (err error) {
		p.use, err = cpu.Parse(s)
		p.plan.CPUs = s
		return err
	})
	flags.Uint64Var(&p.plan.Seed, "seed", 0, "`seed` of the order of launches and of the loads' random choices (default random)")
	throttledFlag(flags, &p.plan.Throttled)
	flags.StringVar(&p.folder, "o", "", "`folder` for the results, which must not exist (default results/<date>-<time>)")
	resumption(flags, &p.runPlan)
	if err := command.ParseAll(flags, a.stdout, auditText, args); err != nil {
		return p, err
	}
	if p.resume {
		return p, p.onlyResume(flags)
	}
	if err := p.checkTiming(flags); err != nil {
		return p, err
	}
	if given(flags)["rounds"] && p.plan.Rounds < 1 {
		return p, command.Usagef("audit: -rounds %d: want at least 1", p.plan.Rounds)
	}
	if !given(flags)["seed"] {
		p.plan.Seed = rand.Uint64()
	}
	if p.folder == "" {
		p.folder = newFolder(system)
	}
	if p.use, err = usable(p.use); err != nil {
		return p, command.Usage(err)
	}
	s.CPUs, s.Cores = len(p.use), cores(p.use)
	return p, nil
}

// beginAudit goes on with the run of a folder, or begins one with a pilot. The tour
// is nil if nothing is left to measure.
func (a app) beginAudit(ctx context.Context, p auditPlan, system environ.System, self *program) (d evidence.Design, t *tour, err error) {
	if p.resume {
		c, err := evidence.Read[evidence.Design, evidence.Evidence](evidence.Audit, p.folder)
		if errors.Is(err, fs.ErrNotExist) {
			return d, nil, command.Usage(err)
		}
		if err != nil {
			return d, nil, err
		}
		t, err := a.resume(p.command, p.folder, system, self)
		return c.Design, t, err
	}
	if d, err = audit.New(a.catalog, p.selection); err != nil {
		return d, nil, command.Usage(err)
	}
	p.plan.Cells = d.Cells()
	if err := a.shortage(system, p.use, p.plan.Cells).refuse("audit", p.plan.Throttled); err != nil {
		return d, nil, err
	}
	r, err := request(p.plan)
	if err != nil {
		return d, nil, err
	}
	round, err := a.auditPilot(ctx, d, r)
	if err != nil {
		return d, nil, err
	}
	if p.plan.Rounds == 0 {
		limit := auditTime
		if p.selection.Quick {
			limit = quickAuditTime
		}
		p.plan.Rounds = min(mostAuditRounds, max(leastAuditRounds, int(limit/round)))
	}
	fmt.Fprintf(a.stderr, "%d properties of the harness; this will take about %v\n", len(d.Properties), (time.Duration(p.plan.Rounds) * round).Round(10*time.Second))
	p.plan.Order = audit.Order(d, p.plan.Rounds, p.plan.Seed)
	p.config = a.config(system, p.use, p.plan)
	if t, err = a.begin(p.runPlan, self); err != nil {
		return d, nil, err
	}
	return d, t, evidence.Write[evidence.Design, evidence.Evidence](evidence.Audit, p.folder, d, nil)
}

// auditPilot returns how long a round takes, with the repeats to be expected. It
// launches one cell of each workload, not a floor if there is another.
func (a app) auditPilot(ctx context.Context, d evidence.Design, r launch.Request) (round time.Duration, err error) {
	cells := make(map[string]int) // by workload
	for _, c := range d.Cells() {
		cells[c.Workload]++
	}
	var tried []string
	pilots := slices.Clone(d.Subjects)
	slices.SortStableFunc(pilots, func(a, b evidence.Subject) int {
		switch {
		case a.Floor == b.Floor:
			return 0
		case b.Floor:
			return -1
		}
		return 1
	})
	for _, s := range pilots {
		w := s.Cell.Workload
		if slices.Contains(tried, w) {
			continue
		}
		tried = append(tried, w)
		start := time.Now()
		r.Cell = s.Cell
		if _, err := r.Exec(ctx); err != nil {
			if ctx.Err() != nil || interrupted(err) {
				return 0, fmt.Errorf("%w in the pilot, whose launches are not kept: begin again", errInterrupted)
			}
			return 0, fmt.Errorf("pilot: %s: %w", s.Cell.Name(), err)
		}
		round += time.Since(start) * time.Duration(cells[w])
	}
	// Launches that are disturbed are repeated, of which a pilot this short
	// knows nothing; on a shared virtual machine it is one in twenty.
	return round + round/20, nil
}

// auditEvidence makes the evidence from a folder, and shows it.
func (a app) auditEvidence(d evidence.Design, folder string) error {
	run, err := record.Read(folder)
	if err != nil {
		return err
	}
	e, err := audit.Evaluate(d, run)
	if err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	text := audit.Text(e, folder)
	fmt.Fprint(a.stdout, text)
	return errors.Join(evidence.Write(evidence.Audit, folder, d, &e), evidence.Audit.WriteText(folder, text))
}

// page makes the page of a run, for which it brings the audit of the machine.
func (a app) page(folder string) error {
	if err := a.takeAudit(folder); err != nil {
		fmt.Fprintf(a.stderr, "bench: %v\n", err)
	}
	return a.report(reporter(), folder)
}

// takeAudit copies the audit that belongs to a run into its folder, from the folders
// beside it or from results, or says that there is none.
func (a app) takeAudit(folder string) error {
	m, err := record.ReadManifest(folder)
	if err != nil {
		return err
	}
	var folders []string
	for _, dir := range []string{filepath.Dir(folder), "results"} {
		// Glob fails on patterns only, which a folder may look like.
		files, _ := filepath.Glob(filepath.Join(dir, "*", evidence.Audit.File))
		for _, f := range files {
			folders = append(folders, filepath.Dir(f))
		}
	}
	from := evidence.Newest(folders, m.Config)
	switch {
	case from == "":
		fmt.Fprintln(a.stderr, `not audited on this machine: "bench audit" shows which of these results depend on the harness`)
		return nil
	case filepath.Clean(from) == filepath.Clean(folder):
		return nil // it was resumed
	}
	return evidence.Copy(folder, from)
}
