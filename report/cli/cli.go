// Package cli is the command line of reports: flags, files and exit statuses. The
// neighbouring packages decide what a report says.
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
	Failed = 1 // some input was not used, or something failed; the report was written anyway
	Usage  = 2 // wrong usage; nothing was done
	Worse  = 3 // of a trend, if that is asked for
)

const usage = `usage: report [flags] INPUT...
       report compare [flags] OLD NEW
       report trend [flags] INPUT...
       report fleet [flags] INPUT...
       report machine [-o FILE] NAME|FILE

Reports which idle manager and which parker is faster, by how much, and with what
confidence. An input is a result folder, a file in the Go benchmark format, a pprof
profile, or an HdrHistogram interval log; "-" is standard input, and LABEL=PATH names
an input.

  report results/sample
  report -o report.html results/sample
  report -filter '.name:Wake AND /park:futex' results/sample
  report -col .file old.txt new.txt
  report before=old.txt after=new.txt

Text shows at most 20 comparisons, the significant ones first, and counts the others.
-all shows everything, with benchstat's tables. The output does not depend on whether
it is a terminal.

Filters and keys are those of benchstat, see
https://pkg.go.dev/golang.org/x/perf/benchproc/syntax.

Exit status: 0 done; 1 some input was not used or something failed, but the report was
written; 2 wrong usage.
`

// Main runs the command line, without the program's name, and returns the exit
// status. The report goes to stdout, or to the file of -o. Errors, and what was not
// used, go to stderr.
func Main(args []string, stdout, stderr io.Writer) int {
	err := app{stdout, stderr}.main(args)
	var decision gate.Error
	var worse worseError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return Done
	case command.IsUsage(err):
		fmt.Fprintf(stderr, "report: %v\n", err)
		return Usage
	case errors.As(err, &decision):
		return decision.Outcome.Exit() // the decision was printed
	case errors.As(err, &worse):
		fmt.Fprintf(stderr, "report: %v\n", err)
		return Worse
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
	case "fleet":
		return a.fleet(args[1:])
	case "machine":
		return a.machine(args[1:])
	case "help", "--help":
		args = []string{"-h"}
	}
	return a.report(args)
}
