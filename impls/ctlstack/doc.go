// Package ctlstack is the idle manager of Java's ForkJoinPool: openjdk/jdk at
// 01e9c6fb46ac, src/java.base/share/classes/java/util/concurrent/ForkJoinPool.java,
// methods signalWork, scan, awaitWork, releaseAll and WorkQueue.push. All sleepers
// are in one stack. Its top, a version and a count are one word, ctl, and to take a
// sleeper is one compare-and-swap on it. There is no count of searching workers:
// every idle worker may search, and wake-ups are limited by queue.
//
// Kotlin's coroutine scheduler (Kotlin/kotlinx.coroutines at 01dfed8b7755,
// CoroutineScheduler.kt) has the same stack with 21 bits of index and 43 of version,
// but keeps its counts in a second word, and wakes a worker for each task it is
// given.
//
// # State
//
// A worker has one core and keeps it (package tied). So a sleeper and its core are
// one thing, the node, which is numbered as the core is.
//
//	ctl, bits  0–15  the node on top of the stack, plus 1; 0: the stack is empty
//	          16–47  version, which each push increments
//	          48–63  released: the nodes that are not in the stack
//
//	node     next     what is below it in the stack
//	         chosen   it was popped by another worker or a publisher
//	         parking  its worker is about to block, or blocks
//	         sent     the queue that it was woken for; written before chosen
//	         duty     what its worker has to do when it finds a task or parks;
//	                  of the worker alone
//
//	pending  for each run queue, and for the injection queue: a worker was woken for
//	         it, and has neither found a task nor joined the stack since
//
// The version keeps a compare-and-swap from succeeding when the same node is on top
// again with another one below it (ABA). A pop need not increment it: to be on top
// again a node has to be pushed. 16 bits of node and of count are enough for 65,535
// cores.
//
// Released counts a worker that has not started yet as released. So the stack is
// empty if and only if all nodes are released, in every state of the word (S2),
// which assertions check.
//
// # Protocol
//
//	publisher: signal(q)                   parker
//	 1. the task is visible in q           1. push, by one attempt; another push or
//	 2. pending[q]? done                      pop came between: stay, and search
//	 3. pop a node; none: done                again
//	 4. sent = q; pending[q] = true        2. its duty was a queue: pending = false
//	 5. chosen = true                      3. look at chosen, 16 to 31 times with
//	 6. parking? unpark                       up to 8 cores, more with more
//	                                       4. look into every queue. Work?
//	                                          On top of the stack: pop itself, stay,
//	                                          with the duty to relay.
//	                                          Not on top, and it had a duty: signal
//	                                       5. parking = true; chosen? leave
//	                                       6. block
//
// A worker that was chosen takes over what it was sent for as its duty. A worker with
// a duty that finds a task (Found) clears the pending mark of its queue, looks into
// every queue, and signals for the first one that is not empty. A worker without a
// duty has kept finding tasks since its last sleep. It signals only if the tasks that
// it stole along with its first are still in its run queue.
//
// # Why no wake-up is lost
//
// Every queue operation, every step on ctl and every mark is sequentially
// consistent. Take a task whose publisher is at step 2 or 3.
//
// It sees pending[q]. Some worker has been woken for q, and clears the mark later:
// in Found, or in step 2 of its Park. After that it looks into every queue, sees the
// task if it is still there, and signals or stays. So a mark covers not only q. Two
// publishers may set one mark, and the first of the two workers clear it: then the next
// publisher wakes one more than needed.
//
// It pops a node. That worker comes out of Park after the task was visible, and has a
// duty: it looks into every queue when it next finds a task or parks.
//
// It finds the stack empty. Every worker that sleeps later pushes itself later, and
// looks after that, in step 4.
//
// In step 4 a worker may see the task, and not be on top. If it had no duty, it sleeps
// nevertheless. If another one is on top, that one was pushed later. Either it has not
// looked yet; or it looked before the task was visible. In the second case the task's
// publisher finds a mark at step 2, and a worker with a duty follows, as above; or it
// comes to step 3 when that worker is in the stack, or was popped and has a duty. If none
// is on top, or the compare-and-swap fails, this worker was popped, or there has been
// another one on top of it meanwhile, for which the same holds. So one of those that see
// the task is the last to have been pushed, and stays, or is popped.
//
// If it had a duty, it may be the very worker on whose mark the publisher relied, and
// the one on top may have looked before the task was visible: it was pushed between
// steps 1 and 2 of this worker. Nothing else will wake that one, so this worker signals.
//
// The look can miss a task that a thief is copying (M2). The thief is searching, and
// its Found comes later: it looks at its own run queue at least, and finds the tasks
// that it has not stolen for itself.
//
// Tasks in batches (M3), and those for which a publisher relied on a mark, have one
// wake-up for several. The worker that finds the first of them has a duty, and so
// wakes another before it runs it, which then has a duty too: this chain ends when a
// worker finds no more work. It is also how NotifyMult leads to as many workers as
// there are tasks (L6). A worker that pops itself because it saw work has to be part
// of that chain; that is why it gets a duty.
//
// Events by the contract's names: NotifyLocal, NotifyRemote and NotifyMult are the
// publisher, with the injection queue's mark for the last two. A run queue that
// overflows has its owner's mark, which covers every queue. Search always says yes.
// No note is needed (L5), since each worker looks before it sleeps. Hence the manager is
// work-conserving in every interleaving (L3).
//
// Steps 5 and 6 on both sides are the wait: the parker raises parking before it looks
// at chosen, the publisher sets chosen before it looks at parking, so one of the two
// sees the other. A token that comes late wakes a worker for no reason, and it
// looks at chosen again (S6). If the publisher sees that the worker does not block
// yet, the wake-up costs no system call.
//
// Shutdown sets closed, and pops and chooses every node. A worker looks at closed in
// step 4, after its push, and if it is set takes the same steps (the original's
// releaseAll): it may be below another one that has gone to sleep before the close.
//
// # What it keeps of the original, and what not
//
//	original                                here     effect
//
//	One word for stack and counts.          kept     It is the one hot line.
//
//	LIFO.                                   kept     Few workers share the work if
//	                                                 there is little.
//
//	A push or a take looks at ctl only if   differs  Here the mark says that. The
//	a wake-up may be needed: when the push  contract does not give the length of a
//	finds its queue empty, or the first     queue, and a notification may cover
//	take after a sleep leaves more.         several tasks. A push is one load of a
//	                                        line of its own in both. Where a queue
//	                                        becomes empty and full again before the
//	                                        woken worker arrives, the original wakes
//	                                        a second one, and this does not. Where
//	                                        the queue is not empty, and the worker
//	                                        that was sent has already found another
//	                                        task and relayed, this wakes one more.
//
//	A thief takes one task, and looks at    differs  It takes half, and looks at all
//	the next one in that queue.             queues after a sleep, else at its own:
//	                                        a look costs a load for each core.
//
//	signalWork returns when the task is     left out Tasks move between queues here;
//	gone already.                           this one may be elsewhere. A wake-up for
//	                                        nothing is possible.
//
//	A push that meets another push or pop   kept     A worker searches once more
//	is given up, and the worker scans       under contention, instead of retrying.
//	again.
//
//	Between push and block: a scan that     kept,    The first scan can do nothing
//	takes nothing, n to 2n-1 pauses, a      but the  but pass time, so it is left
//	scan that may pop its own worker from   first    out. n is the length of the array of
//	the top.                                scan     queues, 16 or twice the cores,
//	                                                 rounded up to a power of 2.
//
//	A worker that sees a task, and is not   differs  One with a duty wakes the one on
//	on top, sleeps.                                  top. A publisher that relied on
//	                                                 its mark has woken nothing; the
//	                                                 original has no mark.
//
//	A worker is unparked only if it has     kept     A wake-up during the pauses
//	announced that it blocks.                        costs no system call.
//
//	The state of a worker (phase) is a      differs  Version and index of the top are
//	word with version and index, and the    fields of ctl. 16 bits of version become
//	same word is on top of ctl.             32.
//
//	Total: the number of threads that       left out All workers start with the
//	exist. Threads are started by need and  scheduler, and stay.
//	end when idle; others compensate for
//	blocked ones.
//
//	Submissions from outside go to several  differs  The host has one injection
//	queues, by submitter, each with a lock. queue. A burst from several submitters
//	                                        wakes one worker where the original may
//	                                        wake several.
//
//	No hint where the task is.              kept     The woken worker begins its
//	                                                 search at random.
//
//	ctl is alone on its lines, and so is    kept     Workers that wait, and those
//	what is written of each worker.                  that wake them, do not slow the
//	                                                 others down.
package ctlstack
