package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/idlebench/idlebench/bench/audit"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/internal/command"
)

const auditText = `usage: bench audit [flags]

Shows which results depend on the harness. It measures each cell of a report's first
section as usual, and again with one property of the harness changed at a time:

  submitter=…         another thread or goroutine submits
  held=…              workers are locked to threads, or ordinary goroutines
  slack-1ns           the smallest timer slack
  spare-proc          GOMAXPROCS one larger
  spare-worker        one worker more than cores
  unconfined          threads that are not workers may use all CPUs
  mirrored            the generator and a worker exchange their CPUs
  clock-call          the clock is read by a system call

For each property it prints the factor by which the value changes, and by which the ratio
to the baseline changes, with 95 % intervals. A result counts as moved if its interval
lies entirely beyond ±10 %.

An audit is a run. Its folder also gets the evidence, as audit.txt and audit.json.
"bench run" on the same machine copies the newest evidence, so that its page can show
which results depend on the harness. A pilot of a few seconds comes first, whose
launches are not kept. An interrupted audit keeps what was measured, and -resume measures
the rest. For a complete one -resume evaluates the launches again.

  bench audit -workload wake -impl bitmap,mutexonly -park futex

Exit status: 0 done, whatever was found, 1 something could not be measured, 2 wrong
usage, 130 interrupted.
`

// An auditPlan is what the command line asks for.
type auditPlan struct {
	designedRun
	selection audit.Selection
}

func (a app) audit(ctx context.Context, args []string) error {
	p, err := a.planAudit(args)
	if err != nil {
		return err
	}
	e, err := a.engine()
	if err != nil {
		return err
	}
	t, folder, err := a.beginAudit(ctx, e, p)
	if err != nil {
		return err
	}
	warnings := a.grave(e, t.Session)
	a.banner(warnings)
	defer a.banner(warnings)
	err = a.measureDesigned(ctx, t.Session)
	text, failed := e.AuditEvidence(t.Design, folder)
	fmt.Fprint(a.stdout, text)
	return errors.Join(err, failed)
}

// planAudit reads the command line.
func (a app) planAudit(args []string) (p auditPlan, err error) {
	flags := flag.NewFlagSet("bench audit", flag.ContinueOnError)
	s := &p.selection
	list(flags, &s.Workloads, "workload", "`workloads` to audit, at their usual parameters (default those of a report's first section)")
	list(flags, &s.Impls, "impl", "`implementations` and references to audit")
	list(flags, &s.Parks, "park", "`parkers` to audit")
	p.designedRun, err = a.parseDesigned(flags, args, designedCommand{
		text:       auditText,
		usual:      engine.Timing{Warmup: 20 * time.Millisecond, Time: 96 * time.Millisecond},
		mostRounds: engine.MaxRounds,
		aboutQuick: "take about two minutes, for fewer workloads and parkers",
		aboutRounds: fmt.Sprintf("`number` of rounds; below %d there are no intervals (default as many as there is time for, %d to %d)",
			engine.LeastAuditRounds-2, engine.LeastAuditRounds, engine.MostAuditRounds),
	})
	if err != nil || p.resume != "" {
		return p, err
	}
	p.setup.Plan.Rounds = p.rounds
	s.Quick, s.CPUs, s.Cores = p.quick, len(p.use), engine.Cores(p.use)
	return p, nil
}

// beginAudit resumes an audit, or begins one with its pilot.
func (a app) beginAudit(ctx context.Context, e *engine.Engine, p auditPlan) (t engine.Audit, folder string, err error) {
	if p.resume != "" {
		t, err = e.ResumeAudit(p.setup.Command, p.resume)
		t.Session, err = a.resumed(p.resume, t.Session, err)
		return t, p.resume, err
	}
	d, err := audit.New(a.catalog, p.selection)
	if err != nil {
		return t, "", command.Usage(err)
	}
	if t, err = e.BeginAudit(ctx, p.setup, d, p.quick); err != nil {
		return t, "", notBegun("audit", err)
	}
	fmt.Fprintf(a.stderr, "%d properties of the harness; %s\n", len(d.Properties), longRun(t.Pilot))
	return t, p.setup.Folder, nil
}
