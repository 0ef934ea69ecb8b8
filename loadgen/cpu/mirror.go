package cpu

import "slices"

// Mirrored returns the plan in which the generator and the first worker have
// exchanged their CPUs, and whoever shares these has moved with them.
func (p Plan) Mirrored() Plan {
	a, b := p.Workers[0], p.Generator
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
	return p
}
