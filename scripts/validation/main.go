// Validation holds the simulator against curves that others published, and writes the
// tables of docs/validation.md:
//
//	go run ./scripts/validation          # or "make curves"
//	go run ./scripts/validation -text    # only the page, from the data that are there
//
// Each curve is one or more runs of "bench simulate", with bin/bench and bin/simulate, into
// bin/validation. What the page needs of them is in results/curves/curves.json, so that a
// test finds a page that is older than its data. An interrupted run goes on where it was.
//
// The page also has what "bench simulate -validate" said of a real machine, if that is in
// results/validation ("make validate").
//
// Generated text is between two comments:
//
//	<!-- validation:begin NAME -->
//	<!-- validation:end NAME -->
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	only := flag.Bool("text", false, "simulate nothing")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "validation:", err)
		if ctx.Err() != nil {
			fmt.Fprintln(os.Stderr, "validation: interrupted; the same command goes on")
			os.Exit(130)
		}
		os.Exit(1)
	}
}

// Where the data and the page are, from the root of the repository.
const (
	curvesFile     = "results/curves/curves.json"
	judgementFile  = "results/validation/validation.json"
	page           = "docs/validation.md"
	folderOfCurves = "bin/validation"
)

func run(ctx context.Context, only bool) error {
	if !only {
		all, err := simulateAll(ctx)
		if err != nil {
			return err
		}
		if err := all.write(curvesFile); err != nil {
			return err
		}
	}
	return text(".", page)
}

// text writes the blocks of the page from the data of the repository at root.
func text(root, page string) error {
	path := filepath.Join(root, page)
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fresh, err := filled(root, string(old))
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return os.WriteFile(path, []byte(fresh), 0o666)
}
