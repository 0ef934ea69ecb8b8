// Package cli is the command line of reports.
package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/stats/gate"
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
	var decision gate.Error
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return Done
	case command.IsUsage(err):
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

// main runs a subcommand; without one it makes a report. A folder that has the
// name of a subcommand is written as ./name.
func (a app) main(args []string) error {
	if len(args) == 0 {
		return command.Usagef("no input\n\n%s", usage)
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
