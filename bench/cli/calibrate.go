package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/probe"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/simulate/machine"
)

const calibrateText = `usage: bench calibrate [flags]

Measures this machine and writes a file that describes it for "bench simulate": how long
a cache line takes between each pair of CPUs, what atomic operations, PAUSE, system
calls and context switches cost, and what a wake-up costs the waker and the sleeper by
how long the sleeper had slept, through a futex, a channel, sync.Cond and sync.Mutex.

Each figure is the median of the least disturbed quarter of its batches, but for
wake-ups that of all; the file has the spread, too. What cannot be measured is as in the presets, and the
file says so. Stop other programs first: a machine that is busy looks slower than it is.

Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted; nothing is written then.
`

func (a app) calibrate(ctx context.Context, args []string) error {
	var use cpu.Set
	flags := flag.NewFlagSet("bench calibrate", flag.ContinueOnError)
	flags.Func("cpus", "CPUs to measure, as a `list` such as 0-3,8 (default all that the process may use)", func(s string) (err error) {
		use, err = cpu.Parse(s)
		return err
	})
	out := flags.String("o", "machine.toml", "`file` to write; it must not exist")
	if err := command.ParseAll(flags, a.stdout, calibrateText, args); err != nil {
		return err
	}
	use, err := engine.Usable(use)
	if err != nil {
		return command.Usage(err)
	}
	if _, err := os.Lstat(*out); !errors.Is(err, fs.ErrNotExist) {
		return command.Usagef("calibrate: %s exists; name another file with -o", *out)
	}

	f, err := a.calibrated(ctx, use)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, f.Format(), 0o666); err != nil {
		return err
	}
	if err := f.WriteText(a.stdout, a.width(a.stdout)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "\nWritten to %s. \"report machine %s\" draws it.\n", *out, *out)
	return err
}

// calibrated measures the machine and describes it.
func (a app) calibrated(ctx context.Context, use cpu.Set) (*machine.File, error) {
	if err := probe.Check(use); err != nil {
		return nil, err
	}
	fmt.Fprintf(a.stderr, "measuring CPUs %v for at least %v …\n", use, probe.Length(use).Round(time.Second))
	var p *progress
	results, err := probe.Measure(ctx, use, func(length, total time.Duration, what string) {
		if p == nil {
			p = newProgress(a.stderr, total)
		}
		p.step(length, what)
	})
	if p != nil {
		p.end()
	}
	if ctx.Err() != nil {
		return nil, engine.ErrInterrupted
	}
	if err != nil {
		return nil, err
	}
	if moved := results.Moved(use); len(moved) > 0 {
		a.note("A line from CPU %d to %v took a different time at the end than at the beginning: a hypervisor moves this machine's CPUs. "+
			"The file has the figures of the beginning.", use[0], moved)
	}
	return probe.Assemble(results, hostOf(environ.Host(), use))
}

// hostOf describes the machine in the file.
func hostOf(s environ.System, use cpu.Set) probe.Host {
	h := probe.Host{Name: "this-machine", Title: "this machine", CPUs: use, Topology: s.Topology(use), Facts: make(map[string]string)}
	for _, fact := range environ.Read(s) {
		if fact.Value == environ.Unknown {
			continue
		}
		switch fact.Key {
		case "cpu":
			h.Title = fmt.Sprintf("%s, %d CPUs, as measured", fact.Value, len(use))
			h.Name = nameOf(fact.Value)
		case "kernel":
			h.Kernel = fact.Value
		case "cpus", "cores", "smt", "virtualised", "clocksource", "governor", "boost", "idle-driver", "idle-governor",
			"idle-states", "halt-poll", "timer-slack", "isolated", "load", "date", "go", "commit":
		default:
			continue
		}
		h.Facts[fact.Key] = fact.Value
	}
	return h
}

// nameOf returns the name of a machine for that of its processor.
func nameOf(processor string) string {
	words := regexp.MustCompile(`[a-z0-9]+`).FindAllString(strings.ToLower(processor), -1)
	name := strings.Join(words, "-")
	if name == "" {
		return "this-machine"
	}
	return name[:min(len(name), 60)]
}
