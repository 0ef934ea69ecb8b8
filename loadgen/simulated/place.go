//go:build simulate

package simulated

import (
	"slices"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/simulate"
)

// A placement says on which CPUs the threads of a run are: on those on which package
// loadgen would pin the same threads on a real machine of that topology. Both ask
// [cpu.NewPlan], so a difference between a measurement and its simulation is never one
// of placement.
//
// A simulation costs memory and time for each CPU, so its machine has only the CPUs that
// are used. CPU 0 is that of the thread that submits. Those of the workers follow, in
// the order of the workers, and then those of further threads that submit.
type placement struct {
	machine *simulate.Machine
	workers []int // by core
	beside  []int // by thread that submits, without the first
}

// place places a number of workers and of threads that submit besides the first.
func place(m *simulate.Machine, workers, beside int) (placement, error) {
	all, topology := topologyOf(m.CPUs)
	plan, err := cpu.NewPlan(all, topology, workers, beside)
	if err != nil {
		return placement{}, err
	}
	used := []int{plan.Generator}
	number := map[int]int{plan.Generator: 0}
	use := func(c int) int {
		n, known := number[c]
		if !known {
			n = len(used)
			number[c], used = n, append(used, c)
		}
		return n
	}
	var p placement
	for _, c := range plan.Workers {
		p.workers = append(p.workers, use(c))
	}
	// Where the plan leaves it to the kernel, on CPUs that workers use too, they are spread
	// like the workers: the simulated kernel does not move threads.
	where := plan.Beside
	if where == nil {
		where = plan.Workers
	}
	for i := range beside {
		p.beside = append(p.beside, use(where[i%len(where)]))
	}
	trimmed := *m
	trimmed.CPUs = nil
	for _, c := range used {
		trimmed.CPUs = append(trimmed.CPUs, m.CPUs[c])
	}
	p.machine = &trimmed
	return p, nil
}

// topologyOf describes CPUs as package cpu reads them from a system. A socket is a NUMA
// node, and all cores are of one kind.
func topologyOf(cpus []simulate.CPU) (all cpu.Set, t cpu.Topology) {
	siblings, first := map[int]cpu.Set{}, map[int]int{}
	for i, c := range cpus {
		siblings[c.Core] = append(siblings[c.Core], i)
		if _, known := first[c.Cache]; !known {
			first[c.Cache] = i
		}
	}
	t = make(cpu.Topology, len(cpus))
	for i, c := range cpus {
		all = append(all, i)
		t[i] = cpu.Place{Package: c.Socket, Core: c.Core, Siblings: siblings[c.Core], Node: c.Socket, L3: first[c.Cache]}
	}
	return all, t
}

// worker returns the CPU of a worker. One in excess of the cores shares that of another.
func (p placement) worker(n int) int { return p.workers[n%len(p.workers)] }

// shares reports whether other threads are on the CPU of the thread that submits, which
// then gives way to them while it waits.
func (p placement) shares() bool {
	return slices.Contains(p.workers, 0) || slices.Contains(p.beside, 0)
}
