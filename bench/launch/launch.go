// Package launch measures one cell in a process of its own. A process is the unit of
// replication: memory layout and thread placement stay the same within a process and
// differ between processes, so only several processes show how reproducible a number
// is.
//
// # Whole launches
//
// A launch can measure in one go. The parent calls [Request.Exec], which starts the
// program with the arguments of the request; the child calls [Request.Measure] and
// prints the launch.
//
// # Launches in slices
//
// The noise of a machine is mostly slower than a second, so launches that follow each
// other have different noise. To compare cells, launches of them live at the same time,
// and take turns: each measures in many short slices, and has nothing to do in between.
// Then all of them have the same slow noise. Each is still a process of its own, and
// the unit of replication.
//
// The parent calls [Request.Begin] for each child, [Child.Slice] as often as it likes,
// one child at a time, and [Child.End]. The child calls [Request.Serve]. A child is
// stopped between its slices if it would spin; any other one sleeps.
//
// # The protocol
//
// A child that measures in slices is started with the argument -sliced. It reads
// requests from its standard input and writes answers to its standard output. Each is
// one line of UTF-8, ended by \n. The next request comes after the last answer.
//
//	child                            parent
//	warms up, comes to rest
//	{"sliced":1,"spins":false}
//	                                 slice 8000000 32000000
//	measures, comes to rest
//	{"exceeded":[]}
//	                                 slice 8000000 32000000
//	measures, comes to rest
//	{"exceeded":["steal"]}
//	                                 end
//	{"cell":…                        the launch, as from a whole one
//
// "sliced" is the version of the protocol. "spins" says that the child's workers use
// their CPUs while they wait; then the parent stops it (SIGSTOP) after each answer but
// the last, and continues it (SIGCONT) before each request.
//
// A slice has two times in nanoseconds: first operations that do not count, for a cell
// does not begin a slice in the state in which it was stopped; then those that do. The
// answer names the limits of noise that the second part exceeded. If there are some,
// the child has dropped the slice. If the cell has a victim, "began" and "ended" are when
// the second part began and ended, in nanoseconds of CLOCK_MONOTONIC.
//
// The launch is that of all kept slices together: counts and times are sums, and
// quantiles those of all samples. Its conditions slices and dropped-slices say how many
// slices were kept and dropped. If none was kept, it is that of the last slice, and
// invalid.
//
// An error is as in a whole launch: a message on the standard error, and an exit status
// other than 0. If the input ends without a request to end, the child exits without a
// launch, with status 0.
package launch

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/profile"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/gaps"
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

	// Load is the file of the recorded load, for the workload that replays it.
	Load string

	// Gaps is the file for the idle gaps of the workers; empty if they are not recorded.
	// Recording makes a launch slower.
	Gaps string

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
	if r.Load != "" {
		args = append(args, "-load", r.Load)
	}
	if r.Gaps != "" {
		args = append(args, "-gaps", r.Gaps)
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

// spec says how to measure the cell. It may restart the process.
func (r Request) spec(c catalog.Catalog) (loadgen.Spec, error) {
	spec, err := matrix.Spec(c, r.Cell, r.CPUs)
	if err != nil {
		return loadgen.Spec{}, err
	}
	if err := spec.Kernel.Apply(); err != nil {
		return loadgen.Spec{}, err
	}
	spec.Warmup, spec.Measure, spec.Seed = r.Warmup, r.Time, r.Seed
	spec.Stages, spec.Throttled = r.Stages, r.Throttled
	return spec, nil
}

// Measure carries out the request in this process, in one go. With a victim the pool is in
// a child, and measured in slices.
func (r Request) Measure(ctx context.Context, c catalog.Catalog) (record.Launch, error) {
	if matrix.Victim(r.Cell) != "" {
		spec, err := matrix.Spec(c, r.Cell, r.CPUs)
		if err != nil {
			return record.Launch{}, err
		}
		return r.measureBeside(ctx, spec)
	}
	var recorder *gaps.Recorder
	if r.Gaps != "" {
		var err error
		if recorder, err = r.recordGaps(&c); err != nil {
			return record.Launch{}, err
		}
	}
	spec, err := r.spec(c)
	if err != nil {
		return record.Launch{}, err
	}
	var recording *profile.Recording
	if r.Profile != "" {
		spec.Around = func(run func() error) (err error) {
			recording, err = profile.Record(r.Profile, run)
			return err
		}
	}
	if recorder != nil {
		spec.Around = recorder.Around
	}
	start := time.Now()
	m, err := loadgen.Measure(ctx, spec)
	if err != nil {
		return record.Launch{}, err
	}
	if recorder != nil {
		if err := r.saveGaps(recorder); err != nil {
			return record.Launch{}, err
		}
	}
	if recording != nil {
		if err := recording.Save(r.File, r.Cell, m.Ops); err != nil {
			return record.Launch{}, err
		}
	}
	return r.launch(start, m), nil
}

// launch is the record of a measurement that began at start and has just ended.
func (r Request) launch(start time.Time, m loadgen.Measurement) record.Launch {
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
	return l
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

// Exec carries out the request in a child process, in one go. The child is one of this
// program unless the request names another. If it fails, the error is what it printed;
// it wraps cpu.ErrUnavailable if the child may not use its CPUs. The child is killed
// when the context ends, and ends when this process does.
func (r Request) Exec(ctx context.Context) (record.Launch, error) {
	p, err := r.start(nil)
	if err != nil {
		return record.Launch{}, err
	}
	if err := p.await(ctx, r.Warmup+r.Time+patience, nil); err != nil {
		return record.Launch{}, err
	}
	return record.DecodeLaunch(p.stdout.rest())
}
