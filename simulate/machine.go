package simulate

import "fmt"

// A Machine is the topology and the costs of a computer.
type Machine struct {
	Name string
	CPUs []CPU

	Costs

	// Idle lists the states of an idle CPU, shallowest first. None: an idle CPU
	// comes back at once.
	Idle []IdleState

	// Buckets is the number of hash buckets for futexes, at least 1. Linux has 256
	// for each CPU, and since 6.16 those of a process apart, 16 by default.
	Buckets int

	// Jitter is by how much a cost may be higher, in thousandths. Each time it is
	// drawn uniformly between 0 and that.
	Jitter int
}

// A CPU says where a CPU is. CPUs with the same Core are threads of one core; with
// the same Cache they share a last-level cache. Numbers are unique in the
// machine.
type CPU struct{ Core, Cache, Socket int }

// An IdleState is how a CPU sleeps.
type IdleState struct {
	After Time // the CPU enters it when it has been idle for that long
	Exit  Time // how long it takes to come back
}

// Costs are what operations take.
type Costs struct {
	Hit  Time // an access to a line that is there
	RMW  Time // an atomic read-modify-write on a line that is owned; Go's Store is one on amd64
	Code Time // the instructions between two operations
	Look Time // between two looks of a thread that spins: PAUSE
	Now  Time // a look at the clock

	// A line's way from one cache to another, by what the CPUs have in common, and
	// from memory if no cache has it.
	SameCore, SameCache, SameSocket, OtherSocket, Memory Time

	Serve Time // a line is busy for that long with a read by another CPU

	Overlap int // how much of a plain access is hidden behind others, in thousandths

	Sibling int // by how much everything takes longer while the core's other thread runs, in thousandths

	Syscall Time // a system call that does nothing
	Switch  Time // from one thread to another, or to none
	Wake    Time // what the waker of a thread spends on it
	Bucket  Time // the lock of a futex's hash bucket is held for that long
	Slack   Time // a timer is late by that much
	Slice   Time // a thread's turn on a CPU that others want, too; at least 1 µs
	Preempt Time // after that much of its turn, a thread makes way for one that was woken

	GoReady   Time // what Go spends on making a goroutine ready
	GoWake    Time // how much longer a wake-up takes through Go's scheduler, by a channel or sync.Cond
	GoHandoff Time // the same, from when the waker blocks in Go's scheduler, if that is sooner
	MutexWake Time // the same, by a sync.Mutex
}

// Check reports what is wrong with the machine.
func (m *Machine) Check() error {
	const maxCPUs = 4096
	if n := len(m.CPUs); n < 1 || n > maxCPUs {
		return fmt.Errorf("simulate: machine %q has %d CPUs; it may have 1 to %d", m.Name, n, maxCPUs)
	}
	cache, socket, threads := map[int]int{}, map[int]int{}, map[int]int{}
	for i, c := range m.CPUs {
		if known, ok := cache[c.Core]; ok && known != c.Cache {
			return fmt.Errorf("simulate: machine %q: CPU %d shares core %d with one of another cache", m.Name, i, c.Core)
		}
		if known, ok := socket[c.Cache]; ok && known != c.Socket {
			return fmt.Errorf("simulate: machine %q: CPU %d shares cache %d with one of another socket", m.Name, i, c.Cache)
		}
		cache[c.Core], socket[c.Cache] = c.Cache, c.Socket
		if threads[c.Core]++; threads[c.Core] > 2 {
			return fmt.Errorf("simulate: machine %q: core %d has more than 2 threads", m.Name, c.Core)
		}
	}
	for _, c := range []struct {
		name string
		cost Time
	}{
		{"Hit", m.Hit}, {"RMW", m.RMW}, {"Code", m.Code}, {"Look", m.Look}, {"Now", m.Now},
		{"SameCore", m.SameCore}, {"SameCache", m.SameCache}, {"SameSocket", m.SameSocket}, {"OtherSocket", m.OtherSocket}, {"Memory", m.Memory},
		{"Serve", m.Serve}, {"Syscall", m.Syscall}, {"Switch", m.Switch}, {"Wake", m.Wake}, {"Bucket", m.Bucket},
		{"Slack", m.Slack}, {"Preempt", m.Preempt}, {"GoReady", m.GoReady}, {"GoWake", m.GoWake}, {"GoHandoff", m.GoHandoff}, {"MutexWake", m.MutexWake},
		{"Sibling", Time(m.Sibling)}, {"Jitter", Time(m.Jitter)}, {"Overlap", Time(m.Overlap)},
	} {
		if c.cost < 0 || c.cost > Second {
			return fmt.Errorf("simulate: machine %q: %s is %d; it may be 0 to 1 s", m.Name, c.name, c.cost)
		}
	}
	switch {
	case m.Hit+m.Code < 1:
		return fmt.Errorf("simulate: machine %q: Hit and Code are 0, so time would stand still", m.Name)
	case m.Look < 1:
		return fmt.Errorf("simulate: machine %q: Look is 0, so a spinning thread would not see time pass", m.Name)
	case m.Slice < Microsecond:
		return fmt.Errorf("simulate: machine %q: Slice is %v; it must be at least 1 µs", m.Name, m.Slice)
	case m.Buckets < 1:
		return fmt.Errorf("simulate: machine %q has %d futex buckets; it must have 1 at least", m.Name, m.Buckets)
	}
	for i, s := range m.Idle {
		if s.After < 0 || s.Exit < 0 || i > 0 && (s.After <= m.Idle[i-1].After || s.Exit < m.Idle[i-1].Exit) {
			return fmt.Errorf("simulate: machine %q: idle state %d is not deeper than the one before", m.Name, i)
		}
	}
	return nil
}

// lookahead returns half of the shortest way that a line can take.
func (m *Machine) lookahead() Time {
	shortest := m.Memory
	core, cache, socket := map[int]int{}, map[int]int{}, map[int]int{} // the last CPU of each
	for i, c := range m.CPUs {
		for _, last := range []struct {
			of  map[int]int
			key int
		}{{core, c.Core}, {cache, c.Cache}, {socket, c.Socket}} {
			if j, there := last.of[last.key]; there {
				shortest = min(shortest, m.distance(j, i))
			}
			last.of[last.key] = i
		}
		if i > 0 {
			shortest = min(shortest, m.distance(i-1, i))
		}
	}
	return shortest / 2
}

// distance returns how long a line takes from CPU a to CPU b, which is another one.
func (m *Machine) distance(a, b int) Time {
	switch from, to := &m.CPUs[a], &m.CPUs[b]; {
	case from.Core == to.Core:
		return m.SameCore
	case from.Cache == to.Cache:
		return m.SameCache
	case from.Socket == to.Socket:
		return m.SameSocket
	}
	return m.OtherSocket
}

// exit returns how long a CPU takes to come back that was idle for so long.
func (m *Machine) exit(idle Time) (exit Time) {
	for _, s := range m.Idle {
		if idle < s.After {
			break
		}
		exit = s.Exit
	}
	return exit
}
