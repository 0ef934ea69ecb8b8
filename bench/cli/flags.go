package cli

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// timing declares the flags for how long a launch measures.
func timing(flags *flag.FlagSet, warmup, measure *time.Duration, usual engine.Timing) {
	flags.DurationVar(warmup, "warmup", usual.Warmup, "`time` of operations before the measured ones")
	flags.DurationVar(measure, "time", usual.Time, "`time` to measure in each launch")
}

// cpuList declares the flag for the CPUs to use. It stays nil if the flag is not given.
func cpuList(flags *flag.FlagSet, to *cpu.Set) {
	flags.Func("cpus", "CPUs to use, as a `list` such as 0-3,8 (default all that the process may use)", func(s string) (err error) {
		*to, err = cpu.Parse(s)
		return err
	})
}

// throttled declares the flag to measure under a quota.
func throttled(flags *flag.FlagSet, to *bool) {
	flags.BoolVar(to, "throttled", false, "measure even if the CPU quota (of a container, say) is smaller than the cells need; the results say so")
}

// output declares the flag for the folder of a run.
func output(flags *flag.FlagSet, to *string) {
	flags.StringVar(to, "o", "", "`folder` for the results, which must not exist (default results/<date>-<time>)")
}

// resumption declares the flag to resume a run.
func resumption(flags *flag.FlagSet, folder *string) {
	flags.Func("resume", "continue the interrupted run in this `folder`; no other flag is allowed", func(text string) error {
		if text == "" {
			return errors.New("want a folder")
		}
		*folder = text
		return nil
	})
}

// onlyResume refuses other flags with -resume.
func onlyResume(flags *flag.FlagSet) error {
	others := given(flags)
	delete(others, "resume")
	for _, name := range slices.Sorted(maps.Keys(others)) {
		return command.Usagef("%s: -%s with -resume: the plan is that of the folder", subcommand(flags), name)
	}
	return nil
}

// subcommand is what an error calls a command, after the program's name.
func subcommand(flags *flag.FlagSet) string { return strings.TrimPrefix(flags.Name(), "bench ") }

func checkTiming(flags *flag.FlagSet, warmup, measure time.Duration) error {
	if measure <= 0 || warmup < 0 {
		return command.Usagef("%s: -time %v -warmup %v: want a positive time, and a warm-up that is not negative", subcommand(flags), measure, warmup)
	}
	const most = time.Hour // of one launch; what drifts over hours is for rounds to average
	if measure > most || warmup > most {
		return command.Usagef("%s: -time %v -warmup %v: want at most %v each; more rounds say more than longer launches", subcommand(flags), measure, warmup, most)
	}
	return nil
}

// given returns the names of the flags that are on the command line.
func given(flags *flag.FlagSet) map[string]bool {
	names := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { names[f.Name] = true })
	return names
}

// list declares a flag that is a list separated by commas.
func list(flags *flag.FlagSet, to *[]string, name, about string) {
	flags.Func(name, about, func(text string) error {
		for item := range strings.SplitSeq(text, ",") {
			item = strings.TrimSpace(item)
			if item == "" {
				return errors.New("an item of the list is empty")
			}
			*to = append(*to, item)
		}
		return nil
	})
}

// params declares the flag for the parameters of workloads.
func params(flags *flag.FlagSet, to *[]record.Param) {
	flags.Func("param", "`name=value` of a workload's parameter; repeat for another value or parameter", func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("want name=value")
		}
		*to = append(*to, record.Param{Name: name, Value: value})
		return nil
	})
}

// newFolder is where a run goes by default.
func newFolder() string {
	return filepath.Join("results", environ.Host().Now.Format("20060102-150405"))
}

// A designedRun is the command line of a self-test or an audit, whose cells come from a
// design.
type designedRun struct {
	setup  engine.Setup
	use    cpu.Set
	quick  bool
	rounds int    // 0 for as many as there is time for
	resume string // the folder of a run to resume; nothing else is set then
}

// A designedCommand is in what a self-test and an audit differ on the command line.
type designedCommand struct {
	text                    string // for -h
	usual                   engine.Timing
	mostRounds              int
	aboutQuick, aboutRounds string // their flags
}

// parseDesigned reads the command line of a designed run. The flag set already has the
// flags that the other command lacks.
func (a app) parseDesigned(flags *flag.FlagSet, args []string, c designedCommand) (p designedRun, err error) {
	p.setup.Command = subcommand(flags)
	p.setup.Args = append([]string{p.setup.Command}, args...)
	plan := &p.setup.Plan
	flags.BoolVar(&p.quick, "quick", false, c.aboutQuick)
	flags.IntVar(&p.rounds, "rounds", 0, c.aboutRounds)
	timing(flags, &plan.Warmup, &plan.Time, c.usual)
	cpuList(flags, &p.use)
	flags.Uint64Var(&plan.Seed, "seed", 0, "`seed` of the order of launches and of the loads' random choices (default random)")
	throttled(flags, &plan.Throttled)
	output(flags, &p.setup.Folder)
	resumption(flags, &p.resume)
	if err := command.ParseAll(flags, a.stdout, c.text, args); err != nil {
		return p, err
	}
	if p.resume != "" {
		return p, onlyResume(flags)
	}
	if err := checkTiming(flags, plan.Warmup, plan.Time); err != nil {
		return p, err
	}
	if given(flags)["rounds"] && (p.rounds < 1 || p.rounds > c.mostRounds) {
		return p, command.Usagef("%s: -rounds %d: want 1 to %d", p.setup.Command, p.rounds, c.mostRounds)
	}
	if !given(flags)["seed"] {
		plan.Seed = rand.Uint64()
	}
	if p.setup.Folder == "" {
		p.setup.Folder = newFolder()
	}
	if p.use != nil {
		plan.CPUs = p.use.String()
	}
	if p.use, err = engine.Usable(p.use); err != nil {
		return p, command.Usage(err)
	}
	return p, nil
}

// longRun says how long a designed run will take.
func longRun(p engine.Pilot) string {
	return fmt.Sprintf("this will take about %v", p.Duration.Round(10*time.Second))
}
