package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/stats/benchstat"
)

// ignored are the configuration keys that differ between any two runs, and so must not
// split benchstat's tables.
var ignored = strings.Join(environ.Passing(), ",")

// table ends a run: it shows benchstat's table of each workload's primary metric and
// cost, and where all results are. Tables are a convenience, so what goes wrong with
// them is reported, and not an error.
func (a app) table(plan record.Plan, folder string, state record.State) {
	bench := filepath.Join(folder, record.BenchFile)
	if err := a.tables(plan, bench); err != nil {
		fmt.Fprintf(a.stderr, "bench: the tables: %v\n", err)
	}
	partial := ""
	if state.Partial() {
		partial = " (partial)"
	}
	fmt.Fprintf(a.stdout, "Results: %s%s\nAll units:\n%s\n", folder, partial, tableCommand(folder).fold(a.width(a.stdout)))
}

// tables prints the tables of the plan's workloads.
func (a app) tables(plan record.Plan, bench string) error {
	data, err := os.ReadFile(bench)
	if err != nil {
		return err
	}
	text := record.ReadText(bench, data)
	for _, w := range a.catalog.Workloads {
		cells := slices.DeleteFunc(slices.Clone(plan.Cells), func(c record.Cell) bool { return c.Workload != w.Name })
		if len(cells) == 0 {
			continue
		}
		table, err := benchstat.Text(tableOptions(w, cells), benchstat.File{Name: "median", Text: text})
		if err != nil {
			return err
		}
		if table == "" {
			fmt.Fprintf(a.stdout, "%s: no table, since no launch of it was valid.\n\n", w.Name)
			continue
		}
		fmt.Fprintln(a.stdout, table)
	}
	return nil
}

// tableOptions lays out the tables of a workload, with a row for each subject and each
// value of a parameter that varies, in the plan's order.
func tableOptions(w workload.Workload, cells []record.Cell) benchstat.Options {
	var rows []string
	row := func(key string, always bool, value func(record.Cell) string) {
		var values []string
		for _, c := range cells {
			if v := value(c); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		switch {
		case len(values) == 1 && !always:
		case slices.Contains(values, ""): // which a list cannot have
			rows = append(rows, key)
		default:
			rows = append(rows, fmt.Sprintf("%s@(%s)", key, strings.Join(values, " ")))
		}
	}
	for _, name := range paramNames(cells) {
		row("/"+name, false, func(c record.Cell) string { return param(c, name) })
	}
	row("/impl", true, func(c record.Cell) string { return c.Impl })
	row("/park", true, func(c record.Cell) string { return c.Park })
	name, _, _ := strings.Cut(cells[0].Name(), "/")
	units := shown(w)
	if slices.ContainsFunc(cells, func(c record.Cell) bool { return matrix.Victim(c) != "" }) {
		units = append(units, "slowdown/piece")
	}
	return benchstat.Options{
		Filter: fmt.Sprintf(".name:%s AND .unit:(%s)", name, strings.Join(units, " OR ")),
		Table:  ".name /workers",
		Row:    strings.Join(rows, " "),
		Ignore: ignored,
	}
}

// paramNames returns the parameters that some of the cells have, in their order: not all
// have those of the harness and the kernel.
func paramNames(cells []record.Cell) (names []string) {
	for _, c := range cells {
		for i, p := range c.Params {
			if !slices.Contains(names, p.Name) {
				names = slices.Insert(names, min(i, len(names)), p.Name)
			}
		}
	}
	return names
}

// param returns the value of a cell's parameter, "" if it has none of that name.
func param(c record.Cell, name string) string {
	for _, p := range c.Params {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// shown returns the units of a workload's tables: the primary one, and what it costs.
// Where the primary one is CPU time already, the second is the workers' part of it. A
// workload without a primary unit shows its CPU time.
func shown(w workload.Workload) []string {
	switch w.Primary {
	case "", "cost-ns/sec":
		return []string{"cost-ns/sec", "worker-cpu-ns/sec"}
	}
	return []string{w.Primary, "cost-ns/task"}
}
