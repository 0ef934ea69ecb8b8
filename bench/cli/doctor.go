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
	"github.com/idlebench/idlebench/record/environ"
)

const doctorText = `usage: bench doctor [flags]

Says how fit this machine is to measure how threads sleep and wake, and what to do
about what is not: affinity, limits, siblings, idle states, frequency, clock,
hypervisor, other work. It watches the machine for a second and changes nothing.

Each finding is good, to mind (absolute times have to be read with it), bad
(numbers should not be trusted), or unknown. Bad are: fewer than 2 CPUs; a CPU
limit below the CPUs to use, or that held threads up; a clock that takes a system
call; more than 5 % of the time stolen; more than 10 % of it used by others.

Exit status: 0 nothing is bad, 1 something is, 2 wrong usage.
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

	v := doctor.Visit{System: environ.Host(), Use: use}
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
		err = doctor.Print(a.stdout, findings, a.colour())
	}
	if err != nil {
		return err
	}
	return verdict(findings)
}

// verdict is an error if something is bad.
func verdict(findings []doctor.Finding) error {
	if n := doctor.Count(findings, doctor.Bad); n > 0 {
		return fmt.Errorf("%d of %d findings are bad: numbers measured now should not be trusted", n, len(findings))
	}
	return nil
}

// colour reports whether stdout is for eyes that want colours.
func (a app) colour() bool {
	f, ok := a.stdout.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && runtime.GOOS != "windows" &&
		os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
