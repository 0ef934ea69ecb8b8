package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/selftest"
	"github.com/idlebench/idlebench/record/evidence"
)

const selftestText = `usage: bench selftest [flags]

Checks on this machine that the chain from launches to verdicts can be trusted. It
measures cases whose answer is known:

  A/A            108 comparisons of an implementation with itself: at a level of 5 %,
                 no more are significant than that rate explains
  families       the same and delays, judged together as a report does
  sensitivity    injected delays of 2, 5, 10 and 20 % of p50: which are detected, and
                 how often
  repeatability  two runs, one after the other: how many of their verdicts agree
  audit          an artefact planted in the harness: whether "bench audit" would
                 detect it, and nothing else
  slices         the same cells in slices and in whole launches: whether they measure
                 the same within 5 %

A self-test is a run of short launches. Its folder also gets the evidence, as
selftest.json and selftest.txt. A pilot of a few seconds comes first. Its launches are
not kept, and if it is interrupted there is no folder yet. After that, an interrupted
self-test keeps what was measured, and -resume measures the rest. For a complete one
-resume evaluates the launches again.

Exit status: 0 no claim failed (some may be unresolved), 1 a claim failed or something
could not be measured, 2 wrong usage, 130 interrupted.
`

// errSelftest is the error of a complete self-test in which a claim failed.
var errSelftest = errors.New("the self-test failed: do not trust verdicts from this machine")

func (a app) selftest(ctx context.Context, args []string) error {
	p, err := a.planSelftest(args)
	if err != nil {
		return err
	}
	e, err := a.engine()
	if err != nil {
		return err
	}
	t, folder, err := a.beginSelftest(ctx, e, p)
	if err != nil {
		return err
	}
	warnings := a.grave(e, t.Session)
	a.banner(warnings)
	defer a.banner(warnings)
	err = a.measureDesigned(ctx, t.Session)
	found, text, failed := e.SelftestEvidence(t.Design, folder)
	fmt.Fprint(a.stdout, text)
	if err = errors.Join(err, failed); err == nil && found.Outcome == evidence.Failed {
		err = errSelftest
	}
	return err
}

// planSelftest reads the command line.
func (a app) planSelftest(args []string) (designedRun, error) {
	flags := flag.NewFlagSet("bench selftest", flag.ContinueOnError)
	return a.parseDesigned(flags, args, designedCommand{
		text:        selftestText,
		usual:       engine.Timing{Warmup: 15 * time.Millisecond, Time: 32 * time.Millisecond},
		mostRounds:  engine.MaxSelftestRounds,
		aboutQuick:  "take less than two minutes, for weaker statements",
		aboutRounds: "`number` of rounds of each comparison (default 12, or fewer if launches take long)",
	})
}

// beginSelftest resumes a self-test, or begins one with its pilot.
func (a app) beginSelftest(ctx context.Context, e *engine.Engine, p designedRun) (t engine.Selftest, folder string, err error) {
	if p.resume != "" {
		t, err = e.ResumeSelftest(p.setup.Command, p.resume)
		t.Session, err = a.resumed(p.resume, t.Session, err)
		return t, p.resume, err
	}
	d, err := selftest.New(a.catalog, p.quick, len(p.use))
	if err != nil {
		return t, "", err
	}
	if t, err = e.BeginSelftest(ctx, p.setup, d, p.rounds); err != nil {
		return t, "", notBegun("selftest", err)
	}
	for _, row := range t.Design.Rows {
		if row.Delayed {
			last := row.Delays[len(row.Delays)-1]
			fmt.Fprintf(a.stderr, "pilot: %s: p50 of %d launches, %d %% of it are %v\n", row.Cell.Name(), len(row.Pilot), last.Percent, last.Time)
		}
	}
	if pilot := t.Pilot; 2*pilot.Invalid > pilot.Launches {
		a.note("This machine is noisy: %d of %d launches of the pilot were invalid, so many claims will stay unresolved. "+
			"\"%s doctor\" may show why.", pilot.Invalid, pilot.Launches, again())
	}
	fmt.Fprintf(a.stderr, "comparisons of %d rounds; %s\n", t.Design.Block, longRun(t.Pilot))
	return t, p.setup.Folder, nil
}

// measureDesigned measures what is left of a designed run; nothing if there is no
// session.
func (a app) measureDesigned(ctx context.Context, s *engine.Session) error {
	if s == nil {
		return nil
	}
	_, err := a.finish(ctx, s)
	a.showCounts(s.Counts(), "")
	if err == nil {
		err = failure(s.Counts(), s.Folder)
	}
	return err
}
