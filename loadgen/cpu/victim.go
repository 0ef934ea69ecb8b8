package cpu

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Victim says where a piece of work of another program runs, seen from a pool.
type Victim string

const (
	NoVictim      Victim = "none"
	VictimSibling Victim = "sibling" // on another CPU of a worker's core
	VictimOther   Victim = "other"   // on a core without workers
	VictimSame    Victim = "same"    // on a worker's CPU
)

// Victims returns the places, with what each is.
func Victims() [][2]string {
	return [][2]string{
		{string(NoVictim), "nothing runs beside the pool"},
		{string(VictimSibling), "on another CPU of a worker's core, which shares its execution units and caches"},
		{string(VictimOther), "on a core without workers, which shares caches, power and, in a virtual machine, the host"},
		{string(VictimSame), "on a worker's CPU, which they have in turns"},
	}
}

// ParseVictim reads the name of a place other than none.
func ParseVictim(text string) (Victim, error) {
	var names []string
	for _, v := range Victims()[1:] {
		if v[0] == text {
			return Victim(text), nil
		}
		names = append(names, v[0])
	}
	return NoVictim, fmt.Errorf("victim %q: want one of %s", text, strings.Join(names, ", "))
}

// A Seat is the CPU of a victim, and what else is there.
type Seat struct {
	CPU int

	// Shares says which other threads of the measurement are on its CPU: none, the
	// Go runtime's, the generator, or a worker.
	Shares string
}

// Seat returns where a victim runs, among the CPUs that the plan was made of.
//
// A sibling is a CPU without a worker on the core of one that has one; another core has no
// worker. Those without any thread of the measurement come first, then the Go runtime's,
// then the generator's, and among equals those of the kind, node and cache of the first
// worker, then the lowest. The same CPU is that of the first worker.
//
// The error says what the machine, or the choice of CPUs, lacks.
func (p Plan) Seat(v Victim, topo Topology) (Seat, error) {
	if !p.Pinned {
		return Seat{}, errors.New("cpu: a victim needs threads that can be pinned, as on Linux")
	}
	workers := SetOf(p.Workers...)
	switch v {
	case VictimSame:
		return Seat{p.Workers[0], "worker"}, nil
	case VictimSibling, VictimOther:
		cores := make(map[int]bool) // those of workers
		for _, w := range p.Workers {
			cores[topo.core(w)] = true
		}
		free := slices.DeleteFunc(slices.Clone(p.Housekeeping.Without(workers)), func(c int) bool {
			return cores[topo.core(c)] != (v == VictimSibling)
		})
		if len(free) > 0 {
			at := p.quietest(free, topo)
			return Seat{at, p.shares(at)}, nil
		}
	}
	all := SetOf(slices.Concat(p.Workers, []int(p.Housekeeping))...)
	switch siblings := len(all) > topo.Cores(all); {
	case v == VictimSibling && !siblings:
		return Seat{}, fmt.Errorf("cpu: victim=sibling: none of the CPUs %v shares a core with another (no SMT here, or -cpus leaves the siblings out)", all)
	case v == VictimSibling:
		return Seat{}, fmt.Errorf("cpu: victim=sibling: the CPUs %v leave no worker a sibling without a worker: use fewer workers (-workers)", all)
	}
	return Seat{}, fmt.Errorf("cpu: victim=%s: workers on %v leave no core of the CPUs %v to a victim: use fewer workers (-workers) or more CPUs (-cpus)", v, workers, all)
}

// quietest returns the CPU with the fewest other threads; see Seat.
func (p Plan) quietest(cpus Set, topo Topology) int {
	first := p.Workers[0]
	key := func(c int) []int {
		return []int{
			one(c == p.Generator),
			one(slices.Contains(p.Beside, c)),
			one(p.Runtime.Contains(c) && len(p.Runtime) == 1), // of several, the runtime gives one up
			one(topo.kind(c) != topo.kind(first)),
			one(topo.node(c) != topo.node(first)),
			one(topo.l3(c) != topo.l3(first)),
			c,
		}
	}
	return slices.MinFunc(cpus, func(a, b int) int { return slices.Compare(key(a), key(b)) })
}

// shares names the other threads on a CPU that no worker has.
func (p Plan) shares(c int) string {
	switch {
	case c == p.Generator, slices.Contains(p.Beside, c):
		return "generator"
	case p.Runtime.Contains(c) && len(p.Runtime) == 1:
		return "runtime"
	}
	return "none"
}

// Around returns the plan with the Go runtime's threads off the CPU of a victim, if there
// is another for them.
func (p Plan) Around(s Seat) Plan {
	if rest := p.Runtime.Without(Set{s.CPU}); len(rest) > 0 && !p.Oversubscribed {
		p.Runtime = rest
	}
	return p
}
