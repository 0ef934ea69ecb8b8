//go:build explore

package verify

import (
	"flag"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/verify/journal"
)

// Explore explores an idle manager with all parkers in all scenarios, each in a
// subtest named parker/scenario. Parkers that spin are no problem here: a thread
// that spins waits for another thread's step.
func Explore(t *testing.T, impl impls.Implementation, o *Options) {
	t.Helper()
	if o == nil {
		o = defaults()
	}
	if o.explore(t, newTarget(impl)) == 0 && o.schedule == "" && o.part == "1/1" {
		t.Errorf("-run and -strategy %s leave no scenario", o.strategy)
	}
}

// A target is a manager and what it is explored with.
type target struct {
	impls.Implementation
	parkers []park.Kind
	in      string // import path of the manager's package

	// only, unless it is nil, limits the scenarios.
	only func(scenario) bool

	// place is the target's among those of a test. The largest scenarios are the same
	// for all, so no part should get them of every manager.
	place int

	// wrapper is the source of what the manager is wrapped in, if it is.
	wrapper string
}

// newTarget returns a manager with all that it can sleep with.
func newTarget(impl impls.Implementation) target {
	return target{
		Implementation: impl,
		parkers:        parkers(impl),
		in:             journal.PackageOf(runtime.FuncForPC(reflect.ValueOf(impl.New).Pointer()).Name()),
	}
}

func parkers(impl impls.Implementation) []park.Kind {
	if impl.Parker != "" {
		return []park.Kind{{Name: impl.Parker}}
	}
	return park.Kinds()
}

// explore explores a target, as far as it is in the part, and returns the number of
// scenarios.
func (o *Options) explore(t *testing.T, m target) (chosen int) {
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // executions leave garbage, and little else is there
	mine, of := o.share(t)
	kept := o.open(t, m)
	for k, kind := range m.parkers {
		t.Run(kind.Name, func(t *testing.T) {
			for i, s := range scenarios {
				who := subject{m.Implementation, kind.Name, kind.New, kind.Spins || m.Spins, o.strategy != "reduced" || o.schedule != "", o.futex}
				if m.only != nil && !m.only(s) || !o.fits(who, s) || (i+k+m.place)%of != mine%of {
					continue
				}
				t.Run(s.name, func(t *testing.T) {
					chosen++
					if s.wakes && who.newParker == nil {
						t.Skip("it sleeps in its own way, so nothing else can wake its workers")
					}
					o.playOnce(t, kept, who, s)
				})
			}
		})
	}
	if o.schedule != "" && chosen != 1 {
		t.Errorf("-schedule is for one scenario, and -run chooses %d", chosen)
	}
	return chosen
}

// defaults are the options without any flag.
func defaults() *Options { return Flags(flag.NewFlagSet("", flag.PanicOnError)) }

// share returns which share of how many the options choose.
func (o *Options) share(t *testing.T) (mine, of int) {
	if n, err := fmt.Sscanf(o.part, "%d/%d", &mine, &of); n != 2 || mine < 1 || mine > of {
		t.Fatalf("-part %s: want 1/n to n/n (%v)", o.part, err)
	}
	return mine, of
}

// fits reports whether a scenario is of the size that the strategy is for.
func (o *Options) fits(who subject, s scenario) bool {
	switch {
	case o.every, o.schedule != "":
		return true
	case o.strategy == "reduced":
		return s.size == tiny && !who.spins // reduction is not complete with yields
	case o.strategy == "bounded":
		return s.size < large || !who.spins
	}
	return true
}

// preemptions returns the bound for a scenario. Switches between threads that spin
// are no preemptions, so they have many more schedules with each. So have scenarios
// with more threads.
func (o *Options) preemptions(who subject, s scenario) int {
	bound := o.bound
	if who.spins && s.size > tiny {
		bound--
	}
	if s.size > small && !o.every {
		bound -= int(s.size - small)
	}
	return max(0, bound)
}

// limits returns those for a scenario.
func (o *Options) limits(s scenario) explore.Limits {
	l := explore.Limits{Executions: o.executions, Time: o.limit, Steps: 2000}
	if o.strategy == "random" || o.strategy == "pct" {
		if l.Executions == 0 {
			l.Executions = 10_000
		}
		if s.size <= small && !o.every {
			l.Executions = max(1, l.Executions/10)
		}
	}
	return l
}

func (o *Options) newStrategy(t *testing.T, bound int) explore.Strategy {
	if o.schedule != "" {
		s, err := explore.Replay(o.schedule)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	switch o.strategy {
	case "bounded":
		return explore.Bounded(bound)
	case "reduced":
		return explore.Reduced()
	case "random":
		return explore.Random(o.seed)
	case "pct":
		return explore.PCT(o.depth, o.seed)
	}
	t.Fatalf("-strategy %s: want bounded, reduced, random or pct", o.strategy)
	return nil
}

// play explores a scenario, or replays a schedule of it. It logs what was covered, and
// reports whether it failed.
func (o *Options) play(t *testing.T, who subject, s scenario) (r explore.Result, failed bool) {
	program := func() { s.play(who) }
	bound := o.preemptions(who, s)
	l := o.limits(s)
	d := o.knownAs(who, s, bound)
	if d != nil && !o.strict && o.schedule == "" {
		l.Known = lostParallelism
	}
	r = explore.Run(program, o.newStrategy(t, bound), l)
	t.Log(r)
	if o.schedule != "" {
		t.Logf("\n%v", r.Steps)
		if r.Failure != nil {
			t.Errorf("%s: %s", r.Failure.Kind, r.Failure.Message)
		}
		if r.Deviation != "" {
			t.Errorf("the schedule does not fit: %s", r.Deviation)
		}
		return r, r.Failure != nil
	}
	switch {
	case r.Failure != nil:
		f := explore.Minimise(program, r.Failure, o.minimise, o.minimising)
		t.Errorf("%v\nAgain: go test -tags explore -v -run '^%s$' -schedule %s",
			f, strings.ReplaceAll(t.Name(), "/", "$/^"), f.Schedule)
	case tooOften(r):
		t.Errorf("%d of %d executions end in a deadlock that %s excuses: too many for a race", r.Known, r.Executions, d.name)
	case l.Known != nil && o.gone(d, r):
		t.Errorf("%s should deadlock here, and does not: it is repaired, or the scenario misses it; see known", d.name)
	default:
		return r, false
	}
	return r, true
}
