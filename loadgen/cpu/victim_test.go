package cpu

import (
	"strings"
	"testing"
)

// Where a victim runs on machines with and without siblings, and what is said of one that
// lacks the place.
func TestSeat(t *testing.T) {
	smt := make(Topology) // 4 cores with two CPUs each: 0 and 4, 1 and 5, …
	for core := range 4 {
		p := Place{Core: core, Siblings: SetOf(core, core+4), Node: core / 2, L3: -1}
		smt[core], smt[core+4] = p, p
	}
	for _, test := range []struct {
		name    string
		topo    Topology
		cpus    string
		workers int
		victim  Victim
		want    Seat
		err     string
	}{
		{"two CPUs", nil, "0-1", 1, VictimSame, Seat{0, "worker"}, ""},
		{"two CPUs", nil, "0-1", 1, VictimOther, Seat{1, "generator"}, ""},
		{"two CPUs", nil, "0-1", 1, VictimSibling, Seat{}, "no SMT here"},
		{"oversubscribed", nil, "0-1", 2, VictimOther, Seat{}, "use fewer workers"},
		{"oversubscribed", nil, "0-1", 4, VictimSame, Seat{0, "worker"}, ""},
		{"one CPU", nil, "0", 1, VictimOther, Seat{}, "leave no core"},
		{"three CPUs: the runtime's before the generator's", nil, "0-2", 1, VictimOther, Seat{1, "runtime"}, ""},
		{"four CPUs: the runtime makes room", nil, "0-3", 1, VictimOther, Seat{1, "none"}, ""},
		{"the sibling of the first worker", smt, "0-7", 2, VictimSibling, Seat{4, "none"}, ""},
		{"a core without workers, on the worker's node", smt, "0-7", 1, VictimOther, Seat{1, "none"}, ""},
		{"the last core has the generator and the runtime", smt, "0-7", 3, VictimOther, Seat{3, "runtime"}, ""},
		{"some siblings are workers, one is the generator", smt, "0-7", 5, VictimSibling, Seat{6, "none"}, ""},
		{"every core has a worker", smt, "0-7", 4, VictimOther, Seat{}, "use fewer workers"},
		{"all siblings are workers", smt, "0-7", 8, VictimSibling, Seat{}, "use fewer workers"},
		{"the siblings are left out", smt, "0-3", 2, VictimSibling, Seat{}, "-cpus leaves the siblings out"},
	} {
		use, err := Parse(test.cpus)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := NewPlan(use, test.topo, test.workers, 0)
		if err != nil {
			t.Fatal(err)
		}
		plan.Pinned = true // on all systems
		got, err := plan.Seat(test.victim, test.topo)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) || !strings.Contains(err.Error(), string(test.victim)) {
				t.Errorf("%s, %s: %+v, %v; want an error with %q", test.name, test.victim, got, err, test.err)
			}
			continue
		}
		if err != nil || got != test.want {
			t.Errorf("%s, %s: %+v, %v; want %+v (runtime %v, generator %d)", test.name, test.victim, got, err, test.want, plan.Runtime, plan.Generator)
			continue
		}
		around := plan.Around(got)
		if len(around.Runtime) == 0 || got.Shares == "none" && around.Runtime.Contains(got.CPU) {
			t.Errorf("%s, %s: the runtime has %v, the victim %d", test.name, test.victim, around.Runtime, got.CPU)
		}
	}
	if _, err := (Plan{Workers: []int{0}}).Seat(VictimSame, nil); err == nil {
		t.Error("a victim where threads cannot be pinned")
	}
}

func TestParseVictim(t *testing.T) {
	for _, v := range Victims()[1:] {
		if got, err := ParseVictim(v[0]); err != nil || string(got) != v[0] {
			t.Errorf("%s: %v, %v", v[0], got, err)
		}
	}
	for _, text := range []string{"", "none", "core"} {
		if _, err := ParseVictim(text); err == nil || !strings.Contains(err.Error(), "sibling, other, same") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
