//go:build explore

package verify

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/prim"
)

// Each known deadlock is one of a race that the manager names, in a situation that
// the manager names for that race.
func TestKnown(t *testing.T) {
	for _, impl := range builtin.Implementations() {
		if _, listed := known[impl.Name]; !listed {
			t.Errorf("%s has no list of its own", impl.Name)
		}
	}
	for _, impl := range slices.Concat(builtin.Implementations(), builtin.Others()) {
		for _, d := range known[impl.Name] {
			s := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == d.scenario && s.waits != "" })
			switch {
			case s < 0:
				t.Errorf("%v: there is no scenario %s in which lost parallelism is a deadlock", d, d.scenario)
			case !slices.Contains(impl.RacesIn(scenarios[s].waits), d.name):
				t.Errorf("%v: %s does not name the race %s for the situation %q", d, impl.Name, d.name, scenarios[s].waits)
			}
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
		o := defaults()
		o.strategy = test.strategy
		d := o.knownAs(subject{Implementation: impls.Implementation{Name: test.manager}}, scenario{name: test.scenario}, test.bound)
		if got := d != nil; got != (test.want != "") || got && d.name != test.want {
			t.Errorf("%+v: got %+v", test, d)
		}
		must := test.want != "" && test.strategy == "bounded"
		if got := o.gone(d, explore.Result{Complete: true}); got != must {
			t.Errorf("%+v: complete without it: %v, want %v", test, got, must)
		}
		if o.gone(d, explore.Result{Complete: true, Known: 1}) || o.gone(d, explore.Result{}) {
			t.Errorf("%+v: it is there, or may be, and is said to be gone", test)
		}
	}
}
