package cpu

import "slices"

// Mirrored returns the plan in which the generator and a worker have swapped their
// CPUs, and all threads that share these have moved with them. The worker is one on the
// generator's own core, if there is one, so that no two workers come to share a core
// that did not before; otherwise the first.
func (p Plan) Mirrored(topo Topology) Plan {
	a, b := p.Workers[0], p.Generator
	for _, cpu := range p.Workers {
		if cpu != b && topo.core(cpu) == topo.core(b) {
			a = cpu
			break
		}
	}
	exchange := func(cpu int) int {
		switch cpu {
		case a:
			return b
		case b:
			return a
		}
		return cpu
	}
	all := func(cpus []int) []int {
		moved := slices.Clone(cpus)
		for i, cpu := range moved {
			moved[i] = exchange(cpu)
		}
		return moved
	}
	p.Workers, p.Generator = all(p.Workers), exchange(p.Generator)
	p.Beside = all(p.Beside)
	p.Runtime, p.Housekeeping = SetOf(all(p.Runtime)...), SetOf(all(p.Housekeeping)...)
	p.describe(topo)
	return p
}
