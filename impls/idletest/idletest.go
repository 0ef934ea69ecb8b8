package idletest

import (
	"errors"
	"fmt"
	"time"

	"github.com/idlebench/idlebench/impls"
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

// Test checks an implementation with parkers of one kind. For an implementation
// that prescribes its own way of sleeping newParker is not called and may be
// nil. The error joins the [Violation]s of the first scenario that has any.
func Test(impl impls.Implementation, newParker func() impls.Parker) error {
	return check(impl, newParker, 10*time.Second, []int{1, 2, 63, 64, 65, 128})
}

// Brief is Test with few workers and little patience, which takes seconds. A
// machine that is busy with something else can make it fail for no other reason.
func Brief(impl impls.Implementation, newParker func() impls.Parker) error {
	return check(impl, newParker, 2*time.Second, []int{1, 2, 3})
}

// check is Test with a given patience and for given numbers of cores.
func check(impl impls.Implementation, newParker func() impls.Parker, patience time.Duration, sizes []int) error {
	if impl.New == nil {
		return errors.New("idletest: the implementation has no New")
	}
	if impl.Parker == "" && newParker == nil {
		return fmt.Errorf("idletest: %s needs parkers, and newParker is nil", impl.Name)
	}
	seed := uint64(1)
	for _, cores := range sizes {
		for _, workers := range []int{cores, cores + 1} {
			for _, s := range scenarios {
				// Many small hosts and few large ones.
				repeat := 100
				if cores > 2 {
					repeat = 2
				}
				for range repeat {
					h := newHost(impl, newParker, cores, workers, seed)
					h.patience = patience
					if err := h.playOut(s); err != nil {
						return err
					}
					seed++
				}
			}
		}
	}
	return nil
}

// playOut plays a scenario to its end, or until it is clear that it has none.
func (h *host) playOut(s scenario) error {
	h.scenario = s.name
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.play(h)
	}()
	select {
	case <-done:
	case <-time.After(10 * h.patience):
		h.violate("hang", "a call of the manager has not returned")
	}
	return h.err()
}
