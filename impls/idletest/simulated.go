//go:build simulate && !explore

package idletest

import (
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/simulate"
)

// What the threads of a host are: threads on a simulated machine. Its own books are
// plain Go, which takes no time there and in which no thread makes way for another.

var (
	thorough = effort{time.Second, 6, []int{1, 2, 3, 4}, []int{63, 64, 65}}
	brief    = effort{time.Second, 1, []int{1, 2, 3, 4}, nil}
)

// spinning returns how many cores a host may have whose workers spin: few, because on
// machines with fewer CPUs than threads those that spin take all the time.
func spinning() (cores int) { return 4 }

// on runs a host from its beginning to its end, on a machine of its own. A third of
// the machines have fewer CPUs than the host has threads, a third have threads that
// share cores, and a third have two sockets.
func on(seed uint64, threads int, f func()) error {
	_, err := simulate.Run(machine(seed, threads), seed, f)
	return err
}

func machine(seed uint64, threads int) *simulate.Machine {
	const ns, us = simulate.Nanosecond, simulate.Microsecond
	m := &simulate.Machine{
		Name: "idletest",
		Costs: simulate.Costs{
			Hit: 500, RMW: 5 * ns, Code: 600, Look: 15 * ns, Now: 22 * ns,
			SameCore: 8 * ns, SameCache: 25 * ns, SameSocket: 105 * ns, OtherSocket: 200 * ns, Memory: 110 * ns,
			Serve: 10 * ns, Overlap: 600, Sibling: 400,
			Syscall: 150 * ns, Switch: 1000 * ns, Wake: 1800 * ns, Bucket: 50 * ns,
			Slack: 5 * us, Slice: 100 * us, Preempt: 20 * us,
			GoReady: 1500 * ns, GoWake: 5 * us, GoHandoff: 2 * us, MutexWake: 5 * us,
		},
		Idle:    []simulate.IdleState{{Exit: 600 * ns}, {After: 5 * us, Exit: 1500 * ns}},
		Buckets: 16,
		Jitter:  100,
	}
	cpus := threads + 6 // and those that publish, and wake for no reason
	if seed%3 == 0 {
		cpus = max(2, threads/2)
	}
	for i := range cpus {
		c := simulate.CPU{Core: i, Cache: i / 8}
		switch seed % 3 {
		case 1:
			c.Core = i / 2
		case 2:
			c.Socket = c.Cache % 2
		}
		m.CPUs = append(m.CPUs, c)
	}
	return m
}

func start(f func()) { prim.Go(f) }

// all runs functions at the same time and waits for them.
func all(functions ...func()) {
	var left atomic.Int32
	for _, f := range functions {
		left.Add(1)
		start(func() {
			f()
			left.Add(-1)
		})
	}
	for left.Load() > 0 {
		sleep(time.Microsecond)
	}
}

// inTime reports whether a function returns in time. One that does not ends the
// simulation as a deadlock.
func inTime(_ time.Duration, f func()) bool {
	f()
	return true
}

func now() time.Duration    { return simulate.Now().Duration() }
func sleep(d time.Duration) { simulate.Sleep(simulate.FromDuration(d)) }
func offer()                { simulate.Yield() }
func random() uint32        { return uint32(simulate.Choose(1 << 32)) }

// compute stays busy for some instructions.
func compute(n int) { simulate.Compute(simulate.Time(n) * 300 * simulate.Picosecond) }
