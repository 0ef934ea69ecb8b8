// Package channels is an idle manager made of channels: what an experienced Go
// programmer would write first, and a look at what the Go runtime's own queues
// of waiting goroutines can do for a scheduler. It has no mutex and no atomics
// of its own. Its way of sleeping, a receive from the worker's own mailbox, is
// part of the design, so it uses no parker.
//
// # State
//
//	available  the cores that nobody holds
//	sleepers   the mailboxes of the workers that wait for a core
//	searchers  a token for each searching worker; its capacity is the limit
//	closed     holds a token once Shutdown was called
//
// A mailbox holds at most one value, and its worker receives exactly one for
// each time it put the mailbox among the sleepers: a core to work with, or nil
// to look whether the manager is closed. Channels are queues, so unlike in the
// canonical design, whose stacks wake the worker that slept shortest, the one
// that slept longest is woken.
//
// # Protocol
//
//	wake                                   Park
//	 1. the task is in a queue              1. core into available
//	 2. take a mailbox                      2. mailbox into sleepers
//	 3. take a core; none: put the          3. look into the queues; if there
//	    mailbox back                           is work, wake
//	 4. core into the mailbox               4. receive from the mailbox
//
// A worker that sees work in its step 3 does not try to leave the sleepers again,
// which a queue could not do. It wakes one of them, by the same steps as anybody
// else. If that is itself, its receive does not block.
//
// # Why no wake-up is lost
//
// Suppose that wake finds nothing to take, in step 2 or in step 3, at time t.
// Either no core was available at t: then every core is held, or on its way into
// a mailbox, and its worker will take the steps on the right before it sleeps,
// so it looks after the task was there. Or some core was. Let worker B be the
// one that made a core available last before t. If B looks after the task was
// there, it sees it. Otherwise B's mailbox was among the sleepers before, and
// somebody took it. Since B's step 1 there was a core available all the time, so
// whoever took the mailbox by t got a core for it, and B is awake, and has not
// parked again, as that would make it put its core back later than last. And who
// has the mailbox but no core for it after t lost the core to another, whose
// worker wakes after t. In each case somebody is awake who will look.
//
// This needs no note for the next worker that would park ("needs searching"),
// because every worker looks into the queues after it is to be seen, not only
// the last searcher. It spares itself the run queues while somebody searches:
// that worker will look when it leaves.
//
// For injected tasks the argument holds in Go's memory model: the task is
// published under the lock, and Park looks at the injection queue under the lock
// too, so whichever comes first is seen by the other. For run queues it relies
// on more than the model promises: that a receive that fails, and len, are
// ordered after the store that published the task. The runtime reads a word
// without its lock there. On amd64 the store is a barrier; on a processor that
// may move a plain load ahead of it, arm64 for one, a wake-up can be missed and
// the task waits for its publisher. This race is called len.
//
// # Why no core is lost at shutdown
//
// Shutdown puts the token into closed, tells every sleeper, and takes the
// available cores. A worker in Park may put its core there later, but then finds
// the token, and takes a core back, if there is one. Let k be the workers that
// have put a core and will yet try to take one: the cores that are available
// after Shutdown took the others are never more than k, since a put adds one to
// both, and a try takes one from k and one core if there is any. In the end k is
// 0. Likewise nobody is left among the sleepers: whoever puts a mailbox there,
// the worker or a publisher that found no core for it, looks at closed
// afterwards, and tells all sleepers itself. The lock orders these looks with
// the token.
package channels
