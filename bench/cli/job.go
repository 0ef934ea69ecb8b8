package cli

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/allocation"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/pack"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/record/job"
)

const jobText = `usage: idlebench/run [flags]

Carries out the plan of the pack that this program is in, or what is left of it, and
writes a sealed folder. README.txt in the pack has the environment and the exit
statuses.
`

// A jobError ends a job with an exit status of its own.
type jobError struct {
	status int
	error
}

func (e jobError) Unwrap() error { return e.error }

// job carries out a pack.
func (a app) job(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("idlebench/run", flag.ContinueOnError)
	into := flags.String("o", "results", "`folder` in which the folder of the results is made, or found and continued")
	if err := command.ParseAll(flags, a.stdout, jobText, args); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	plan, id, err := pack.Open(filepath.Dir(filepath.Dir(self)))
	if err != nil {
		return jobError{Damaged, err}
	}
	allowed, err := cpu.Allowed()
	if err != nil {
		return err
	}
	got := allocation.Read(os.Getenv, environ.Host(), allowed)
	name := os.Getenv(allocation.JobVariable)
	if name == "" {
		name = id
	}
	j := job.Job{Version: job.Version, Pack: id, Machine: plainName(got.Machine), Job: plainName(name)}
	folder := filepath.Join(*into, j.Machine+"-"+j.Job)
	switch _, err := job.Check(folder); {
	case err == nil:
		fmt.Fprintf(a.stdout, "%s is complete and sealed: nothing is left to measure.\n", folder)
		return completed(folder)
	case !errors.Is(err, job.ErrUnsealed):
		return jobError{Stopped, fmt.Errorf("%s is sealed, and not as it was: %w: move it away to measure again", folder, err)}
	}
	if err := got.Refusal(); err != nil {
		return jobError{Unfit, err}
	}
	for _, r := range got.Remarks() {
		a.note("%s", r.Value)
	}
	return a.carryOutJob(ctx, j, got, plan.Run, folder)
}

// carryOutJob begins or continues the run of a job, and seals its folder.
func (a app) carryOutJob(ctx context.Context, j job.Job, got allocation.Allocation, run []string, folder string) error {
	e, err := a.engine()
	if err != nil {
		return err
	}
	s, err := a.sessionOf(ctx, e, j, got, run, folder)
	if err != nil {
		return jobFailure(err)
	}
	if before, err := job.Read(folder); err == nil {
		j.Starts = before.Starts
	} else if !errors.Is(err, fs.ErrNotExist) {
		return jobError{Stopped, err}
	}
	use := got.Use
	if s != nil && s.Plan.CPUs != "" {
		use, _ = cpu.Parse(s.Plan.CPUs) // it was parsed before
	}
	j.Starts = append(j.Starts, job.Start{Time: time.Now().UTC(), Engine: got.Engine, CPUs: use.String(), Said: got.Said, Remarks: got.Remarks()})
	if err := job.Write(folder, j); err != nil {
		return jobError{Stopped, err}
	}
	if s != nil {
		err = a.carryOut(ctx, e, s)
	} else {
		// Only the seal was missing, and perhaps the page.
		if err = a.page(folder); err == nil {
			err = completed(folder)
		}
	}
	last := &j.Starts[len(j.Starts)-1]
	last.End = time.Now().UTC()
	m, unreadable := record.ReadManifest(folder)
	over := unreadable == nil && !m.State.Partial()
	if err != nil {
		last.Error = err.Error()
	}
	if unwritten := job.Write(folder, j); unwritten != nil {
		return jobError{Stopped, errors.Join(err, unwritten)}
	}
	if !over {
		return jobFailure(errors.Join(err, unreadable))
	}
	if err := job.Seal(folder); err != nil {
		return jobError{Stopped, err}
	}
	fmt.Fprintf(a.stdout, "Sealed: %s\n", folder)
	return err
}

// sessionOf begins the run, or continues it. There is no session if nothing is left to
// measure.
func (a app) sessionOf(ctx context.Context, e *engine.Engine, j job.Job, got allocation.Allocation, run []string, folder string) (*engine.Session, error) {
	if err := removeEmpty(folder); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(folder); err == nil {
		s, err := e.Resume("run", folder)
		return a.resumed(folder, s, err)
	}
	// Without -anyway a terminal would be asked whether to go on.
	args := slices.Concat(run, []string{"-o", folder, "-anyway"})
	if !hasFlag(run, "seed") {
		args = append(args, "-seed", fmt.Sprint(seedOf(j)))
	}
	if !hasFlag(run, "cpus") && len(got.Use) < len(got.Allowed) {
		args = append(args, "-cpus", got.Use.String())
	}
	p, err := a.planRun(ctx, args)
	if err != nil {
		return nil, jobError{Unfit, err} // it made sense when it was packed
	}
	if err := schedule(e, &p); err != nil {
		return nil, err
	}
	return a.begin(ctx, e, p)
}

// removeEmpty removes a folder whose run was stopped before it began: without run.json,
// and with nothing in it that was measured.
func removeEmpty(folder string) error {
	if _, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := os.Lstat(filepath.Join(folder, record.ManifestFile)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, name := range []string{record.ManifestFile + ".tmp", record.BenchFile, record.LatencyDir} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.Remove(folder) // fails if there is something else in it
}

// jobFailure gives an error the exit status that says what helps.
func jobFailure(err error) error {
	var status jobError
	var short *engine.Shortage
	var unusable *engine.UnusableError
	switch {
	case errors.Is(err, engine.ErrInterrupted), errors.As(err, &status):
		return err
	case errors.As(err, &short), errors.As(err, &unusable):
		return jobError{Unfit, err}
	}
	return jobError{Stopped, err}
}

// completed returns an error if launches of a run that is over failed, or none was valid.
func completed(folder string) error {
	run, err := record.Read(folder)
	if err != nil {
		return jobError{Stopped, err}
	}
	return failure(engine.CountsOf(run), folder)
}

// seedOf makes each job's order of launches its own, and the same if it is carried out
// again.
func seedOf(j job.Job) uint64 {
	sum := sha256.Sum256([]byte(strings.Join([]string{j.Pack, j.Machine, j.Job}, "\n")))
	return binary.BigEndian.Uint64(sum[:8])
}

// plainName makes a name fit for a folder on any system.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("._-", r):
			return r
		}
		return '_'
	}, name)
	if strings.Trim(name, ".") == "" {
		return "unnamed" + name
	}
	return name
}

// hasFlag reports whether a flag is among arguments.
func hasFlag(args []string, name string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		flag, dashed := strings.CutPrefix(arg, "-")
		flag, _, _ = strings.Cut(strings.TrimPrefix(flag, "-"), "=")
		return dashed && flag == name
	})
}
