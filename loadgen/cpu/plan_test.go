package cpu

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNewPlan(t *testing.T) {
	const over, shared, genShares = 1, 2, 4
	for _, test := range []struct {
		name      string
		topo      Topology
		allowed   string
		workers   int
		want      []int
		generator int
		house     string
		flags     int
	}{
		{"one CPU", oneCPU, "0", 1, []int{0}, 0, "0", over | genShares},
		{"one CPU, two workers", oneCPU, "0", 2, []int{0, 0}, 0, "0", over | shared | genShares},
		{"two CPUs", twoCores, "0-1", 1, []int{0}, 1, "1", 0},
		{"two CPUs, as many workers", twoCores, "0-1", 2, []int{0, 1}, 1, "0-1", over | genShares},
		{"two CPUs, more workers", twoCores, "0-1", 3, []int{0, 1, 0}, 1, "0-1", over | shared | genShares},
		{"three CPUs", nil, "0-2", 2, []int{0, 1}, 2, "2", 0},
		{"three CPUs, one worker", nil, "0-2", 1, []int{0}, 2, "1-2", 0},
		{"SMT, a core for each", fourCoresSMT, "0-7", 3, []int{0, 1, 2}, 7, "3-7", 0},
		{"SMT, the generator's core is shared", fourCoresSMT, "0-7", 4, []int{0, 1, 2, 3}, 7, "4-7", genShares},
		{"SMT, cores are shared", fourCoresSMT, "0-7", 5, []int{0, 1, 2, 3, 4}, 7, "5-7", shared | genShares},
		{"SMT, all but one", fourCoresSMT, "0-7", 7, []int{0, 1, 2, 3, 4, 5, 6}, 7, "7", shared | genShares},
		{"SMT, all", fourCoresSMT, "0-7", 8, []int{0, 1, 2, 3, 4, 5, 6, 7}, 7, "0-7", over | shared | genShares},
		{"SMT, some allowed", fourCoresSMT, "4-7", 3, []int{4, 5, 6}, 7, "7", 0},
		// The last CPU is 4, but it shares its core with the first worker.
		{"SMT, a better generator than the last", fourCoresSMT, "0-4", 3, []int{0, 1, 2}, 3, "3-4", 0},
		{"two packages", twoPackagesSMT, "0-7", 3, []int{0, 1, 2}, 7, "3-7", 0},
		{"siblings side by side", offline, "0-2,4-5", 2, []int{0, 2}, 5, "1,4-5", 0},
		{"siblings side by side, shared", offline, "0-2,4-5", 4, []int{0, 2, 4, 1}, 5, "5", shared | genShares},
		{"the unknown CPU 9 has its own core", fourCoresSMT, "0,4,9", 2, []int{0, 9}, 4, "4", genShares},
	} {
		t.Run(test.name, func(t *testing.T) {
			allowed, err := Parse(test.allowed)
			if err != nil {
				t.Fatal(err)
			}
			house, err := Parse(test.house)
			if err != nil {
				t.Fatal(err)
			}
			want := Plan{
				Workers:         test.want,
				Generator:       test.generator,
				Housekeeping:    house,
				Oversubscribed:  test.flags&over != 0,
				SharedCores:     test.flags&shared != 0,
				GeneratorShares: test.flags&genShares != 0,
				Pinned:          CanPin,
			}
			got, err := NewPlan(allowed, test.topo, test.workers)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// smt returns a machine with the given number of cores, each with two CPUs,
// numbered as Linux does.
func smt(cores int) Topology {
	topo := make(Topology)
	for core := range cores {
		p := place(0, core, Set{core, core + cores})
		topo[core], topo[core+cores] = p, p
	}
	return topo
}

func TestNewPlanLarge(t *testing.T) {
	for _, test := range []struct {
		cores, workers  int
		house           string
		generator       int
		shared, genWith bool
	}{
		{32, 31, "31-63", 63, false, false},
		{32, 32, "32-63", 63, false, true},
		{32, 63, "63", 63, true, true},
		{512, 511, "511-1023", 1023, false, false},
		{512, 1023, "1023", 1023, true, true},
		{1024, 1500, "1500-2047", 2047, true, true},
	} {
		topo := smt(test.cores)
		p, err := NewPlan(cpusOf(topo), topo, test.workers)
		if err != nil {
			t.Fatal(err)
		}
		for i, cpu := range p.Workers {
			if cpu != i {
				t.Fatalf("%d cores: worker %d has CPU %d", test.cores, i, cpu)
			}
		}
		if p.Oversubscribed || p.Housekeeping.String() != test.house || p.Generator != test.generator ||
			p.SharedCores != test.shared || p.GeneratorShares != test.genWith {
			t.Errorf("%d cores, %d workers: got %+v", test.cores, test.workers, p)
		}
	}
}

func TestNewPlanErrors(t *testing.T) {
	for _, test := range []struct {
		allowed Set
		workers int
		want    string
	}{
		{nil, 1, "no CPUs"},
		{Set{0}, 0, "0 workers"},
		{Set{0}, -1, "-1 workers"},
		{Set{0}, MaxCPUs + 1, "65537 workers"},
	} {
		_, err := NewPlan(test.allowed, nil, test.workers)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%d workers on CPUs %q: error %v, want one that contains %q", test.workers, test.allowed, err, test.want)
		}
	}
}

// TestPlanProperties checks what must be true of every plan, on machines whose
// CPUs are dealt to cores at random.
func TestPlanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfNDistinct(rapid.IntRange(0, 2000), 1, 40, rapid.ID[int]).Draw(t, "cpus")
		topo := make(Topology)
		for core, rest := 0, numbers; len(rest) > 0; core++ {
			n := rapid.IntRange(1, min(4, len(rest))).Draw(t, "siblings")
			for _, cpu := range rest[:n] {
				topo[cpu] = place(0, core, SetOf(rest[:n]...))
			}
			rest = rest[n:]
		}
		allowed := SetOf(numbers[:rapid.IntRange(1, len(numbers)).Draw(t, "allowed")]...)
		workers := rapid.IntRange(1, len(allowed)+10).Draw(t, "workers")

		p, err := NewPlan(allowed, topo, workers)
		if err != nil {
			t.Fatal(err)
		}
		load := make(map[int]int)  // by CPU, how many workers
		cores := make(map[int]int) // by core, how many workers
		for _, cpu := range p.Workers {
			load[cpu]++
			cores[topo[cpu].Core]++
		}
		usable := make(map[int]bool) // the cores of allowed CPUs
		for _, cpu := range allowed {
			usable[topo[cpu].Core] = true
		}
		must := func(ok bool, what string) {
			t.Helper()
			if !ok {
				t.Errorf("not so: %s\nallowed %v, plan %+v", what, allowed, p)
			}
		}

		must(len(p.Workers) == workers, "every worker has a CPU")
		must(SetOf(p.Workers...).Within(allowed) == nil, "workers are on allowed CPUs")
		must(allowed.Contains(p.Generator), "the generator is on an allowed CPU")
		must(p.Housekeeping.Within(allowed) == nil, "the house is on allowed CPUs")
		must(p.Housekeeping.Contains(p.Generator), "the generator is among the house")
		must(p.Oversubscribed == (workers+1 > len(allowed)), "oversubscribed is told truly")
		must(p.SharedCores == (len(cores) < workers), "shared cores are told truly")
		must(p.GeneratorShares == (cores[topo[p.Generator].Core] > 0), "a generator that shares is told truly")
		must(len(cores) == min(workers, len(usable)), "workers are on as many cores as there are")
		if p.Oversubscribed {
			least, most := len(p.Workers), 0
			for _, cpu := range allowed {
				least, most = min(least, load[cpu]), max(most, load[cpu])
			}
			must(most-least <= 1, "workers are dealt evenly")
			must(slices.Equal(p.Housekeeping, allowed), "the house has all CPUs")
			must(len(p.Reserved()) == 0, "nothing is reserved")
			return
		}
		must(len(load) == workers, "every worker has its own CPU")
		must(load[p.Generator] == 0, "the generator has no worker's CPU")
		must(slices.Equal(p.Reserved(), slices.Sorted(maps.Keys(load))), "workers' CPUs are reserved")
		must(slices.Equal(p.Housekeeping, allowed.Without(p.Reserved())), "the house has all other CPUs")
		must(p.GeneratorShares == (workers >= len(usable)), "the generator shares a core only if none is free")
	})
}
