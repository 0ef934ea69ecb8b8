// Package jec is the idle manager of rayon: rayon-core/src/sleep (mod.rs, counters.rs)
// and the idle loop of registry.rs, at rayon-rs/rayon c4dac9f82 of April 2026. The
// scheme is from RFC 5 of 2020. JEC is short for jobs-event counter, which is what
// is special about it.
//
// A worker without work yields and looks 32 times, then announces that it is sleepy,
// looks once more, and sleeps. A publisher does not have to know who is sleepy: the
// first one after an announcement changes the counter, and a sleepy worker that finds
// it changed does not sleep. So while no worker is sleepy, to publish is to read one
// word. Idle workers, awake and looking, save wake-ups; one that finds a task wakes up
// to two others.
//
// # State
//
// One word, which changes in single steps:
//
//	bits   0–15  sleeping: workers that sleep, or are about to
//	bits  16–31  inactive: workers that look for work or sleep
//	bits  32–63  the jobs-event counter
//
// The counter is even if a worker has become sleepy since the last publication, and
// odd if not. A worker that becomes sleepy makes it even, a publisher makes it odd;
// neither changes it if it is so already. Sleeping is never more than inactive. The
// fields allow 65,535 workers.
//
// Each worker has a lock, and under it a flag that says that it is blocked.
//
// # Protocol
//
//	publisher                             Park
//	1. the task is visible                1. if it did not search: inactive + 1
//	2. if the counter is even: makes it   2. yields and looks into all queues, up to
//	   odd                                   32 times; work: leaves, and is idle
//	3. if none sleeps: returns            3. makes the counter even, remembers it
//	4. if idle (inactive - sleeping)      4. yields and looks once more
//	   workers are enough: returns        5. takes its lock; if the counter is as it
//	5. wakes the missing ones: for           was: sleeping + 1, in one step; else
//	   each worker, from 0 on, takes         goes on with 3
//	   its lock; if it is blocked:        6. if there is a task from outside:
//	   unblocks it, wakes it,                sleeping - 1, leaves
//	   sleeping - 1                       7. blocked; drops the lock; sleeps until
//	                                         it is unblocked
//
//	Search                                Found
//	1. inactive + 1                       1. inactive - 1; if any sleep: wakes up to
//	                                         two
//	                                      2. if a task is left in the thief's own run
//	                                         queue: publishes it (publisher, 2 to 5)
//
// Steps 2 and 3 of the publisher use one value of the word: the one that it has made,
// or that it has read if the counter was odd.
//
// A task needs one worker, and n tasks n. Idle workers are enough if they are as
// many, and the queue was empty before. If it was not, evidently they are not enough,
// and do not count.
//
// # Why no wake-up is lost
//
// All steps are sequentially consistent.
//
// A publisher returns in step 3 or 4, or wakes fewer than it wants because workers
// that are counted wake up by themselves in step 6, or were woken by others. Consider
// a worker that is awake at the moment of its step 2 (or of its read, if that changed
// nothing), and is going to sleep.
//
// If it becomes sleepy later (3), it looks later (4), and sees the task. If it was
// sleepy at that moment, the counter was even since: no publisher had changed it, or
// the worker would not sleep. So this publisher changed it, and the worker
// comes to 5 with another counter, and looks again. So every worker that is awake at
// that moment looks once more before it sleeps, and sees the task, or the task was
// taken by then.
//
// It follows that the task is not left unless every worker sleeps at that moment or is
// busy. If all sleep or are busy and some sleep, there is no idle worker, and step 5
// wakes one. It finds its lock free or waits for it: a worker that is counted has its
// lock until it is blocked or has left the count. If it has left, it is awake since
// this moment, and looks.
//
// Work conservation needs more: that for each of several tasks a worker comes. A
// worker that finds a task wakes up to two others if any sleep (Found), whether or not
// there is more work, so the number of those awake grows until none sleeps or none
// finds a task. A publisher that relied on an idle worker relied on that. Those that
// are awake when a worker in Found looks for sleepers, and is sees none, look once
// more for all tasks that were published, as above. This does not hold for tasks that
// a thief took along, which no publication announced, and which no one could see
// meanwhile (M2). Therefore the thief publishes them (Found, step 2). Without that,
// exploration finds a deadlock in fork_two_stolen_together: a worker becomes sleepy and
// looks while the thief copies, and falls asleep after the thief's Found. A batch that
// moves from the injection queue can be seen all the time (M1), and each worker that
// was woken for it wakes two more (M3, L6).
//
// There is no note (L5): every worker looks before it sleeps.
//
// Shutdown sets closed and then wakes each worker that is blocked, under its lock. A
// worker that takes its lock later sees closed (D2).
//
// # Rollover
//
// A worker that is between steps 3 and 5 while tasks are published and other workers
// become sleepy, so often that the counter is again what it was (4 billion changes),
// sleeps as if nothing had been published. If the task was injected, step 6 finds it:
// L1 holds. If a worker published it, a core may stay idle until the next event,
// while the publisher's other tasks wait. Rayon documents this, and takes it. It is
// the race called rollover (L3, in situations in which a task waits for one that
// a worker spawned). Exploration cannot get there and has found no other; a test
// does, by setting the counter. A worker that does not compare the counter at all (a
// mutant) deadlocks in fork.
//
// In the original there is a second race for tasks of workers: publication and the
// read of the word are not ordered (no fence, to save its cost), so a worker that
// becomes sleepy at that moment may miss the task and the publisher the worker.
// For injected tasks there are fences on both sides. Go's atomics order both.
//
// # What is kept of the original
//
//	rayon                                here     effect
//
//	The word, the parity, who changes    kept     What a push costs: a load, and a
//	it and when.                                  compare-and-swap after a worker
//	                                              became sleepy.
//
//	The waker takes the sleeper from     kept     Publishers after it do not look for
//	the count.                                    a sleeper that is awake.
//
//	The sleeper with the lowest number   kept     To wake the last of n workers takes
//	is woken, and found by locking one            n locks.
//	worker after the other.
//
//	The wake-up comes under the          kept     The woken worker waits for the lock.
//	sleeper's lock.
//
//	32 yields, the announcement, one     kept     The yields are sched_yield. On a CPU
//	more yield.                                   of its own it returns at once.
//
//	Each round between two yields        differs  Here it looks, in Park, and the host
//	steals.                                       steals when there is something. Before
//	                                              Park the host searches four rounds,
//	                                              with pauses of 1 to 3 µs. A worker
//	                                              that sees work and loses it to
//	                                              another begins its rounds again.
//
//	Whoever finds work wakes two.        kept     The same wake-ups for tasks found by
//	                                              search; a worker that takes a task
//	                                              from outside before it searches wakes
//	                                              none: the host looks there first, rayon
//	                                              last.
//
//	A push knows whether the queue was   differs  NotifyLocal takes it as empty: a
//	empty before.                                 worker that pushes several tasks wakes
//	                                              fewer at once if a worker is idle,
//	                                              and the one that finds a task wakes
//	                                              two. For tasks from outside the number
//	                                              that are there tells.
//
//	A thief takes one task.              differs  The host's takes half, and publishes
//	                                              what it does not run.
//
//	A latch wakes the worker that        differs  Tasks here do not wait for each other
//	waits for it.                                 on a worker, so there are no latches.
//
//	A mutex and a condition variable     differs  The lock is the futex mutex of package
//	for each worker.                              impls, as Rust's; the kind of parker is
//	                                              measured separately.
//
//	The word is beside the pointer to    differs  Publishers that read the pointer do
//	the workers.                                  not pay for changes of the word.
//
//	Threads of another pool, broadcasts, differs  None here.
//	and fields of 8 bits on 32-bit
//	machines.
package jec
