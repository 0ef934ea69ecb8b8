// Package idletest checks an idle manager against the invariants of package impls,
// on real threads, or with the tag simulate on simulated machines. A manager's test
// calls one function, [Run]:
//
//	func TestInvariants(t *testing.T) { idletest.Run(t, mine.Implementation) }
//
// [Test] and [Brief] check a manager with one kind of parker and return an error, in
// the manner of testing/fstest.
//
// Run it under the race detector, too: whether the manager orders one holder's use
// of a core before the next one's is checked by plain variables, and the assertions
// of the suite are on. With the tag perturb, operations of impls/prim pause at
// random, which finds more.
//
// # How
//
// The manager is put into a small host of this package's own, which shares nothing
// with the one in loadgen/host but the contract. It keeps the books: which worker
// holds each core, how often each core was shut down, how many tasks ran, how often
// each worker was unparked and how often Park said that it had been woken. All
// goroutines pause at random where the manager calls back, to bring about
// interleavings that are rare otherwise. Parkers return for no reason now and then,
// and in half of the hosts workers are woken out of band; neither must change
// anything. In a third of the hosts every search leaves out the cores that the
// snapshot calls idle, in a third none does. A snapshot must not have a core that
// was held while it was taken.
//
// Each scenario is played many times with 1, 2, 3 and 4 cores, and twice with 63,
// 64, 65 and 128, with as many workers and with one more. Liveness is checked by
// what tasks wait for: one that must start though nothing else happens, several
// that wait for each other and so must run at once, a parent that waits for its
// child on another worker, and then for the next one.
//
// What has to happen is waited for with much patience. If it does not happen, the
// [Violation] says which invariant is at stake, with the state of everything. No
// wait is endless. After a violation, goroutines of the scenario may remain.
//
// # Races that a manager names
//
// In the situations that [impls.Implementation].Races name, a wake-up that was
// missed is notified once more. That is counted, over all hosts: a manager that
// misses more than a few and more than one in fifty fails.
//
// # Simulated
//
// With the tag simulate the same scenarios run on threads of package simulate: each
// host on a machine of its own, a third with fewer CPUs than threads, a third with two
// threads to a core, a third with two sockets. Times are the machine's, so a run takes
// a fraction of the time, and the same seed does the same again. The host's own books
// take no time there. Three things are different. The race detector sees nothing,
// since the threads take turns. Nothing overlaps but accesses to memory, so what
// depends on Go's scheduler or the kernel's does not happen unless the simulator
// models it. And a call that never returns is a deadlock of the simulation, not a
// violation with a name.
//
// # What it cannot tell
//
// It plays interleavings that happen to happen. A manager that passes may still be
// wrong. Package verify explores interleavings systematically.
package idletest
