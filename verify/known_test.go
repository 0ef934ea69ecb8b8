//go:build explore

package verify

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/prim"
)

// A defect is one that a manager is known to have in a scenario: a deadlock, since
// it may leave a core idle beside a task. Any other deadlock fails the test.
type defect struct {
	manager, scenario string
	name              string // in docs/defects.md
	bound             int    // least that shows it, and then it must; 0: it takes chance
}

var known = []defect{
	{"bitmap", "two_wait_for_each_other", "B2", 0},
	{"bitmap", "two_producers_wait_for_each_other", "B2", 0},
	{"bitmap", "two_wait_and_are_taken_one_by_one", "B10", 3},
	{"bitmap", "batch", "B4", 2},
	{"bitmap", "batch_with_surplus", "B4", 2},
	{"bitmap", "fork_two", "B2", 0},
	{"bitmap", "fork_fewer_cores", "B9", 0},
}

// knownAs returns the defect that a manager may show in a scenario under the
// strategy that the flags choose, or nil. Bound is that of the exploration.
func knownAs(who subject, s scenario, bound int) *defect {
	i := slices.IndexFunc(known, func(d defect) bool { return d.manager == who.Name && d.scenario == s.name })
	if i < 0 || *strategy == "bounded" && (known[i].bound == 0 || bound < known[i].bound) {
		return nil
	}
	return &known[i]
}

// lostParallelism reports whether the main thread waits for tasks. If it waits for
// the workers to leave, that is none of the known defects.
func lostParallelism(f *explore.Failure) bool {
	return strings.Contains(f.Message, "\n  T0 waits: receive")
}

// gone reports whether an exploration should have shown the defect, and did not.
func (d *defect) gone(r explore.Result) bool {
	return d != nil && *strategy == "bounded" && r.Complete && r.Known == 0
}

// Each known deadlock is one of a race that the manager names, in a situation that
// the manager names for that race.
func TestKnown(t *testing.T) {
	for _, d := range known {
		all := builtin.Implementations()
		i := slices.IndexFunc(all, func(i impls.Implementation) bool { return i.Name == d.manager })
		s := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == d.scenario && s.waits != "" })
		switch {
		case i < 0:
			t.Errorf("%v: there is no manager %s", d, d.manager)
		case s < 0:
			t.Errorf("%v: there is no scenario %s in which lost parallelism is a deadlock", d, d.scenario)
		case !slices.Contains(all[i].RacesIn(scenarios[s].waits), d.name):
			t.Errorf("%v: %s does not name the race %s for the situation %q", d, d.manager, d.name, scenarios[s].waits)
		}
	}
}

func TestLostParallelism(t *testing.T) {
	for what, block := range map[string]func(){
		"a task":        func() { prim.Recv(prim.MakeChan[struct{}](1)) },
		"the workers":   explore.Wait,
		"its own mutex": func() { var m prim.Mutex; m.Lock(); m.Lock() },
	} {
		r := explore.Run(func() {
			prim.Go(func() { prim.Recv(prim.MakeChan[struct{}](1)) })
			block()
		}, explore.Bounded(0), explore.Limits{})
		if r.Failure == nil || lostParallelism(r.Failure) != (what == "a task") {
			t.Errorf("main waits for %s: %v", what, r.Failure)
		}
	}
}

// What is known depends on the bound, and has to show where it is complete.
func TestKnownAs(t *testing.T) {
	defer func(old string) { *strategy = old }(*strategy)
	for _, test := range []struct {
		strategy, manager, scenario string
		bound                       int
		want                        string
	}{
		{"bounded", "bitmap", "batch", 1, ""},
		{"bounded", "bitmap", "batch", 2, "B4"},
		{"bounded", "bitmap", "batch", 3, "B4"},
		{"random", "bitmap", "batch", 0, "B4"},
		{"bounded", "bitmap", "fork", 3, ""},
		{"bounded", "bitmap", "fork_fewer_cores", 3, ""},
		{"pct", "bitmap", "fork_fewer_cores", 0, "B9"},
		{"bounded", "channels", "batch", 3, ""},
		{"random", "mutexonly", "batch", 0, ""},
	} {
		*strategy = test.strategy
		d := knownAs(subject{Implementation: impls.Implementation{Name: test.manager}}, scenario{name: test.scenario}, test.bound)
		if got := d != nil; got != (test.want != "") || got && d.name != test.want {
			t.Errorf("%+v: got %+v", test, d)
		}
		must := test.want != "" && test.strategy == "bounded"
		if got := d.gone(explore.Result{Complete: true}); got != must {
			t.Errorf("%+v: complete without it: %v, want %v", test, got, must)
		}
		if d.gone(explore.Result{Complete: true, Known: 1}) || d.gone(explore.Result{}) {
			t.Errorf("%+v: it is there, or may be, and is said to be gone", test)
		}
	}
}
