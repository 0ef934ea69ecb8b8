// Validation holds the simulator against curves that others published, and writes the
// tables of docs/validation.md:
//
//	go run ./scripts/validation          # or "make curves"
//	go run ./scripts/validation -text    # only the page, from the data that are there
//	go run ./scripts/validation -from F  # the same, with the judgement of the validation in F
//
// Each curve is one or more runs of "bench simulate", with bin/bench and bin/simulate, into
// bin/validation. What the page needs of them is in results/curves/curves.json, so that a
// test finds a page that is older than its data. An interrupted run goes on where it was.
//
// The page also has what "bench simulate -validate" said of a real machine, if that is in
// results/validation: "make validate" measures, and -from keeps the judgement there.
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
	from := flag.String("from", "", "simulate nothing, and keep the judgement of the validation in this `folder`")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *only, *from); err != nil {
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
	judgementDir   = "results/validation"
	judgementFile  = judgementDir + "/validation.json"
	page           = "docs/validation.md"
	folderOfCurves = "bin/validation"
)

func run(ctx context.Context, only bool, from string) error {
	switch {
	case from != "":
		if err := keep(from); err != nil {
			return err
		}
	case !only:
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

// keep copies what a validation found, without its launches.
func keep(from string) error {
	if err := os.MkdirAll(judgementDir, 0o777); err != nil {
		return err
	}
	for _, name := range []string{"machine.toml", "validation.txt", "validation.json"} {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(judgementDir, name), data, 0o666); err != nil {
			return err
		}
	}
	return nil
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
