// Package rendezvous is an idle manager in which a wake-up is, where possible, one
// compare-and-swap and no system call. A worker that has found nothing puts its number
// into a slot and polls it for a while. A publisher replaces the number by the core that
// has the work, and the worker goes there. Behind this one spinner the others sleep in
// a stack.
//
// No other project has this design, but each of its parts is known. Eigen lets at most
// one worker of the whole pool spin (Eigen of December 2019, NonBlockingThreadPool.h).
// .NET's LIFO semaphore gives signals to spinners before it wakes a sleeper.
// ForkJoinPool's sleepers are a versioned stack. In Tokio and Go publishers do nothing
// while a worker searches. What differs is that a spinner has an address. In Eigen a
// spinner finds out by itself that there is work, by looking into all queues.
//
// # State
//
// Two words, each with cache lines of its own, because publishers read them and workers
// that park write them:
//
//	slot    0          no spinner
//	        w+1        worker w spins
//	        claimed|c  the spinner was chosen, for work on core c-1; 0: anywhere.
//	                   It is about to clear the slot.
//
//	ctl     bits 0–15  top: the worker that went to sleep last, plus 1
//	       bits 16–31  searchers: workers that look into the queues
//	       bits 32–63  version: changes with each push and pop of the stack
//
// The spinner polls the slot itself. So a single step of the publisher says that it was
// chosen and where to go, and there is no moment at which a spinner is chosen but cannot
// go on. A spinner is no searcher: it does not look into the queues. The fields limit
// the number of workers to 65,535.
//
// # Protocol
//
//	publisher                            parker
//	1. the task is visible               1. if the slot is free: its number into the
//	2. searchers > 0: done                  slot, then leaves the searchers
//	3. the slot has a spinner: replaces  2. if that leaves none: looks into all
//	   its number by the core               queues
//	4. pops a sleeper, which becomes a   3. polls the slot, for its budget
//	   searcher in the same step, and    4. takes its number back, and searches if it
//	   unparks it                           saw work; or it was chosen: clears the
//	                                        slot, and searches
//	                                     5. pushes itself, and leaves the searchers
//	                                        in the same step, if it was one
//	                                     6. if that leaves none: looks into all
//	                                        queues; if there is work, pops a sleeper,
//	                                        mostly itself, which searches
//	                                     7. sleeps until it was popped
//
//	Found
//	1. leaves the searchers
//	2. if that leaves none: looks into all queues; if there is work, takes the
//	   publisher's steps from 2 on
//
// NotifyMult(n) takes the steps 3 and 4 up to n times, whether workers search or not. Search
// admits a worker while fewer than half of the cores search.
//
// # Why no wake-up is lost
//
// The rule that carries everything: the last worker to leave the searchers looks into
// all queues after it has left, be it in step 2, in step 6 or in Found.
//
// Take a publisher that is done in step 2: it saw a searcher, after its task was
// visible. The count falls to zero later than that, and the worker that makes it zero
// looks. If it sees work, it becomes a searcher again, wakes another, or hands the
// work over.
//
// Take a publisher that sees no searcher, no spinner and no sleeper. It reads ctl once,
// then the slot. Each worker that enters the slot or the stack does so after the
// publisher has read the word in question, so after the task was visible. A worker that
// moves from the slot to the stack in between pushes itself after the publisher has read
// ctl. Such a worker looks, or another searches then, and the last of those looks.
//
// Take a publisher that hands over or pops. The worker that was chosen searches after
// that. It finds the task, or another one; then Found applies the rule. A sleeper counts
// as a searcher from the moment it is popped, so later publishers rely on it while it
// wakes. A spinner counts itself. Until then later publishers do too much, not too
// little.
//
// The looks miss only what a thief is copying (M2). The thief is a searcher, and leaves
// later: it sees those tasks in its Found, or another leaves still later. A batch that
// moves without a notification (M3) can always be seen. A parker that sees work and pops
// another worker than itself may sleep: the other one searches.
//
// So the design conserves work in every interleaving (L3), and a batch for more
// workers than could be woken goes on by Found (L6).
//
// # Shutdown
//
// Shutdown takes the spinner from the slot and all sleepers from the stack after it has
// closed the manager. A worker that enters the slot or the stack later looks at that
// afterwards, and leaves, or wakes those above it until it is popped itself.
//
// # The budget
//
// Spinning pays if work comes within the time that sleeping and waking take. Each worker
// keeps a budget, a time, and learns from each wait for which it got the slot:
//
//	chosen within the budget, or asleep but chosen      budget = 20 µs
//	within 40 µs of the beginning
//	chosen later                                        budget - 1/8, at least 1 µs
//
// The upper bound is what waking a thread takes on the machines in question, some 5 to
// 50 µs with a futex. The time of a sleeper includes that wake-up, hence the 40 µs: work
// that came within 20. The rule is not symmetric: one wait in which spinning would have
// paid restores the whole budget, and one in which it would not takes little off. Memgraph
// had an additive increase and a multiplicative decrease, which kept the time at its floor
// under light load and lost 24 % there (memgraph#4663). When waits become long, a worker
// spins at most 160 µs in vain until its budget is at the floor, and from then on 1 µs
// for each wait. The floor keeps the slot in use: in fork and join, work often comes
// right after a worker ran dry.
//
// The budget is a worker's own. A common one would be one more contended line, and
// the workers that spin are mostly the same few.
//
// # One spinner
//
// A spinner takes a CPU, or its sibling's half, from whatever else runs there. A second
// one would shorten the second wake-up of a ramp only: the first worker to find work
// wakes the next before it runs the task. On a machine with fewer CPUs than workers a
// spinner that was preempted can be chosen, and then the work waits for its next slice.
// That is the price of every hand-over to a running thread; sleepers do not pay it.
//
// # Costs
//
//	a push while a worker searches       one load
//	a push when all are busy             two loads
//	a hand-over                          three loads, one compare-and-swap
//	a wake-up                            four loads, one compare-and-swap, two
//	                                     stores, the parker
//	parking while another searches       a compare-and-swap or two; no look
//	parking as the last searcher         the same, and a look at every core
package rendezvous
