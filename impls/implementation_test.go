package impls_test

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
)

func TestRacesIn(t *testing.T) {
	i := impls.Implementation{Races: []impls.Race{
		{Name: "A", In: []impls.Situation{impls.Fork, impls.Batch}},
		{Name: "B", In: []impls.Situation{impls.Fork}},
	}}
	for s, want := range map[impls.Situation][]string{
		impls.Fork: {"A", "B"}, impls.Batch: {"A"}, impls.Outside: nil,
	} {
		if got := i.RacesIn(s); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
	if got := (impls.Implementation{}).RacesIn(impls.Fork); got != nil {
		t.Errorf("without races: %q", got)
	}
}

// A race that names no situation excuses nothing, and one that names an unknown
// situation excuses nothing that is checked.
func TestBuiltinRaces(t *testing.T) {
	for _, i := range builtin.Implementations() {
		for _, r := range i.Races {
			if r.Name == "" || len(r.In) == 0 {
				t.Errorf("%s: race %+v has no name or no situation", i.Name, r)
			}
			for _, s := range r.In {
				if !slices.Contains(impls.Situations(), s) {
					t.Errorf("%s: race %s: there is no situation %q", i.Name, r.Name, s)
				}
			}
		}
	}
}
