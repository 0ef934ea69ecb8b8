package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
)

// rows is a small table of the latency view for the README: a row for each subject that
// is best identified by name, a column for each submitter, and the CPU cost.
func (d *data) rows() (string, error) {
	v, err := d.latencyView()
	if err != nil {
		return "", err
	}
	submitters := v.submitters()
	if len(submitters) == 0 {
		return "", fmt.Errorf("the cells of %s have no submitters", v.workload)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n| median `%s` of `%s`%s |", v.unit, v.workload, v.where())
	for _, s := range submitters {
		fmt.Fprintf(&b, " %s |", s)
	}
	fmt.Fprintf(&b, " CPU time per task (%s) |\n|---|", submitters[0])
	b.WriteString(strings.Repeat("--:|", len(submitters)+1) + "\n")
	for _, r := range []struct{ impl, park, name string }{
		{"floor", "futex", "bare futex, two pinned threads (floor)"},
		{"goroutine", "go", "Go's scheduler"},
		{"bitmap", "futex", "`bitmap`, pinned threads, futex"},
		{"bitmap", "go-cond", "`bitmap`, goroutines, `sync.Cond`"},
		{"mutexonly", "go-cond", "`mutexonly`, goroutines, `sync.Cond`"},
		{"channels", "go-mailbox", "`channels`, goroutines"},
	} {
		var line []string
		for _, s := range submitters {
			line = append(line, v.median(r.impl, r.park, s, v.unit))
		}
		line = append(line, v.median(r.impl, r.park, submitters[0], "cost-ns/task"))
		if strings.Join(line, "") != strings.Repeat("–", len(line)) {
			fmt.Fprintf(&b, "| %s | %s |\n", r.name, strings.Join(line, " | "))
		}
	}
	return b.String() + "\n", nil
}

// submitters are those of the view's cells, in their order.
func (v view) submitters() (all []string) {
	for _, c := range v.cells {
		if s := submitter(c); s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

func submitter(c *source.Cell) string {
	i := slices.IndexFunc(c.Parsed.Params, func(p record.Param) bool { return p.Name == "submitter" })
	if i < 0 {
		return ""
	}
	return c.Parsed.Params[i].Value
}

// median writes the median of a cell over launches, a dash if it was not measured.
func (v view) median(impl, park, who, unit string) string {
	for _, c := range v.cells {
		if c.Parsed.Impl == impl && c.Parsed.Park == park && submitter(c) == who && len(c.Values(unit)) > 0 {
			_, per, _ := strings.Cut(unit, "ns/")
			return plot.Quantity{Unit: "ns/" + per}.Format(compare.Median(c.Values(unit)))
		}
	}
	return "–"
}
