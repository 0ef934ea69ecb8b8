package simulate

import (
	"strings"
	"testing"
)

// small returns a machine for tests: two threads a core if smt, four cores a cache,
// two caches a socket. Its figures are made up.
func small(cpus int, smt bool) *Machine {
	m := &Machine{
		Name: "small",
		Costs: Costs{
			Hit: 500, RMW: 5 * Nanosecond, Code: 600, Look: 15 * Nanosecond, Now: 20 * Nanosecond,
			SameCore: 8 * Nanosecond, SameCache: 25 * Nanosecond, SameSocket: 110 * Nanosecond, OtherSocket: 200 * Nanosecond, Memory: 100 * Nanosecond,
			Serve: 10 * Nanosecond, Overlap: 600, Sibling: 400,
			Syscall: 150 * Nanosecond, Switch: Microsecond, Wake: 2 * Microsecond, Bucket: 50 * Nanosecond,
			Slack: 50 * Microsecond, Slice: 3 * Millisecond, Preempt: 700 * Microsecond,
			GoReady: 2 * Microsecond, GoWake: 5 * Microsecond, GoHandoff: 2 * Microsecond, MutexWake: 5 * Microsecond,
		},
		Idle:    []IdleState{{0, Microsecond}, {20 * Microsecond, 10 * Microsecond}, {600 * Microsecond, 130 * Microsecond}},
		Buckets: 16,
		Jitter:  50,
	}
	each := 1
	if smt {
		each = 2
	}
	for i := range cpus {
		core := i / each
		m.CPUs = append(m.CPUs, CPU{Core: core, Cache: core / 4, Socket: core / 8})
	}
	return m
}

func TestCheck(t *testing.T) {
	if err := small(16, true).Check(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Machine){
		"0 CPUs":         func(m *Machine) { m.CPUs = nil },
		"another cache":  func(m *Machine) { m.CPUs[1].Cache = 7 },
		"another socket": func(m *Machine) { m.CPUs[2].Socket = 7 },
		"more than 2":    func(m *Machine) { m.CPUs[2].Core = 0 },
		"RMW":            func(m *Machine) { m.RMW = -1 },
		"Jitter":         func(m *Machine) { m.Jitter = -1 },
		"stand still":    func(m *Machine) { m.Hit, m.Code = 0, 0 },
		"Look":           func(m *Machine) { m.Look = 0 },
		"Slice":          func(m *Machine) { m.Slice = 0 },
		"buckets":        func(m *Machine) { m.Buckets = 0 },
		"idle state 1":   func(m *Machine) { m.Idle[1].After = 0 },
	} {
		m := small(16, true)
		change(m)
		_, err := Run(m, 1, func() { t.Errorf("%s: it ran", want) })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error about %q, got %v", want, err)
		}
	}
}

func TestDistance(t *testing.T) {
	m := small(32, true)
	for _, test := range []struct {
		a, b int
		want Time
	}{{0, 1, m.SameCore}, {0, 2, m.SameCache}, {7, 8, m.SameSocket}, {1, 16, m.OtherSocket}} {
		if got := m.distance(test.a, test.b); got != test.want {
			t.Errorf("from %d to %d: %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

// A thread may go ahead by half of the shortest way that there is between the machine's CPUs,
// or from memory.
func TestLookahead(t *testing.T) {
	far := small(2, false)
	far.CPUs[1] = CPU{Core: 1, Cache: 1, Socket: 1}
	socket := small(2, false)
	socket.CPUs[1] = CPU{Core: 1, Cache: 1, Socket: 0}
	for _, test := range []struct {
		what string
		m    *Machine
		want Time
	}{
		{"one CPU", small(1, false), 50 * Nanosecond},
		{"cores of a cache", small(4, false), 12500},
		{"threads of a core", small(4, true), 4 * Nanosecond},
		{"two caches", socket, 50 * Nanosecond}, // 55, but memory is nearer
		{"two sockets", far, 50 * Nanosecond},
		{"many", small(1024, true), 4 * Nanosecond},
	} {
		if got := test.m.lookahead(); got != test.want {
			t.Errorf("%s: %v, want %v", test.what, got, test.want)
		}
	}
}
