package machine

import (
	"cmp"
	"slices"

	"github.com/idlebench/idlebench/simulate"
)

// A Topology says where the CPUs of a machine are. Most machines are regular: all
// sockets are alike. One that is not lists its CPUs in Places, and the numbers are 0.
type Topology struct {
	Sockets int
	Caches  int // last-level caches of a socket
	Cores   int // of a cache
	Threads int // of a core, 1 or 2

	Places []simulate.CPU

	Source string
}

// TopologyOf returns the topology of some CPUs, as four numbers if they are regular.
func TopologyOf(places []simulate.CPU, source string) Topology {
	caches, cores, threads := map[int]map[int]bool{}, map[int]map[int]bool{}, map[int]map[int]bool{}
	for i, p := range places {
		add(caches, p.Socket, p.Cache)
		add(cores, p.Cache, p.Core)
		add(threads, p.Core, i)
	}
	t := Topology{Sockets: len(caches), Caches: each(caches), Cores: each(cores), Threads: each(threads), Source: source}
	if t.Sockets*t.Caches*t.Cores*t.Threads != len(places) || t.Threads > 2 {
		return Topology{Places: places, Source: source}
	}
	return t
}

func add(sets map[int]map[int]bool, key, element int) {
	if sets[key] == nil {
		sets[key] = make(map[int]bool)
	}
	sets[key][element] = true
}

// each returns the number of elements of every set, 0 if the sets differ.
func each(sets map[int]map[int]bool) (n int) {
	for _, set := range sets {
		if n != 0 && len(set) != n {
			return 0
		}
		n = len(set)
	}
	return n
}

const maxCPUs = 4096 // of package simulate

// cpus returns the CPUs in the order of the package documentation.
func (t Topology) cpus() []simulate.CPU {
	if t.Places != nil {
		sorted := slices.Clone(t.Places)
		slices.SortStableFunc(sorted, func(a, b simulate.CPU) int {
			return cmp.Or(cmp.Compare(a.Socket, b.Socket), cmp.Compare(a.Cache, b.Cache), cmp.Compare(a.Core, b.Core))
		})
		return firstOfCores(sorted)
	}
	cpus := make([]simulate.CPU, 0, t.Sockets*t.Caches*t.Cores*t.Threads)
	for range t.Threads {
		for core := range t.Sockets * t.Caches * t.Cores {
			cache := core / t.Cores
			cpus = append(cpus, simulate.CPU{Core: core, Cache: cache, Socket: cache / t.Caches})
		}
	}
	return cpus
}

// firstOfCores moves the second thread of each core behind all that are the first.
func firstOfCores(places []simulate.CPU) []simulate.CPU {
	seen := make(map[int]bool)
	var first, second []simulate.CPU
	for _, p := range places {
		if seen[p.Core] {
			second = append(second, p)
		} else {
			first = append(first, p)
		}
		seen[p.Core] = true
	}
	return append(first, second...)
}

// hasSiblings, hasNeighbours, hasCaches and hasSockets report whether there are two CPUs
// of the same core; of the same cache, not the same core; and so on.
func (t Topology) hasSiblings() bool {
	return t.pair(func(a, b simulate.CPU) bool { return a.Core == b.Core })
}

func (t Topology) hasNeighbours() bool {
	return t.pair(func(a, b simulate.CPU) bool { return a.Cache == b.Cache && a.Core != b.Core })
}

func (t Topology) hasCaches() bool {
	return t.pair(func(a, b simulate.CPU) bool { return a.Socket == b.Socket && a.Cache != b.Cache })
}

func (t Topology) hasSockets() bool {
	return t.pair(func(a, b simulate.CPU) bool { return a.Socket != b.Socket })
}

func (t Topology) pair(is func(a, b simulate.CPU) bool) bool {
	cpus := t.cpus()
	for i, a := range cpus {
		for _, b := range cpus[i+1:] {
			if is(a, b) {
				return true
			}
		}
		if t.Places == nil {
			return false // what is true of any CPU of a regular machine is true of the first
		}
	}
	return false
}
