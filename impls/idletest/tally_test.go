package idletest

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// A named race excuses misses in its situations only, and only while they are rare.
func TestTally(t *testing.T) {
	none := newTally(impls.Implementation{})
	named := newTally(impls.Implementation{Races: []impls.Race{{Name: "A", In: []impls.Situation{impls.Fork}}}})
	for _, s := range impls.Situations() {
		if none.excuses(s) || named.excuses(s) != (s == impls.Fork) {
			t.Errorf("%s: excused %v without a race, %v with one for %s", s, none.excuses(s), named.excuses(s), impls.Fork)
		}
	}
	for n := range allowance {
		if rare, c := named.waited(impls.Fork, true); !rare {
			t.Fatalf("miss %d: %+v is too often", n+1, c)
		}
	}
	if rare, c := named.waited(impls.Fork, true); rare {
		t.Errorf("%+v is rare", c)
	}
	for range 10 * allowedShare {
		named.waited(impls.Fork, false)
	}
	if rare, c := named.waited(impls.Fork, true); !rare {
		t.Errorf("%+v is too often", c)
	}
}
