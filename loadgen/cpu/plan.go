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

	// Housekeeping is for the rest of the process: the generator's CPU and those
	// that no worker has, or all CPUs if the plan is oversubscribed.
	Housekeeping Set

	// Oversubscribed says that there are too few CPUs to give every worker and
	// the generator one of its own. Then workers, generator and house compete
	// for CPUs, and what is measured is also the operating system's scheduler.
	Oversubscribed bool

	// SharedCores says that some workers share a physical core, and so slow each
	// other when both are busy. A worker that spins is busy.
	SharedCores bool

	// GeneratorShares says that the generator, which is always busy, shares its
	// physical core with a worker. That worker is slower than the others.
	GeneratorShares bool

	// Pinned says whether threads are to be pinned as planned. [NewPlan] sets it
	// to [CanPin].
	Pinned bool
}

// NewPlan places a generator and the given number of workers, 1 to [MaxCPUs],
// on the allowed CPUs.
//
// The CPUs are put in an order: first one CPU of each physical core, then a
// second one of each core that has more, and so on, each time by ascending
// number. Only allowed CPUs count, in this as in all that follows.
//
// If there are more CPUs than workers, the workers get the first ones, so that
// they share no core until every core has a worker. The generator gets the last
// CPU whose core has no worker, or if there is none simply the last.
//
// Otherwise the plan is oversubscribed: workers are dealt to the CPUs in order,
// again and again, and the generator gets the last CPU.
func NewPlan(allowed Set, topo Topology, workers int) (Plan, error) {
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
		for _, cpu := range slices.Backward(order[workers:]) {
			if !cores[topo.core(cpu)] {
				p.Generator = cpu
				break
			}
		}
	}
	p.SharedCores = len(cores) < workers
	p.GeneratorShares = cores[topo.core(p.Generator)]
	return p, nil
}

// spread returns the CPUs in the order described at NewPlan.
func spread(allowed Set, topo Topology) []int {
	seen := make(map[int]int)               // by core, how many of its CPUs came already
	rank := make(map[int]int, len(allowed)) // by CPU, how many of its core came before it
	for _, cpu := range allowed {
		core := topo.core(cpu)
		rank[cpu] = seen[core]
		seen[core]++
	}
	order := slices.Clone(allowed)
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(a, b))
	})
	return order
}

// Reserved returns the CPUs on which nothing but the one worker may run. If
// the plan is oversubscribed there are none.
func (p Plan) Reserved() Set {
	return SetOf(p.Workers...).Without(p.Housekeeping)
}
