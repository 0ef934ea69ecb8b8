package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/idlebench/idlebench/bench/engine"
)

// worthALook is how long a run takes at least for its user to wait for a look at the
// machine first. A shorter one is its own look.
const worthALook = 30 * time.Second

// announce says, before a run begins, what it can decide and how noisy the machine is. It
// returns an error if the user does not want to go on.
func (a app) announce(ctx context.Context, e *engine.Engine, p runPlan) error {
	a.note("%s", decidable(e.Families(p.Plan), p.Plan.Rounds))
	if e.System.Commit == "" {
		a.note("The results will lack the commit: this program does not know its own. \"go build\" in a clone records it, \"go run\" does not.")
	}
	estimate := engine.Estimate(p.Plan)
	if estimate < worthALook {
		return nil
	}
	if _, err := os.Lstat(p.Folder); err == nil {
		return nil // Begin refuses, at once
	}
	fmt.Fprintf(a.stderr, "this will take about %v; looking at the machine first …\n", roughly(estimate))
	look, err := e.Look(ctx, p.Setup)
	if err != nil {
		return notBegun("run", err)
	}
	if !look.Noisy() {
		return nil
	}
	a.note("%s", noisy(look.Counts))
	if p.anyway || !a.interactive() {
		return nil
	}
	return confirm(ctx, os.Stdin, a.stderr)
}

// roughly rounds an estimate to what it is good for.
func roughly(d time.Duration) time.Duration {
	if d < 2*time.Minute {
		return d.Round(10 * time.Second)
	}
	return d.Round(time.Minute)
}

// decidable says how many comparisons a report will judge, and what that takes.
func decidable(f engine.Families, rounds int) string {
	managers := fmt.Sprintf("%s of managers with %s", plural(f.Managers.Comparisons, "comparison"), f.Managers.Baseline)
	parkers := fmt.Sprintf("%s of parkers of %s with %s", plural(f.Parkers.Comparisons, "comparison"), f.Managers.Baseline, f.Parkers.Baseline)
	switch {
	case f.Managers.Comparisons > 0 && f.Parkers.Comparisons > 0:
		return fmt.Sprintf("Judged: %s, and %s, each family at an error rate of 5 %%. "+
			"A verdict takes at least %d and %d rounds with valid launches; planned: %d.",
			managers, parkers, f.Managers.Rounds, f.Parkers.Rounds, rounds)
	case f.Managers.Comparisons == 0 && f.Parkers.Comparisons == 0:
		if f.Managers.Others == 0 && f.Parkers.Others == 0 {
			return "Nothing is judged: there are not two implementations, nor two parkers of one, to compare."
		}
		return "Nothing is judged: no workload with a primary metric is measured with two implementations, or two parkers of one."
	}
	judged := managers
	if f.Managers.Comparisons == 0 {
		judged = parkers
	}
	return fmt.Sprintf("Judged: %s, together at an error rate of 5 %%. A verdict takes at least %s with valid launches; planned: %d.",
		judged, plural(f.Larger().Rounds, "round"), rounds)
}

// undecidable warns of a run that has too few rounds for any verdict of a family; nil if
// it has enough for both.
func undecidable(f engine.Families, rounds int) []string {
	most := f.Larger()
	if rounds >= most.Rounds {
		return nil
	}
	of := "ANY VERDICT"
	switch {
	case f.Managers.Comparisons > 0 && rounds >= f.Managers.Rounds:
		of = "ANY VERDICT ON PARKERS"
	case f.Parkers.Comparisons > 0 && rounds >= f.Parkers.Rounds:
		of = "ANY VERDICT ON MANAGERS"
	}
	return []string{fmt.Sprintf("TOO FEW ROUNDS FOR %s: with %d, no difference can be significant, however large it is. "+
		"With %s it takes at least %d: -count %d leaves two to spare. A smaller selection takes fewer.",
		of, rounds, plural(most.Comparisons, "comparison"), most.Rounds, most.Enough())}
}

// noisy says what share of a run's launches will be invalid, and why.
func noisy(c engine.Counts) string {
	var limits []string
	for _, name := range slices.Sorted(maps.Keys(c.Limits)) {
		limits = append(limits, fmt.Sprintf("%s %d", name, c.Limits[name]))
	}
	return fmt.Sprintf("About %.0f %% of launches will be invalid: %d of %d just now (%s). \"%s doctor\" shows what disturbs this machine.",
		100*float64(c.Invalid)/float64(c.Launches), c.Invalid, c.Launches, strings.Join(limits, ", "), again())
}

// interactive reports whether there is a person to ask, who also sees the question.
func (a app) interactive() bool {
	out, ok := a.stderr.(*os.File)
	return ok && term.IsTerminal(int(out.Fd())) && term.IsTerminal(int(os.Stdin.Fd()))
}

// errDeclined is the error of a run that the user did not want to begin.
var errDeclined = errors.New("nothing was measured")

// confirm asks whether to go on. Everything but yes is a no. The goroutine that reads
// the answer outlives an interruption, and ends with the process.
func confirm(ctx context.Context, in io.Reader, out io.Writer) error {
	fmt.Fprint(out, "Go on? [y/N] ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n') // what was read before an error is an answer too
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(out)
		return engine.ErrInterrupted
	case text := <-answer:
		if text == "y" || text == "yes" {
			return nil
		}
		return errDeclined
	}
}
