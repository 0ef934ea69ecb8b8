package engine

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
)

// A Candidate is one of the two programs of an A/B run.
type Candidate struct {
	Name string // what to call its revision
	Path string
}

// A RefusedError says that a program refuses the selection of cells, for example
// because it lacks one of the implementations.
type RefusedError struct{ Name, Said string }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s refuses this selection: %s", e.Name, e.Said)
}

// A NotProgramError says that a file is no bench program of any revision.
type NotProgramError struct {
	Candidate
	Err error
}

func (e *NotProgramError) Error() string {
	return fmt.Sprintf("%s, %s, is no bench program: %v", e.Name, e.Path, e.Err)
}

func (e *NotProgramError) Unwrap() error { return e.Err }

// A side is a candidate and what it answered. Other revisions of this program have
// other cells and other flags, so the engine asks each with "run -plan", which prints
// what run.json would say, and measures nothing.
//
// The answers that matter are exit statuses, not messages, so that they can be had of
// every revision: status 2 is a refusal. What was refused shows by asking for less. A
// program that refuses "run -plan" without any selection does not know -plan, and one
// that refuses a plan with a flag, but not without it, does not know the flag.
type side struct {
	Candidate
	manifest record.Manifest // what it would do
	plans    bool            // it has made a plan, so it knows -plan
	unlimits bool            // it knows -throttled

	// sliced has the names of the cells that it would measure in slices, of all that it
	// was asked for; none if it is older than slices.
	sliced map[string]bool
}

// ask has both programs plan the selection. If only one of them refuses it, that one is
// asked for each cell of the other, and the refusal is returned as a value.
func ask(ctx context.Context, old, new *side, selection []string) (refused *RefusedError, err error) {
	plan := func(s *side) (*RefusedError, error) {
		err := s.ask(ctx, selection)
		var refused *RefusedError
		if errors.As(err, &refused) {
			return refused, nil
		}
		return nil, err
	}
	oldRefused, err := plan(old)
	if err != nil {
		return nil, err
	}
	newRefused, err := plan(new)
	switch {
	case err != nil:
		return nil, err
	case oldRefused != nil && newRefused != nil:
		return nil, newRefused
	case oldRefused != nil:
		return oldRefused, old.askEach(ctx, new.manifest)
	case newRefused != nil:
		return newRefused, new.askEach(ctx, old.manifest)
	}
	return nil, nil
}

// askEach finds out which cells of another program's plan this one has.
func (s *side) askEach(ctx context.Context, other record.Manifest) error {
	var has []record.Cell
	for _, cell := range other.Plan.Cells {
		if !isJudged(cell) {
			continue
		}
		flags := []string{"-workload", cell.Workload, "-impl", cell.Impl, "-park", cell.Park, "-workers", strconv.Itoa(cell.Workers)}
		for _, p := range cell.Params {
			flags = append(flags, "-param", p.Name+"="+p.Value)
		}
		err := s.ask(ctx, flags)
		var lacks *RefusedError
		switch {
		case errors.As(err, &lacks):
			continue
		case err != nil:
			return err
		}
		has = append(has, s.manifest.Plan.Cells...)
	}
	s.manifest.Plan = other.Plan
	s.manifest.Plan.Cells, s.manifest.Plan.Groups = has, nil // their indices are of the other's cells
	return nil
}

// findUnlimits finds out whether the program knows -throttled. One that does not is
// older than the limit that the flag lifts.
func (s *side) findUnlimits(ctx context.Context) error {
	probe := *s // its answer so far is still needed
	err := probe.ask(ctx, []string{"-quick", "-throttled"})
	var refused *RefusedError
	s.unlimits = !errors.As(err, &refused)
	if refused != nil {
		return nil
	}
	return err
}

// ask has the program plan a selection, given as flags of run. The error is a
// *RefusedError if it refuses these flags.
func (s *side) ask(ctx context.Context, flags []string) error {
	answer, said, err := s.plan(ctx, flags)
	if refuses(err) {
		if !s.plans {
			_, _, withoutFlags := s.plan(ctx, nil)
			s.plans = withoutFlags == nil
		}
		if s.plans {
			return &RefusedError{s.Name, strings.TrimPrefix(said, "bench: ")}
		}
	}
	switch {
	case errors.Is(err, ErrInterrupted):
		return err
	case notStarted(err):
		return &NotProgramError{s.Candidate, err}
	case err != nil && !s.ours():
		return &NotProgramError{s.Candidate, fmt.Errorf("it is not built from this module, and does not know \"run -plan\": %s (%w)", firstLine(said), err)}
	case err != nil:
		return fmt.Errorf("%s is another program, or a revision before \"bench run -plan\", which cannot be compared: %s (%w)", s.Name, firstLine(said), err)
	}
	s.manifest = record.Manifest{}
	if err := json.Unmarshal(answer, &s.manifest); err != nil {
		return &NotProgramError{s.Candidate, fmt.Errorf("\"run -plan\" ends with success and prints no plan: %w", err)}
	}
	s.plans = true
	if v := s.manifest.Version; v < record.Oldest || v > record.Version {
		return fmt.Errorf("%s writes results in version %d of their form; this program reads versions %d to %d", s.Name, v, record.Oldest, record.Version)
	}
	p := s.manifest.Plan
	if err := p.Validate(); err != nil {
		return err
	}
	if s.sliced == nil {
		s.sliced = make(map[string]bool)
	}
	for i := range p.GroupOf() {
		if c := p.Cells[i]; !matrix.Whole(c) {
			s.sliced[c.Name()] = true
		}
	}
	return nil
}

// ours reports whether the file is, or may start, a program with packages of this module.
// A script may start any program.
func (s *side) ours() bool {
	f, err := os.Open(s.Path)
	if err != nil {
		return true // it ran, so it may be one
	}
	defer f.Close()
	var head [2]byte
	if _, err := f.ReadAt(head[:], 0); err == nil && string(head[:]) == "#!" {
		return true
	}
	info, err := buildinfo.Read(f)
	if err != nil {
		return false // no Go program
	}
	return info.Main.Path == module || slices.ContainsFunc(info.Deps, func(m *debug.Module) bool { return m.Path == module })
}

// module is the path of this module, in every revision.
const module = "github.com/idlebench/idlebench"

func firstLine(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return first
}

// plan runs "run -plan" with more flags.
func (s *side) plan(ctx context.Context, flags []string) (answer []byte, said string, err error) {
	cmd := exec.CommandContext(ctx, s.Path, slices.Concat([]string{"run", "-plan"}, flags)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	if err != nil && (ctx.Err() != nil || launch.Signalled(err)) {
		err = ErrInterrupted
	}
	return stdout.Bytes(), strings.TrimSpace(stderr.String()), err
}

// notStarted reports whether the error is that the system could not run the file.
func notStarted(err error) bool {
	var exit *exec.ExitError
	return err != nil && !errors.As(err, &exit)
}

// refuses reports whether a program ended with the exit status of wrong usage.
func refuses(err error) bool {
	const wrongUsage = 2
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == wrongUsage
}

// isJudged reports whether a change may be judged by the cell: it is not a reference,
// a floor or a calibration.
func isJudged(c record.Cell) bool { return record.RoleOf(c) == record.Implementation }

// Common is what two programs have in common, and what they do not. References are in
// none of the lists: no change is about them.
type Common struct {
	Cells            []record.Cell // of both
	OnlyOld, OnlyNew []record.Cell
	NotJudged        []string // workloads without a primary unit, which are left out

	// Refused is the refusal of one program, which was then asked for each cell of
	// the other; nil if there was none.
	Refused *RefusedError
}

// common compares two plans.
func common(old, new record.Manifest) (c Common) {
	names := func(m record.Manifest) map[string]bool {
		all := make(map[string]bool)
		for _, c := range m.Plan.Cells {
			all[c.Name()] = true
		}
		return all
	}
	has, had := names(new), names(old)
	for _, cell := range old.Plan.Cells {
		unit, known := new.Primary[cell.Workload]
		switch {
		case !isJudged(cell):
		case known && unit == "":
			if !slices.Contains(c.NotJudged, cell.Workload) {
				c.NotJudged = append(c.NotJudged, cell.Workload)
			}
		case has[cell.Name()]:
			c.Cells = append(c.Cells, cell)
		default:
			c.OnlyOld = append(c.OnlyOld, cell)
		}
	}
	for _, cell := range new.Plan.Cells {
		if !had[cell.Name()] && isJudged(cell) {
			c.OnlyNew = append(c.OnlyNew, cell)
		}
	}
	return c
}
