// Package gosched is the idle manager of Go's own runtime: src/runtime/proc.go of Go
// 1.26, wakep, startm, stopm, injectglist and the last part of findRunnable. An M is
// a worker here, a P is a core, and a spinning M is one that searches.
//
// It is the policy that Tokio's schedulers follow, with two rules of its own that
// came out of defects: every searcher looks at all queues on its way to sleep, and not
// the last one only (golang/go#43997); and a worker that finds no core for a task
// leaves a note under the lock (golang/go#45867).
//
// # State
//
// One lock, the host's, guards the injection queue, a stack of sleepers (midle) and a
// stack of available cores (pidle), as sched.lock does. Workers and cores are separate, and
// a worker is given a core before it is woken. Four values can be read without the
// lock: the number of searchers (nmspinning), the number of available cores (npidle),
// the mask with a bit for each core that no worker has (idlepMask), and the note
// (needspinning). The last three are written under the lock, except that a worker
// clears the note without it when it becomes a searcher.
//
// A third stack has the cores for which a worker is yet to be found. Go starts a new
// thread where no M sleeps, and that has a P from its birth. The number of workers is
// fixed here, so the core waits in this stack, still counted as a searcher's if one
// is wanted. There are as many workers as cores, so one without a core is on its way to
// sleep; the first to come takes the core instead.
//
// # Protocol
//
// A task that a worker published, and a task that a searcher found (wakep):
//
//	publisher                            Park (findRunnable)
//	 1. task into the run queue           lock
//	 2. load searchers; if > 0, return    1. injection queue not empty? stay
//	 3. CAS searchers 0 → 1               2. not searching, and the note is set?
//	 lock                                    search
//	 4. take a core; if there is none,    3. release the core
//	    set the note, searchers − 1       unlock
//	 unlock                               4. if it searched: searchers − 1, then
//	 lock                                    look at the injection queue, under the
//	 5. give the core to a sleeper           lock, and at every run queue; if there
//	 unlock                                  is a task: take a core and search, or
//	 6. unpark it: it searches               set the note if there is no core
//	                                      lock
//	                                      5. a core waits for a worker? take it
//	                                      6. join the sleepers
//	                                      unlock
//	                                      7. sleep until a core was given
//
// The publisher does not look first whether there is a core. While all are busy and
// none searches, each publication takes the lock, to set a note that is mostly set.
//
// Tasks from outside go the way of goroutines that the network poller finds ready
// (injectglist): for each, as long as there is a core, a worker is woken, whether
// others search or not. It does not search, since there is a task for it.
//
// At most half of the busy cores' workers search (Search). A searcher that finds a
// task leaves the count, and then wakes another unless others search (Found).
//
// # Why no wake-up is lost
//
// A task from outside is published under the lock, and its publisher takes the lock
// again. If a core is available then, a worker is given that core and looks at the
// injection queue. If none is, each core is held, or is given to a worker that will
// look, or was released with the lock held, before. The holder looks in step 1 before
// it releases the core (L1), in the section in which it reads the note.
//
// For NotifyMult the same is done for each task. What is left when the cores have run
// out is in the note (L5, L6): a holder that would park searches instead. A worker
// that takes a batch and does not search has not been woken for the others in it, but
// others have been, or the note is set.
//
// A task of a worker: if the publisher stops at step 2 or 3, the count is above 0
// after the task was visible. Each searcher leaves later, in Park or in Found. In
// Park it looks after it has left, at the injection queue first and then at the
// run queues, so that it misses no task that moves (M1). If it sees the task, it
// searches with a core, or sets the note because all cores are busy. In Found it
// starts another searcher, if none is left. A thief's surplus is visible before Found
// (M2), so every later search finds it.
//
// If the publisher finds no core in step 4, every core is held or given away, and the
// note is set in the section that saw so. Each holder that does not search reads it in
// step 2 before it releases its core. One that searches looks afterwards.
//
// # The race
//
// The count is above 0 from step 3 on, though in step 4 there may be no core. Any
// publisher that reads it meanwhile relies on a searcher that never comes. The note makes
// up for that, since step 4 sets it under the lock before it lowers the count. But
// not always: between these two, a worker that becomes a searcher clears the
// note, as it does without the lock.
//
//   - "cleared note": A finds no core in step 4, sets the note and has not lowered
//     the count. B becomes a searcher and clears the note. B finds a task; there are
//     others left. B leaves the count, 2 → 1, and starts no searcher because of
//     A's. A lowers the count, 1 → 0. C was refused as a searcher because of A and B,
//     and now parks: no note, and no look, as it did not search. A core is idle, a task
//     can be stolen, and no worker searches until the next event (L3).
//
// That takes three cores. Exploring this code shows it in fork_two and in
// fork_in_a_chain, once in some 50,000 random schedules, and in
// fork_against_a_task_that_stays, once in 100,000. If step 4 lowers the
// count first and then sets the note, both under the lock, B clears the note before
// A sets it or B's look at the count finds 0, and 400,000 schedules of fork_two
// show no deadlock. Go 1.26 has the order that is described here.
//
// # Shutdown
//
// Go's scheduler has none. Shutdown sets closed under the lock, takes all cores and
// all sleepers in the same section, and wakes them. No core is given to a worker after
// that (D5). A worker that wakes reads closed first and then its core, so it takes
// with it what it was given before the close (D4). A publisher between its two sections
// has its core in the third stack, where Shutdown finds it (D3).
//
// # What is kept of the original
//
//	step                                 here     effect
//
//	A publisher that wakes takes the     kept     One critical section more a wake-up
//	lock twice, for the core and for              than in bitmap.
//	the worker.
//
//	No look at the number of cores       kept     A publisher takes the lock when all
//	before that.                                  are busy. bitmap sets its note
//	                                              without the lock, and has race B2.
//
//	Every searcher looks again.          kept     With n searchers at the end n looks
//	                                              at every queue, and n times the lock.
//	                                              B9 and B10 of bitmap do not exist.
//
//	Workers for tasks from outside are   kept     A woken worker may wait for the lock,
//	woken with the lock held, in a                since it takes tasks under it.
//	section for each.
//
//	They do not search, so they do not   kept     As many wake-ups as tasks while cores
//	wake others.                                  are idle.
//
//	The counts are next to each other.   kept     Each write takes the line from the
//	                                              readers of the others.
//
//	A woken worker takes no lock.        kept     It reads its core from a word of its
//	                                              own.
//
//	No sleeper: a new thread is started  differs  The core waits for a worker on its
//	with the core.                                way to sleep. Go may have more
//	                                              threads than cores asleep; here the
//	                                              number of workers decides.
//
//	A core leaves the mask when it is    differs  When a worker gets it. Its run queue
//	taken for a worker.                           is empty till then.
//
//	The mask has words of 32 bits, and   differs  Words of 64, a load and a store under
//	is changed by atomic and, or.                 the lock. On amd64 both are a locked
//	                                              instruction.
//
//	A batch is taken from the injection  differs  The host takes it, in one more
//	queue in step 1.                              critical section.
//
//	The network poller, timers, the      left     A worker that would wait for events
//	garbage collector, sysmon,           out      is a sleeper. Nothing retakes a core
//	hand-off of a P in a system call.             from a task that blocks.
//
// # The host
//
// Go searches four times through all run queues without a pause (option pause=none).
// Its slot for the most recent goroutine can be stolen, in the last of the four, after
// a sleep of 3 µs; the host's is private or can be stolen at once (option slot).
package gosched
