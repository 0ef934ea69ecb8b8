package machine

import "github.com/idlebench/idlebench/simulate"

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

const maxCPUs = 4096 // of package simulate

// cpus returns the CPUs in the order of the package documentation.
func (t Topology) cpus() []simulate.CPU {
	if t.Places != nil {
		return firstOfCores(t.Places)
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
	if t.Places == nil {
		// In a regular machine what is true of any CPU is true of the first.
		t.Places = t.cpus()[:]
		for _, b := range t.Places[1:] {
			if is(t.Places[0], b) {
				return true
			}
		}
		return false
	}
	for i, a := range t.Places {
		for _, b := range t.Places[i+1:] {
			if is(a, b) {
				return true
			}
		}
	}
	return false
}
