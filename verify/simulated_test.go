//go:build simulate && !explore

package verify

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/simulate"
)

var (
	seeds     = flag.Int("seeds", 3, "simulate each scenario so many times on each machine")
	schedules = flag.String("schedules", "", "write the schedules of the simulated executions to this `file`")
)

// machines are few CPUs for many threads, some that share cores, and two sockets.
func machines() (all []*simulate.Machine) {
	const ns, us = simulate.Nanosecond, simulate.Microsecond
	for _, shape := range []struct {
		name                 string
		cpus, threads, cache int
	}{{"two CPUs", 2, 1, 2}, {"siblings", 4, 2, 4}, {"sockets", 8, 1, 4}} {
		m := &simulate.Machine{
			Name: shape.name,
			Costs: simulate.Costs{
				Hit: 500, RMW: 5 * ns, Code: 600, Look: 15 * ns, Now: 22 * ns,
				SameCore: 8 * ns, SameCache: 25 * ns, SameSocket: 105 * ns, OtherSocket: 200 * ns, Memory: 110 * ns,
				Serve: 10 * ns, Overlap: 600, Sibling: 400,
				Syscall: 150 * ns, Switch: 1000 * ns, Wake: 1800 * ns, Bucket: 50 * ns,
				Slack: 50 * us, Slice: 3000 * us, Preempt: 700 * us,
				GoReady: 1500 * ns, GoWake: 5 * us, GoHandoff: 2 * us, MutexWake: 5 * us,
			},
			Idle:    []simulate.IdleState{{Exit: 600 * ns}, {After: 5 * us, Exit: 1500 * ns}},
			Buckets: 16,
			Jitter:  300, // much, so that seeds differ
		}
		for i := range shape.cpus {
			m.CPUs = append(m.CPUs, simulate.CPU{Core: i / shape.threads, Cache: i / shape.cache, Socket: i / shape.cache})
		}
		all = append(all, m)
	}
	return all
}

// All managers run in all scenarios on simulated machines, to the end unless a race
// that they name keeps them from it.
func TestSimulated(t *testing.T) {
	var lines []string
	for n, impl := range slices.Concat(builtin.Implementations(), builtin.Others()) {
		kinds := park.Kinds()
		switch {
		case impl.Parker != "":
			kinds = []park.Kind{{Name: impl.Parker}}
		case n > 0: // as in TestScenarios, one manager is tried with all
			kind, _ := park.Find(kinds, "futex")
			kinds = []park.Kind{kind}
		}
		for _, kind := range kinds {
			for _, s := range scenarios {
				who := subject{Implementation: impl, parker: kind.Name, newParker: kind.New, spins: kind.Spins || impl.Spins}
				if s.wakes && who.newParker == nil {
					continue
				}
				for _, m := range machines() {
					for seed := range *seeds {
						outcome, schedule := "ended", ""
						var err error
						schedule, _, err = simulate.Record(m, uint64(seed), func() { s.play(who) })
						switch {
						case err == nil:
						case strings.Contains(err.Error(), "deadlock") && mayDeadlock(impl, s):
							outcome = "deadlock"
						default:
							t.Errorf("%s with %s in %s on %s, seed %d: %v", impl.Name, kind.Name, s.name, m.Name, seed, err)
						}
						lines = append(lines, strings.Join([]string{impl.Name, kind.Name, s.name, outcome, schedule}, "\t"))
					}
				}
			}
		}
	}
	if distinct := slices.Compact(slices.Sorted(slices.Values(lines))); len(distinct) < len(lines)/3 {
		t.Errorf("of %d executions only %d are distinct", len(lines), len(distinct))
	}
	if *schedules != "" {
		if err := os.WriteFile(*schedules, []byte(strings.Join(lines, "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d executions", len(lines))
}

// mayDeadlock reports whether a manager names a race by which tasks that wait for
// each other may do so forever. Which is known is for the replay to say.
func mayDeadlock(impl impls.Implementation, s scenario) bool { return len(impl.RacesIn(s.waits)) > 0 }
