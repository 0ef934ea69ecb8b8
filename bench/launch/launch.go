// Package launch measures one cell in a process of its own. A process is the unit of
// replication: memory layout and thread placement stay the same within a process and
// differ between processes, so only several processes show how reproducible a number
// is.
//
// The parent calls [Request.Exec], which starts the program with the arguments of the
// request; the child calls [Request.Measure] and prints the launch.
package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/profile"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	recorded "github.com/idlebench/idlebench/record/profile"
)

// Command is the program's subcommand that measures one cell.
const Command = "launch"

// A Request describes one launch.
type Request struct {
	Cell   record.Cell
	Round  int
	CPUs   cpu.Set // nil for all that the process may use; with Exec, those that this process could use when it began
	Warmup time.Duration
	Time   time.Duration
	Seed   uint64

	// Program is the path of the program to start; empty for this one.
	Program string

	// Stages asks for the stages of wakes, from cells that have them; see
	// loadgen.Spec.
	Stages bool

	// Throttled measures even if a CPU quota may stop the threads; see loadgen.Spec.
	Throttled bool

	// Profile is the kind of profile to record of the measured operations, into File;
	// empty for none. Profiling makes a launch slower.
	Profile recorded.Kind
	File    string
}

// Args returns the command line that makes the request, without the program.
func (r Request) Args() []string {
	args := []string{
		Command,
		"-cell", r.Cell.Name(),
		"-round", fmt.Sprint(r.Round),
		"-warmup", r.Warmup.String(),
		"-time", r.Time.String(),
		"-seed", fmt.Sprint(r.Seed),
	}
	if r.CPUs != nil {
		args = append(args, "-cpus", r.CPUs.String())
	}
	if r.Stages {
		args = append(args, "-stages")
	}
	if r.Throttled {
		args = append(args, "-throttled")
	}
	if r.Profile != "" {
		args = append(args, "-profile", string(r.Profile), "-o", r.File)
	}
	return args
}

// Measure carries out the request in this process.
func (r Request) Measure(ctx context.Context, c catalog.Catalog) (record.Launch, error) {
	spec, err := matrix.Spec(c, r.Cell, r.CPUs)
	if err != nil {
		return record.Launch{}, err
	}
	if spec.Harness.TimerSlack {
		if err := leastSlack(); err != nil {
			return record.Launch{}, err
		}
	}
	spec.Warmup, spec.Measure, spec.Seed = r.Warmup, r.Time, r.Seed
	spec.Stages, spec.Throttled = r.Stages, r.Throttled
	var recording *profile.Recording
	if r.Profile != "" {
		spec.Around = func(run func() error) (err error) {
			recording, err = profile.Record(r.Profile, run)
			return err
		}
	}
	start := time.Now()
	m, err := loadgen.Measure(ctx, spec)
	if err != nil {
		return record.Launch{}, err
	}
	if recording != nil {
		if err := recording.Save(r.File, r.Cell, m.Ops); err != nil {
			return record.Launch{}, err
		}
	}
	l := record.Launch{
		Cell:     r.Cell,
		Round:    r.Round,
		N:        m.Ops,
		Latency:  m.Latency,
		Start:    start,
		Duration: time.Since(start),
		Invalid:  m.Invalid,
	}
	for _, metric := range m.Metrics {
		l.Metrics = append(l.Metrics, record.Metric(metric))
	}
	for _, f := range m.Facts {
		l.Conditions = append(l.Conditions, record.Pair(f))
	}
	return l, nil
}

// patience is how long a child may take beyond the time to measure. A child that hangs
// gives up before that, and says why.
const patience = 3 * loadgen.Patience

// Exit statuses of a child.
const (
	Unplaced    = 5   // it may not use the CPUs of its request
	Interrupted = 130 // a signal ended it
)

// Signalled reports whether the error of a child says that a signal ended it. The
// parent gets that signal too, but may not have seen it yet.
func Signalled(err error) bool {
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

// Exec carries out the request in a child process, of this program unless the request
// names another. If the child fails, the error is what it printed; it wraps
// cpu.ErrUnavailable if the child may not use its CPUs. The child is killed when the
// context ends, and ends when this process does.
func (r Request) Exec(ctx context.Context) (record.Launch, error) {
	program, name := r.Program, r.Program
	var err error
	if program == "" {
		if program, err = os.Executable(); err != nil {
			return record.Launch{}, err
		}
		name = os.Args[0] // the same program by the same name
	}
	if r.CPUs == nil {
		// If one of them is taken away, the launch must fail instead of measuring with
		// other CPUs.
		if r.CPUs, err = cpu.Allowed(); err != nil {
			return record.Launch{}, err
		}
	}
	limit := r.Warmup + r.Time + patience
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the launch was killed because it took longer than %v", limit))
	defer cancel()
	cmd := exec.CommandContext(ctx, program, r.Args()...)
	cmd.Args[0] = name
	cmd.Cancel = func() error { return askForState(cmd.Process) }
	cmd.WaitDelay = 2 * time.Second
	defer endWithParent(cmd)()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		said := strings.TrimSpace(stderr.String())
		switch {
		case cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == Unplaced:
			err = unplaced(said)
		case said != "" && !errors.Is(err, context.Canceled):
			err = fmt.Errorf("%s (%w)", said, err)
		}
		return record.Launch{}, err
	}
	return record.DecodeLaunch(&stdout)
}

// unplaced is the message of a child that may not use its CPUs.
type unplaced string

func (e unplaced) Error() string { return strings.TrimPrefix(string(e), "bench: ") }

func (e unplaced) Unwrap() error { return cpu.ErrUnavailable }
