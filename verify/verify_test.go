//go:build explore

package verify

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/channels"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
)

var (
	strategy   = flag.String("strategy", "bounded", "bounded, reduced, random or pct")
	bound      = flag.Int("bound", 2, "preemptions, for bounded")
	depth      = flag.Int("depth", 3, "orderings, for pct")
	seed       = flag.Uint64("seed", 1, "for random and pct")
	executions = flag.Int("executions", 0, "limit on executions of each scenario; 0: none, or 10,000 for random ones")
	limit      = flag.Duration("limit", 0, "limit on the time of each scenario; 0: none")
	every      = flag.Bool("all", false, "explore every scenario, also with a strategy that it is too large for")
	minimise   = flag.Int("minimise", 200_000, "limit on executions that make a failure easier to read; 0: it stays as it was found")
	replay     = flag.String("schedule", "", "the one schedule to run")
	part       = flag.String("part", "1/1", "explore the scenarios i, i+n, i+2n, … for i/n: a process uses one CPU")
	record     = flag.String("record", "", "file to append a line to for each scenario, for verify/coverage")
)

// fits reports whether a scenario is of the size that the strategy is for.
func fits(who subject, s scenario) bool {
	size := s.size
	if who.spins && size < large {
		size++ // switches between threads that spin are no preemptions
	}
	switch {
	case *every, *replay != "":
		return true
	case *strategy == "reduced":
		return size == tiny
	case *strategy == "bounded":
		return size < large
	}
	return size == large
}

func newStrategy(t *testing.T) explore.Strategy {
	if *replay != "" {
		s, err := explore.Replay(*replay)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	switch *strategy {
	case "bounded":
		return explore.Bounded(*bound)
	case "reduced":
		return explore.Reduced()
	case "random":
		return explore.Random(*seed)
	case "pct":
		return explore.PCT(*depth, *seed)
	}
	t.Fatalf("-strategy %s: want bounded, reduced, random or pct", *strategy)
	return nil
}

func TestScenarios(t *testing.T) {
	debug.SetGCPercent(800) // each execution leaves garbage, and little else is there
	var mine, of, number int
	if n, err := fmt.Sscanf(*part, "%d/%d", &mine, &of); n != 2 || mine < 1 || mine > of {
		t.Fatalf("-part %s: want one from 1/n to n/n (%v)", *part, err)
	}
	for _, impl := range []impls.Implementation{bitmap.Implementation, mutexonly.Implementation, channels.Implementation} {
		t.Run(impl.Name, func(t *testing.T) {
			kinds := park.Kinds()
			if impl.Parker != "" {
				kinds = []park.Kind{{Name: impl.Parker}}
			}
			for _, kind := range kinds {
				t.Run(kind.Name, func(t *testing.T) {
					for _, s := range scenarios {
						who := subject{impl, kind.New, kind.Spins}
						if !fits(who, s) {
							continue
						}
						if number++; number%of == mine%of {
							t.Run(s.name, func(t *testing.T) { play(t, who, kind.Name, s) })
						}
					}
				})
			}
		})
	}
}

// play explores a scenario. It logs what was covered.
func play(t *testing.T, who subject, parker string, s scenario) {
	program := func() { s.play(who) }
	r := explore.Run(program, newStrategy(t), explore.Limits{Executions: *executions, Time: *limit, Steps: 2000})
	t.Log(r)
	outcome := "cut"
	if r.Complete {
		outcome = "complete"
	}
	if r.Failure != nil {
		f := explore.Minimise(program, r.Failure, *minimise)
		if s.strong && who.Conserving == impls.Weak && f.Kind == explore.Deadlock {
			outcome = "weak"
			t.Logf("it conserves work weakly, and here is how it misses:\n%v", f)
		} else {
			outcome = "failed"
			t.Error(f)
		}
	}
	if *record != "" {
		if err := note(who.Name+"/"+parker, s.name, outcome, r); err != nil {
			t.Error(err)
		}
	}
}

// note appends a line to the record, which other processes write too.
func note(subject, scenario, outcome string, r explore.Result) error {
	how := *strategy
	if how == "bounded" {
		how = fmt.Sprint("bound ", *bound)
	}
	f, err := os.OpenFile(*record, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s\t%s\t%s\t%s\t%d\t%.3f\n", how, subject, scenario, outcome, r.Executions, r.Elapsed.Seconds())
	return errors.Join(err, f.Close())
}
