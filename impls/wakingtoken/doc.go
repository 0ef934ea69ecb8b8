// Package wakingtoken is the idle manager of zap's thread pool, which Bun took over:
// kprotty/zap, branch blog at dd82533, src/thread_pool.zig. At most one worker is
// waking at a time. It has the token from the moment it is chosen
// until it finds a task or goes back to sleep. While the token is out, a publisher
// wakes no worker: it leaves a note, and if there is one already, it only reads it.
// The holder of the token that finds a task passes the token on to the next sleeper,
// so the number of awake workers grows by one worker at a time.
//
// Two designs of the catalogue are made here. In wakingtree the holder passes
// tokens to two sleepers, so the awake workers double. That is the chain reaction of
// oneTBB's worker server (oneTBB at 05b1dd0, src/tbb/private_server.cpp), with zap's
// throttle for publishers.
//
// # State
//
// Everything is one word of 64 bits, as it is one of 32 in zap:
//
//	bits    field     meaning
//	0–15    top       the worker that went to sleep last, plus 1; 0: none sleeps
//	16–29   tokens    workers that are waking: they were chosen, and have neither
//	                  found a task nor gone back to sleep
//	30      note      a task was published, and a worker has to look once more
//	31      closed    the manager is shut down
//	32–63   version   changes with each push and pop of the stack
//
// The sleepers are a stack, linked through their links below. The version keeps a
// compare-and-swap from succeeding when the same worker is on top again with another
// one below it (ABA). The 14 bits of the tokens limit the number of workers to
// 16,383, as the two counts of 14 bits do in zap. With one token at a time, one bit
// would do.
//
// # Protocol
//
//	publisher                            parker
//	1. the task is visible               1. note: clears it and looks again, keeping
//	2. note: done                           the token if it has it
//	3. no token is out, and a worker     2. no note: pushes itself, and gives its
//	   sleeps: pops it with a token,        token back, in the same step
//	   sets the note, unparks it         3. sleeps until it was popped: it has a
//	4. else sets the note                   token, and clears the note
//
//	Found, with a token                  Found, without
//	1. pops up to 1 (or 2) sleepers,     1. if it took more than it runs, or there is
//	   passing the token on, or gives       more in the injection queue: takes the
//	   it back if none sleeps; sets         publisher's steps from 2 on
//	   the note in any case
//	2. unparks those it popped
//
// Each numbered step but the first and last ones is one compare-and-swap of the
// word, or a load of it. NotifyMult is one notification: the chain does the rest
// (L6). Every worker may search.
//
// The holder of a token wakes the next sleeper although it does not know whether
// there is more work. So a lone task wakes two workers (three in wakingtree), and
// the last of them finds nothing. That is the price of a relay that never looks at a
// queue. The gain is that no step of this package depends on the number of
// cores.
//
// # Why no wake-up is lost
//
// The parker does not look into the queues again. It relies on the note alone, which
// is in the word that it changes.
//
// A notification ends with the note set, whether the publisher sets it or finds it.
// Take the next worker that clears it. That step comes after the publisher's,
// because all are steps of one word, and so after the task was visible. The worker
// looks at all queues after that, and finds the task, or the task is gone (L1).
//
// The note does not wait for ever while workers sleep: while the note is set and a
// worker sleeps, a token is out. A publisher sets the note when a token is out, or
// takes one out in the same step, or no worker sleeps. No worker goes to sleep past the
// note. The last token is given back in two places: by a parker, when there is no
// note, and in Found, when no worker sleeps. The holder of a token always moves on:
// it clears the note when it wakes, and before it would sleep, or it finds a task
// and passes the token on.
//
// What the worker that looks cannot see is hidden by a thief that copies it (M2). The
// thief searches, so it calls Found when the tasks are visible again. With a token it
// passes that on; without one it sees them in its own run queue and notifies. A batch
// that a worker moves without searching (M3) is not hidden, and the note or the
// token that covers it stays where it was.
//
// # Shutdown
//
// Closing is a step of the word too: it sets closed and the note, and takes the whole
// stack. A parker that comes later sees closed before it looks at the note, and a
// publisher sees the note, which is never cleared any more.
//
// # Work conservation
//
// The design conserves work but for one race, which is zap's own.
//
//	W1   One note stands for all tasks that were published since it was set. A
//	     worker that has no token and clears it looks at all queues, runs the
//	     first task that it finds, and wakes no worker: it took nothing along, so
//	     it has no reason to. If the note covered another task, in this run queue
//	     or in another, that task waits for its publisher. The holder of the token
//	     would have found it, had it not looked before. Now it finds the note gone,
//	     and sleeps.
//
// It takes three workers: one that publishes in its run queue, one that holds the
// token and has just looked, and one that is about to park. The publisher runs the
// task in the end, unless it waits for it. The explorer finds such deadlocks in one
// of 90 random schedules of a scenario that is made for it. Tasks in the injection
// queue are safe: the finder sees them there, as zap's worker would take them along.
//
// # What is as in zap, and what is not
//
//	step                                 here     effect
//
//	One token; the note absorbs          kept     A push costs one load while there
//	publications while it is out.                 is a note, else a compare-and-swap.
//
//	Waking sets the note too, and the    kept     Publications cost one load until
//	worker that wakes clears it.                  that worker is awake.
//
//	The finder passes the token on       kept     Two wake-ups for a lone task.
//	without looking for more work.
//
//	The parker does not look into the    kept     Parking is one compare-and-swap.
//	queues again.
//
//	W1.                                  kept     See above.
//
//	The first look at the note is a      gone     In zap the look may be older than
//	relaxed load.                                 the publication on machines with
//	                                              weak memory order, and a task is
//	                                              lost: oven-sh/bun#28907, on arm64.
//	                                              Go's atomics exclude that.
//
//	All workers sleep on one event, a    differs  Here a sleeper is chosen, the one
//	futex, mostly first in, first out.            that slept least, as in folly's
//	                                              ThrottledLifoSem (folly 040d901,
//	                                              synchronization). A wake-up takes
//	                                              the wakee's parker.
//
//	A worker about to park can take      differs  Such a worker clears the note, but
//	the wake-up of the one that the               the one that was chosen keeps the
//	event woke, with the token; that              token and looks as well. The wake-up
//	one sleeps again.                             itself costs the same.
//
//	Threads are started when a           differs  None: all have started before
//	notification finds none asleep.               anything is measured.
//
//	A worker takes all that is in the    differs  A queue without a lock hands out
//	shared queue along, up to 256                 one task at a time here. The finder
//	tasks.                                        notifies if it leaves some there.
//
//	The word shares its cache line       differs  Here it has a line of its own, as
//	with the event and the queue.                 folly's has. Publishers that push do
//	                                              not take it from those that read it.
//
// ThrottledLifoSem has the same token (its waking bit), but counts the posted tasks
// instead of noting them, and passes the token on only while some are left. Each
// task goes through the semaphore there. A thief takes tasks past it, so in a
// scheduler that steals there is no such count. Its throttle in time, a least interval
// between wake-ups, is off by default and left out here.
package wakingtoken
