package compare

import (
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/record"
)

func TestAtMaxNote(t *testing.T) {
	for want, units := range map[string][]string{
		"": {"ns/op", "max-ns/wake"},
		"† the maximum of its samples, or next to it: a launch has fewer than 1000 for p99.9":              {"p99.9-ns/wake", "p99.9-ns/task"},
		"† the maximum of its samples, or next to it: a launch has fewer than 100 for p99, 1000 for p99.9": {"p99.9-ns/wake", "p99-sec/task"},
	} {
		if got := AtMaxNote(units...); got != want {
			t.Errorf("%v: %q, want %q", units, got, want)
		}
	}
}

// From a folder and from its benchmark file it is known how many samples a quantile
// is of.
func TestAtMax(t *testing.T) {
	var run record.Run
	run.Units = []record.Unit{{Name: "p99-ns/task", Better: record.Lower}}
	run.Primary = map[string]string{"burst": "p99-ns/task"}
	var text strings.Builder
	samples := map[string][]string{"bitmap": {"99", "99", "100"}, "mutexonly": {"99", "100", "100"}}
	for _, impl := range []string{"bitmap", "mutexonly"} {
		cell := record.Cell{Workload: "burst", Impl: impl, Park: "futex", Workers: 1}
		run.Plan.Cells = append(run.Plan.Cells, cell)
		for round, n := range samples[impl] {
			run.Recorded = append(run.Recorded, record.Launch{Cell: cell, Round: round, Start: time.Unix(int64(round), 0),
				Metrics: []record.Metric{{Value: 5, Unit: "p99-ns/task"}}, Conditions: []record.Pair{{Key: "samples", Value: n}}})
			text.WriteString("# round=" + string(rune('0'+round)) + " samples=" + n + "\nBenchmark" + cell.Name() + " 1 5 p99-ns/task\n")
		}
	}
	fromFile, err := FromBenchmarks(Selection{Col: "/impl"}, file("x", text.String()))
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range map[string]Table{"folder": FromRun(run), "file": fromFile} {
		f, err := Compare(table, "bitmap", Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := f.Comparisons[0]
		if c.Old.AtMax != 2 || c.New.AtMax != 1 || !c.Old.MarkedAtMax() || c.New.MarkedAtMax() || !c.AtMax() {
			t.Errorf("%s: %d of %d and %d of %d", name, c.Old.AtMax, c.Old.Valid, c.New.AtMax, c.New.Valid)
		}
	}
}
