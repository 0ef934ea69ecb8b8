// Package cli is the command line of the suite: flags and text around package engine.
// It is a package, not only a program, so that a module with its own idle managers can
// have the same command with its own catalogue:
//
//	func main() {
//		c := catalog.Default()
//		c.Implementations = append(c.Implementations, mine.Implementation)
//		os.Exit(cli.Main(c, os.Args[1:], os.Stdout, os.Stderr))
//	}
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/simulation"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/internal/nearest"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/stats/gate"
)

// Exit statuses.
const (
	Done        = 0
	Failed      = 1                  // something could not be measured or written; the rest was
	Usage       = 2                  // the command line makes no sense; nothing was done
	Interrupted = launch.Interrupted // by a signal; what was measured until then is kept

	// Of a packed job only; its README.txt has them too. Done and Failed say that the
	// folder is complete and sealed.
	Unfit   = 3 // the CPUs do not allow the plan; nothing was measured
	Damaged = 4 // the pack is
	Stopped = 5 // by an error, before the plan was done
)

const usage = `usage: bench <command> [flags]

Measures how idle managers of work-stealing schedulers put workers to sleep and
wake them.

  run       measure, and write a folder of results
  simulate  the same on simulated machines with many cores
  record    make a recorded load of a Go execution trace, or of a list of tasks,
            for "bench run -load"
  spin      how long idle workers should spin before they sleep, under one load
  compare   A/B test of two revisions of this program: did anything get slower?
  advise    say which design and parker to use, from a folder of results
  list      list implementations, parkers, and workloads with their parameters
  doctor    check whether this machine is fit to measure, and how to improve it
  selftest  check that verdicts from this machine can be trusted, and how small
            a change they detect
  machines  list the machines that can be simulated, and where their figures are from
  calibrate measure this machine, and write a file that describes it
  peer      check a program around a real runtime, to be measured with "run -peer"
  audit     find results that depend on the harness: on the submitter, on whether
            workers are threads, on timers, CPUs and the clock
  pack      make an archive that measures on other machines, without Go

"bench <command> -h" lists a command's flags.

Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted; compare has more.
`

// Main runs the command line, without the program's name, and returns the exit
// status. Results go to stdout; progress, warnings and errors to stderr.
func Main(c catalog.Catalog, args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app := app{c, stdout, stderr}
	err := app.main(ctx, args)
	var decision gate.Error
	var ofJob jobError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return Done
	case errors.As(err, &ofJob):
		fmt.Fprintf(stderr, "bench: %v\n", err)
		return ofJob.status
	case errors.Is(err, engine.ErrInterrupted):
		fmt.Fprintf(stderr, "bench: %v\n", err)
		return Interrupted
	case command.IsUsage(err):
		fmt.Fprintf(stderr, "bench: %v\n", err)
		return Usage
	case errors.As(err, &decision):
		return decision.Outcome.Exit() // compare has printed it
	}
	fmt.Fprintf(stderr, "bench: %v\n", err)
	if len(args) > 0 && args[0] == launch.Command && errors.Is(err, cpu.ErrUnavailable) {
		return launch.Unplaced
	}
	return Failed
}

// An app is one run of the program.
type app struct {
	catalog        catalog.Catalog
	stdout, stderr io.Writer
}

func (a app) main(ctx context.Context, args []string) error {
	if err := a.catalog.Validate(); err != nil {
		return err
	}
	if len(args) == 0 {
		return command.Usagef("no command\n\n%s", usage)
	}
	if simulating && args[0] != simulation.Command {
		return command.Usagef("%s: this program was built to simulate, with -tags simulate: \"bench simulate\" starts it", args[0])
	}
	switch args[0] {
	case "run":
		return a.run(ctx, args[1:])
	case "record":
		return a.record(args[1:])
	case "spin":
		return a.spin(ctx, args[1:])
	case "simulate":
		return a.simulate(ctx, args[1:])
	case simulation.Command:
		return a.simulateLaunch(args[1:])
	case "advise":
		return a.advise(args[1:])
	case "list":
		return a.list(args[1:])
	case "doctor":
		return a.doctor(ctx, args[1:])
	case "compare":
		return a.compare(ctx, args[1:])
	case "selftest":
		return a.selftest(ctx, args[1:])
	case "audit":
		return a.audit(ctx, args[1:])
	case "pack":
		return a.pack(ctx, args[1:])
	case "job":
		return a.job(ctx, args[1:])
	case "machines":
		return a.machines(args[1:])
	case "calibrate":
		return a.calibrate(ctx, args[1:])
	case "peer":
		return a.peer(ctx, args[1:])
	case launch.Command:
		return a.launch(ctx, args[1:])
	case "-h", "-help", "--help", "help":
		fmt.Fprint(a.stdout, usage)
		return nil
	default:
		names := []string{"run", "simulate", "record", "spin", "compare", "advise", "list", "doctor", "selftest", "audit", "machines", "calibrate", "peer", "pack"}
		return command.Usagef("unknown command %q; %s", args[0], nearest.Hint(args[0], names))
	}
}
