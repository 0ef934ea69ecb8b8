package main

import (
	"context"
	"slices"
	"testing"
)

// What a cheap strategy finds is not tried with dear ones, and everything is tried on
// what they miss.
func TestTryBriefly(t *testing.T) {
	for _, test := range []struct {
		finds string
		spare []string
	}{
		{"random", []string{"race", "perturbed", "bound 3", "reduced"}},
		{"plain", []string{"race", "perturbed", "bound 3", "reduced"}},
		{"bound 3", nil},
		{"", nil},
	} {
		r := new(runner)
		r.progress.all = len(strategies)
		r.attempt = func(_ context.Context, _ suite, _ []mutant, mode string, some []strategy) (map[string]cell, error) {
			cells := make(map[string]cell)
			for _, s := range some {
				if s.build == mode {
					cells[s.name] = cell{Verdict: missed}
					if s.name == test.finds {
						cells[s.name] = cell{Verdict: found}
					}
				}
			}
			return cells, nil
		}
		cells, err := r.tryBriefly(t.Context(), suite{}, mutant{}, strategies)
		if err != nil {
			t.Fatal(err)
		}
		var spare []string
		for _, s := range strategies {
			switch got := cells[s.name].Verdict; {
			case got == spared:
				spare = append(spare, s.name)
			case (got == found) != (s.name == test.finds):
				t.Errorf("found by %q: %s says %s", test.finds, s.name, got)
			}
		}
		if !slices.Equal(spare, test.spare) {
			t.Errorf("found by %q: spared %q, want %q", test.finds, spare, test.spare)
		}
		if r.progress.all != len(strategies)-len(test.spare) {
			t.Errorf("found by %q: %d results are expected", test.finds, r.progress.all)
		}
	}
}
