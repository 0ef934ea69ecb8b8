package main

import (
	"context"
	"maps"
	"slices"
)

// tryBriefly fills the cells of a mutant, those of dear strategies only if no other
// strategy finds it.
func (r *runner) tryBriefly(ctx context.Context, u suite, m mutant, tried []strategy) (map[string]cell, error) {
	cells := make(map[string]cell)
	for _, dear := range []bool{false, true} {
		some := slices.DeleteFunc(slices.Clone(tried), func(s strategy) bool { return s.dear != dear })
		if _, _, caught := (row{m, cells}).caught(); caught {
			for _, s := range some {
				cells[s.name] = cell{Verdict: spared}
			}
			r.skip(len(some))
			break
		}
		for _, mode := range modes {
			filled, err := r.attempt(ctx, u, []mutant{m}, mode, some)
			if err != nil {
				return nil, err
			}
			maps.Copy(cells, filled)
		}
	}
	return cells, nil
}
