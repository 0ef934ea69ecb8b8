// Bridge measures real runtimes next to the designs that were ported from them, and writes
// docs/bridge.md, which answers whether the host of this suite is a fair one:
//
//	make bridge
//	go run ./scripts/bridge -rounds 3 -time 32ms -o /tmp/bridge -page /tmp/bridge.md
//
// The same command goes on after an interruption. If the results are complete it only writes
// the page again, with the explanations that are in explanations.go; to measure again,
// remove results/bridge. See package pairs.
package main

import (
	"context"
	"flag"
	"os"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/scripts/pairs"
)

func main() {
	m := pairs.Measurement{Command: "bridge", Groups: groups()}
	m.Flags(flag.CommandLine, "results/bridge", 15)
	page := flag.String("page", "docs/bridge.md", "`file` to write")
	flag.Parse()
	for _, s := range spans() {
		m.Peer(s.peer)
	}
	os.Exit(m.Main(func(ctx context.Context) error {
		o, err := m.Measure(ctx)
		if err != nil {
			return err
		}
		text, err := write(o)
		if err != nil {
			return err
		}
		return replace.File(*page, []byte(text))
	}))
}
