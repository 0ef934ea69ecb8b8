package simulation

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/impls/variant"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/validate"
)

// The cells of a validation fit the machine, are there once, can be simulated, and have
// what makes designs differ; both halves have many.
func TestValidationCells(t *testing.T) {
	for _, cpus := range []int{1, 2, 64} {
		cells, err := ValidationCells(catalog.Default(), cpus, Selection{})
		if err != nil {
			t.Fatal(err)
		}
		seen, workers := map[string]bool{}, map[int]bool{}
		late, hosted, parked, heldOut := 0, 0, 0, 0
		for _, c := range cells {
			if seen[c.Name()] {
				t.Errorf("%d CPUs: %s is there twice", cpus, c.Name())
			}
			seen[c.Name()], workers[c.Workers] = true, true
			if why := notSimulated(c); why != "" || c.Workers > cpus {
				t.Errorf("%d CPUs: %s: %s", cpus, c.Name(), why)
			}
			if _, _, ok := variant.Delay(c.Impl); ok {
				late++
			}
			if slices.ContainsFunc(c.Params, func(p record.Param) bool { return p.Name == "host" }) {
				hosted++
			}
			if c.Park != usualParker {
				parked++
			}
			if validate.HeldOut(c) {
				heldOut++
			}
			open := slices.ContainsFunc(openLoads, func(l shortLoad) bool { return l.workload == c.Workload })
			if open && c.Workers == cpus && cpus > 1 {
				t.Errorf("%d CPUs: %s leaves no CPU for the thread that submits", cpus, c.Name())
			}
		}
		if late < 10 || hosted < 10 || parked < 8 || heldOut < len(cells)/3 || heldOut > 2*len(cells)/3 {
			t.Errorf("%d CPUs: of %d cells %d are late, %d have another host, %d another parker, %d are held out", cpus, len(cells), late, hosted, parked, heldOut)
		}
		if !workers[1] || !workers[cpus] || cpus == 64 && !workers[63] {
			t.Errorf("%d CPUs: numbers of workers %v", cpus, workers)
		}
	}
}

// What is selected is validated, and nothing else.
func TestValidationOfASelection(t *testing.T) {
	cells, err := ValidationCells(catalog.Default(), 2, Selection{Workloads: []string{"wake"}, Impls: []string{"bitmap", "relay"}})
	var names []string
	for _, c := range cells {
		names = append(names, c.Name())
	}
	slices.Sort(names)
	want := []string{
		"Wake/impl=bitmap/park=futex/workers=1/gap=200us/submitter=block", "Wake/impl=bitmap/park=futex/workers=2/gap=200us/submitter=block",
		"Wake/impl=relay/park=futex/workers=1/gap=200us/submitter=block", "Wake/impl=relay/park=futex/workers=2/gap=200us/submitter=block",
	}
	if err != nil || !slices.Equal(names, want) {
		t.Errorf("%q, %v", names, err)
	}
	for _, test := range []struct {
		s    Selection
		want string
	}{
		{Selection{Impls: []string{"floor"}}, "it is no idle manager"},
		{Selection{Workers: []int{3}}, "-workers 3: this machine has 2 CPUs"},
		{Selection{Workloads: []string{"wak"}}, "did you mean wake?"},
	} {
		if _, err := ValidationCells(catalog.Default(), 2, test.s); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.s, err, test.want)
		}
	}
}
