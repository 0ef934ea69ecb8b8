// Command report says what measurements of idle managers mean. "report -h" shows its
// usage; package cli implements it.
package main

import (
	"os"
	"runtime/debug"

	"github.com/idlebench/idlebench/report/cli"
)

// gcPercent is Go's GOGC unless the user sets it. A report keeps all launches in memory
// until it is written, so the heap's peak is what is live plus what the collector lets
// pile up: as much again with the default of 100. With half of that a report of 100,000
// launches needs a fifth less memory for some more CPU time.
const gcPercent = 50

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
}
