package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/noise"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// engine returns the engine that measures with this program.
func (a app) engine() (*engine.Engine, error) {
	self, err := engine.Self()
	if err != nil {
		return nil, err
	}
	return &engine.Engine{Catalog: a.catalog, System: environ.Host(), Program: self, Observe: a.watch()}, nil
}

// resumed says what a resumed run has, and turns the errors of resuming into sentences.
// There is no session, and no error, if nothing is left to measure.
func (a app) resumed(folder string, s *engine.Session, err error) (*engine.Session, error) {
	var finished *engine.FinishedError
	if errors.As(err, &finished) {
		fmt.Fprintf(a.stdout, "%s is %s, with %d launches: nothing is left to measure.\n", folder, finished.State, finished.Launches)
		return nil, nil
	}
	if err != nil {
		return nil, notResumed(folder, err)
	}
	for _, d := range s.Dropped {
		fmt.Fprintf(a.stderr, "bench: %v\n", d)
	}
	fmt.Fprintf(a.stderr, "%d launches are in %s already\n", s.Counts().Launches, folder)
	return s, nil
}

// notResumed says why a run cannot be resumed, and what helps.
func notResumed(folder string, err error) error {
	var other *engine.OtherCommandError
	var unusable *engine.UnusableError
	var changed *engine.ChangedError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return command.Usage(err)
	case errors.As(err, &other) && other.Command == engine.ABCommand:
		return command.Usagef("%s is one side of a comparison, which cannot be resumed: its remaining launches would be "+
			"compared with launches of the other program at another time. Begin another comparison.", folder)
	case errors.As(err, &other):
		return command.Usagef("%s is a run of \"bench %s\": resume it with \"%s %[2]s -resume %[1]s\"", folder, other.Command, again())
	case errors.As(err, &unusable):
		return command.Usagef("%s cannot be resumed here: %w", folder, err)
	case errors.As(err, &changed):
		var list []string
		for _, d := range changed.Differences {
			list = append(list, d.String())
		}
		return command.Usagef("%s cannot be resumed: further launches would not be comparable with those in the folder.\n  %s\n"+
			"Restore what differs, or begin another run in another folder.", folder, strings.Join(list, "\n  "))
	}
	return err
}

// notBegun says why a run cannot begin, and what helps.
func notBegun(name string, err error) error {
	var short *engine.Shortage
	var unusable *engine.UnusableError
	switch {
	case errors.As(err, &short):
		return command.Usagef("%s: %s", name, shortageText(short))
	case errors.Is(err, fs.ErrExist), errors.As(err, &unusable):
		return command.Usage(err)
	}
	return stopText(err)
}

// shortageText says what to do about a CPU quota that is too small.
func shortageText(s *engine.Shortage) string {
	fewer := ""
	if n := int(s.Quota); n >= 2 {
		fewer = fmt.Sprintf(", or use %d of the CPUs %v (-cpus)", n, s.CPUs)
	}
	return fmt.Sprintf("%v, with its workers, the load generator and the Go runtime. "+
		"When the quota is used up the kernel stops all of them, usually for tens of milliseconds. "+
		"Raise it to %d CPUs (docker run --cpus %[2]d, Kubernetes limits.cpu: %[2]d, systemd CPUQuota=%d%%)%s. "+
		"-throttled measures anyway, and the results say so.",
		s, s.Busy, 100*s.Busy, fewer)
}

// remedies says what to do before a stopped run can be resumed.
var remedies = map[engine.Reason]string{
	engine.ProgramChanged: "Put the program back",
	engine.CPULost:        "Make the CPU available again",
	engine.Unwritable:     "Make room there",
}

// stopText says how to continue after a run was stopped; it returns other errors as they
// are.
func stopText(err error) error {
	var stopped *engine.StoppedError
	if !errors.As(err, &stopped) {
		return err
	}
	next := fmt.Sprintf("\"%s %s -resume %s\" measures the rest", again(), stopped.Command, stopped.Folder)
	if stopped.Command == engine.ABCommand {
		next = "begin another comparison; this one cannot be resumed"
	}
	switch {
	case stopped.Folder == "":
		return fmt.Errorf("%w in the pilot, whose launches are not kept: begin again", stopped.Err)
	case stopped.Reason == engine.Interrupted:
		return fmt.Errorf("%w; results so far are in %s: %s", stopped.Err, stopped.Folder, next)
	}
	return fmt.Errorf("%w. Results so far are in %s. %s, then %s", stopped.Err, stopped.Folder, remedies[stopped.Reason], next)
}

// finish measures what is left of a run.
func (a app) finish(ctx context.Context, s *engine.Session) (record.State, error) {
	fmt.Fprintf(a.stderr, "cells: %d, rounds: %s, into %s\n", len(s.Plan.Cells), s.Plan.RoundsText(), s.Folder)
	if use, over := s.Oversubscribed(); over != nil && len(use) > 1 {
		a.note("Oversubscribed: with %s there are more busy threads than CPUs (%v), so they wait for each other.", strings.Join(over, ", "), use)
	}
	state, err := s.Measure(ctx)
	return state, stopText(err)
}

// showCounts reports how many launches were invalid and why. The prefix, such as the
// name of a folder, begins the lines.
func (a app) showCounts(c engine.Counts, prefix string) {
	if c.Invalid == 0 {
		return
	}
	a.note("%s%d of %d launches were invalid: they are recorded and marked, but not in the tables.", prefix, c.Invalid, c.Launches)
	about := make(map[string]string)
	for _, l := range noise.Limits() {
		about[l.Name] = ": " + l.About
	}
	for _, name := range slices.Sorted(maps.Keys(c.Limits)) {
		fmt.Fprint(a.stderr, hang(fmt.Sprintf("%s %d%s", name, c.Limits[name], about[name]), "  ", "    ", a.width(a.stderr)))
	}
	switch c.Empty {
	case 0:
	case 1:
		fmt.Fprintf(a.stderr, "%s1 cell/round slot still has no valid launch.\n", prefix)
	default:
		fmt.Fprintf(a.stderr, "%s%d cell/round slots still have no valid launch.\n", prefix, c.Empty)
	}
}

// failure returns an error if launches failed, or none was valid.
func failure(c engine.Counts, folder string) error {
	switch {
	case c.Failed > 0:
		return fmt.Errorf("%d of %d launches failed; %s has the reasons", c.Failed, c.Failed+c.Launches, filepath.Join(folder, record.ManifestFile))
	case c.Launches > 0 && c.Invalid == c.Launches:
		return fmt.Errorf("no launch was valid, so there is no result; \"%s doctor\" shows what disturbs this machine, and what to do about it", again())
	case c.Unprofiled > 0:
		return fmt.Errorf("%d profiles could not be made", c.Unprofiled)
	}
	return nil
}

// disturbed says which limits the launches of several runs violated; "" if none.
func disturbed(counts ...engine.Counts) string {
	all := make(map[string]int)
	for _, c := range counts {
		for name, n := range c.Limits {
			all[name] += n
		}
	}
	if len(all) == 0 {
		return ""
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, fmt.Sprintf("%s %d", name, all[name]))
	}
	return "; the machine was too busy: " + strings.Join(list, ", ")
}
