package cpu

import (
	"slices"
	"testing"
)

func TestMirrored(t *testing.T) {
	for _, test := range []struct {
		cpus, workers int
		want          []int
		generator     int
		housekeeping  string
	}{
		{2, 1, []int{1}, 0, "0"},
		{4, 2, []int{3, 1}, 0, "0,2"},
		{2, 3, []int{1, 0, 1}, 0, "0-1"}, // oversubscribed
		{1, 1, []int{0}, 0, "0"},
	} {
		var use Set
		for i := range test.cpus {
			use = append(use, i)
		}
		plan, err := NewPlan(use, nil, test.workers, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := plan.Mirrored(nil)
		if !slices.Equal(got.Workers, test.want) || got.Generator != test.generator || got.Housekeeping.String() != test.housekeeping {
			t.Errorf("%d CPUs, %d workers: got %+v", test.cpus, test.workers, got)
		}
		if !plan.Oversubscribed && got.Runtime.Intersects(SetOf(got.Workers...)) {
			t.Errorf("%d CPUs, %d workers: the runtime is on CPUs %v, workers on %v", test.cpus, test.workers, got.Runtime, got.Workers)
		}
		again := got.Mirrored(nil)
		if !slices.Equal(again.Workers, plan.Workers) || again.Generator != plan.Generator {
			t.Errorf("mirrored twice: got %+v, want %+v", again, plan)
		}
	}
}

// On a machine with two CPUs a core the generator changes places with its sibling,
// so that workers share no more cores than before.
func TestMirroredSiblings(t *testing.T) {
	topo := smt(4)
	plan, err := NewPlan(cpusOf(topo), topo, 4, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := plan.Mirrored(topo)
	if plan.SharedCores || got.SharedCores || !got.GeneratorShares {
		t.Errorf("got %+v of %+v", got, plan)
	}
	if topo.core(got.Generator) != topo.core(plan.Generator) || got.Generator == plan.Generator {
		t.Errorf("the generator went from CPU %d to %d", plan.Generator, got.Generator)
	}
}
