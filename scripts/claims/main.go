// Claims tests what has been published about idle management, and writes
// docs/claims.md:
//
//	make claims
//	bin/measure/claims -rounds 12 -time 8ms -o /tmp/claims -page /tmp/claims.md
//
// # How it tests
//
// A claim is data (claims.go): its words, its source, what is measured, and a limit for a
// ratio that was fixed before anything was measured. Some claims are about cells of the
// suite, and are measured as "bench run" does it: the cells of a claim form a group, whose
// launches live at the same time and measure in slices. Others are about operations, and
// are measured by "go test -bench": in each round the two benchmarks of a claim run one
// after the other, in random order. Where a claim is about several workloads, its ratio is
// the geometric mean of theirs, formed in each round.
//
// Some claims are about more CPUs than most machines have. These are simulated too
// (folder simulated). A simulation supports no verdict: its page says what the model says.
//
// # How it judges
//
// By package compare: exact signed-rank tests on rounds, Holm's procedure over the claims
// that were measured, all in one family at 95 %. Each ratio is tested against the claim's
// own limit, not against 1: the old side is multiplied by the limit first. A claim is
// confirmed if its interval lies on its own side of the limit, refuted if it lies on the
// other, and otherwise not decidable here.
//
// # Interruptions
//
// The same command goes on where it was. The results are in bin/claims, in a folder named
// by the program and the plan.
package main

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/scripts/claims/published"
	"github.com/idlebench/idlebench/scripts/claims/variants"
)

// allManagers returns the suite's catalogue and the variants.
func allManagers() catalog.Catalog {
	c := catalog.Default()
	c.Others = append(c.Others, variants.All()...)
	return c
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == launch.Command { // a process that measures a cell
		os.Exit(cli.Main(allManagers(), os.Args[1:], os.Stdout, os.Stderr))
	}
	var m measurement
	flag.IntVar(&m.rounds, "rounds", 60, "`number` of times that everything is measured")
	flag.DurationVar(&m.time, "time", engine.Normal.Time, "`time` to measure in each launch")
	flag.DurationVar(&m.warmup, "warmup", engine.Normal.Warmup, "`time` of operations before the measured ones")
	flag.DurationVar(&m.benchtime, "benchtime", 30*time.Millisecond, "`time` of each benchmark of an operation in a round")
	flag.IntVar(&m.seeds, "seeds", 5, "`number` of simulations of each claim that is simulated")
	flag.StringVar(&m.folder, "o", "bin/claims", "`folder` of the results")
	page := flag.String("page", "docs/claims.md", "`file` to write")
	flag.Parse()
	if flag.NArg() > 0 || m.rounds < 1 || m.time <= 0 || m.warmup < 0 || m.benchtime <= 0 || m.seeds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, m, *page); err != nil {
		fmt.Fprintln(os.Stderr, "claims:", err)
		if ctx.Err() != nil {
			fmt.Fprintln(os.Stderr, "claims: interrupted; the same command goes on")
			os.Exit(launch.Interrupted)
		}
		os.Exit(1)
	}
}

// A measurement is how much is measured, and where the results are.
type measurement struct {
	folder        string
	rounds, seeds int
	time, warmup  time.Duration // of a launch
	benchtime     time.Duration // of a benchmark
	program       *engine.Program
	progress      func(format string, args ...any)
	catalog       catalog.Catalog
	cpus          int
}

// run measures all claims and writes the page.
func run(ctx context.Context, m measurement, page string) error {
	use, err := engine.Usable(nil)
	if err != nil {
		return err
	}
	if m.program, err = engine.Self(); err != nil {
		return err
	}
	m.catalog, m.cpus = allManagers(), len(use)
	m.progress = func(format string, args ...any) { fmt.Fprintf(os.Stderr, "claims: "+format+"\n", args...) }
	m.folder = filepath.Join(m.folder, m.sum())
	all := published.Claims()
	results, err := m.measure(ctx, all)
	if err != nil {
		return err
	}
	text, err := write(all, results)
	if err != nil {
		return err
	}
	return os.WriteFile(page, []byte(text), 0o666)
}

// sum names what is measured and how, so that another program or plan has another folder.
func (m measurement) sum() string {
	text := fmt.Sprint(m.program.Sum, m.rounds, m.time, m.warmup, m.cpus)
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:12]
}
