package pairs

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
)

// Flags declares the flags that all commands have, with the folder of the results and the
// number of rounds. Launches are two slices long: with many cells, more rounds are worth more
// than longer launches.
func (m *Measurement) Flags(flags *flag.FlagSet, folder string, rounds int) {
	flags.IntVar(&m.Timing.Rounds, "rounds", rounds, "`number` of times that everything is measured")
	flags.DurationVar(&m.Timing.Time, "time", 64*time.Millisecond, "`time` to measure in each launch")
	flags.DurationVar(&m.Timing.Warmup, "warmup", 30*time.Millisecond, "`time` of operations before the measured ones")
	flags.StringVar(&m.Folder, "o", folder, "`folder` of the results")
	flags.StringVar(&m.Program, "bench", "bin/bench", "`program` that measures our designs")
	flags.StringVar(&m.peers, "peers", "bin/peers", "`folder` of the programs around real runtimes")
}

// Peer adds a peer by its name.
func (m *Measurement) Peer(name string) { m.Peers = append(m.Peers, filepath.Join(m.peers, name)) }

// Main does what a command is for, and returns its exit status. An interrupt ends the
// context.
func (m *Measurement) Main(do func(context.Context) error) (status int) {
	m.Progress = func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, m.Command+": "+format+"\n", args...)
	}
	if flag.NArg() > 0 || m.Timing.Rounds < 1 || m.Timing.Time <= 0 || m.Timing.Warmup < 0 {
		flag.Usage()
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := do(ctx); err != nil {
		m.Progress("%v", err)
		if ctx.Err() != nil {
			m.Progress("interrupted; the same command goes on")
			return launch.Interrupted
		}
		return 1
	}
	return 0
}
