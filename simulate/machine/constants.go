package machine

import "github.com/idlebench/idlebench/simulate"

// A constant is one of the figures of a machine.
type constant struct {
	key         string
	dimension   dimension
	least, most int64 // what is allowed, in units of the dimension
	about       string

	// at returns where the figure is in a machine. It is a *simulate.Time if the
	// dimension is duration, otherwise an *int.
	at func(*simulate.Machine) any

	// needed reports whether the figure matters on a machine of this topology. Nil: it
	// always does.
	needed func(Topology) bool
}

const (
	ns = int64(simulate.Nanosecond)
	us = int64(simulate.Microsecond)
	ms = int64(simulate.Millisecond)
	s  = int64(simulate.Second)
)

// handoff is the key of a constant that files of the first version lack.
const handoff = "go_handoff"

// constants lists them in the order in which files are written.
var constants = []constant{
	{"hit", duration, ns / 10, 20 * ns, "an access to a line that the CPU has",
		func(m *simulate.Machine) any { return &m.Hit }, nil},
	{"rmw", duration, 0, 200 * ns, "an atomic read-modify-write of a line that the CPU owns, on top of hit",
		func(m *simulate.Machine) any { return &m.RMW }, nil},
	{"code", duration, 0, 100 * ns, "the instructions between two operations",
		func(m *simulate.Machine) any { return &m.Code }, nil},
	{"look", duration, ns / 10, 1 * us, "between two looks of a thread that spins: PAUSE",
		func(m *simulate.Machine) any { return &m.Look }, nil},
	{"now", duration, ns / 10, 10 * us, "a reading of the clock",
		func(m *simulate.Machine) any { return &m.Now }, nil},

	{"same_core", duration, ns / 10, 500 * ns, "a line's way to the other thread of the core",
		func(m *simulate.Machine) any { return &m.SameCore }, Topology.hasSiblings},
	{"same_cache", duration, ns, 1 * us, "a line's way to another core of the same last-level cache",
		func(m *simulate.Machine) any { return &m.SameCache }, Topology.hasNeighbours},
	{"same_socket", duration, ns, 2 * us, "a line's way to another last-level cache of the socket",
		func(m *simulate.Machine) any { return &m.SameSocket }, Topology.hasCaches},
	{"other_socket", duration, ns, 5 * us, "a line's way to another socket",
		func(m *simulate.Machine) any { return &m.OtherSocket }, Topology.hasSockets},
	{"memory", duration, ns, 5 * us, "a line's way from memory, if no cache has it",
		func(m *simulate.Machine) any { return &m.Memory }, nil},
	{"serve", duration, 0, 500 * ns, "how long a line is busy with a read by another CPU",
		func(m *simulate.Machine) any { return &m.Serve }, nil},
	{"overlap", share, 0, 1000, "how much of a plain load that moves a line is hidden behind others",
		func(m *simulate.Machine) any { return &m.Overlap }, nil},
	{"sibling", share, 0, 3000, "how much longer everything takes while the core's other thread runs",
		func(m *simulate.Machine) any { return &m.Sibling }, Topology.hasSiblings},

	{"syscall", duration, 10 * ns, 20 * us, "a system call that does nothing",
		func(m *simulate.Machine) any { return &m.Syscall }, nil},
	{"switch", duration, 10 * ns, 100 * us, "from one thread to another",
		func(m *simulate.Machine) any { return &m.Switch }, nil},
	{"wake", duration, 10 * ns, 200 * us, "what the waker of a thread spends on it, on top of syscall and bucket",
		func(m *simulate.Machine) any { return &m.Wake }, nil},
	{"bucket", duration, 0, 10 * us, "how long the lock of a futex's hash bucket is held",
		func(m *simulate.Machine) any { return &m.Bucket }, nil},
	{"buckets", count, 1, 1 << 20, "hash buckets for futexes",
		func(m *simulate.Machine) any { return &m.Buckets }, nil},
	{"slack", duration, 0, 10 * ms, "by how much a timer is late",
		func(m *simulate.Machine) any { return &m.Slack }, nil},
	{"slice", duration, 10 * us, s, "a thread's turn on a CPU that others want, too",
		func(m *simulate.Machine) any { return &m.Slice }, nil},
	{"preempt", duration, 0, s, "after that much of its turn a thread makes way for one that was woken",
		func(m *simulate.Machine) any { return &m.Preempt }, nil},

	{"go_ready", duration, 0, 1 * ms, "what Go spends on making a goroutine ready",
		func(m *simulate.Machine) any { return &m.GoReady }, nil},
	{"go_wake", duration, 0, 10 * ms, "how much longer a wake-up takes through a channel or sync.Cond than a thread's",
		func(m *simulate.Machine) any { return &m.GoWake }, nil},
	{handoff, duration, 0, 10 * ms, "the same as go_wake, from when the waker blocks in Go's scheduler, if that is sooner",
		func(m *simulate.Machine) any { return &m.GoHandoff }, nil},
	{"mutex_wake", duration, 0, 10 * ms, "the same as go_wake, through a sync.Mutex",
		func(m *simulate.Machine) any { return &m.MutexWake }, nil},

	{"jitter", share, 0, 1000, "by how much a cost may be higher, at random",
		func(m *simulate.Machine) any { return &m.Jitter }, nil},
}

func constantOf(key string) (constant, bool) {
	for _, c := range constants {
		if c.key == key {
			return c, true
		}
	}
	return constant{}, false
}

// set stores the figure in a machine.
func (c constant) set(m *simulate.Machine, value int64) {
	switch p := c.at(m).(type) {
	case *simulate.Time:
		*p = simulate.Time(value)
	case *int:
		*p = int(value)
	}
}

// limits of the states of an idle CPU
var (
	idleAfter = constant{key: "after", dimension: duration, most: 10 * s}
	idleExit  = constant{key: "exit", dimension: duration, most: 100 * ms}
)
