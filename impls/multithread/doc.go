// Package multithread is the idle manager of Tokio's multi-threaded scheduler:
// tokio-rs/tokio at ea91b33ca (August 2026, after 1.53.1), idle.rs and the park path
// of worker.rs in tokio/src/runtime/scheduler/multi_thread. The last change of idle.rs
// is of June 2023. Package bitmap is that of Tokio's alternative scheduler, which has
// been removed since.
//
// # State
//
// One word has the number of workers that are not sleepers, from bit 16 on, and the
// number of searchers below that. The lock guards a stack of sleepers. It is the
// host's lock, as in the original, where the injection queue and the sleepers are
// under one mutex. Both numbers of the word are atomic, but the upper one changes
// only under the lock, together with the stack: it is always the number of workers
// less that of sleepers (S2).
//
// A worker keeps its core when it sleeps (package tied), so a sleeper and its core
// are available together. If there are more workers than cores, the surplus workers
// sleep until the shutdown; the original has no such workers. The word counts up to
// 65,535 workers.
//
// # Protocol
//
//	publisher                            Park
//	 1. task into a queue                 lock
//	 2. add 0 to the word: some worker    1. not a searcher: awake − 1; a searcher:
//	    searches, or none sleeps? done       awake − 1 and searchers − 1, in one step
//	 lock                                 2. join the sleepers
//	 3. the same once more                unlock
//	 4. awake + 1, searchers + 1;         3. was it the last searcher? Look at every
//	    pop a sleeper                        run queue, then at the injection queue:
//	 unlock                                  if there is a task, take a publisher's
//	 5. unpark it                            steps 2 to 5
//	                                      4. sleep until it is popped; then search
//
// A task from outside takes the lock twice, once to publish and once to wake; it is
// no more likely to wake a worker than a task that a worker published. In step 3 of
// Park the worker to be woken is the top of the stack, mostly the one that looks:
// then it finds its own token in step 4 and does not sleep. It was chosen, if only by
// itself, so Park returns Woken.
//
// At most half of the workers search, busy or not (Search). A searcher that finds a
// task leaves the count, and takes steps 2 to 5 if it was the last (Found).
//
// # Why no wake-up is lost, and what is
//
// Take a publisher that stops at step 2 because some worker S searches. Its task was
// visible before that, and S leaves the count after it, in Found or in Park. If S was
// not the last, the same holds for the last one, which left later still. If the last
// one leaves in Park, it looks at every queue after it has left, and so sees the task.
// Both sides change the word, so one of the two comes first. If it leaves in
// Found, it wakes another searcher, if there is a sleeper: that one looks later still.
//
// Two publishers at once: one wakes a searcher, and the other sees that in step 3.
// The woken worker counts as a searcher from step 4 on. It searches after that, so it
// finds the tasks of all publishers that stop at step 2 meanwhile.
//
// NotifyMult wakes one worker for all n tasks, as n notifications in a row would
// unless the first worker arrives before the last of them. Each worker that finds a
// task while it searches wakes the next in Found, before it runs the task (L6).
//
// A thief's surplus is visible before Found (M2). If the thief was the last searcher,
// Found wakes a worker for it. If not, another worker still searches, and the last of
// those looks or wakes.
//
// A task from outside is always run (L1): a worker looks at the injection queue
// before it parks, and the argument above holds if all workers sleep. What can be
// lost is parallelism (L3), in two races. In both, a worker sleeps and a task waits
// until its publisher, or the worker that took it along, comes to it, or until the
// next event.
//
//   - "no note": a publisher that finds no sleeper leaves nothing for those that will
//     park (L5), and a worker that does not search parks without a look. Two workers
//     are enough. While S searches, A is refused as a searcher. S finds a task: no
//     worker sleeps, so Found wakes none. That task publishes another: still none.
//     Now A parks, and the second task waits. A test of Tokio's own, in which tasks
//     from outside waited for each other, hung with a task queued and a worker
//     asleep (tokio-rs/tokio#6847, #6876).
//   - "queues first": the last look is at the run queues first, then at the injection
//     queue. A worker that does not search moves a batch from the one to its own run
//     queue in between, so the look sees it in neither (M1), and no worker is woken
//     for the batch. With the looks in the other order that is impossible here. In the
//     original it is possible in any order, because there a batch is taken off the
//     count before it is in the run queue.
//
// The explorer shows each of them without the other: if every parker looks, only
// "queues first" is left, and with the other order of looks nothing is. The list in
// verify/known.go has the scenarios.
//
// # Shutdown
//
// Shutdown sets closed, then takes the lock and chooses every sleeper. A worker that
// parks looks at closed under the lock before it joins the sleepers: either it sees
// the close, or Shutdown sees it among the sleepers (D2). Every later notification
// finds no sleeper or a searcher, and does nothing (D6).
//
// # What is kept of the original
//
//	step                                 here     effect
//
//	An addition of 0 to the word for     kept     Each notification takes the line of
//	each notification.                            the word away from all others, also
//	                                              while a worker searches. Go's atomic
//	                                              load would be enough (Tokio #1788).
//
//	The lock is taken again to wake for  kept     One more critical section a wake-up
//	a task from outside.                          than in bitmap.
//
//	The look after step 2 of Park wakes  kept     A sleeper is woken where another
//	a sleeper, even if that is not the            design would let the worker go on.
//	worker itself.
//
//	A worker that wakes takes the lock   kept     Two critical sections a wake-up, and
//	twice, first to see whether the               a scan of all sleepers, with the lock
//	runtime has been shut down, then to           held.
//	look for itself among the sleepers.
//
//	The word shares its cache line.      kept     None: a thread that reads another field
//	                                              has just changed the word.
//
//	Closing unparks every worker. Here   differs  A shutdown saves an unpark for each
//	only sleepers are unparked; others            worker that is awake. None is unparked
//	see the close when they park.                 twice (S6).
//
//	A worker that sees the close stays   differs  None is left for a notification to
//	among the sleepers. Here Shutdown             choose.
//	has taken it off.
//
//	A closing worker looks at the close  differs  One more load in Park.
//	only after it has slept.
//
//	A sleeper may wait in the I/O        left     A worker with events of its own took
//	driver, and be woken by an event.    out      itself off the sleepers. There are no
//	                                              events here.
//
//	Tasks deferred to the end of a park  left     The host keeps them (Worker.Yield).
//	are scheduled before the worker      out
//	looks for itself.
//
// # The host
//
// The original searches once through all run queues, the host up to four times with
// pauses in between (option pause); so a worker parks later here. The original
// submits tasks from outside one by one only (option submit=each). Its slot for the
// most recent task is private in this version.
package multithread
