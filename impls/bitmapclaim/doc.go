// Package bitmapclaim keeps the sleepers in an atomic bitmap. Its origin is the pool
// manager of NeXosim's executor (asynchronics/nexosim,
// nexosim/src/executor/mt_executor/pool_manager.rs at 8a77907a and mt_executor.rs at
// d480015b): one word with a bit for each worker, and the number of workers that
// search. To wake a worker is to claim its bit by one read-modify-write and to unpark
// it. There is no lock, and the worker that wakes needs no further step to own its
// core.
//
// A worker keeps its core (package tied), so the bit of a core is that of its worker.
//
// # State
//
//	idle       words of 64 bits, one bit for each core. A bit that is set says that
//	           its worker is about to sleep, or sleeps, and may be claimed. Each
//	           word has a line of its own: workers of the same 64 contend for it, as
//	           in the original, and with no others.
//	searching  how many workers search, with those that were claimed and have not
//	           begun yet. It has a line of its own, because every publisher reads
//	           it first.
//	owner      by core: its worker. It is written once, before the worker sets the bit
//	           for the first time.
//
// # Protocol
//
//	publisher                            parker
//	1. the task is visible               1. sets its bit
//	2. NotifyLocal only: any worker      2. if it searched: leaves the count
//	   searches? done                    3. looks into all queues, and at the
//	3. looks for a bit, from the            close; nothing: sleeps (6)
//	   publisher's own on; none: done    4. clears its bit; it was set: searches
//	4. clears it; it was clear already:  5. it was not set: it was chosen, and
//	   back to 3                            waits for the publisher's step 6
//	5. counts a searcher                 6. sleeps until it is chosen, and searches
//	6. marks it as chosen, unparks it
//
// The thread whose And turned the bit from 1 to 0 has claimed it. It alone unparks
// the worker, once (S6), or is the worker itself. A worker that loses its own bit to
// a publisher waits for the mark and takes it. If it went on without, its next sleep
// would end at once, with a core that is no longer claimed.
//
// A worker that finds a task leaves the count. If it was the last, it looks into all
// queues; if there is work, it goes on as a publisher from step 3.
//
// A batch of n tasks claims up to n bits of a word by one And (L6).
//
// # Which worker
//
// A publisher that is a worker begins with the bit after its own, and goes round
// its word before it goes on to the next word: neighbours by number share a cache
// on most machines. The contract has no topology to go by. A publisher from outside
// begins with the lowest bit, as the original always does, so that few workers stay
// warm.
//
// # Why no wake-up is lost
//
// All accesses are sequentially consistent.
//
// NotifyRemote and NotifyMult. Say that step 3 found no bit. Then each worker that
// sleeps later sets its bit later (1), and looks into all queues after that (3), so
// after the task became visible. If a bit was found, but somebody cleared it first,
// step 3 is repeated.
//
// NotifyLocal may also return in step 2. Say that the count was not zero because of
// worker w, who searches or has been claimed. Later w leaves the count, after the
// task became visible. If w parks, it looks afterwards. If it finds a task, it looks
// if it was the last; if not, the count includes another worker, to whom the same
// applies. A claim that is not counted yet is no exception: its worker begins to
// search only after it was counted, so after the publisher read zero.
//
// The look leaves out cores whose bit is set. The worker of such a core has found its
// run queue empty, and only that worker fills it. If it is claimed later, it is a
// searcher that was counted later, with steps of its own to come.
//
// A thief's tasks are hidden while it copies them. It is counted until Found, so a
// look meanwhile is not the last one's, or is that of a parker. If nobody searches
// after the thief has left, its own look in Found sees what it left (M2). A batch that
// moves from the injection queue can always be seen, because the look begins there
// (M1). That look is also what continues the ramp after NotifyMult, and what makes a
// note superfluous (L5).
//
// Shutdown closes first, and claims every bit then. A worker sets its bit first, and
// looks at the close then. So one of them clears the bit.
//
// So the design is work-conserving (L3): at rest there is no bit set while a task
// can be stolen. It names no races.
//
// # What is kept, and what is not
//
//	NeXosim                              here      effect
//
//	A notification loads, claims by one  kept      The cost of a wake-up: a load, a
//	RMW, counts, and unparks.                      RMW on the word, one on the count.
//
//	A local push wakes a worker only if  kept      One wake-up in flight. Two
//	none searches, without a claim on              publishers at once may both wake.
//	the right to wake.
//
//	Any number of workers may search.    kept      No limit as in Tokio and Go, so
//	                                               more of them look at once.
//
//	A call from outside always wakes.    kept      Searchers do not absorb it.
//
//	Thieves visit active workers only.   kept      Snapshot is the bitmap.
//
//	Bits say who is active. At most 64   differs   Bits say who is idle. Any number
//	workers.                                       of words: a publisher that finds
//	                                               no idle worker loads each of them.
//
//	The lowest bit is claimed.           differs   Workers prefer a neighbour.
//
//	A worker that finds work leaves the  differs   Without the look, tasks of
//	count and wakes nobody.                        publishers that saw the count wait
//	                                               for their publisher. Costs a look
//	                                               for each last searcher that finds
//	                                               work, and a wake-up if there is
//	                                               more.
//
//	Only the last active worker looks    differs   Each parker looks at all queues
//	again, at the injection queue.                 of active cores.
//
//	If all are active, a call from       differs   Sequential consistency does
//	outside does an RMW that changes               without it.
//	nothing.
//
//	The woken worker is told nothing.    differs   It looks at the publisher's queue
//	                                               first.
//
//	A worker searches for 1 µs.          differs   The host decides how long.
//
//	There are no batches.                differs   NotifyMult is this package's.
package bitmapclaim
