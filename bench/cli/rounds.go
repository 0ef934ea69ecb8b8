package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/noise"
	"github.com/idlebench/idlebench/record"
)

var errInterrupted = errors.New("interrupted")

// A cell whose launch was invalid is launched again in its round, at most
// maxRepeats times. Of all launches so far, at most one to repeatShare turns may
// be such, beside maxRepeats, so that a machine that is never quiet takes a
// quarter longer, not three times as long.
const (
	maxRepeats  = 2
	repeatShare = 4
)

// A tour carries out what is left of a plan, in the plan's order, and records
// what comes of it.
type tour struct {
	command  string // of the program, with which it goes on
	plan     record.Plan
	folder   string
	writer   *record.Writer
	request  launch.Request // without what differs between launches
	program  *program
	measure  func(context.Context, launch.Request) (record.Launch, error)
	progress *progress
	tally    tally
}

// A tally counts what became of a plan, in all sessions.
type tally struct {
	launches int            // recorded
	limits   map[string]int // how many of them violated each
	invalid  int            // violated one or more
	without  int            // turns of a cell in a round that brought no valid launch
	failed   int            // launches that brought no result

	unprofiled int // profiles that could not be made, in this session
}

// tallyOf counts what is in a folder. What a round was without is counted by
// going through the plan.
func tallyOf(run record.Run) tally {
	t := tally{failed: len(run.Failures)}
	for _, l := range run.Recorded {
		t.add(l)
	}
	return t
}

func (t *tally) add(l record.Launch) {
	t.launches++
	if len(l.Invalid) == 0 {
		return
	}
	t.invalid++
	if t.limits == nil {
		t.limits = make(map[string]int)
	}
	for _, limit := range l.Invalid {
		t.limits[limit]++
	}
}

// left returns how many turns are still to be taken. A turn whose launches were all
// invalid is among them only if it may have another.
func (t *tour) left() int {
	n, turns, repeats := 0, 0, 0
	for round, cells := range t.plan.Order {
		for _, i := range cells {
			attempts, over := t.writer.Tried(t.plan.Cells[i], round)
			if !over && mayLaunch(attempts, turns, repeats) {
				n++
			}
			turns++
			repeats += max(0, attempts-1)
		}
	}
	return n
}

// rounds launches every cell of every round for which that is not done yet. An
// error means that it stopped early.
func (t *tour) rounds(ctx context.Context) error {
	turns, repeats := 0, 0 // gone by
	for round, cells := range t.plan.Order {
		for _, i := range cells {
			cell := t.plan.Cells[i]
			before, _ := t.writer.Tried(cell, round)
			attempts, err := t.turn(ctx, cell, round, turns, repeats)
			if err != nil {
				return err
			}
			if attempts > before {
				t.progress.step(t.where(round))
			}
			turns++
			repeats += attempts - 1
		}
	}
	return nil
}

// turn launches a cell in a round, until one launch is valid or enough were tried,
// and returns how many there were. So many turns and repeats went before.
func (t *tour) turn(ctx context.Context, cell record.Cell, round, turns, repeats int) (attempts int, err error) {
	attempts, over := t.writer.Tried(cell, round)
	if over {
		return attempts, nil
	}
	for !over && mayLaunch(attempts, turns, repeats) {
		if err := t.launch(ctx, cell, round, attempts); err != nil {
			return attempts, err
		}
		attempts, over = t.writer.Tried(cell, round)
	}
	if !over {
		t.tally.without++
	}
	return attempts, nil
}

// mayLaunch reports whether a cell may be launched in its turn, for which it was
// attempt times, when as many turns and repeats went before this turn.
func mayLaunch(attempt, turns, repeats int) bool {
	return attempt == 0 || attempt <= maxRepeats && repeats+attempt <= maxRepeats+turns/repeatShare
}

// launch measures a cell once and records that.
func (t *tour) launch(ctx context.Context, cell record.Cell, round, attempt int) error {
	if err := t.program.check(); err != nil {
		return t.stopped(err, "put it back")
	}
	r := t.request
	r.Cell, r.Round = cell, round
	// Another round, other choices; the same for all launches of a round.
	r.Seed = t.plan.Seed + uint64(round)
	l, err := t.measure(ctx, r)
	if ctx.Err() != nil || interrupted(err) {
		return t.interrupted()
	}
	if errors.Is(err, cpu.ErrUnavailable) {
		return t.stopped(err, "give it back") // the cell is not to blame
	}
	if err != nil {
		t.tally.failed++
		first, _, _ := strings.Cut(err.Error(), "\n")
		t.progress.say("%s failed in round %d: %s", cell.Name(), round+1, first)
		err = t.writer.Fail(cell, round, err)
	} else {
		l.Attempt = attempt
		if err = t.writer.Append(l); err == nil {
			t.tally.add(l)
		}
	}
	if err != nil {
		return t.stopped(err, "make room there")
	}
	return nil
}

// interrupted says how to go on after a signal.
func (t *tour) interrupted() error {
	return fmt.Errorf("%w; what was measured is kept in %s: %s", errInterrupted, t.folder, t.next())
}

// stopped says how to go on after an error.
func (t *tour) stopped(err error, remedy string) error {
	return fmt.Errorf("%w; what was measured before is kept in %s: %s, then %s", err, t.folder, remedy, t.next())
}

// next is what to do with a run that has ended early.
func (t *tour) next() string {
	if t.command == comparing {
		return "a comparison cannot be resumed, begin another"
	}
	return fmt.Sprintf("\"bench %s -resume %s\" measures the rest", t.command, t.folder)
}

// interrupted reports whether a child ended because of a signal that the parent
// gets too, but may not have seen yet.
func interrupted(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	if exit.ExitCode() == Interrupted {
		return true
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && (status.Signal() == syscall.SIGINT || status.Signal() == syscall.SIGTERM)
}

// where tells how far the tour is.
func (t *tour) where(round int) string {
	s := fmt.Sprintf("round %d of %d", round+1, t.plan.Rounds)
	if t.tally.invalid > 0 {
		s += fmt.Sprintf(", %d invalid", t.tally.invalid)
	}
	return s
}

// report tells how many launches were invalid and why. Of is written before each
// line: whose they are, if there are others.
func (t tally) report(w io.Writer, of string) {
	if t.invalid == 0 {
		return
	}
	fmt.Fprintf(w, "%s%d of %d launches were invalid: they are kept and marked, and not in the tables.\n", of, t.invalid, t.launches)
	about := make(map[string]string)
	for _, l := range noise.Limits() {
		about[l.Name] = ": " + l.About
	}
	for _, name := range slices.Sorted(maps.Keys(t.limits)) {
		fmt.Fprintf(w, "  %s %d%s\n", name, t.limits[name], about[name])
	}
	if t.without > 0 {
		fmt.Fprintf(w, "%sEven so, %d times a cell has no valid launch in a round.\n", of, t.without)
	}
}

// failure returns an error if launches failed, or none was valid. The folder tells
// why.
func (t tally) failure(folder string) error {
	switch {
	case t.failed > 0:
		return fmt.Errorf("%d of %d launches failed; %s tells why", t.failed, t.failed+t.launches, filepath.Join(folder, record.ManifestFile))
	case t.launches > 0 && t.invalid == t.launches:
		return errors.New("no launch was valid, so there is no result; \"bench doctor\" tells what disturbs this machine, and what to do about it")
	case t.unprofiled > 0:
		return fmt.Errorf("%d profiles could not be made", t.unprofiled)
	}
	return nil
}

// counts lists limits with how many launches violated each.
func counts(limits map[string]int) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		list = append(list, fmt.Sprintf("%s %d", name, limits[name]))
	}
	return strings.Join(list, ", ")
}
