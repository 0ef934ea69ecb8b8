// Package stages tells where the time of a wake went: it splits the time from a
// task's submission to its first instruction, for loads that have one task at a
// time.
//
// # The stamps
//
// A wake has two threads: one that submits, and a worker that slept. Both read
// the same clock, latency.Now, where the path of the task crosses from one part
// of the program into another:
//
//	submitter                             worker
//	t0  before Submit                     asleep in Parker.Park
//	    takes the lock, queues the task   ·
//	t1  Idle.NotifyRemote begins          ·
//	    chooses a worker, drops the lock  ·
//	t2  Parker.Unpark begins              ·
//	t3  Parker.Unpark ends            t4  Parker.Park ends
//	                                      Idle.Park ends, with a core
//	                                      takes the task
//	                                  t5  first instruction of the task
//
// t0 and t5 are those of the latency that the load records. The others come from
// decorators that [Recorder.Watch] puts around a manager and its parkers. They
// are all there is to it: a manager, a parker and the scheduler do not know that
// they are watched, and without a recorder nothing of this package is on the path.
//
// # The stages
//
// The stages follow each other without gap or overlap, so that they add up to
// t5 − t0 in every wake:
//
//	lock      t0 to t1              the wait for the lock
//	decide    t1 to t2              publish and decide
//	call      t2 to min(t3, t4)     the wake call
//	sleep     min(t3, t4) to t4     from the end of that until the worker runs
//	handover  t4 to t5              the core's hand-over and the task's dequeuing
//
// What each holds beside its name:
//
//   - lock is the wait for the lock of package impls at the submission, and the
//     taking of it. The host puts the task into the queue in the same critical
//     section before it tells the manager. The lock is a plain sync.Mutex, which
//     nothing can be put around, so that store is in here too: some nanoseconds
//     in which nobody is waited for. What the stage takes when nobody contends is
//     that and the calls; what it takes beyond is the wait.
//   - decide is what the manager does before it wakes somebody: the choice of a
//     worker, the assignment of a core, its notes and counters, the release of
//     the lock, and any lock of its own.
//   - call ends early if the worker runs before Unpark has returned. What is left
//     of the call then delays the submitter, not the task. In such a wake sleep
//     is 0, since the two cannot be told apart; [Summary].Overlapped counts them.
//   - sleep is the parker's, the kernel's and the hypervisor's: the way of the
//     signal to the other CPU, that CPU's way out of idle, the switch to the thread
//     and, for parkers that let Go's runtime block the worker, its scheduler. A
//     worker that was chosen when it was only about to sleep finds its token, and
//     its stage ends when it has.
//   - handover has waits for the lock too, of the worker: to take its core, and to
//     take the task from the queue. They cannot be told from the rest. It ends with
//     what a searcher does when it finds work, which in a manager of the canonical
//     policy is to wake another if there is one (L4), before the task runs.
//
// So the lock of the first stage is one of the three times that a canonical
// manager takes it on the way. The total that Go's runtime keeps
// (/sync/mutex/wait/total:seconds) would not tell more: it has all locks of the
// process, for a sample of the goroutines, and not the time in which one waits by
// spinning, which is how such short waits mostly pass.
//
// A manager that prescribes its own way of sleeping has no parkers to be watched.
// It is watched at its own methods only, and has four stages:
//
//	lock      t0 to t1              as above
//	notify    t1 to min(t3, t4)     decide and call, t3 being the end of NotifyRemote
//	resume    min(t3, t4) to t4     sleep and the hand-over of the core, t4 being the end of Idle.Park
//	dequeue   t4 to t5              the rest of handover
//
// No number stands for a stage that could not be told from another.
//
// # What is covered
//
// A wake is covered if its stamps are in this order. It is not if the task was
// run by a worker that had not been woken for it: one that was still searching,
// or that took the core it was offered before the call was made. Such a wake
// counts in [Summary].Wakes and in the load's latency, and has no stages. How far
// the stages of the covered wakes speak for all can be seen from the sum of their
// means and the mean of the latency, which is recorded without regard to them.
//
// Where there are no parkers nobody can tell for what a worker was woken. One that
// was woken for the task before, and comes so late that it finds this one, counts
// as covered; with one worker there is none.
//
// # What it costs
//
// Of the readings of the clock that are added, three are on the path: those for
// t1, t2 and t4. The one for t3 is only if the worker has to wait for what the
// submitter does next, which it does not. So a wake becomes longer by three times
// what the calibration platform_clock measures, and by an atomic store; each of
// the stages decide, call and handover has about one reading in it. That is little
// where a worker has to be woken in the kernel, and a good part of the whole where
// it spins. So stages are not recorded unless they are asked for. BenchmarkStages
// of package bench/launch measures the cost, in launches with and without stages
// by turns.
//
// What the submitter counts, it counts after the task has run.
package stages
