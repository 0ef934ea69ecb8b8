// Package idletest checks an idle manager against the invariants of package
// impls, in the manner of testing/fstest: it is one function, [Test], that a
// test calls with the implementation.
//
//	func TestInvariants(t *testing.T) {
//		if err := idletest.Test(mine.Implementation, park.Kinds()[0].New); err != nil {
//			t.Fatal(err)
//		}
//	}
//
// It should be run under the race detector, too: whether the manager orders one
// holder's use of a core before the next one's is checked by plain variables.
//
// # How
//
// The manager is put into a small host of this package's own, which has nothing
// in common with the one in loadgen/host but the contract. It keeps the books:
// who holds each core, how often each was shut down, which task ran how often,
// how often each worker was unparked and how often it said that it had been
// woken. Its parkers return for no reason now and then, which must change
// nothing, and all goroutines pause at random where the manager calls back, to
// bring about interleavings that are rare otherwise.
//
// Each scenario is played with 1, 2, 63, 64, 65 and 128 cores, with as many
// workers and with one more. Liveness is checked by what tasks wait for: one
// that must start though nothing else happens, several that wait for each other
// and so must run at once, a parent that waits for its child on another worker.
//
// What has to happen is waited for with much patience, and if it does not, the
// [Violation] tells which invariant is at stake, with the state of everything.
// Nothing is waited out forever. After a violation, goroutines of the scenario
// may remain.
//
// # What it cannot tell
//
// It plays interleavings that happen to happen. A manager that passes may still
// be wrong.
package idletest
