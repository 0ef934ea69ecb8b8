package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/spin"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

const spinText = `usage: bench spin [flags]

How long should an idle worker spin before it sleeps? Records the idle gaps of one
implementation under one load and the cost of a wake on this machine, computes from
that the CPU time and the mean latency of every spin budget, and measures three budgets
to see whether the prediction holds: the break-even, half of it, and where the latency
falls most steeply. Budgets are times, never iterations.

The load is a recorded one (-load), or a workload with its parameters. It should be an
open loop that the pool sustains: where tasks queue or wait for each other, the method
is wrong, and the measured budgets say so.

Prints a table, and writes spin.json, spin.txt and spin.svg to a new folder. 12 rounds
of 300 ms take about half a minute for each of the two parts.

  bench spin -load orders.load
  bench spin -workload poisson -param load=0.2 -impl mutexonly -rounds 30
`

// Files of the folder.
const (
	spinJSON   = "spin.json"
	spinTable  = "spin.txt"
	spinFigure = "spin.svg"
)

func (a app) spin(ctx context.Context, args []string) error {
	s, folder, err := a.planSpin(args)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o777); err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o777); err != nil {
		return command.Usage(fmt.Errorf("spin: -o: %w", err))
	}
	fmt.Fprintf(a.stderr, "%d rounds, into %s\n", s.Rounds, folder)
	r, err := spin.Run(ctx, s)
	if ctx.Err() != nil || launch.Signalled(err) {
		return errors.Join(engine.ErrInterrupted, os.Remove(folder)) // it is empty
	}
	if err != nil {
		return errors.Join(err, os.Remove(folder))
	}
	for name, write := range map[string]func(io.Writer) error{
		spinJSON: func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			return e.Encode(r)
		},
		spinTable:  r.Write,
		spinFigure: r.WriteFigure,
	} {
		if err := writeNew(filepath.Join(folder, name), write); err != nil {
			return err
		}
	}
	if err := r.Write(a.stdout); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "\nFigure: %s\n", filepath.Join(folder, spinFigure))
	return nil
}

// planSpin reads the command line.
func (a app) planSpin(args []string) (s spin.Setup, folder string, err error) {
	flags := flag.NewFlagSet("bench spin", flag.ContinueOnError)
	selection := matrix.Selection{Parks: []string{"futex"}, Size: matrix.Quick}
	impl := flags.String("impl", "bitmap", "`implementation` to measure; one that has a parker of its own cannot be")
	name := flags.String("workload", "poisson", "`workload` to measure")
	file := flags.String("load", "", "`file` of a recorded load to measure instead of a workload")
	flags.Func("param", "`name=value` of a parameter of the workload; repeat for another parameter", func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("want name=value")
		}
		selection.Params = append(selection.Params, record.Param{Name: name, Value: value})
		return nil
	})
	workers := flags.Int("workers", 0, "`number` of workers (default that of the workload)")
	var cpus cpu.Set
	timing(flags, &s.Request.Warmup, &s.Request.Time, engine.Timing{Warmup: engine.Normal.Warmup, Time: 300 * time.Millisecond})
	cpuList(flags, &cpus)
	flags.IntVar(&s.Rounds, "rounds", 12, fmt.Sprintf("`number` of rounds, at least %d", spin.MinRounds))
	flags.Float64Var(&s.Weight, "weight", 1, "`ns` of CPU time that a ns of latency costs, for the regret")
	flags.Uint64Var(&s.Seed, "seed", 0, "`seed` of the order of launches and of the loads' random choices (default random)")
	flags.BoolVar(&s.Anyway, "anyway", false, "use launches although they were disturbed; the result says so")
	output(flags, &folder)
	if err := command.ParseAll(flags, a.stdout, spinText, args); err != nil {
		return s, "", err
	}
	given := given(flags)
	if err := checkTiming(flags, s.Request.Warmup, s.Request.Time); err != nil {
		return s, "", err
	}
	switch {
	case s.Rounds < spin.MinRounds || s.Rounds > engine.MaxRounds:
		return s, "", command.Usagef("spin: -rounds %d: want %d to %d", s.Rounds, spin.MinRounds, engine.MaxRounds)
	case !(s.Weight >= 0) || s.Weight > 1e9:
		return s, "", command.Usagef("spin: -weight %v: want a number from 0 to 1e9", s.Weight)
	case given["load"] && given["workload"]:
		return s, "", command.Usagef("spin: -load and -workload: want one of them")
	case given["workers"] && *workers < 1:
		return s, "", command.Usagef("spin: -workers %d: want at least 1", *workers)
	}
	if given["load"] {
		load, err := openLoad(*file)
		if err != nil {
			return s, "", command.Usage(fmt.Errorf("spin: -load: %w", err))
		}
		a.catalog, *name, s.Request.Load = a.catalog.WithLoad(load), workload.RecordedName, *file
	}
	if !given["seed"] {
		s.Seed = rand.Uint64()
	}
	if *workers > 0 {
		selection.Workers = []int{*workers}
	}
	use, err := engine.Usable(cpus)
	if err != nil {
		return s, "", command.Usage(err)
	}
	selection.CPUs, selection.Cores = len(use), engine.Cores(use)
	selection.Workloads, selection.Impls = []string{*name}, []string{*impl}
	if s.Cell, err = a.oneCell(selection, *impl); err != nil {
		return s, "", command.Usage(fmt.Errorf("spin: %w", err))
	}
	s.Request.CPUs = cpus
	s.Measure = func(ctx context.Context, r launch.Request) (record.Launch, error) { return r.Exec(ctx) }
	s.Done = func(launches, of int) {
		if launches%10 == 0 {
			fmt.Fprintf(a.stderr, "%d of about %d launches\n", launches, of)
		}
	}
	if folder == "" {
		folder = newFolder()
	}
	return s, folder, nil
}

// oneCell returns the only cell of a selection that is of an implementation.
func (a app) oneCell(s matrix.Selection, impl string) (cell record.Cell, err error) {
	cells, err := matrix.Cells(a.catalog, s)
	if err != nil {
		return cell, err
	}
	n := 0
	for _, c := range cells {
		if c.Impl == impl {
			cell = c
			n++
		}
	}
	if n != 1 {
		return cell, fmt.Errorf("%d cells: want one value of each parameter", n)
	}
	return cell, nil
}

// writeNew writes a file.
func writeNew(file string, write func(io.Writer) error) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
