// Operations measures what the operations of every idle manager cost, with 1 to 1024
// cores, and writes the table docs/operations.md:
//
//	go run ./scripts/operations                 # or "make operations"
//	go run ./scripts/operations -rounds 4 -benchtime 2ms -page /tmp/operations.md
//
// # How it measures
//
// The benchmarks are those of "go test -bench" in impls/*, each package's test binary
// built once. A round has every package once, in random order. A turn of a package is two
// processes: BenchmarkAtomicLoad/called, the cost of a call that does one atomic load, and
// then the package's own benchmarks. So every time has a load of the same moment next to
// it, and ratios are paired by round: a machine that slows down changes both.
//
// # How it judges
//
// By package compare, as reports do: exact tests on pairs. What is asked of a ratio is on
// which side of a limit it is, so the older side is multiplied by the limit, and a verdict
// is a direction. There are two questions. A notification while a worker searches is to
// cost at most two loads; all designs and numbers of cores are one family. And an operation
// is to be flat: with any number of cores it takes at most 1.1 times as long as with the
// smallest; each operation is one family. Each family has an error rate of 5 %.
//
// # When it stops
//
// The results are judged after half of the rounds, after five sevenths and after all of
// them, each time with a share of the error rate (compare.Sequence). An operation of a
// package that has nothing undecided any more is not measured in further rounds.
//
// # Interruptions
//
// A turn is recorded when it has ended. After an interruption the same command goes on:
// the record is in bin/operations, in a folder named by the content of the test binaries,
// so that a change of the source begins anew. The page is written at the end.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	p := plan{folder: "bin/operations"}
	flag.IntVar(&p.rounds, "rounds", 28, "largest `number` of times that a benchmark runs; half of it at least")
	flag.DurationVar(&p.time, "benchtime", 10*time.Millisecond, "`time` of each benchmark in a round")
	page := flag.String("page", "docs/operations.md", "`file` to write")
	flag.Parse()
	if flag.NArg() > 0 || p.rounds < 1 || p.time <= 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, p, *page); err != nil {
		fmt.Fprintln(os.Stderr, "operations:", err)
		if ctx.Err() != nil {
			fmt.Fprintln(os.Stderr, "operations: interrupted; the same command goes on")
			os.Exit(130)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, p plan, page string) error {
	j, err := p.measure(ctx)
	if err != nil {
		return err
	}
	text, err := j.write()
	if err != nil {
		return err
	}
	return os.WriteFile(page, []byte(text), 0o666)
}
