//go:build explore

package verify

import (
	"flag"
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
	bigger     = flag.Bool("big", false, "explore big scenarios too, which take minutes from a bound of 2 on")
	replay     = flag.String("schedule", "", "the one schedule to run")
)

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
	for _, impl := range []impls.Implementation{bitmap.Implementation, mutexonly.Implementation, channels.Implementation} {
		t.Run(impl.Name, func(t *testing.T) {
			kinds := park.Kinds()
			if impl.Parker != "" {
				kinds = []park.Kind{{Name: impl.Parker}}
			}
			for _, kind := range kinds {
				if kind.Spins {
					// Two threads that spin can make way for each other forever.
					// That is fair to neither, and needs a fair scheduler to tell.
					continue
				}
				t.Run(kind.Name, func(t *testing.T) {
					for _, s := range scenarios {
						if s.big && !*bigger {
							continue
						}
						t.Run(s.name, func(t *testing.T) { play(t, subject{impl, kind.New}, s) })
					}
				})
			}
		})
	}
}

// play explores a scenario. It logs what was covered.
func play(t *testing.T, who subject, s scenario) {
	program := func() { s.play(who) }
	r := explore.Run(program, newStrategy(t), explore.Limits{Executions: *executions, Time: *limit, Steps: 2000})
	t.Log(r)
	if r.Failure == nil {
		return
	}
	f := explore.Minimise(program, r.Failure, 200_000)
	if s.strong && who.Conserving == impls.Weak && f.Kind == explore.Deadlock {
		t.Logf("it conserves work weakly, and here is how it misses:\n%v", f)
		return
	}
	t.Error(f)
}
