// Overlay annotates the source of what is simulated, so that accesses to plain memory
// take time too, and writes an overlay for the go command:
//
//	go run ./loadgen/simulated/overlay -o bin/overlay
//	go build -tags simulate -overlay bin/overlay/overlay.json ...
//
// It must be run again when the source has changed. Package simulate/annotate says
// what is annotated and how.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/idlebench/idlebench/simulate/annotate"
)

// charged are the packages whose accesses to plain memory take time in a simulation.
var charged = []string{
	"github.com/idlebench/idlebench/impls/...",
	"github.com/idlebench/idlebench/loadgen/host",
	"github.com/idlebench/idlebench/loadgen/workload",
}

func main() {
	dir := flag.String("o", "bin/overlay", "write overlay.json and the annotated files to this `folder`")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir string) error {
	files, err := annotate.Packages("simulate", charged...)
	if err != nil {
		return err
	}
	overlay, err := annotate.Write(dir, files)
	if err != nil {
		return err
	}
	accesses := 0
	for _, f := range files {
		accesses += f.Accesses
	}
	fmt.Printf("%s: %d annotations in %d files\n", overlay, accesses, len(files))
	return nil
}
