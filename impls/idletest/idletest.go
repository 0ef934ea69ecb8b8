package idletest

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
)

// A Violation is an invariant that does not hold.
type Violation struct {
	Invariant string // its number in package impls, such as "L4"; or "lock", "panic", "hang"
	Scenario  string
	Cores     int
	Workers   int
	Seed      uint64 // of the random pauses
	Detail    string
	State     string // of the host, at that moment
}

func (v *Violation) Error() string {
	return fmt.Sprintf("idletest: %s is violated in scenario %q with %d cores, %d workers, seed %d: %s\n%s",
		v.Invariant, v.Scenario, v.Cores, v.Workers, v.Seed, v.Detail, v.State)
}

// Run tests an implementation with every kind of parker, each in a subtest of its
// name, or in one if the implementation prescribes its own way of sleeping. It
// takes some 10 to 30 seconds on two CPUs, most of it for parkers that block the
// thread, twice that under the race detector, and a few seconds with -short, where
// it does as [Brief] and not as [Test]. It logs the time.
//
// Subtests run in parallel, since workers mostly wait. Those with parkers that spin
// run alone and with few workers, so that each has a CPU; on a machine that has
// none for them they are skipped.
func Run(t *testing.T, impl impls.Implementation) {
	t.Helper()
	if impl.Parker != "" {
		run(t, impl, nil, everySize)
		return
	}
	for _, kind := range park.Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			if kind.Missing != "" {
				t.Skip(kind.Missing)
			}
			if !kind.Spins {
				t.Parallel()
				run(t, impl, kind.New, everySize)
				return
			}
			most := spinning()
			if most < 1 {
				t.Skipf("its workers spin: that takes 3 CPUs, and there are %d", runtime.GOMAXPROCS(0))
			}
			run(t, impl, kind.New, func(cores int) bool { return cores <= most })
		})
	}
}

func run(t *testing.T, impl impls.Implementation, newParker func() impls.Parker, fits func(cores int) bool) {
	t.Helper()
	e := thorough
	if testing.Short() {
		e = brief
	}
	start := time.Now()
	err := check(impl, newParker, e, fits)
	t.Logf("%v", time.Since(start).Round(10*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
}

// Test checks an implementation with parkers of one kind. For an implementation
// that prescribes its own way of sleeping newParker is not called and may be
// nil. The error joins the [Violation]s of the first scenario that has any.
func Test(impl impls.Implementation, newParker func() impls.Parker) error {
	return check(impl, newParker, thorough, everySize)
}

// Brief is Test with few workers and little patience, which takes seconds. A
// machine that is busy with something else can make it fail for no other reason.
func Brief(impl impls.Implementation, newParker func() impls.Parker) error {
	return check(impl, newParker, brief, everySize)
}

// An effort is how much a check does.
type effort struct {
	patience time.Duration
	rounds   int   // hosts of each small size, for each scenario
	small    []int // numbers of cores
	large    []int
}

func everySize(int) bool { return true }

// check plays every scenario on hosts of the sizes that fit. The small hosts come
// first, of each size in turn: a defect that needs three cores does not wait until
// all hosts with two have been played.
func check(impl impls.Implementation, newParker func() impls.Parker, e effort, fits func(cores int) bool) error {
	if impl.New == nil {
		return errors.New("idletest: the implementation has no New")
	}
	if impl.Parker == "" && newParker == nil {
		return fmt.Errorf("idletest: %s needs parkers, and newParker is nil", impl.Name)
	}
	excused := newTally(impl)
	seed := uint64(1)
	round := func(sizes []int) error {
		for _, cores := range sizes {
			if !fits(cores) {
				continue
			}
			for _, workers := range []int{cores, cores + 1} {
				for _, s := range scenarios {
					var err error
					ended := on(seed, workers, func() {
						h := newHost(impl, newParker, cores, workers, seed)
						h.patience = e.patience
						h.excused = excused
						err = h.playOut(s)
					})
					if err := errors.Join(err, ended); err != nil {
						return err
					}
					seed++
				}
			}
		}
		return nil
	}
	for range e.rounds {
		if err := round(e.small); err != nil {
			return err
		}
	}
	for range 2 {
		if err := round(e.large); err != nil {
			return err
		}
	}
	return nil
}

// playOut plays a scenario to its end, or until it is clear that it has none.
func (h *host) playOut(s scenario) error {
	h.scenario = s.name
	if !inTime(10*h.patience, func() { s.play(h) }) {
		h.violate("hang", "a call of the manager has not returned")
	}
	return h.err()
}
