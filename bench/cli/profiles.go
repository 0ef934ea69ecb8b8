package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/profile"
)

// profileTimes is how many times as long a profiled launch measures as others. In
// the default 2 s a busy thread has 200 samples of CPU time.
const profileTimes = 4

// kinds returns the kinds with the given names, each once and in their order.
func kinds(names []string) (sorted []string, err error) {
	for _, name := range names {
		if _, err := profile.Parse(name); err != nil {
			return nil, err
		}
	}
	for _, k := range profile.Kinds() {
		if slices.Contains(names, string(k)) {
			sorted = append(sorted, string(k))
		}
	}
	return sorted, nil
}

// A profiling is a profile that is still to be made.
type profiling struct {
	cell record.Cell
	kind profile.Kind
	file string
}

// unprofiled returns the profiles of the plan that the folder does not have.
func (t *tour) unprofiled() (left []profiling, err error) {
	for _, cell := range t.plan.Cells {
		for _, name := range t.plan.Profiles {
			kind, err := profile.Parse(name)
			if err != nil {
				return nil, fmt.Errorf("%s: the plan: %w", t.folder, err)
			}
			file := profile.File(t.folder, cell, kind)
			_, err = os.Stat(file)
			if errors.Is(err, fs.ErrNotExist) {
				left = append(left, profiling{cell, kind, file})
			} else if err != nil {
				return nil, err
			}
		}
	}
	return left, nil
}

// profiles makes the profiles that are left, when all rounds are over. Each has a
// launch of its own, whose measurement is not used. An error means that it
// stopped early.
func (t *tour) profiles(ctx context.Context, stderr io.Writer) error {
	left, err := t.unprofiled()
	if err != nil || len(left) == 0 {
		return err
	}
	fmt.Fprintf(stderr, "%d profiles, into %s\n", len(left), profile.Dir)
	t.progress = newProgress(stderr, len(left))
	defer t.progress.end()
	for _, p := range left {
		if err := t.program.check(); err != nil {
			return t.stopped(err, "put it back")
		}
		r := t.request
		r.Cell, r.Seed = p.cell, t.plan.Seed
		r.Time *= profileTimes
		r.Profile, r.File = p.kind, p.file
		r.Stages = false // their cost is not to be in the profile
		_, err := t.measure(ctx, r)
		if ctx.Err() != nil || interrupted(err) {
			return t.interrupted()
		}
		if errors.Is(err, cpu.ErrUnavailable) {
			return t.stopped(err, "give it back")
		}
		if err != nil {
			t.tally.unprofiled++
			if err := t.writer.FailProfile(p.cell, string(p.kind), err); err != nil {
				return t.stopped(err, "make room there")
			}
			first, _, _ := strings.Cut(err.Error(), "\n")
			t.progress.say("the %s profile of %s failed: %s", p.kind, p.cell.Name(), first)
		}
		t.progress.step("profiles")
	}
	return nil
}
