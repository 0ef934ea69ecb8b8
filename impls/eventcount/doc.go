// Package eventcount is the idle manager of Eigen's thread pool: EventCount.h and
// NonBlockingThreadPool.h, as they have been since commit e5ac8cbd7 of May 2019
// (bc19ba490c in another mirror of the repository), which repaired two lost wake-ups.
// Eigen 3.4.0 has them. Taskflow has the same algorithm (NonblockingNotifierV2 in
// taskflow/core/nonblocking_notifier.hpp at 0204b1eaa) and Eigen's older form with
// tickets (V1).
//
// An eventcount is a condition variable without a mutex: a worker announces that it
// is about to sleep, looks at the queues once more, and then cancels or commits. A
// publisher that finds nobody waiting reads one word and writes nothing. While a
// worker waits, each push wakes one: there is no count of searchers that would save
// wake-ups, and nothing else throttles them.
//
// # State
//
// All decisions are steps on one word:
//
//	bits    0–13  the top of the stack of sleepers, a worker's number; all ones: empty
//	bits   14–27  prewaiters: workers that have announced themselves and not decided
//	bits   28–41  signals: wake-ups given to prewaiters and not yet taken
//	bits   42–63  the epoch of the top of the stack
//
// A sleeper's next is the top that it found, with its epoch. Each worker has an
// epoch of its own, and increments it whenever it pushes itself, so the same top
// does not recur in the word until the worker has slept 4 million times more. This
// keeps a compare-and-swap from succeeding when the top is the same and what is
// below it is not (ABA). The fields allow 16,382 workers.
//
// Signals never exceed prewaiters (the word's invariant). A signal belongs to no
// particular prewaiter: the first to commit takes it.
//
// # Protocol
//
//	publisher                             Park
//	1. the task is visible                1. prewaiters + 1
//	2. read the word                      2. look at closed and into all queues;
//	   a. fewer signals than                 if there is work: cancel
//	      prewaiters: signals + 1         3. commit: if there is a signal, take it,
//	   b. else pop a sleeper, wake it        prewaiters - 1, and leave; else
//	   c. else return                        prewaiters - 1 and push itself, in one
//	                                         step
//	                                      4. sleep until it was popped
//
// To cancel is prewaiters - 1, and signals - 1 only if signals would exceed
// prewaiters otherwise. Then all prewaiters had a signal, so this worker had one.
// If it took a signal in any other case, that could be the only one of a worker
// that looked before the task was there.
//
// A worker that was popped, or took a signal, was chosen: Park returns Woken, though
// with a signal the worker has not slept.
//
// # Why no wake-up is lost
//
// All steps are sequentially consistent. Eigen has a fence between the two steps of
// the publisher, which Go's atomic publication makes needless.
//
// A task from outside, or spawned (NotifyRemote, NotifyLocal). Suppose that the
// publisher returns by c. Then no worker sleeps, and there are as many signals as
// prewaiters. A worker that announces itself later looks later, and sees the task.
// Consider the prewaiters at that time that have looked already. Each of them
// leaves and looks again, unless another worker takes its signal: one that announced
// itself later, looked later, and found no work. Then the task had been taken.
//
// In case a the signal is taken by a worker that searches after the task was
// visible, or by one that cancels because it saw work in a look that may have been
// earlier. In case b the sleeper searches after the task was visible.
//
// A worker that searches finds a task or returns to Park, where it looks at every
// queue after it has announced itself. If it finds one, Found looks once more, after
// the worker has what it took, and wakes another worker if any work is left. So it
// does not matter that the worker may have taken another task than the one it was
// woken for, that a thief took along half of a run queue and hid it meanwhile (M2),
// or that one NotifyLocal covers several tasks (M3). Found reads the word first and
// looks at the queues only if a worker waits: one that begins to wait later looks
// for itself.
//
// NotifyMult(n) does for each task what NotifyRemote does, until nobody waits, or
// for all that wait in one step if n is at least the number of workers (L6).
//
// There is no note (L5). A publisher returns by c only if each worker is going to
// look before it sleeps.
//
// Shutdown sets closed, and then, in one step, empties the stack and gives each
// prewaiter a signal. A worker that announces itself later sees closed (D2). The
// cores of workers that never started are Shutdown's to return (package tied).
//
// No race is known in which a task waits beside an idle core: L3 and L6 hold in every
// interleaving that was explored.
//
// # One spinner
//
// Eigen lets one worker of the pool look for work for a while before it waits, and
// the others go on to wait at once. So does Search: a worker may search if it becomes
// the spinner, or if it sees work in one look at all queues; otherwise it parks. The
// spinner goes on looking in Park for spinTime before it announces itself. Nobody
// relies on it: publishers do not read the flag, so a push wakes a sleeper though the
// spinner might be about to take the task.
//
// # What is kept of the original
//
//	Eigen                                here     effect
//
//	The word's layout, the epochs in     kept     Limit and ABA protection are the
//	the waiters, next with the epoch.             original's.
//
//	Prewaiters get signals before        kept     The worker that parked last is
//	sleepers are woken; sleepers are              woken first, and one that is about
//	a stack.                                      to sleep before any that sleeps.
//
//	A push wakes while anyone waits.     kept     Up to one wake-up a push.
//
//	At most one spinner, and no          kept     See above.
//	publisher relies on it.
//
//	A woken worker begins its search     kept     The host's random start; no hint
//	anywhere.                                     (Core.Look) is given.
//
//	A waiter has its own cache lines,    kept     The spinner's flag is on the line
//	the word and the flag share one.              of the word, which changes when
//	                                              workers begin and end to wait.
//
//	Prewait is a loop of compare-and-    differs  An addition (as in Taskflow) cannot
//	swaps, and checks the word.                   fail. Assertions check the word.
//
//	The spinner makes 5000/n passes      differs  8 to 17 µs there for n of 1 to 256
//	over n queues.                                (measured), 12 µs here: as long, with
//	                                              fewer looks. The host's four search
//	                                              rounds come before it.
//
//	A worker that is not the spinner     differs  Search looks, without taking, and the
//	makes one pass over the queues.               host then searches in up to four
//	                                              rounds.
//
//	A worker that found a task wakes     differs  In Eigen each push notifies and a
//	no other.                                     thief takes one task, so no relay is
//	                                              needed, and exploration finds no lost
//	                                              wake-up without one where tasks are
//	                                              taken one by one. Here one NotifyLocal
//	                                              may cover several tasks, and half of a
//	                                              run queue may move: without the relay
//	                                              fork_two_stolen_together deadlocks. (A
//	                                              later version of Eigen,
//	                                              eigen-mirror/eigen at 7b5f53bbb, has
//	                                              CancelWait pass on a signal that it
//	                                              took.)
//
//	Tasks from outside go to the run     differs  The host has an injection queue.
//	queue of a random worker.
//
//	Shutdown lets workers finish what    differs  The contract ends them at once, so
//	is queued: the last to wait ends               there is no count of blocked workers.
//	the others.
//
//	A mutex and a condition variable     differs  The kind of parker is measured
//	for each worker.                              separately.
//
// Since e44db2109 (August 2024) Eigen's publishers do rely on the spinner: a push
// that finds one with no task yet on its account books the task there and wakes no
// worker, and the spinner makes another pass when it stops. That is another throttle,
// and not this package. In its first form a spinner that stopped looked for the
// booked task in its own queue only, and could leave it (repaired in cebe09110, April
// 2025).
package eventcount
