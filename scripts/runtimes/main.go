// Runtimes measures this suite's best designs against what people run, and judges the targets
// of docs/runtimes.md:
//
//	make runtimes
//	go run ./scripts/runtimes -rounds 3 -time 32ms -o /tmp/runtimes -page /tmp/runtimes.md
//
// It writes the page's part between the marks. The same command goes on after an
// interruption. If the results are complete it only judges them again; to measure again,
// remove results/runtimes. See package pairs.
package main

import (
	"context"
	"flag"
	"os"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/scripts/pairs"
)

func main() {
	m := pairs.Measurement{Command: "runtimes", Groups: groups()}
	m.Flags(flag.CommandLine, "results/runtimes", 16)
	page := flag.String("page", "docs/runtimes.md", "`file` with the place for the outcome")
	flag.Parse()
	for _, p := range peers {
		m.Peer(p)
	}
	os.Exit(m.Main(func(ctx context.Context) error {
		o, err := m.Measure(ctx)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(*page)
		if err != nil {
			return err
		}
		outcome, err := write(o)
		if err != nil {
			return err
		}
		written, err := replace.Marked(string(text), "runtimes", outcome)
		if err != nil {
			return err
		}
		return replace.File(*page, []byte(written))
	}))
}
