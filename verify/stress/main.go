// Command stress runs every idle manager with every parker under every workload
// on real threads, one short launch after another, until the time is over. If a
// wake-up is lost, so that work waits and no worker comes, the launch hangs; that
// and every other failure ends the run.
//
//	go run -race -tags perturb ./verify/stress -for 15m
//	go run ./verify/stress -for 1h -run '/(wakestorm|mixed|yield_many)$' -launch 5s
//	go run -race -tags perturb ./verify/stress -cell bitmap/cond/wake -seed 5
//	go run ./verify/stress -wakes 1e9 -launch 10s
//
// With the tag perturb the threads pause at random before operations of the
// primitives (impls/prim), and with -race the assertions are compiled in, too.
// Without either it is the measured code at full speed.
//
// A cell is a manager, a parker and a workload. Two kinds of cells have no workload:
// "idletest" runs the scenarios of that package, and "relay_single" and its like run
// those of package relay, which do nothing but wake workers. A round has every
// cell of the managers that are measured by default once, in an order that the seed
// determines; of the others it has those of one parker, and the next round those of
// the next one. So after as many rounds as there are parkers every cell was launched;
// the summary says how many were. Each launch is a process of
// its own with a seed of its own, which determines the numbers of cores and
// workers, the parameters of the workload, the random choices of the load generator
// and the thieves, and the distribution of the pauses; everything but the schedule.
// So a launch that failed is likely, not certain, to fail again with the same seed.
//
// # What is counted
//
// A wake-up is a return from Park because the worker was chosen (impls.Woken). When
// none is lost, each launch comes to its end: every task has run, all is at rest, and
// after the shutdown every worker has returned and each core was shut down once.
// A loss that a later event makes good goes unnoticed. Most workloads wait for
// what they submitted before they submit more, so that there is no later event;
// those that go by the clock do not. Lost parallelism, where the publisher of a
// task runs it itself in the end, is for idletest to find, whose tasks wait for
// each other. The wake-ups of idletest are not counted.
//
// # Very many wake-ups
//
// With -wakes only relays run, as many at once as there are CPUs, until every manager
// with every parker, and with one for managers that are measured on request, has made an
// equal share of that number. The journal keeps each
// launch, so that after an interruption the same command goes on; it is of one
// machine and one commit, and of none but passed launches. The record that is printed
// in the end, and written into a page, adds up the journal.
//
// The exit status is 1 after a failure, or if -wakes was interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"regexp"
	"runtime/pprof"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/verify/origin"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("stress", flag.ContinueOnError)
	flags.SetOutput(stderr)
	limit := flags.Duration("for", time.Minute, "how long to go on")
	seed := flags.Uint64("seed", uint64(time.Now().UnixNano()), "of all random choices")
	pattern := flags.String("run", "", "regular expression for the names of cells to run, such as bitmap/cond/wake; the default is all")
	length := flags.Duration("launch", 100*time.Millisecond, "how long the load of a launch goes on")
	single := flags.String("cell", "", "run one launch of the cell with this name, in this process")
	wakes := flags.Float64("wakes", 0, "run relays only, until they have made this many wake-ups in all, such as 1e9")
	kept := flags.String("journal", "bin/wakes.tsv", "with -wakes: the file that has the launches so far; delete it to begin again")
	page := flags.String("page", "", "with -wakes: the page that gets the record in the end")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	usage := func(format string, args ...any) int {
		fmt.Fprintf(stderr, "stress: "+format+"\n", args...)
		return 2
	}
	if flags.NArg() > 0 {
		return usage("argument %s: there are only flags", flags.Arg(0))
	}
	chosen, err := regexp.Compile(*pattern)
	if err != nil {
		return usage("-run: %v", err)
	}
	if *wakes < 0 || *wakes > 1e15 {
		return usage("-wakes %g: want at most 1e15", *wakes)
	}
	if *limit <= 0 || *length <= 0 {
		return usage("-for and -launch: want a time above 0")
	}

	all := cells(catalog.Default())
	if *single != "" {
		c, ok := find(all, *single)
		if !ok {
			return usage("-cell %s: there is none such; a cell is manager/parker/workload", *single)
		}
		wakes, err := c.launch(ctx, *seed, *length)
		if err != nil {
			fmt.Fprintln(stderr, err)
			_ = pprof.Lookup("goroutine").WriteTo(stderr, 1) // who waits where
			return 1
		}
		fmt.Fprintln(stdout, wakes)
		return 0
	}
	all = matching(all, chosen)
	if *wakes > 0 {
		all = slices.DeleteFunc(all, func(c cell) bool { return c.relay == "" || !c.due(0) })
	}
	if len(all) == 0 {
		return usage("-run %s: no cell has such a name", *pattern)
	}
	if *wakes > 0 {
		j, err := openJournal(*kept, origin.Of(time.Now()))
		if err == nil {
			err = reach(ctx, newGoal(all, uint64(*wakes), *seed, *length, j, stderr), *page, stdout)
		}
		if err != nil {
			fmt.Fprintln(stderr, err)
			return 1
		}
		return 0
	}

	var timed context.CancelFunc
	ctx, timed = context.WithTimeout(ctx, *limit)
	defer timed()
	r := newRunner(all, *seed, *length, stderr)
	if err := r.rounds(ctx); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	fmt.Fprint(stdout, r.summary())
	return 0
}

// reach makes relays reach a number of wake-ups. It prints what they did even if they
// were interrupted, and writes it into the page if they were not.
func reach(ctx context.Context, g *goal, page string, stdout io.Writer) error {
	failed := g.reach(ctx)
	fmt.Fprint(stdout, g.record())
	switch {
	case failed != nil:
		return failed
	case !g.reached():
		return fmt.Errorf("stress: interrupted; the same command goes on, and %s has what there is", g.journal.file)
	case page != "":
		return update(page, g.record(), g.journal.origin)
	}
	return nil
}

// A runner starts launches and adds up what they did.
type runner struct {
	cells  []cell
	seed   uint64
	length time.Duration
	log    io.Writer
	exec   func(ctx context.Context, c cell, seed uint64, length time.Duration) (wakes uint64, err error)

	start    time.Time
	said     time.Time
	tallies  map[string]*tally // by manager and parker
	launched map[int]bool      // which of cells
	launches int
	wakes    uint64
}

func newRunner(all []cell, seed uint64, length time.Duration, log io.Writer) *runner {
	now := time.Now()
	r := &runner{cells: all, seed: seed, length: length, log: log, exec: execute, start: now, said: now, tallies: make(map[string]*tally), launched: make(map[int]bool)}
	for _, c := range all {
		r.tallies[c.subject()] = new(tally)
	}
	return r
}

// rounds launches every cell, again and again, until the context ends or one
// fails.
func (r *runner) rounds(ctx context.Context) error {
	rng := rand.New(rand.NewPCG(r.seed, 0))
	for round := 0; ; round++ {
		for _, i := range rng.Perm(len(r.cells)) {
			c, seed := r.cells[i], rng.Uint64()
			if !c.due(round) {
				continue
			}
			r.tell(ctx, round+1, c)
			wakes, err := r.exec(ctx, c, seed, r.length)
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				return fmt.Errorf("stress: launch %d, of %v with seed %d, failed after %v, %d wake-ups and %d launches without a fault:\n%w\nonce more: %s",
					r.launches+1, c, seed, time.Since(r.start).Round(time.Second), r.wakes, r.launches, err, again(c, seed, r.length))
			}
			t := r.tallies[c.subject()]
			t.launches++
			t.wakes += wakes
			r.launched[i] = true
			r.launches++
			r.wakes += wakes
		}
	}
}

// silence is the time between two lines of progress.
const silence = 10 * time.Second

func (r *runner) tell(ctx context.Context, round int, next cell) {
	now := time.Now()
	end, ok := ctx.Deadline()
	if !ok || now.Sub(r.said) < silence {
		return
	}
	r.said = now
	fmt.Fprintf(r.log, "%v left: %d wake-ups, 0 lost, %d launches; round %d is at %v\n",
		end.Sub(now).Round(time.Second), r.wakes, r.launches, round, next)
}
