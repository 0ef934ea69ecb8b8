package cli

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"golang.org/x/term"

	"github.com/idlebench/idlebench/bench/doctor"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/kernel"
	"github.com/idlebench/idlebench/record/environ"
)

const doctorText = `usage: bench doctor [flags]

Checks whether this machine is fit to measure how threads sleep and wake, and says how
to improve it: affinity, limits, siblings, idle states, frequency, clock, hypervisor,
scheduler, other load. It watches the machine for a second and changes nothing.

Each finding is good, a warning (absolute times depend on it), a failure (do not trust
numbers), or unknown. Failures are: fewer than 2 CPUs; a CPU limit below the CPUs to
use, or one that stopped threads; a clock that takes a system call; more than 5 % of
the CPU time stolen; more than 10 % of it used by other processes.

Exit status: 0 no failure, 1 at least one, 2 wrong usage.
`

func (a app) doctor(ctx context.Context, args []string) error {
	var use cpu.Set
	var watch time.Duration
	flags := flag.NewFlagSet("bench doctor", flag.ContinueOnError)
	flags.DurationVar(&watch, "time", time.Second, "`time` to watch the machine for")
	flags.Func("cpus", "CPUs to measure on, as a `list` such as 0-3,8 (default all that the process may use)", func(s string) (err error) {
		use, err = cpu.Parse(s)
		return err
	})
	asJSON := flags.Bool("json", false, "print the findings as JSON")
	if err := command.ParseAll(flags, a.stdout, doctorText, args); err != nil {
		return err
	}
	if watch <= 0 {
		return command.Usagef("doctor: -time %v: want a positive time", watch)
	}
	use, err := engine.Usable(use)
	if err != nil {
		return command.Usage(err)
	}

	v := doctor.Visit{System: environ.Host(), Use: use, FutexSlots: kernel.CurrentSlots}
	v.Before = v.System.Counters()
	fmt.Fprintf(a.stderr, "watching the machine for %v …\n", watch)
	select {
	case <-time.After(watch):
	case <-ctx.Done():
		return engine.ErrInterrupted
	}
	v.After = v.System.Counters()

	findings := doctor.Examine(v)
	if *asJSON {
		e := json.NewEncoder(a.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "\t")
		err = e.Encode(findings)
	} else {
		err = doctor.Print(a.stdout, findings, a.width(a.stdout), a.colour())
	}
	if err != nil {
		return err
	}
	return verdict(findings)
}

// verdict returns an error if a check failed.
func verdict(findings []doctor.Finding) error {
	if n := doctor.Count(findings, doctor.Fail); n > 0 {
		return fmt.Errorf("%d of %d checks failed: do not trust numbers measured now", n, len(findings))
	}
	return nil
}

// colour reports whether to print in colour.
func (a app) colour() bool {
	f, ok := a.stdout.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && runtime.GOOS != "windows" &&
		os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
