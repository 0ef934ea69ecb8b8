//go:build explore

package verify

import (
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
)

// Explore explores an idle manager with all parkers in all scenarios, each in a
// subtest named parker/scenario. Parkers that spin are no problem here: a thread
// that spins waits for another thread's step.
func Explore(t *testing.T, impl impls.Implementation, o *Options) {
	t.Helper()
	if o == nil {
		o = defaults()
	}
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // executions leave garbage, and little else is there
	mine, of := o.share(t)
	kinds := park.Kinds()
	if impl.Parker != "" {
		kinds = []park.Kind{{Name: impl.Parker}}
	}
	chosen := 0
	for k, kind := range kinds {
		t.Run(kind.Name, func(t *testing.T) {
			for i, s := range scenarios {
				who := subject{impl, kind.Name, kind.New, kind.Spins || impl.Spins, o.strategy != "reduced" || o.schedule != "", o.futex}
				if !o.fits(who, s) || (i+k+offset(impl.Name))%of != mine%of {
					continue
				}
				t.Run(s.name, func(t *testing.T) {
					chosen++
					if s.wakes && who.newParker == nil {
						t.Skip("it sleeps in its own way, so nothing else can wake its workers")
					}
					if o.plan != "" {
						write(t, o.plan, o.key(who, s))
						return
					}
					if o.recorded(t)[o.key(who, s)] {
						t.Skip("it is in the record")
					}
					o.play(t, who, s)
				})
			}
		})
	}
	switch {
	case o.schedule != "" && chosen != 1:
		t.Errorf("-schedule is for one scenario, and -run chooses %d", chosen)
	case chosen == 0 && of == 1:
		t.Errorf("-run and -strategy %s leave no scenario", o.strategy)
	}
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

// offset spreads managers over the parts. The largest scenarios are the same for
// all, so no part should get them of every manager.
func offset(name string) int {
	h := fnv.New32()
	h.Write([]byte(name))
	return int(h.Sum32() % 1024)
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

// play explores a scenario, or replays a schedule of it. It logs what was covered.
func (o *Options) play(t *testing.T, who subject, s scenario) {
	program := func() { s.play(who) }
	bound := o.preemptions(who, s)
	l := o.limits(s)
	d := o.knownAs(who, s, bound)
	if d != nil && !o.strict && o.schedule == "" {
		l.Known = lostParallelism
	}
	r := explore.Run(program, o.newStrategy(t, bound), l)
	t.Log(r)
	if o.schedule != "" {
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
		f := explore.Minimise(program, r.Failure, o.minimise, o.minimising)
		t.Errorf("%v\nAgain: go test -tags explore -v -run '^%s$' -schedule %s",
			f, strings.ReplaceAll(t.Name(), "/", "$/^"), f.Schedule)
	case tooOften(r):
		outcome = "failed"
		t.Errorf("%d of %d executions end in a deadlock that %s excuses: too many for a race", r.Known, r.Executions, d.name)
	case l.Known != nil && o.gone(d, r):
		outcome = "failed"
		t.Errorf("%s should deadlock here, and does not: it is repaired, or the scenario misses it; see known", d.name)
	}
	if o.record != "" {
		write(t, o.record, fmt.Sprintf("%s\t%s\t%d\t%d\t%.3f", o.key(who, s), outcome, r.Executions, r.Known, r.Elapsed.Seconds()))
	}
}

// key is the first three fields of a line in the record: they identify an
// exploration.
func (o *Options) key(who subject, s scenario) string {
	how := o.strategy
	if how == "bounded" {
		how = fmt.Sprint("bound ", o.bound)
	}
	return fmt.Sprintf("%s\t%s/%s\t%s", how, who.Name, who.parker, s.name)
}

// recorded returns the keys of what the record has and did not fail.
func (o *Options) recorded(t *testing.T) map[string]bool {
	keys := make(map[string]bool)
	text, err := os.ReadFile(o.record)
	if err != nil && o.record != "" && !errors.Is(err, os.ErrNotExist) {
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
