// Museum measures pairs of versions of real runtimes between which users saw a difference,
// and writes docs/museum.md: an exam for this suite.
//
//	make museum
//	go run ./scripts/museum -build       only builds the versions
//
// The versions are built from their registries, each with its own lock file
// (peers/museum/locks), from the source of the peers: the manifests differ only in the
// version. Go's own scheduler is that of the toolchain that builds the peer.
//
// An exhibit counts as seen if one of its loads has a significant difference in the
// direction that was reported, and none in the other. All loads of all exhibits are one
// family. An exam that is failed stays on the page.
//
// The same command goes on after an interruption; see package pairs.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/scripts/museum/exhibits"
	"github.com/idlebench/idlebench/scripts/pairs"
)

func main() {
	m := pairs.Measurement{Command: "museum", Groups: groups()}
	m.Flags(flag.CommandLine, "results/museum", 30)
	w := workshop{}
	flag.StringVar(&w.folder, "versions", "bin/museum", "`folder` of the versions that are built")
	page := flag.String("page", "docs/museum.md", "`file` to write")
	onlyBuild := flag.Bool("build", false, "only build the versions")
	seeds := flag.Int("seeds", 5, "`number` of simulations of each exhibit")
	flag.Parse()
	os.Exit(m.Main(func(ctx context.Context) error {
		var notes []string
		for _, v := range exhibits.Versions() {
			m.Progress("building %s", v.Peer)
			if err := w.build(ctx, v); ctx.Err() != nil {
				return err
			} else if err != nil {
				notes = append(notes, fmt.Sprintf("%s does not build: %v", v.Peer, err))
				m.Progress("%s", notes[len(notes)-1])
				continue
			}
			m.Peers = append(m.Peers, w.program(v))
		}
		if *onlyBuild {
			if notes != nil {
				return fmt.Errorf("%d versions do not build", len(notes))
			}
			return nil
		}
		simulated, err := pairs.Simulate[exhibits.Simulated](ctx, w.folder, "./scripts/museum/simulated", *seeds)
		if err != nil {
			return err
		}
		o, err := m.Measure(ctx)
		if err != nil {
			return err
		}
		o.LeftOut = append(notes, o.LeftOut...)
		text, err := write(o, simulated)
		if err != nil {
			return err
		}
		return replace.File(*page, []byte(text))
	}))
}

// groups returns the cells that live at the same time: the two versions on a load.
func groups() (all [][]pairs.Cell) {
	for _, e := range exhibits.All() {
		var last string
		for _, l := range e.Looks {
			old, new := sides(e, l)
			name, _ := old.Name()
			if name == last {
				continue // another unit of the same load
			}
			last = name
			all = append(all, []pairs.Cell{old, new})
		}
	}
	return all
}

func sides(e exhibits.Exhibit, l exhibits.Look) (old, new pairs.Cell) {
	return l.Cell.On(e.Old.Peer, ""), l.Cell.On(e.New.Peer, "")
}
