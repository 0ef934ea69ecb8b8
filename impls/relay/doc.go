// Package relay is the suite's own idle manager. It combines what measured best in the
// others, and is meant for a runtime that would take it over: cheap to notify, always
// work-conserving, no lock of its own. Each idle worker has a bit that one
// read-modify-write claims. Whoever publishes tasks in a queue wakes one worker for it
// and leaves the rest to that worker: the wake-up is relayed.
//
// docs/target.md fixes what it has to beat, and docs/decisions/044-relay.md says how it
// was chosen, what was tried and lost, and where it loses.
//
// # State
//
// A worker has one core and keeps it (package tied). So an idle worker and its core
// are one thing, which is numbered as the core is.
//
//	idle       a set of cores, one bit each in words of 64. A bit that is set says
//	           that the core's worker may be claimed. The thread that clears it has
//	           claimed the worker.
//	marks      one for each run queue, and one for the injection queue: a worker was
//	           claimed for this queue, and will look into all queues after it has
//	           cleared the mark.
//	chosen     by core: its worker was claimed, and its errand is written.
//	blocked    by core: its worker sleeps, or will look at chosen before it does.
//	errand     by core: the queue it was claimed for, and how many more to wake.
//	spinning   a set of cores as well, in the same lines: whose workers need no system
//	           call to be woken. Only a hint.
//	duty       by worker, and its own: a mark that it has to clear, or just that it has
//	           to look into all queues when it next finds a task or parks.
//
// # Protocol
//
//	publisher, of a task in queue q      parker
//	 1. the task is visible               1. sets its bit
//	 2. marks[q]? done                    2. has a duty for q: clears marks[q]
//	 3. claims a bit; there is none:      3. looks into all queues, and at the close
//	    done                              4. work: clears its bit. It was set: goes
//	 4. sets marks[q]                        there, with a duty
//	 5. writes the errand, sets chosen    5. spins on chosen for its budget
//	 6. blocked? unparks                  6. sets blocked; looks at chosen before it
//	                                         sleeps, and each time it wakes
//	                                      7. takes its errand: a duty for q
//
//	a worker that has found a task (Found)
//	 with a duty: clears the mark, looks into all queues; work in q: publisher's step 2
//	 without:     tasks that it took along are in its own queue q: publisher's step 2
//
// The look comes before the worker runs the task. A look leaves out cores whose bit is
// set: such a worker had an empty run queue when it set the bit, and puts nothing there
// before it was claimed. What it publishes then has a notification of its own, after the
// look began, and so after the looker set its bit or cleared its mark.
//
// There is no count of searchers. A push costs one load, of a line that belongs to the
// publisher's core, while a worker is on its way, and one more for each 64 cores if
// none is. Neither line changes while all workers are busy.
//
// # Why no wake-up is lost
//
// All these accesses are sequentially consistent. Claim: if a task is visible and its
// notification has returned, then some worker that is not idle will look into all
// queues, or take the task, before it becomes idle for good; or no bit is set. In other
// words, at rest no bit is set while there is a task in a queue.
//
// A publisher ends in one of three ways.
//
// It finds no bit. Then each worker that sleeps later sets its bit later (1), and looks
// after that (3), so after the task became visible. If it sees work it clears its own
// bit. That it can always do, whatever others do meanwhile, unless it was claimed. It
// is what a stack of sleepers does not offer, where only the top can leave: see below.
//
// It claims a worker. That worker has a duty, which ends by a look after this.
//
// It sees marks[q]. A mark is set only by a thread that has claimed a worker for q, and
// before that worker can know (4, 5), so each mark is cleared by its worker later than
// it was set. The publisher saw the mark after its task was visible. So some worker
// clears it later, and looks into all queues after that.
//
// A look that a duty ends with does one of three things. It sees no work: then the task
// was taken, or is hidden, below. It sees work, perhaps other work, in Found: then the
// worker takes the publisher's steps for that queue, and the argument begins again with
// another worker's duty; it ends, because each round either wakes a worker or relies on
// a later look. It sees work in Park: then the worker clears its own bit and has a duty
// again, or was claimed and has one.
//
// A worker that stays because it saw work needs the duty. It may have ended the duty on
// account of which publishers of several tasks kept still, and will take one of them.
//
// A worker that Search admits without a duty relieves nobody of one, and needs none.
//
// Two publishers may set the same mark, and the first of the two workers clear it. Then
// publishers wake one worker more than needed while the second is on its way.
//
// Hidden tasks. A thief's are hidden while it copies them (M2). It is awake, and its
// Found comes after they are visible in its own queue: with a duty it looks into all
// queues, without one into its own, and in both cases takes the publisher's steps. A
// batch from the injection queue can always be seen, because a look begins there (M1).
// Half of a run queue that overflows is hidden before its owner's NotifyLocal.
//
// # The owner of a mark goes to sleep
//
// This case deserves its own paragraph, since a stack of sleepers with such marks got it
// wrong (package ctlstack, until 2026-11-29). Worker A was sent for q and found nothing. B
// looks, sees nothing, and is about to sleep. A becomes idle. A task becomes visible in q,
// and its publisher, who still sees A's mark, does nothing. In the stack, B had pushed
// itself above A; A cleared the mark, looked, saw the task, was not on top, and slept,
// trusting that whoever is on top looks. B had looked already.
//
// Here A clears the mark, looks, sees the task, and clears its own bit, whether B's is
// set or not. If A's bit is clear already, A was claimed, with a duty. So the rule "who
// sees work does not sleep" has no exception, and B's look is not needed. The scenarios
// fork_after_a_child_that_stays of package verify and TestOwnerOfMark play this.
//
// # Batches
//
// NotifyMult(n) knows the number. It claims up to n workers: eight itself, and each of
// these its share of the rest, before it looks for work. Waking takes the waker some
// microseconds and the woken up to ten times as long, so a chain that wakes one at a time
// is slow, and so is one thread that wakes sixty. The known count, and Found for what is
// left, lead to as many workers as there are tasks (L6).
//
// A task that a worker forks is in the worker's own queue with its own mark, so all
// workers that fork wake others at the same time.
//
// # Which worker
//
// A publisher that is a worker prefers the next core after its own in its word of 64,
// since neighbours by number mostly share a cache, then the other words. It prefers
// workers that still spin. From outside, it is the lowest number, so that few stay warm.
//
// The worker learns where to go (Core.Look), and so does one that Search admits.
//
// # Searching
//
// Search looks before it admits: a worker that sees no work does not steal in
// vain for four rounds but parks, and spins on a line of its own, where a claim finds it.
// So the host's pauses of 6 µs in vain fall away.
//
// # How long to spin
//
// As long as sleeping would cost: then the whole costs at most twice the best. Each
// worker measures what its wake-ups take, from the claim to its return, and takes twice
// that, since waking keeps both sides busy; 1 to 50 µs. A wake-up of more than 50 µs
// had to wait for a CPU, and lowers the limit. A wait that ended in time
// restores the whole budget, another one takes an eighth off, to 1 µs. So a worker that
// is woken every millisecond spins 1 µs for each, and one that is woken every 20 µs
// does not sleep where a wake-up takes 20 µs.
//
// # Pauses
//
// A worker that comes back from another's run queue with nothing, or with less than a
// microsecond of work, waits before it sets its bit: 0.5 µs, and twice as long each
// time in a row, up to 8 µs. Stealing a short task costs more than running it. If it came
// back with nothing its mark is still set, so publishers are quiet meanwhile. That is what
// the rounds with pauses do in Tokio's schedulers. A pause delays the worker's steps and
// changes none.
//
// # With the host's lock, and without
//
// The design has no lock. Relay is nevertheless one for a host with a lock around the
// injection queue, which it releases at once: from such a queue the host takes batches,
// and with up to 16 workers that is worth more than the lock costs. With more workers
// the lock is the bottleneck: relayfree is the same code with a queue that has none. In a
// simulated skynet the first wins up to 8 workers, the second from 16 on.
//
// # Shutdown
//
// Shutdown closes first, and claims every bit then. A worker sets its bit first, and
// looks at the close then. So one of them clears the bit.
//
// # Where the parts are from
//
//	claim by one read-modify-write on a        NeXosim (package bitmapclaim)
//	bitmap
//
//	a wake-up in flight per queue              ForkJoinPool wakes when a queue becomes
//	                                           non-empty (package ctlstack)
//
//	the woken worker wakes the next            Go, Tokio, zap
//
//	wake-ups by a known count                  oneTBB wakes in a tree
//
//	spin before the sleep, on a line of one's  package rendezvous; Eigen and .NET let a
//	own                                        spinner take what would wake a sleeper
//
//	blocked: no system call for a worker that  ForkJoinPool
//	does not sleep yet
//
// Ours is the combination, and that an idle worker can always leave by itself.
//
// # Costs
//
//	a push while a worker is on its way   one load
//	a push when all are busy              one load, and one for each 64 cores
//	a wake-up                             the same, a load of the hint, one
//	                                      read-modify-write, two stores, two loads;
//	                                      the parker only if the worker sleeps
//	to park                               two read-modify-writes, up to four stores, and a
//	                                      look at every core that is not idle; one more
//	                                      read-modify-write when it stops to spin
package relay
