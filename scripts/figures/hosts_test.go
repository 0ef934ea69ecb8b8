package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

func TestHosts(t *testing.T) {
	if got := (*hostsData)(nil).summary(); !strings.Contains(got, "Not measured yet") {
		t.Errorf("without data: %s", got)
	}
	effect := func(lo, hi float64) *compare.Effect {
		return &compare.Effect{Ratio: (lo + hi) / 2, Interval: &compare.Interval{Lo: lo, Hi: hi}}
	}
	h := &hostsData{baseline: "bitmap", rounds: "14 to 63"}
	add := func(workload, unit string, judged bool, effects ...*compare.Effect) {
		for i, params := range [][]record.Param{{{Name: "tasks", Value: "8"}}, {{Name: "tasks", Value: "8"}, {Name: "host", Value: "tokio"}}} {
			cell := record.Cell{Workload: workload, Impl: "mutexonly", Park: "futex", Workers: 2, Params: params}
			h.comparisons = append(h.comparisons, compare.Comparison{
				Workload: workload, Unit: unit, Judged: judged, New: compare.Side{Column: "mutexonly", Name: cell.Name()}, Effect: effects[i],
			})
		}
	}
	add("burst", "ns/op", true, effect(0.5, 0.9), effect(1.1, 1.3))
	add("burst", "wakes/task", false, effect(0.5, 0.9), effect(0.5, 1.3))
	add("burst", "allocs/task", false, effect(0.5, 0.9), effect(1.1, 1.3))
	add("poisson", "ns/op", true, effect(0.9, 1.1), effect(1.1, 1.3))
	add("skynet", "ns/op", true, effect(1.2, 1.4), effect(1.1, 1.3))
	add("trickle", "ns/op", true, nil, &compare.Effect{Ratio: 2})
	got := h.summary() + h.table()
	for _, want := range []string{
		"Of 5 comparisons with bitmap, the order of 1 is reversed between the sets, that of 2 is decided with one of them only, that of 1 is the same, and that of 1 is open in both. Measured on",
		", in 14 to 63 rounds.",
		"| burst futex workers=2 tasks=8 | mutexonly | ns/op | 0.7 [0.5, 0.9] | 1.2 [1.1, 1.3] | **reversed** |\n",
		"| wakes/task | 0.7 [0.5, 0.9] | 0.9 [0.5, 1.3] | only with default |\n",
		"| poisson futex workers=2 tasks=8 | mutexonly | ns/op | 1 [0.9, 1.1] | 1.2 [1.1, 1.3] | only with tokio |\n",
		"| 1.3 [1.2, 1.4] | 1.2 [1.1, 1.3] | the same |\n",
		"| – | 2 | open in both |\n",
	} {
		if !strings.Contains(strings.ReplaceAll(got, "\n", " ")+got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "allocs") {
		t.Errorf("a unit that is not compared:\n%s", got)
	}
}

// The comparisons come from a folder with both sets.
func TestOpenHosts(t *testing.T) {
	root := t.TempDir()
	if h, err := openHosts(root); h != nil || err != nil {
		t.Fatalf("without a folder: %v, %v", h, err)
	}
	const rounds = 14
	var cells []record.Cell
	for _, impl := range []string{"bitmap", "mutexonly"} {
		for _, params := range [][]record.Param{nil, {{Name: "host", Value: "tokio"}}} {
			cells = append(cells, record.Cell{Workload: "storm", Impl: impl, Park: "futex", Workers: 2, Params: params})
		}
	}
	plan := record.Plan{Cells: cells, Rounds: rounds, Time: time.Second}
	for range rounds {
		plan.Order = append(plan.Order, []int{0, 1, 2, 3})
	}
	at := time.Unix(0, 0).UTC()
	folder := filepath.Join(root, hostsFolder)
	if err := os.MkdirAll(filepath.Dir(folder), 0o777); err != nil {
		t.Fatal(err)
	}
	w, err := record.Create(folder, record.Header{Start: at, Plan: plan, Units: record.Units(), Primary: map[string]string{"storm": "ns/op"}})
	if err != nil {
		t.Fatal(err)
	}
	for round := range rounds {
		for i, c := range cells {
			at = at.Add(time.Second)
			// mutexonly takes twice as long as bitmap, and half as long with tokio.
			value := []float64{1000, 1000, 2000, 500}[i] + float64(round)
			l := record.Launch{Cell: c, Round: round, N: 1, Start: at, Metrics: []record.Metric{{Value: value, Unit: "ns/op"}, {Value: 0.5, Unit: wakes}}}
			if err := w.Append(l); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(record.Complete); err != nil {
		t.Fatal(err)
	}
	h, err := openHosts(root)
	if err != nil {
		t.Fatal(err)
	}
	table := h.table()
	for _, want := range []string{"| storm futex workers=2 | mutexonly | ns/op | 1.99 [", reversed, "| wakes/task | 1 [1, 1] | 1 [1, 1] | open in both |"} {
		if !strings.Contains(table, want) {
			t.Errorf("no %q in\n%s", want, table)
		}
	}
}
