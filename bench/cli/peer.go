package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/peer"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

const peerText = `usage: bench peer check [flags] PROGRAM [ARGUMENT ...]

Tests a program around a real runtime that speaks the protocol of docs/peers.md: each
thing that it claims, and the rules that a measurement holds it to. One line for each,
ok or FAIL.

Exit status: 0 everything is right, 1 something is not, 2 wrong usage.
`

func (a app) peer(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench peer check", flag.ContinueOnError)
	if len(args) == 0 || args[0] != "check" {
		if len(args) > 0 && strings.HasPrefix(args[0], "-") {
			return command.ParseAll(flags, a.stdout, peerText, args)
		}
		return command.Usagef("peer: want \"bench peer check PROGRAM\"")
	}
	c := peer.Checker{Workloads: a.catalog.Workloads}
	list(flags, &c.Only, "workload", "`workloads` to try (default all that the peer has)")
	flags.IntVar(&c.Workers, "workers", 0, "`number` of workers (default as many as have a CPU of their own)")
	cpuList(flags, &c.CPUs)
	if err := command.Parse(flags, a.stdout, peerText, args[1:]); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return command.Usagef("peer check: which program?")
	}
	if !peer.Supported {
		return command.Usagef("peer check: what a peer does is read from Linux's /proc, which this system does not have")
	}
	var err error
	if c.CPUs, err = engine.Usable(c.CPUs); err != nil {
		return command.Usage(err)
	}
	if !given(flags)["workers"] {
		c.Workers = max(1, len(c.CPUs)-1)
	}
	if c.Workers < 1 || c.Workers > cpu.MaxCPUs {
		return command.Usagef("peer check: -workers %d: want at least 1", c.Workers)
	}
	program, err := exec.LookPath(flags.Arg(0))
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return command.Usagef("peer check: %w", err)
	}
	c.Observe = a.showFinding
	right, err := c.Check(ctx, program, flags.Args()[1:]...)
	switch {
	case ctx.Err() != nil:
		return engine.ErrInterrupted
	case err != nil:
		return command.Usagef("peer check: %w", err)
	case !right:
		return fmt.Errorf("%s is not a fair peer yet", flags.Arg(0))
	}
	return nil
}

func (a app) showFinding(f peer.Finding) {
	mark, text := "ok   ", f.What
	if f.Note != "" {
		text += ": " + f.Note
	}
	if f.Err != nil {
		mark, text = "FAIL ", f.What+": "+f.Err.Error()
	}
	fmt.Fprint(a.stdout, hang(text, mark, "     ", a.width(a.stdout)))
}

// peers finds the programs that -peer names.
func (a app) peers(ctx context.Context, names []string, use cpu.Set) (all []catalog.Peer, err error) {
	for _, name := range names {
		path := name
		if !strings.ContainsRune(name, filepath.Separator) {
			self, err := os.Executable()
			if err != nil {
				return nil, err
			}
			path = filepath.Join(filepath.Dir(self), "peers", name)
			if _, err := os.Stat(path); err != nil {
				return nil, command.Usagef("run: -peer %s: %w; \"make peers\" builds those that there are", name, err)
			}
		}
		p, err := engine.FindPeer(ctx, path, use)
		if err != nil {
			return nil, command.Usagef("run: -peer %s: %w", name, err)
		}
		if slices.ContainsFunc(all, func(other catalog.Peer) bool { return other.Name == p.Name && other.Config == p.Config }) {
			return nil, command.Usagef("run: -peer %s: there are two peers %s, %s", name, p.Name, p.Config)
		}
		all = append(all, p)
	}
	return all, nil
}

// able takes out of a plan what its peers say that they cannot do.
func (a app) able(ctx context.Context, plan *record.Plan, use cpu.Set) error {
	e := engine.Engine{Catalog: a.catalog}
	before := plan.Cells
	reasons, err := e.Unable(ctx, plan, use)
	if err != nil {
		return err
	}
	for _, c := range before {
		if reason, ok := reasons[c.Name()]; ok {
			a.note("%s is left out: its peer says %q", c.Name(), reason)
		}
	}
	return nil
}
