// Command mutants shows that the checks of the suite can fail. It seeds one
// defect at a time, by an overlay of the go command, so that the source is never
// touched and what is measured has no branch for it; and it tries each strategy
// on the result, until the defect is found or a limit is reached.
//
//	go run ./verify/mutants                       everything, as a table
//	go run ./verify/mutants -update               and into docs/mutants.md
//	go run ./verify/mutants -only '^note' -strategy 'bound 2,plain'
//	go run ./verify/mutants -list                 the mutants, and no more
//	go run ./verify/mutants -show last-look-dropped
//
// The last prints what the mutant changes and a schedule that kills it, if the
// explorer finds one.
//
// A journal keeps the results, cell by cell, under a key made of the test binary
// and its arguments. So an interrupted run continues, and after a change in the
// source only the cells that it can affect are filled in anew.
//
// The unchanged code is tried first, in the same way, and has to pass. Deadlocks
// that a manager is known for are in a list of package verify; a mutant is found if
// the test fails, and only then.
//
// The exit status is 1 if a mutant survives everything and its entry has no
// reason why it is harmless, or if one that is called harmless is found.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var l limits
	only := flags.String("only", "", "pattern of the mutants' names")
	which := flags.String("strategy", "", "strategies, with commas in between: "+strings.Join(strategyNames(), ", "))
	update := flags.Bool("update", false, "write docs/mutants.md")
	list := flags.Bool("list", false, "list the mutants and do nothing")
	shown := flags.String("show", "", "`name` of the one mutant to show: its change and a schedule that kills it")
	jobs := flags.Int("jobs", 3, "how many to try at once; stress tests wait most of the time")
	journalName := flags.String("journal", "bin/mutants.journal", "where to keep what was found out, from the root of the module")
	flags.DurationVar(&l.scenario, "limit", 500*time.Millisecond, "limit on the time of each scenario under the explorer")
	flags.IntVar(&l.executions, "executions", 5_000, "limit on the executions of each scenario under random and pct")
	flags.DurationVar(&l.stress, "stress", 5*time.Second, "limit on the time of a stress test, after which no new pass begins")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	fail := func(err error) int {
		fmt.Fprintln(stderr, "mutants:", err)
		return 1
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "mutants: argument %s: there are only flags\n", flags.Arg(0))
		return 2
	}
	if *update && (*only != "" || *which != "") {
		fmt.Fprintln(stderr, "mutants: -update writes the whole table, and goes neither with -only nor with -strategy")
		return 2
	}
	chosen, err := choose(*only)
	if err != nil {
		fmt.Fprintln(stderr, "mutants:", err)
		return 2
	}
	tried, err := parseStrategies(*which)
	if err != nil {
		fmt.Fprintln(stderr, "mutants:", err)
		return 2
	}
	if *shown != "" {
		chosen = slices.DeleteFunc(mutants(), func(m mutant) bool { return m.name != *shown })
		if len(chosen) == 0 {
			fmt.Fprintf(stderr, "mutants: -show %s: no mutant has that name; see -list\n", *shown)
			return 2
		}
	}
	if *list {
		for _, m := range chosen {
			fmt.Fprintf(stdout, "%-32s %-32s %s\n", m.name, m.file, m.breaks)
		}
		return 0
	}

	root, err := moduleRoot()
	if err != nil {
		return fail(err)
	}
	r, err := newRunner(root, filepath.Join(root, *journalName), l, stderr)
	if err != nil {
		return fail(err)
	}
	defer r.close()
	if *shown != "" {
		if err := r.show(ctx, stdout, chosen[0]); err != nil {
			return fail(err)
		}
		return 0
	}
	t, err := r.table(ctx, chosen, tried, max(1, *jobs))
	if err != nil {
		return fail(err)
	}
	if *update {
		page := filepath.Join(root, "docs", "mutants.md")
		if err := os.WriteFile(page, []byte(t.page()), 0o666); err != nil {
			return fail(err)
		}
	} else {
		fmt.Fprint(stdout, t.String())
	}
	if wrong := t.wrong(); len(wrong) > 0 {
		for _, w := range wrong {
			fmt.Fprintln(stderr, "mutants:", w)
		}
		return 1
	}
	return 0
}

// choose returns the mutants whose names match a pattern.
func choose(pattern string) ([]mutant, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("-only: %w", err)
	}
	chosen := slices.DeleteFunc(mutants(), func(m mutant) bool { return !re.MatchString(m.name) })
	if len(chosen) == 0 {
		return nil, fmt.Errorf("-only %s: no mutant has such a name; see -list", pattern)
	}
	return chosen, nil
}

// moduleRoot returns the folder of the module that the command is run in.
func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	mod := strings.TrimSpace(string(out))
	if filepath.Base(mod) != "go.mod" {
		return "", errors.New("not in a module: run it in the checkout of the suite")
	}
	return filepath.Dir(mod), nil
}
