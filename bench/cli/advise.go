package cli

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"strings"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/advice"
	"github.com/idlebench/idlebench/stats/advice/planted"
)

const adviseText = `usage: bench advise [flags] FOLDER
       bench advise -check N

Says which design and parker to use, from a result folder of "bench run": what the change
gains, what it costs, and where another choice would be better. It chooses on the first
third of the rounds and confirms on the others; if nothing is confirmed to be better than what you have,
it says to keep that. docs/advice.md explains how.

Prints the advice, the latency and CPU time of each candidate as ratios to the current one,
marking those that no other beats in both, and for each situation what the choice loses to
the best one there. The number of workers is chosen too if all workloads were measured with
the same two or more, as with "bench run -workers 1,2,4".

  bench advise results/sample
  bench advise -current mutexonly/go-cond -objective latency=0.7,cpu=0.3 results/sample

Exit status: 0 there is an advice, which may be to keep what you have, 1 there can be none
from this folder, 2 wrong usage.
`

func (a app) advise(args []string) error {
	flags := flag.NewFlagSet("bench advise", flag.ContinueOnError)
	objective := advice.Balanced
	flags.Var(&objective, "objective", "what to minimize: `latency, cpu or balanced`, or weights such as latency=0.7,cpu=0.3")
	var current advice.Candidate
	flags.Func("current", "`design/parker` in use, such as bitmap/futex, or design/parker/workers (default the baseline of the run)", func(text string) (err error) {
		current, err = advice.ParseCandidate(text)
		return err
	})
	asJSON := flags.Bool("json", false, "print JSON")
	check := flags.Int("check", 0, "instead of a folder, advise on this `number` of made-up runs whose right answers are known, and print how often it is right")
	seed := flags.Uint64("seed", 1, "`seed` of -check")
	if err := command.Parse(flags, a.stdout, adviseText, args); err != nil {
		return err
	}
	set := given(flags)
	if set["check"] {
		for _, name := range []string{"objective", "current", "json"} {
			if set[name] {
				return command.Usagef("advise: -check and -%s: want one of them", name)
			}
		}
		if flags.NArg() > 0 || *check < 1 || *check > 1e6 {
			return command.Usagef("advise: -check %d: want a number from 1 to 1000000, and no folder", *check)
		}
		return planted.Check(*seed, *check).Write(a.stdout)
	}
	if set["seed"] {
		return command.Usagef("advise: -seed is for -check")
	}
	if flags.NArg() != 1 {
		return command.Usagef("advise: %d folders: want one; see \"bench advise -h\"", flags.NArg())
	}
	folder := flags.Arg(0)
	run, err := record.ReadLaunches(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return command.Usage(fmt.Errorf("advise: %w", err))
	}
	if err != nil {
		return fmt.Errorf("advise: %w", err)
	}
	data, err := advice.FromRun(run)
	if err != nil {
		return fmt.Errorf("advise: %s: %w", folder, err)
	}
	advised, err := advice.Advise(data, objective, current)
	var unknown advice.UnknownError
	if errors.As(err, &unknown) {
		return command.Usage(fmt.Errorf("advise: -current: %w", err))
	}
	if err != nil {
		return fmt.Errorf("advise: %s: %w", folder, err)
	}
	if *asJSON {
		e := json.NewEncoder(a.stdout)
		e.SetIndent("", "  ")
		return e.Encode(advised)
	}
	var b strings.Builder
	if err := advised.Write(&b, a.width(a.stdout)); err != nil {
		return err
	}
	_, err = fmt.Fprint(a.stdout, b.String())
	return err
}
