// Package cli is the command line of reports.
package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// Exit statuses.
const (
	Done   = 0
	Failed = 1 // something was not used, or failed; the report was written nevertheless
	Usage  = 2 // the command line makes no sense; nothing was done
)

const usage = `usage: report [flags] INPUT...
       report compare [flags] OLD NEW
       report trend [flags] FOLDER...

Says which idle manager wins, by how much, and what that is worth. An input is a
folder of results, a file in the Go benchmark format, a pprof profile, or an
interval log of HdrHistogram.

  report results/20261123-080709
  report -o report.html results/20261123-080709
  report -filter '.name:Wake AND /park:futex' results/2026-11-23-080709
  report -col .file old.txt new.txt

Filters and keys are those of benchstat, see
https://pkg.go.dev/golang.org/x/perf/benchproc/syntax.

Exit status: 0 done, 1 something was not used or failed, but the report was
written, 2 wrong usage.
`

// Main runs the command line, without the program's name, and returns the exit
// status. The report goes to stdout, unless a file is named; what was not used,
// and errors, to stderr.
func Main(args []string, stdout, stderr io.Writer) int {
	err := app{stdout, stderr}.main(args)
	var wrong usageError
	var decision gateError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return Done
	case errors.As(err, &wrong):
		fmt.Fprintf(stderr, "report: %v\n", err)
		return Usage
	case errors.As(err, &decision):
		return decision.Outcome.Exit() // it was shown
	}
	fmt.Fprintf(stderr, "report: %v\n", err)
	return Failed
}

// An app is one run of the program.
type app struct{ stdout, stderr io.Writer }

// A usageError is the user's mistake, found before anything was done.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// main runs a subcommand; without one it makes a report. A folder that has the
// name of a subcommand is written as ./name.
func (a app) main(args []string) error {
	if len(args) == 0 {
		return usagef("no input\n\n%s", usage)
	}
	switch args[0] {
	case "compare":
		return a.compare(args[1:])
	case "trend":
		return a.trend(args[1:])
	case "help", "--help":
		args = []string{"-h"}
	}
	return a.report(args)
}

// parse parses flags. With -h it prints the text and the flags to stdout and
// returns flag.ErrHelp.
func (a app) parse(flags *flag.FlagSet, text string, args []string) error {
	flags.Init(flags.Name(), flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are printed once, by Main
	flags.Usage = func() {}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(a.stdout, text, "\nFlags:\n")
		flags.SetOutput(a.stdout)
		flags.PrintDefaults()
		return err
	}
	if err != nil {
		return usagef("%w; \"%s -h\" tells the flags", err, flags.Name())
	}
	return nil
}
