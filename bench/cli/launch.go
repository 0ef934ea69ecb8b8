package cli

import (
	"context"
	"flag"
	"os"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/recording"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/profile"
)

const launchText = `usage: bench launch -cell NAME [flags]

Measures one cell once, in this process, and prints the launch as JSON. "bench run"
starts one such process for every launch. By hand it is for debugging. With -sliced it
measures when it is asked to, on standard input: package launch describes how.
`

// launch is the child's side of launch.Request, Exec and Begin.
func (a app) launch(ctx context.Context, args []string) error {
	var r launch.Request
	flags := flag.NewFlagSet("bench "+launch.Command, flag.ContinueOnError)
	flags.Func("cell", "`name` of the cell, as in bench.txt, without Benchmark", func(s string) (err error) {
		r.Cell, err = record.ParseName(s)
		return err
	})
	flags.IntVar(&r.Round, "round", 0, "round that the launch belongs to")
	timing(flags, &r.Warmup, &r.Time, engine.Normal)
	cpuList(flags, &r.CPUs)
	flags.Uint64Var(&r.Seed, "seed", 0, "seed of the random choices of the host and the load")
	flags.StringVar(&r.Load, "load", "", "`file` of the recorded load, for the workload recorded")
	flags.StringVar(&r.Gaps, "gaps", "", "`file` for the idle gaps of the workers, as JSON")
	flags.BoolVar(&r.Stages, "stages", false, "record the stages of wakes, if the cell has some")
	flags.BoolVar(&r.Throttled, "throttled", false, "measure even if a CPU quota may stop the threads")
	flags.Func("profile", "`kind` of profile to take of the measured operations: cpu, mutex or block", func(s string) (err error) {
		r.Profile, err = profile.Parse(s)
		return err
	})
	flags.StringVar(&r.File, "o", "", "`file` for the profile")
	sliced := flags.Bool("sliced", false, "measure in slices, as asked for on standard input; -time has no effect")
	if err := command.ParseAll(flags, a.stdout, launchText, args); err != nil {
		return err
	}
	if r.Cell.Workload == "" {
		return command.Usagef("launch: which cell? want -cell")
	}
	if (r.Profile == "") != (r.File == "") {
		return command.Usagef("launch: -profile and -o: want both or none")
	}
	if r.Gaps != "" && (*sliced || r.Profile != "") {
		return command.Usagef("launch: -gaps with -sliced or -profile: want one of them")
	}
	if *sliced && r.Profile != "" {
		return command.Usagef("launch: -sliced and -profile: want one of them")
	}
	if r.Load != "" {
		load, err := recording.Open(r.Load)
		if err != nil {
			return err
		}
		a.catalog = a.catalog.WithLoad(load)
	}
	var err error
	if *sliced {
		err = r.Serve(ctx, a.catalog, os.Stdin, a.stdout)
	} else {
		err = a.measureWhole(ctx, r)
	}
	if ctx.Err() != nil {
		return engine.ErrInterrupted
	}
	return err
}

func (a app) measureWhole(ctx context.Context, r launch.Request) error {
	l, err := r.Measure(ctx, a.catalog)
	if err != nil {
		return err
	}
	return record.EncodeLaunch(a.stdout, l)
}
