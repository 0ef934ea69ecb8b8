//go:build explore

package verify

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
)

var options = Flags(flag.CommandLine)

var shared = flag.Bool("shared", false, "explore all parkers with the cheapest manager only, and the other managers with one")

// cheapest is the manager with the fewest schedules.
const cheapest = "mutexonly"

// onlyParker is the parker of managers that are explored with one: the token of a
// channel is taken and given in a single step each, so it has the fewest schedules.
const onlyParker = "chan"

// All built-in managers are explored, those that are measured by default with all
// parkers, and the others with one.
//
// One is enough for these. A parker shows its manager nothing but a token: Park
// returns with it, and then what was done before that Unpark is visible. With the channel
// each of the two is a single step, so the schedules with it have every order in which
// any parker can pass its tokens; scenarios in which Park returns for no reason are there
// as well. Whether a parker keeps to this is a question about the parker, and does not
// depend on the manager that asks it: mutexonly asks it of all parkers, in each run.
func TestScenarios(t *testing.T) {
	for _, m := range targets() {
		t.Run(m.Name, func(t *testing.T) { options.explore(t, m) })
	}
}

func targets() (all []target) {
	measured := len(builtin.Implementations())
	for n, impl := range slices.Concat(builtin.Implementations(), builtin.Others()) {
		m := newTarget(impl)
		if m.Parker == "" && impl.Name != cheapest && (*shared || n >= measured) {
			m.parkers = []park.Kind{only()}
		}
		if strings.HasPrefix(impl.Name, "bitmapfixed-") {
			// Each of its steps is explored in bitmap or in bitmapfixed.
			m.only = func(s scenario) bool {
				return slices.ContainsFunc(canonical, func(d defect) bool { return d.scenario == s.name })
			}
		}
		all = append(all, m)
		if impl.Lockless {
			all = append(all, withLock(m))
		}
	}
	for i := range all {
		all[i].place = i
	}
	return all
}

func only() park.Kind {
	kind, _ := park.Find(park.Kinds(), onlyParker)
	return kind
}
