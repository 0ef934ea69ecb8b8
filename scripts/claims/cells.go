package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/scripts/claims/published"
	"github.com/idlebench/idlebench/scripts/pairs"
)

// toRecord returns the cell as the suite measures it.
func toRecord(c published.Cell, cpus int) (record.Cell, error) {
	w, ok := workload.Find(workload.All(), c.Workload)
	if !ok {
		return record.Cell{}, fmt.Errorf("there is no workload %q", c.Workload)
	}
	if _, err := w.Values(c.Params); err != nil {
		return record.Cell{}, err
	}
	r := record.Cell{Workload: c.Workload, Impl: c.Impl, Park: c.Park, Workers: max(1, c.Workers(cpus))}
	for _, p := range w.Params {
		value, given := c.Params[p.Name]
		if !given {
			value = p.Default
		}
		r.Params = append(r.Params, record.Param{Name: p.Name, Value: value})
	}
	if c.Host != "" {
		r.Params = append(r.Params, record.Param{Name: "host", Value: c.Host})
	}
	return r, nil
}

// A layout is the cells of a plan, each once, and the groups of those that are compared.
type layout struct {
	cells  []record.Cell
	groups [][]int
}

// layOut returns the cells of the claims that this machine can measure. Pairs that share a
// cell share a group.
func layOut(claims []published.Claim, cpus int) (l layout, err error) {
	for _, c := range claims {
		test, ok := c.Test.(published.Cells)
		if !ok || cpus < c.MinCPUs {
			continue
		}
		for _, p := range test.Pairs {
			var indices []int
			for _, side := range []published.Cell{p.New, p.Old} {
				cell, err := toRecord(side, cpus)
				if err != nil {
					return l, fmt.Errorf("claim %s: %w", c.ID, err)
				}
				indices = append(indices, l.add(cell))
			}
			l.join(indices)
		}
	}
	return l, nil
}

// add returns the index of a cell.
func (l *layout) add(cell record.Cell) int {
	i := slices.IndexFunc(l.cells, func(c record.Cell) bool { return c.Name() == cell.Name() })
	if i < 0 {
		i = len(l.cells)
		l.cells = append(l.cells, cell)
	}
	return i
}

// join makes one group of some cells and the groups that any of them is in.
func (l *layout) join(cells []int) {
	together := cells
	l.groups = slices.DeleteFunc(l.groups, func(g []int) bool {
		meets := slices.ContainsFunc(g, func(i int) bool { return slices.Contains(cells, i) })
		if meets {
			together = append(slices.Clip(together), g...)
		}
		return meets
	})
	slices.Sort(together)
	l.groups = append(l.groups, slices.Compact(together))
}

// measureCells measures the cells of all claims, or what is left of them.
func (m measurement) measureCells(ctx context.Context, l layout) (record.Run, error) {
	e := &engine.Engine{Catalog: m.catalog, System: environ.Host(), Program: m.program, Observe: pairs.Watch(m.progress)}
	folder := filepath.Join(m.folder, "cells")
	s, err := e.Resume(command, folder)
	var finished *engine.FinishedError
	if errors.Is(err, fs.ErrNotExist) {
		plan := record.Plan{Cells: l.cells, Rounds: m.rounds, Warmup: m.warmup, Time: m.time, Seed: rand.Uint64()}
		plan.Order = pairs.Order(l.groups, plan.Rounds, plan.Seed)
		engine.Slice(m.catalog, &plan, l.groups)
		m.progress("%d cells in %d rounds, about %v", len(l.cells), m.rounds, engine.Estimate(plan).Round(time.Second))
		s, err = e.Begin(engine.Setup{Command: command, Folder: folder, Plan: plan})
	}
	switch {
	case errors.As(err, &finished):
	case err != nil:
		return record.Run{}, err
	default:
		if _, err := s.Measure(ctx); err != nil {
			return record.Run{}, err
		}
	}
	return record.Read(folder)
}

// command is the name of the run's command: no other one may resume it.
const command = "claims"
