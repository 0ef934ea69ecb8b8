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
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/family"
)

// worthALook is how long a run takes at least for its user to wait for a look at the
// machine first. A shorter one is its own look.
const worthALook = 30 * time.Second

// announce says, before a run begins, what it can decide and how noisy the machine is. It
// returns an error if the user does not want to go on.
func (a app) announce(ctx context.Context, e *engine.Engine, p runPlan) error {
	a.note("%s", decidable(e.Families(p.Plan), p.Plan))
	if e.System.Commit == "" {
		a.note("The results will lack the commit: this program does not know its own. \"go build\" in a clone records it, \"go run\" does not.")
	}
	if engine.Estimate(p.Plan) < worthALook {
		return nil
	}
	if _, err := os.Lstat(p.Folder); err == nil {
		return nil // Begin refuses, at once
	}
	fmt.Fprintf(a.stderr, "this will take %s; looking at the machine first …\n", duration(p.Plan))
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

// cost says what a plan would decide, and how long it would take.
func (a app) cost(e *engine.Engine, p record.Plan) {
	a.note("%s", decidable(e.Families(p), p))
	a.note("%s in up to %s would take %s.", plural(len(p.Cells), "cell"), plural(p.Rounds, "round"), duration(p))
}

// duration says how long a plan takes.
func duration(p record.Plan) string {
	upTo := ""
	if len(p.Looks) > 0 {
		upTo = "up to "
	}
	return fmt.Sprintf("%sabout %v", upTo, roughly(engine.Estimate(p)))
}

// roughly rounds an estimate to what it is good for.
func roughly(d time.Duration) time.Duration {
	if d < 2*time.Minute {
		return d.Round(10 * time.Second)
	}
	return d.Round(time.Minute)
}

// decidable says how many comparisons a report will judge, and what that takes.
func decidable(families []engine.Family, p record.Plan) string {
	if len(families) == 0 {
		return "Nothing is judged: it takes two implementations, or two parkers of one, on a workload with a primary metric."
	}
	var judged, least []string
	for _, f := range families {
		judged = append(judged, fmt.Sprintf("%s with %s", plural(f.Comparisons, kind(f)+" comparison"), f.Baseline))
		least = append(least, fmt.Sprint(f.Rounds))
	}
	each := "at an error rate of 5 %"
	if len(judged) > 1 {
		each = "each kind at an error rate of 5 %"
	}
	what := fmt.Sprintf("Judged: %s, %s.", strings.Join(judged, " and "), each)
	if len(p.Looks) == 0 {
		return fmt.Sprintf("%s A verdict takes at least %s rounds with valid launches; planned: %d.", what, strings.Join(least, " and "), p.Rounds)
	}
	var later []string
	for _, l := range p.Looks[1:] {
		later = append(later, fmt.Sprint(l.Rounds))
	}
	return fmt.Sprintf("%s The first time is after %d rounds; what is undecided then goes on, and is judged again after %s, with at most %d launches in all.",
		what, p.Looks[0].Rounds, strings.Join(later, ", "), p.MaxLaunches)
}

// kind says what a family compares.
func kind(f engine.Family) string {
	if f.Column == family.ParkKey {
		return "parker"
	}
	return "implementation"
}

// undecidable warns of the families that have too few rounds for any verdict; nil if there
// are none.
func undecidable(families []engine.Family, rounds int) (warnings []string) {
	for _, f := range families {
		if rounds >= f.Rounds {
			continue
		}
		warnings = append(warnings, fmt.Sprintf("TOO FEW ROUNDS FOR ANY %s VERDICT: with %d, no difference can be significant, however large it is. "+
			"With %s it takes at least %d: -count %d leaves two to spare. A smaller selection takes fewer.",
			strings.ToUpper(kind(f)), rounds, plural(f.Comparisons, kind(f)+" comparison"), f.Rounds, f.Enough()))
	}
	return warnings
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
