// Command go is the peers in Go: Go's own scheduler, and pools for it. It speaks the protocol
// of docs/peers.md, and is the peer whose name it was started by: "make peers" makes a link
// for each.
//
// A peer in Go runs the very loads of the suite (package loadgen/workload), on a pool that
// passes each task on to the library. So a difference to the row goroutine, which is measured
// in the suite's process, is the library's, or the garbage collector's: that is as it is by
// default in a peer, and off there.
//
// # What a pool can do
//
// A pool with an unbounded queue takes tasks from tasks. One that blocks in Submit while all
// its workers are busy would wait for itself, so it has no workload in which tasks spawn tasks.
//
// No library here has a way to yield: a task that yields is submitted again. Goroutines yield.
package main
