package main

import (
	"strings"
	"testing"

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
	h := &hostsData{baseline: "bitmap", rounds: 14}
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
		"Of 5 comparisons with bitmap, the order of 1 is reversed between the sets, that of 2 is decided with one of them only, that of 1 is the same, and that of 1 is open in both.",
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
