package cpu

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// A Plan says on which CPU each thread of a measurement runs.
type Plan struct {
	// Workers has the CPU of each worker.
	Workers []int

	// Generator is the CPU of the generator.
	Generator int

	// Beside has the CPUs of the threads that submit besides the generator: one for
	// each, or if there are too few CPUs all that are left and the generator's, which
	// they then share. It is nil if there are no such threads, or the plan is
	// oversubscribed; then they may run anywhere.
	Beside []int

	// Runtime has the CPUs of the remaining threads of the process: main, and those of
	// the Go runtime. It is never empty, and has no worker's CPU unless the plan is
	// oversubscribed.
	Runtime Set

	// RuntimeShares says which other threads the Runtime CPUs are shared with.
	RuntimeShares Share

	// Housekeeping has the CPUs that are not the workers': the generator's and those
	// that no worker has, or all CPUs if the plan is oversubscribed.
	Housekeeping Set

	// Oversubscribed says that there are too few CPUs to give every worker and the
	// generator one of its own. Workers, generator and the rest of the process then
	// compete for CPUs, and the measurement includes the operating system's scheduler.
	Oversubscribed bool

	// SharedCores says that some workers share a physical core, and so slow each other
	// down when both are busy. A worker that spins is busy.
	SharedCores bool

	// GeneratorShares says that the generator, which is always busy, shares its
	// physical core with a worker. That worker is slower than the others.
	GeneratorShares bool

	// Nodes, L3s and Kinds count the NUMA nodes, third-level caches and kinds of
	// cores that the workers and the generator are on; 0 is unknown.
	Nodes, L3s, Kinds int

	// Pinned says whether threads are to be pinned as planned. [NewPlan] sets it
	// to [CanPin].
	Pinned bool
}

// A Share says with which threads others have to share. Threads that submit besides the
// generator count as the generator.
type Share string

const (
	ShareNone      Share = "none"      // cores of their own
	ShareSibling   Share = "sibling"   // a CPU of their own, on the generator's core
	ShareGenerator Share = "generator" // the generator's CPU
	ShareWorkers   Share = "workers"   // a worker's core or CPU
)

// NewPlan places a generator, the given number of workers, 1 to [MaxCPUs], and the
// given number of further threads that submit on the allowed CPUs. No other CPUs count
// in what follows.
//
// # Workers
//
// The CPUs are ordered by these criteria in turn:
//
//  1. the kind of core, the fastest first;
//  2. how many CPUs of the same core came before: one CPU of each core, then a
//     second one of each core that has more, and so on;
//  3. the NUMA node, then the third-level cache, those with the lowest CPU first;
//  4. the number.
//
// If there are more CPUs than workers, the workers get the first ones.
//
// The kind comes before distinct cores, because workers on different kinds are never
// equal: a manager that prefers low numbers would seem better for being on the fast
// cores. Siblings slow each other only while both are busy, and for all managers alike.
// Distinct cores come before the node, because a busy sibling takes up to half of a
// worker's speed, in everything it does, while another node costs some hundred
// nanoseconds when a task or a wake-up crosses over. Ordering also means that the
// workers of a small plan keep their CPUs in a larger one, so the points of a curve
// over the number of workers are comparable.
//
// # Generator
//
// The generator gets a CPU that no worker has. It prefers, in this order: a core
// without workers, the kind, the node and the third-level cache of the first worker,
// and the later CPU. Its kind matters, since the waking side of a wake-up runs on its
// CPU.
//
// # Threads beside the generator, and the Go runtime
//
// The CPUs that are left are ranked: first those of cores without workers and
// generator, then the generator's siblings, then the siblings of workers. The further
// submitting threads get the best ones, one each; if there are too few, they share
// those and the generator's. Of what is then left, the remaining threads of the process
// get all of the best rank. If nothing is left, they share the generator's CPU: they
// sleep nearly always, and a late generator shows in the results, while a late worker
// does not.
//
// # Too few CPUs
//
// With as many workers as CPUs or more the plan is oversubscribed: workers are assigned
// to the CPUs round-robin, the generator gets the last CPU in the order, and the rest
// of the process runs on all.
func NewPlan(allowed Set, topo Topology, workers, beside int) (Plan, error) {
	if len(allowed) == 0 {
		return Plan{}, errors.New("cpu: no CPUs to plan with")
	}
	if workers < 1 || workers > MaxCPUs {
		return Plan{}, fmt.Errorf("cpu: %d workers: the number must be 1 to %d", workers, MaxCPUs)
	}
	order := spread(allowed, topo)
	p := Plan{
		Workers:        make([]int, workers),
		Generator:      order[len(order)-1],
		Runtime:        allowed,
		RuntimeShares:  ShareWorkers,
		Housekeeping:   allowed,
		Oversubscribed: workers >= len(allowed),
		Pinned:         CanPin,
	}
	cores := make(map[int]bool) // those with a worker
	for i := range p.Workers {
		p.Workers[i] = order[i%len(order)]
		cores[topo.core(p.Workers[i])] = true
	}
	if !p.Oversubscribed {
		p.Housekeeping = allowed.Without(SetOf(p.Workers...))
		p.Generator = bestGenerator(order[workers:], topo, p.Workers[0], cores)
		p.placeRest(topo, cores, beside)
	}
	p.describe(topo)
	return p, nil
}

// describe says what workers and generator share.
func (p *Plan) describe(topo Topology) {
	cores := make(map[int]bool)
	for _, cpu := range p.Workers {
		cores[topo.core(cpu)] = true
	}
	p.SharedCores = len(cores) < len(p.Workers)
	p.GeneratorShares = cores[topo.core(p.Generator)]
	inUse := SetOf(append(slices.Clip(p.Workers), p.Generator)...)
	p.Nodes = distinct(inUse, topo.node)
	p.L3s = distinct(inUse, topo.l3)
	p.Kinds = distinct(inUse, topo.kind)
}

// bestGenerator chooses among the CPUs that no worker has, as described at
// NewPlan; cores are those with a worker.
func bestGenerator(rest []int, topo Topology, worker int, cores map[int]bool) int {
	differs := func(cpu int) []int { // fewer and later siblings are better
		return []int{
			one(cores[topo.core(cpu)]),
			one(topo.kind(cpu) != topo.kind(worker)),
			one(topo.node(cpu) != topo.node(worker)),
			one(topo.l3(cpu) != topo.l3(worker)),
		}
	}
	return slices.MinFunc(backward(rest), func(a, b int) int { return slices.Compare(differs(a), differs(b)) })
}

// placeRest gives CPUs to the further submitting threads and to the rest of the
// process, as described at NewPlan; cores are those with a worker.
func (p *Plan) placeRest(topo Topology, cores map[int]bool, beside int) {
	generators := map[int]bool{topo.core(p.Generator): true} // cores
	rank := func(cpu int) Share {
		switch {
		case cores[topo.core(cpu)]:
			return ShareWorkers
		case generators[topo.core(cpu)]:
			return ShareSibling
		}
		return ShareNone
	}
	ranks := []Share{ShareNone, ShareSibling, ShareWorkers}
	spare := p.Housekeeping.Without(Set{p.Generator})
	if beside > 0 {
		byRank := slices.Clone(spare)
		slices.SortStableFunc(byRank, func(a, b int) int {
			return cmp.Compare(slices.Index(ranks, rank(a)), slices.Index(ranks, rank(b)))
		})
		p.Beside = byRank[:min(beside, len(byRank))]
		for _, cpu := range p.Beside {
			generators[topo.core(cpu)] = true
		}
		spare = spare.Without(SetOf(p.Beside...))
		if len(p.Beside) < beside {
			p.Beside = append(slices.Clip(p.Beside), p.Generator)
		}
	}
	for _, share := range ranks {
		p.Runtime = slices.DeleteFunc(slices.Clone(spare), func(cpu int) bool { return rank(cpu) != share })
		if p.RuntimeShares = share; len(p.Runtime) > 0 {
			return
		}
	}
	p.Runtime, p.RuntimeShares = Set{p.Generator}, ShareGenerator
}

// distinct counts the values of some CPUs; 0 if one of them is unknown.
func distinct(cpus Set, value func(cpu int) int) int {
	seen := make(map[int]bool)
	for _, cpu := range cpus {
		seen[value(cpu)] = true
	}
	if seen[-1] {
		return 0
	}
	return len(seen)
}

// spread returns the CPUs in the order described at NewPlan.
func spread(allowed Set, topo Topology) []int {
	seen := make(map[int]int)               // by core, how many of its CPUs have been placed
	rank := make(map[int]int, len(allowed)) // by CPU, how many of its core come before it
	nodes := make(map[int]int)              // the lowest CPU of each
	for _, cpu := range allowed {
		core := topo.core(cpu)
		rank[cpu] = seen[core]
		seen[core]++
		if _, ok := nodes[topo.node(cpu)]; !ok {
			nodes[topo.node(cpu)] = cpu
		}
	}
	key := func(cpu int) []int {
		kind := topo.kind(cpu)
		if kind < 0 {
			kind = MaxCPUs // after those that are known
		}
		return []int{kind, rank[cpu], nodes[topo.node(cpu)], topo.l3(cpu), cpu}
	}
	order := slices.Clone(allowed)
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(key(a), key(b)) })
	return order
}

// backward returns a copy in reverse order.
func backward(s []int) []int {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

// one is 1 for true and 0 for false.
func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Reserved returns the CPUs on which nothing but the one worker may run. If the plan is
// oversubscribed there are none.
func (p Plan) Reserved() Set {
	return SetOf(p.Workers...).Without(p.Housekeeping)
}
