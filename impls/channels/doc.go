// Package channels is an idle manager made of channels. It is what an experienced
// Go programmer would write first, and shows what the Go runtime's own queues of
// waiting goroutines can do for a scheduler. It has no mutex and no atomics of its
// own. A worker sleeps by receiving from its mailbox, which is part of the design,
// so the manager uses no parker.
//
// # State
//
//	available  the cores that no worker holds
//	sleepers   the mailboxes of the workers that wait for a core
//	searchers  a token for each searching worker; its capacity is the limit
//	closed     holds a token after Shutdown was called
//
// A mailbox holds at most one value. Each time a worker puts its mailbox among the
// sleepers it receives exactly one: a core to work with, or nil, which asks it to
// check whether the manager is closed. Channels are queues, so the worker that has
// slept longest is woken. The canonical design has stacks and wakes the one that
// has slept shortest.
//
// # Protocol
//
//	wake                                   Park
//	 1. the task is in a queue              1. core into available
//	 2. take a mailbox                      2. mailbox into sleepers
//	 3. take a core; none: put the          3. look at the queues; if there
//	    mailbox back                           is work, wake
//	 4. core into the mailbox               4. receive from the mailbox
//
// A worker that sees work in its step 3 cannot leave the sleepers again, because
// a queue gives up its values only in order. It wakes a sleeper, by the steps on
// the left. If that is itself, its receive does not block.
//
// # Why no wake-up is lost
//
// Suppose that wake finds nothing to take, in step 2 or in step 3, at time t.
//
// If no core was available at t, every core is held, or on its way into a mailbox.
// Its worker will take the steps on the right before it sleeps, so it looks at the
// queues after the task was there.
//
// If a core was available at t, let B be the worker that last made a core available
// before t. If B looks at the queues after the task was there, it sees the task.
// Otherwise B's mailbox was among the sleepers before, and some wake took it. Since
// B's step 1 a core has been available all the time. If that wake had a core for the
// mailbox by t, B is awake, and has not parked again, because then it would have
// put a core back later. If it has none after t, it lost the core to another wake,
// whose worker wakes after t. In each case a worker is awake that will look.
//
// This needs no note for the next worker that is about to park ("needs searching"),
// because every worker, not only the last searcher, looks at the queues after it
// has become visible. It leaves out the run queues while another worker searches,
// because that worker will look when it stops.
//
// For injected tasks the argument holds in Go's memory model: the task is
// published under the lock, and Park looks at the injection queue under the lock,
// so the later of the two sees the earlier. For run queues it relies on more than
// the model promises: that a receive that fails, and len, are ordered after the
// store that published the task. The runtime reads a word without its lock there.
// On amd64 the store is a barrier. A processor that may move a plain load ahead of
// it, such as arm64, can miss a wake-up, and the task waits for its publisher. This
// race is called len.
//
// # Why no core is lost at shutdown
//
// Shutdown puts the token into closed, wakes every sleeper with nil, and takes the
// available cores. A worker in Park may put its core there later, but then it finds
// the token and takes a core back, if there is one. Let k be the number of workers
// that have put a core and have not yet tried to take one. After Shutdown has taken
// the others, at most k cores are available: a put adds one to both numbers, and a
// try takes one from k, and a core if there is one. In the end k is 0. Likewise no
// mailbox is left among the sleepers: the worker that puts one there, or the
// publisher that found no core for it, looks at closed afterwards and wakes all
// sleepers itself. The lock orders these looks and the token.
package channels
