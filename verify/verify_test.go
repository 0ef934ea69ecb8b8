//go:build explore

package verify

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
)

var (
	strategy   = flag.String("strategy", "bounded", "bounded, reduced, random or pct")
	bound      = flag.Int("bound", 2, "preemptions, for bounded; one less for parkers that spin, but in the smallest scenarios")
	depth      = flag.Int("depth", 3, "orderings, for pct")
	seed       = flag.Uint64("seed", 1, "for random and pct")
	executions = flag.Int("executions", 0, "limit on executions of each scenario; 0: none, or 10,000 for random and pct, which without -all give scenarios with one or two workers a tenth")
	limit      = flag.Duration("limit", 0, "limit on the time of each scenario; 0: none")
	every      = flag.Bool("all", false, "explore every scenario, also with a strategy that it is too large for")
	strict     = flag.Bool("strict", false, "fail in deadlocks that are known, too")
	futex      = flag.Bool("futex", false, "the lock is a futex mutex instead of Go's (loadgen/host: lock.futex)")
	minimise   = flag.Int("minimise", 200_000, "limit on executions that make a failure easier to read; 0: it stays as it was found")
	minimising = flag.Duration("minimising", 20*time.Second, "limit on the time of that; 0: none")
	replay     = flag.String("schedule", "", "the one schedule to run, of the one scenario that -run chooses")
	part       = flag.String("part", "1/1", "explore the i-th of n shares, for i/n: a process uses one CPU")
	record     = flag.String("record", "", "file to append a line to for each scenario, for verify/coverage; what it has already is not explored again, unless it failed")
	plan       = flag.String("plan", "", "file to append a line to for each scenario that would be explored, instead of exploring it")
)

// fits reports whether a scenario is of the size that the strategy is for.
func fits(who subject, s scenario) bool {
	switch {
	case *every, *replay != "":
		return true
	case *strategy == "reduced":
		return s.size == tiny && !who.spins // reduction is not complete with yields
	case *strategy == "bounded":
		return s.size < large
	}
	return true
}

// preemptions returns the bound for a scenario. Switches between threads that spin
// are no preemptions, so they have many more schedules with each.
func preemptions(who subject, s scenario) int {
	if who.spins && s.size > tiny {
		return max(0, *bound-1)
	}
	return *bound
}

// limits returns those for a scenario.
func limits(s scenario) explore.Limits {
	l := explore.Limits{Executions: *executions, Time: *limit, Steps: 2000}
	if *strategy == "random" || *strategy == "pct" {
		if l.Executions == 0 {
			l.Executions = 10_000
		}
		if s.size < large && !*every {
			l.Executions = max(1, l.Executions/10)
		}
	}
	return l
}

func newStrategy(t *testing.T, bound int) explore.Strategy {
	if *replay != "" {
		s, err := explore.Replay(*replay)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	switch *strategy {
	case "bounded":
		return explore.Bounded(bound)
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

// share returns which share of how many the flag -part chooses.
func share(t *testing.T) (mine, of int) {
	if n, err := fmt.Sscanf(*part, "%d/%d", &mine, &of); n != 2 || mine < 1 || mine > of {
		t.Fatalf("-part %s: want one from 1/n to n/n (%v)", *part, err)
	}
	return mine, of
}

func TestScenarios(t *testing.T) {
	debug.SetGCPercent(800) // each execution leaves garbage, and little else is there
	mine, of := share(t)
	subjects, played := 0, 0
	for _, impl := range builtin.Implementations() {
		t.Run(impl.Name, func(t *testing.T) {
			kinds := park.Kinds()
			if impl.Parker != "" {
				kinds = []park.Kind{{Name: impl.Parker}}
			}
			for _, kind := range kinds {
				subjects++
				t.Run(kind.Name, func(t *testing.T) {
					for i, s := range scenarios {
						who := subject{impl, kind.Name, kind.New, kind.Spins}
						if !fits(who, s) {
							continue
						}
						// The largest are the same for all, so each is in another share.
						if (i+subjects)%of == mine%of {
							t.Run(s.name, func(t *testing.T) {
								if s.spurious && who.newParker == nil {
									t.Skip("it sleeps in its own way, so no parker can wake it for no reason")
								}
								played++
								if *plan != "" {
									write(t, *plan, key(who, s))
									return
								}
								if recorded(t)[key(who, s)] {
									t.Skip("it is in the record")
								}
								play(t, who, s)
							})
						}
					}
				})
			}
		})
	}
	switch {
	case *replay != "" && played != 1:
		t.Errorf("-schedule is for one scenario, and -run chooses %d", played)
	case played == 0 && of == 1:
		t.Errorf("-run and -strategy %s leave no scenario", *strategy)
	}
}

// play explores a scenario, or replays a schedule of it. It logs what was covered.
func play(t *testing.T, who subject, s scenario) {
	program := func() { s.play(who) }
	bound := preemptions(who, s)
	l := limits(s)
	d := knownAs(who, s, bound)
	if d != nil && !*strict && *replay == "" {
		l.Known = lostParallelism
	}
	r := explore.Run(program, newStrategy(t, bound), l)
	t.Log(r)
	if *replay != "" {
		t.Logf("\n%v", r.Steps)
		if r.Failure != nil {
			t.Errorf("%s: %s", r.Failure.Kind, r.Failure.Message)
		}
		if r.Deviation != "" {
			t.Errorf("the schedule does not fit: %s", r.Deviation)
		}
		return
	}
	outcome := "cut"
	if r.Complete {
		outcome = "complete"
	}
	switch {
	case r.Failure != nil:
		outcome = "failed"
		f := explore.Minimise(program, r.Failure, *minimise, *minimising)
		t.Errorf("%v\nAgain: go test -tags explore ./verify -v -run '^%s$' -schedule %s",
			f, strings.ReplaceAll(t.Name(), "/", "$/^"), f.Schedule)
	case l.Known != nil && d.gone(r):
		outcome = "failed"
		t.Errorf("%s should deadlock here, and does not: it is repaired, or the scenario misses it; see known", d.name)
	}
	if *record != "" {
		write(t, *record, fmt.Sprintf("%s\t%s\t%d\t%d\t%.3f", key(who, s), outcome, r.Executions, r.Known, r.Elapsed.Seconds()))
	}
}

// key is the first three fields of a line in the record: they identify an
// exploration.
func key(who subject, s scenario) string {
	how := *strategy
	if how == "bounded" {
		how = fmt.Sprint("bound ", *bound)
	}
	return fmt.Sprintf("%s\t%s/%s\t%s", how, who.Name, who.parker, s.name)
}

// recorded returns the keys of what the record has and did not fail.
func recorded(t *testing.T) map[string]bool {
	keys := make(map[string]bool)
	text, err := os.ReadFile(*record)
	if err != nil && *record != "" && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(line, "\t"); len(f) == 7 && f[3] != "failed" {
			keys[strings.Join(f[:3], "\t")] = true
		}
	}
	return keys
}

// write appends a line to a file that other processes write too.
func write(t *testing.T, name, line string) {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(line + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		t.Error(err)
	}
}
