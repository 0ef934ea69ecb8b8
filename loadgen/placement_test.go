package loadgen

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// Threads that submit have CPUs of their own as long as there are any, and share
// them evenly when there are not. The rest of the process has what they leave.
func TestPlacement(t *testing.T) {
	for _, test := range []struct {
		cpus, workers, beside int
		want                  []int // the CPUs on which they take turns
		share                 bool
		runtime               string
		shares                cpu.Share
	}{
		{cpus: 8, workers: 4, beside: 0, runtime: "4-6", shares: cpu.ShareNone},
		{cpus: 8, workers: 4, beside: 1, want: []int{4}, runtime: "5-6", shares: cpu.ShareNone},
		{cpus: 8, workers: 4, beside: 3, want: []int{4, 5, 6}, runtime: "7", shares: cpu.ShareGenerator},
		{cpus: 8, workers: 4, beside: 4, want: []int{4, 5, 6, 7}, share: true, runtime: "7", shares: cpu.ShareGenerator},
		{cpus: 8, workers: 4, beside: 63, want: []int{4, 5, 6, 7}, share: true, runtime: "7", shares: cpu.ShareGenerator},
		{cpus: 2, workers: 1, beside: 0, runtime: "1", shares: cpu.ShareGenerator},
		{cpus: 2, workers: 1, beside: 1, want: []int{1}, share: true, runtime: "1", shares: cpu.ShareGenerator},
		{cpus: 2, workers: 2, beside: 1, share: true, runtime: "0-1", shares: cpu.ShareWorkers}, // oversubscribed: anywhere
		{cpus: 1, workers: 1, beside: 1, share: true, runtime: "0", shares: cpu.ShareWorkers},
	} {
		t.Run(fmt.Sprintf("%d CPUs, %d workers, %d beside", test.cpus, test.workers, test.beside), func(t *testing.T) {
			var use cpu.Set
			for i := range test.cpus {
				use = append(use, i)
			}
			plan, err := cpu.NewPlan(use, cpu.Topology{}, test.workers, test.beside)
			if err != nil {
				t.Fatal(err)
			}
			p := &placement{Plan: plan, beside: test.beside}
			if got := p.Beside; !slices.Equal(got, test.want) {
				t.Errorf("on CPUs %v, want %v", got, test.want)
			}
			if p.generatorsShare() != test.share {
				t.Errorf("share: %v", !test.share)
			}
			facts := p.facts()
			if recorded := slices.Contains(facts, Fact{"generators-share", yes(test.share)}); recorded != (test.beside > 0) {
				t.Errorf("facts: %v", facts)
			}
			for _, want := range []Fact{{"runtime-cpus", test.runtime}, {"runtime-shares", string(test.shares)}} {
				if !slices.Contains(facts, want) {
					t.Errorf("%v is missing in %v", want, facts)
				}
			}
		})
	}
}

// What the facts say where placement matters, on a machine with SMT.
func TestPlacementFacts(t *testing.T) {
	topology := make(cpu.Topology)
	for core := range 4 {
		p := cpu.Place{Core: core, Siblings: cpu.SetOf(core, core+4), Node: core / 2, L3: -1}
		topology[core], topology[core+4] = p, p
	}
	for _, test := range []struct {
		name    string
		workers int
		whole   bool
		want    string
	}{
		{"room for all", 2, false, "worker-cpus=0,1 generator-cpu=7 runtime-cpus=2,6 runtime-shares=none shared-cores=no generator-sibling=no nodes=2 core-kinds=1"},
		{"the generator on a worker's sibling", 4, false, "worker-cpus=0,1,2,3 generator-cpu=5 runtime-cpus=4,6-7 runtime-shares=workers shared-cores=no generator-sibling=yes nodes=2 core-kinds=1"},
		{"workers share cores", 6, false, "worker-cpus=0,1,2,3,4,5 generator-cpu=7 runtime-cpus=6 runtime-shares=workers shared-cores=yes generator-sibling=yes nodes=2 core-kinds=1"},
		{"oversubscribed", 8, false, "worker-cpus=0,1,2,3,4,5,6,7 generator-cpu=7 runtime-cpus=0-7 runtime-shares=workers shared-cores=yes generator-sibling=no nodes=2 core-kinds=1"},
		{"threads that cannot be pinned", 2, true, "worker-cpus=0-1 generator-cpu=7 runtime-cpus=0-1 runtime-shares=workers shared-cores=no generator-sibling=no nodes=2 core-kinds=1"},
	} {
		plan, err := cpu.NewPlan(cpu.SetOf(0, 1, 2, 3, 4, 5, 6, 7), topology, test.workers, 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range (&placement{Plan: plan, whole: test.whole}).facts() {
			if f.Key != "pinned" && f.Key != "oversubscribed" {
				got = append(got, f.Key+"="+f.Value)
			}
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}
