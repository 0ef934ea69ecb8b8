package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// A table has what was found out.
type table struct {
	tried    []strategy
	missing  map[string]string // by strategy: why there is none
	controls []control
	rows     []row
	limits   limits
	start    time.Time
	elapsed  time.Duration
	fresh    int // results that were not in the journal
	all      int
}

// A control is the unchanged code of a suite.
type control struct {
	suite suite
	cells map[string]cell
}

type row struct {
	mutant
	cells map[string]cell
}

// table tries all strategies on all mutants, after the unchanged code.
func (r *runner) table(ctx context.Context, chosen []mutant, tried []strategy, jobs int) (*table, error) {
	t := &table{tried: tried, missing: make(map[string]string), limits: r.limits, start: time.Now()}
	r.progress.start = time.Now()
	if !r.perturbs() {
		t.missing["perturbed"] = "`impls/prim` has no build with the tag `perturb`"
	}
	if _, err := exec.LookPath("spin"); err != nil {
		t.missing["spin"] = "`spin` is not installed"
	}
	var used []suite
	for _, m := range chosen {
		u, err := m.suite()
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(used, func(v suite) bool { return v.name == u.name }) {
			used = append(used, u)
		}
	}
	tried = slices.DeleteFunc(slices.Clone(tried), func(s strategy) bool { return t.missing[s.name] != "" })
	for _, s := range tried {
		if s.build != model {
			r.progress.all += len(used) + len(chosen)
		}
	}

	for _, u := range used {
		t.controls = append(t.controls, control{suite: u, cells: make(map[string]cell)})
	}
	var w work
	var rows map[string]cell // of the model
	if slices.ContainsFunc(tried, func(s strategy) bool { return s.build == model }) {
		w.add(func(ctx context.Context) (err error) {
			rows, err = r.model(ctx)
			return err
		})
	}
	for i := range t.controls {
		c := &t.controls[i]
		for _, mode := range modes {
			w.add(func(ctx context.Context) error {
				cells, err := r.try(ctx, c.suite, nil, mode, tried)
				w.keep(c.cells, cells)
				return err
			})
		}
	}
	if err := w.run(ctx, jobs); err != nil {
		return nil, err
	}
	for i := range t.controls {
		c := &t.controls[i]
		for _, s := range tried {
			cell := c.cells[s.name]
			if cell.Verdict == found {
				return nil, fmt.Errorf("%s, unchanged, fails under %s: %s %s; so it cannot convict mutants", c.suite.name, s.name, cell.Where, cell.What)
			}
		}
	}

	for _, m := range chosen {
		row := row{mutant: m, cells: make(map[string]cell)}
		if c, ok := rows[m.spin]; ok {
			row.cells["spin"] = c
		}
		t.rows = append(t.rows, row)
	}
	for i := range t.rows {
		row := &t.rows[i]
		u, _ := row.suite()
		if u.brief {
			w.add(func(ctx context.Context) error {
				cells, err := r.tryBriefly(ctx, u, row.mutant, tried)
				w.keep(row.cells, cells)
				return err
			})
			continue
		}
		for _, mode := range modes {
			w.add(func(ctx context.Context) error {
				cells, err := r.try(ctx, u, []mutant{row.mutant}, mode, tried)
				w.keep(row.cells, cells)
				return err
			})
		}
	}
	if err := w.run(ctx, jobs); err != nil {
		return nil, err
	}
	t.elapsed = time.Since(t.start)
	t.fresh, t.all = r.progress.fresh, r.progress.done
	return t, nil
}

// work is a list of things to do, several at once.
type work struct {
	mu   sync.Mutex
	todo []func(context.Context) error
}

func (w *work) add(f func(context.Context) error) { w.todo = append(w.todo, f) }

// keep copies cells under the lock.
func (w *work) keep(dst, src map[string]cell) {
	w.mu.Lock()
	defer w.mu.Unlock()
	maps.Copy(dst, src)
}

// run does everything, in order, and stops at the first error.
func (w *work) run(ctx context.Context, jobs int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	todo := make(chan func(context.Context) error)
	var group sync.WaitGroup
	for range jobs {
		group.Go(func() {
			for f := range todo {
				if err := f(ctx); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, f := range w.todo {
		if ctx.Err() != nil {
			break
		}
		todo <- f
	}
	close(todo)
	group.Wait()
	w.todo = nil
	err := context.Cause(ctx)
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; what was found out is in the journal, and the next run continues")
	}
	return err
}

// caught returns the cell that tells best how the mutant is caught, or none: the
// explorer's before the others.
func (r row) caught() (strategy, cell, bool) {
	order := []string{"bound 2", "bound 3", "random", "reduced", "pct", "race", "perturbed", "plain", "spin"}
	for _, name := range order {
		if c := r.cells[name]; c.Verdict == found {
			i := slices.IndexFunc(strategies, func(s strategy) bool { return s.name == name })
			return strategies[i], c, true
		}
	}
	return strategy{}, cell{}, false
}

// wrong lists what should not be, and makes the exit status 1.
func (t *table) wrong() (wrong []string) {
	for _, r := range t.rows {
		s, c, caught := r.caught()
		switch {
		case caught && r.harmless != "":
			wrong = append(wrong, fmt.Sprintf("%s is called harmless, but %s found it: %s %s", r.name, s.name, c.Where, c.What))
		case !caught && r.harmless == "" && len(t.tried) == len(strategies):
			wrong = append(wrong, fmt.Sprintf("%s survives everything, and its entry has no reason why it is harmless", r.name))
		}
	}
	return wrong
}

// String is the table for a terminal.
func (t *table) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprint(w, "mutant")
	for _, s := range t.tried {
		fmt.Fprint(w, "\t", s.name)
	}
	fmt.Fprintln(w, "\tcaught as")
	for _, c := range t.controls {
		fmt.Fprintf(w, "(%s unchanged)", c.suite.name)
		for _, s := range t.tried {
			fmt.Fprint(w, "\t", c.cells[s.name])
		}
		fmt.Fprintln(w)
	}
	for _, r := range t.rows {
		fmt.Fprint(w, r.name)
		for _, s := range t.tried {
			fmt.Fprint(w, "\t", r.cells[s.name])
		}
		fmt.Fprintf(w, "\t%s\n", r.reason())
	}
	w.Flush()
	return b.String()
}

// reason says how the mutant is caught, or why it is not.
func (r row) reason() string {
	if r.harmless != "" {
		return "harmless: " + r.harmless
	}
	s, c, ok := r.caught()
	if !ok {
		return "SURVIVES"
	}
	text := c.What
	if c.Where != "" {
		text += ", in " + c.Where
	}
	if only := r.only(); only != "" {
		text = "only " + only + ": " + text
	} else if s.build != exploring {
		text = s.name + ": " + text
	}
	return text
}

// only returns the one strategy that found the mutant, or nothing: if several did, or
// not all were tried.
func (r row) only() string {
	name, n := "", 0
	for _, s := range strategies {
		switch r.cells[s.name].Verdict {
		case found:
			name, n = s.name, n+1
		case spared:
			return ""
		}
	}
	if n != 1 {
		return ""
	}
	return name
}
