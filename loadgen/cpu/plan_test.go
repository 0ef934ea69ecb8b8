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
		rest      string // Housekeeping
		runtime   string
		shares    Share
		flags     int
	}{
		{"one CPU", oneCPU, "0", 1, []int{0}, 0, "0", "0", ShareWorkers, over | genShares},
		{"one CPU, two workers", oneCPU, "0", 2, []int{0, 0}, 0, "0", "0", ShareWorkers, over | shared | genShares},
		{"two CPUs", twoCores, "0-1", 1, []int{0}, 1, "1", "1", ShareGenerator, 0},
		{"two CPUs, as many workers", twoCores, "0-1", 2, []int{0, 1}, 1, "0-1", "0-1", ShareWorkers, over | genShares},
		{"two CPUs, more workers", twoCores, "0-1", 3, []int{0, 1, 0}, 1, "0-1", "0-1", ShareWorkers, over | shared | genShares},
		{"three CPUs", nil, "0-2", 2, []int{0, 1}, 2, "2", "2", ShareGenerator, 0},
		{"three CPUs, one worker", nil, "0-2", 1, []int{0}, 2, "1-2", "1", ShareNone, 0},
		{"four CPUs, two workers", nil, "0-3", 2, []int{0, 1}, 3, "2-3", "2", ShareNone, 0},
		{"one core", siblingsOnly, "0-1", 1, []int{0}, 1, "1", "1", ShareGenerator, genShares},
		{"SMT, a core for each", fourCoresSMT, "0-7", 2, []int{0, 1}, 7, "2-7", "2,6", ShareNone, 0},
		{"SMT, the generator's sibling is free", fourCoresSMT, "0-7", 3, []int{0, 1, 2}, 7, "3-7", "3", ShareSibling, 0},
		{"SMT, only workers' siblings are free", fourCoresSMT, "0-7", 4, []int{0, 1, 2, 3}, 7, "4-7", "4-6", ShareWorkers, genShares},
		{"SMT, cores are shared", fourCoresSMT, "0-7", 5, []int{0, 1, 2, 3, 4}, 7, "5-7", "5-6", ShareWorkers, shared | genShares},
		{"SMT, all but one", fourCoresSMT, "0-7", 7, []int{0, 1, 2, 3, 4, 5, 6}, 7, "7", "7", ShareGenerator, shared | genShares},
		{"SMT, all", fourCoresSMT, "0-7", 8, []int{0, 1, 2, 3, 4, 5, 6, 7}, 7, "0-7", "0-7", ShareWorkers, over | shared | genShares},
		{"SMT, some allowed", fourCoresSMT, "4-7", 3, []int{4, 5, 6}, 7, "7", "7", ShareGenerator, 0},
		// The last CPU is 4, but it shares its core with the first worker.
		{"SMT, a better generator than the last", fourCoresSMT, "0-4", 3, []int{0, 1, 2}, 3, "3-4", "4", ShareWorkers, 0},
		{"two packages", twoPackagesSMT, "0-7", 3, []int{0, 1, 2}, 7, "3-7", "3", ShareSibling, 0},
		{"siblings next to each other", offline, "0-2,4-5", 2, []int{0, 2}, 5, "1,4-5", "4", ShareSibling, 0},
		{"siblings next to each other, shared", offline, "0-2,4-5", 4, []int{0, 2, 4, 1}, 5, "5", "5", ShareGenerator, shared | genShares},
		{"the unknown CPU 9 has its own core", fourCoresSMT, "0,4,9", 2, []int{0, 9}, 4, "4", "4", ShareGenerator, genShares},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := Plan{
				Workers:         test.want,
				Generator:       test.generator,
				Runtime:         parse(t, test.runtime),
				RuntimeShares:   test.shares,
				Housekeeping:    parse(t, test.rest),
				Oversubscribed:  test.flags&over != 0,
				SharedCores:     test.flags&shared != 0,
				GeneratorShares: test.flags&genShares != 0,
				Pinned:          CanPin,
			}
			got, err := NewPlan(parse(t, test.allowed), test.topo, test.workers, 0)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func parse(t *testing.T, list string) Set {
	t.Helper()
	s, err := Parse(list)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// nodesAlone is a machine whose third-level caches are unknown.
var nodesAlone = Topology{
	0: {0, 0, Set{0}, 0, -1, 0}, 1: {0, 1, Set{1}, 0, -1, 0}, 2: {1, 0, Set{2}, 1, -1, 0}, 3: {1, 1, Set{3}, 1, -1, 0},
}

// siblingsOnly is the least of machines with SMT.
var siblingsOnly = Topology{0: place(0, 0, Set{0, 1}), 1: place(0, 0, Set{0, 1})}

// Kinds, nodes and caches decide the order, and what a plan mixes is counted.
func TestNewPlanUnequal(t *testing.T) {
	for _, test := range []struct {
		name      string
		topo      Topology
		allowed   string
		workers   int
		want      []int
		generator int
		runtime   string
		counts    [3]int // nodes, third-level caches, kinds
	}{
		{"two nodes, one is enough", twoNodesSMT, "0-7", 1, []int{0}, 5, "2-3,6-7", [3]int{1, 1, 1}},
		{"two nodes, the generator must be in the other", twoNodesSMT, "0-7", 2, []int{0, 1}, 7, "2,6", [3]int{2, 2, 1}},
		{"two nodes, distinct cores come first", twoNodesSMT, "0-7", 3, []int{0, 1, 2}, 7, "3", [3]int{2, 2, 1}},
		{"two nodes, then siblings by node", twoNodesSMT, "0-7", 6, []int{0, 1, 2, 3, 4, 5}, 7, "6", [3]int{2, 2, 1}},
		{"nodes whose CPUs take turns", nodesInTurn, "0-5", 2, []int{0, 2}, 4, "1,3,5", [3]int{1, 1, 1}},
		{"the node of the lowest CPU comes first", nodesInTurn, "1-5", 2, []int{1, 3}, 5, "2,4", [3]int{1, 1, 1}},
		{"two nodes without known caches", nodesAlone, "0-3", 1, []int{0}, 1, "2-3", [3]int{1, 0, 1}},
		{"two caches, one is enough", twoL3s, "0-7", 3, []int{0, 1, 2}, 3, "4-7", [3]int{1, 1, 1}},
		{"two caches, both are needed", twoL3s, "0-7", 4, []int{0, 1, 2, 3}, 7, "4-6", [3]int{1, 2, 1}},
		{"hybrid, one worker on a fast core", hybrid, "0-7", 1, []int{0}, 3, "4-7", [3]int{1, 1, 1}},
		{"hybrid, a slow generator disturbs no worker", hybrid, "0-7", 2, []int{0, 2}, 7, "4-6", [3]int{1, 1, 2}},
		{"hybrid, one kind comes before distinct cores", hybrid, "0-7", 4, []int{0, 2, 1, 3}, 7, "4-6", [3]int{1, 1, 2}},
		{"hybrid, both kinds are needed", hybrid, "0-7", 5, []int{0, 2, 1, 3, 4}, 7, "5-6", [3]int{1, 1, 2}},
		{"hybrid, slow cores alone", hybrid, "4-7", 2, []int{4, 5}, 7, "6", [3]int{1, 1, 1}},
		{"slow cores first", bigLittle, "0-3", 1, []int{2}, 3, "0-1", [3]int{1, 0, 1}},
		{"slow cores first, mixed", bigLittle, "0-3", 2, []int{2, 3}, 1, "0", [3]int{1, 0, 2}},
		{"nothing known", nil, "0-3", 2, []int{0, 1}, 3, "2", [3]int{}},
		{"a CPU that is unknown counts last", bigLittle, "0-4", 4, []int{2, 3, 0, 1}, 4, "4", [3]int{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := NewPlan(parse(t, test.allowed), test.topo, test.workers, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(p.Workers, test.want) || p.Generator != test.generator || p.Runtime.String() != test.runtime {
				t.Errorf("workers %v, generator %d, runtime %v; want %v, %d, %s", p.Workers, p.Generator, p.Runtime, test.want, test.generator, test.runtime)
			}
			if got := [3]int{p.Nodes, p.L3s, p.Kinds}; got != test.counts {
				t.Errorf("%v nodes, caches and kinds, want %v", got, test.counts)
			}
		})
	}
}

// Further submitting threads come before the Go runtime where CPUs are few.
func TestNewPlanBeside(t *testing.T) {
	for _, test := range []struct {
		name            string
		topo            Topology
		allowed         string
		workers, beside int
		want            []int
		runtime         string
		shares          Share
	}{
		{"room for all", nil, "0-7", 4, 2, []int{4, 5}, "6", ShareNone},
		{"the last spare CPU", nil, "0-7", 4, 3, []int{4, 5, 6}, "7", ShareGenerator},
		{"not enough", nil, "0-7", 4, 9, []int{4, 5, 6, 7}, "7", ShareGenerator},
		{"two CPUs", nil, "0-1", 1, 1, []int{1}, "1", ShareGenerator},
		{"oversubscribed", nil, "0-1", 2, 1, nil, "0-1", ShareWorkers},
		{"a free core before the generator's sibling", fourCoresSMT, "0-7", 2, 1, []int{2}, "3,6", ShareSibling},
		{"the sibling before those of workers", fourCoresSMT, "0-7", 3, 1, []int{3}, "4-6", ShareWorkers},
		{"siblings of workers", fourCoresSMT, "0-7", 3, 3, []int{3, 4, 5}, "6", ShareWorkers},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := NewPlan(parse(t, test.allowed), test.topo, test.workers, test.beside)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(p.Beside, test.want) || p.Runtime.String() != test.runtime || p.RuntimeShares != test.shares {
				t.Errorf("beside %v, runtime %v shares %s; want %v, %s, %s", p.Beside, p.Runtime, p.RuntimeShares, test.want, test.runtime, test.shares)
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
		rest            string // Housekeeping
		generator       int
		runtime         string
		shared, genWith bool
	}{
		{32, 31, "31-63", 63, "31", false, false},
		{32, 32, "32-63", 63, "32-62", false, true},
		{32, 63, "63", 63, "63", true, true},
		{512, 511, "511-1023", 1023, "511", false, false},
		{512, 1023, "1023", 1023, "1023", true, true},
		{1024, 1500, "1500-2047", 2047, "1500-2046", true, true},
	} {
		topo := smt(test.cores)
		p, err := NewPlan(cpusOf(topo), topo, test.workers, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, cpu := range p.Workers {
			if cpu != i {
				t.Fatalf("%d cores: worker %d has CPU %d", test.cores, i, cpu)
			}
		}
		if p.Oversubscribed || p.Housekeeping.String() != test.rest || p.Runtime.String() != test.runtime || p.Generator != test.generator ||
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
		_, err := NewPlan(test.allowed, nil, test.workers, 0)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%d workers on CPUs %q: error %v, want one that contains %q", test.workers, test.allowed, err, test.want)
		}
	}
}

// TestPlanProperties checks what must be true of every plan, on machines of 1 to
// 1024 CPUs whose cores, nodes, caches and kinds are random.
func TestPlanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(1, 16), rapid.IntRange(1, 1024)).Draw(t, "size")
		topo, numbers := randomMachine(t, size)
		allowed := SetOf(numbers[:rapid.IntRange(1, len(numbers)).Draw(t, "allowed")]...)
		workers := rapid.IntRange(1, len(allowed)+10).Draw(t, "workers")
		beside := rapid.IntRange(0, 5).Draw(t, "beside")

		p, err := NewPlan(allowed, topo, workers, beside)
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
		counts := func(got int, of func(int) int) bool {
			seen := make(map[int]bool)
			for _, cpu := range append(slices.Clip(p.Workers), p.Generator) {
				seen[of(cpu)] = true
			}
			return seen[-1] && got == 0 || got == len(seen)
		}

		must(len(p.Workers) == workers, "every worker has a CPU")
		must(SetOf(p.Workers...).Within(allowed) == nil, "workers are on allowed CPUs")
		must(allowed.Contains(p.Generator), "the generator is on an allowed CPU")
		must(p.Housekeeping.Within(allowed) == nil, "the rest is on allowed CPUs")
		must(p.Housekeeping.Contains(p.Generator), "the generator's CPU is no worker's alone")
		must(len(p.Runtime) > 0, "the runtime has a CPU")
		must(p.Runtime.Within(p.Housekeeping) == nil, "the runtime is among the rest")
		must(p.Oversubscribed == (workers+1 > len(allowed)), "oversubscribed is correct")
		must(p.SharedCores == (len(cores) < workers), "shared cores are correct")
		must(p.GeneratorShares == (cores[topo[p.Generator].Core] > 0), "a generator that shares is correct")
		must(counts(p.Nodes, topo.node) && counts(p.L3s, topo.l3) && counts(p.Kinds, topo.kind), "nodes, caches and kinds are counted")
		if p.Oversubscribed {
			least, most := len(p.Workers), 0
			for _, cpu := range allowed {
				least, most = min(least, load[cpu]), max(most, load[cpu])
			}
			must(most-least <= 1, "workers are dealt evenly")
			must(slices.Equal(p.Housekeeping, allowed) && slices.Equal(p.Runtime, allowed), "the rest has all CPUs")
			must(p.RuntimeShares == ShareWorkers && p.Beside == nil, "all share")
			must(len(p.Reserved()) == 0, "nothing is reserved")
			return
		}
		must(len(load) == workers, "every worker has its own CPU")
		must(load[p.Generator] == 0, "the generator has no worker's CPU")
		must(slices.Equal(p.Reserved(), slices.Sorted(maps.Keys(load))), "workers' CPUs are reserved")
		must(slices.Equal(p.Housekeeping, allowed.Without(p.Reserved())), "the rest has all other CPUs")
		others := append(slices.Clip(p.Beside), p.Generator)
		spare := p.Housekeeping.Without(Set{p.Generator})
		free := func(cpu int) bool { return cores[topo[cpu].Core] == 0 }
		must(!p.GeneratorShares || !slices.ContainsFunc(spare, free), "the generator shares a core only if none is free")
		must((len(p.Beside) > 0) == (beside > 0), "threads beside the generator have CPUs")
		must(len(p.Beside) == min(beside, len(spare)+1), "each its own as far as there are any")
		must(SetOf(p.Beside...).Within(p.Housekeeping) == nil, "which are no worker's")
		left := spare.Without(SetOf(p.Beside...))
		must((p.RuntimeShares == ShareGenerator) == (len(left) == 0), "the runtime shares the generator's CPU only if nothing is left")
		for _, cpu := range p.Runtime {
			withWorker := cores[topo[cpu].Core] > 0
			withGenerator := slices.ContainsFunc(others, func(g int) bool { return topo[g].Core == topo[cpu].Core })
			switch p.RuntimeShares {
			case ShareNone:
				must(!withWorker && !withGenerator, "the runtime shares no core")
			case ShareSibling:
				must(!withWorker && withGenerator && left.Contains(cpu), "the runtime shares the generator's core")
			case ShareGenerator:
				must(cpu == p.Generator, "the runtime shares the generator's CPU")
			case ShareWorkers:
				must(withWorker && left.Contains(cpu), "the runtime shares a worker's core")
			}
		}
		if p.RuntimeShares == ShareWorkers {
			must(!slices.ContainsFunc(left, free), "only if no other is left")
		}

		// No worker could change to a faster kind, and the first worker of a
		// core comes before the second of another of its kind.
		for _, cpu := range allowed {
			if load[cpu] > 0 {
				continue
			}
			for _, w := range p.Workers {
				must(topo[w].Kind <= topo[cpu].Kind, "workers are on the fastest kinds")
				if topo[w].Kind == topo[cpu].Kind {
					must(cores[topo[w].Core] == 1 || cores[topo[cpu].Core] > 0, "workers of a kind share no core while another is free")
				}
			}
		}
		if workers > 1 {
			smaller, err := NewPlan(allowed, topo, workers-1, beside)
			must(err == nil && slices.Equal(smaller.Workers, p.Workers[:workers-1]), "with one worker less the others stay")
		}
	})
}

// randomMachine returns a topology of that many CPUs, and these in random order. All
// CPUs of a core are in the same node and cache and of the same kind.
func randomMachine(t *rapid.T, size int) (Topology, []int) {
	numbers := rapid.Permutation(everyOther(size)).Draw(t, "cpus")
	nodes := rapid.IntRange(1, 3).Draw(t, "nodes")
	kinds := rapid.IntRange(1, 3).Draw(t, "kinds")
	unknown := rapid.IntRange(-1, 0).Draw(t, "unknown caches")
	topo := make(Topology)
	for core, rest := 0, numbers; len(rest) > 0; core++ {
		n := rapid.IntRange(1, min(4, len(rest))).Draw(t, "siblings")
		p := Place{Core: core, Siblings: SetOf(rest[:n]...), Node: core % nodes, L3: core%5 | unknown, Kind: core % kinds}
		for _, cpu := range rest[:n] {
			topo[cpu] = p
		}
		rest = rest[n:]
	}
	return topo, numbers
}

// everyOther returns that many numbers with gaps.
func everyOther(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = 2 * i
	}
	return s
}
