// Package stages shows where the time of a wake goes: it splits the time from a task's
// submission to its first instruction, for loads with one task at a time.
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
// decorators that [Recorder.Watch] puts around a manager and its parkers. Nothing else
// is needed: manager, parker and scheduler do not know that they are watched, and
// without a recorder nothing of this package is on the path.
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
// What each includes besides what its name says:
//
//   - lock is waiting for and taking the lock of package impls at the submission. The
//     host queues the task in the same critical section before it notifies the manager.
//     The lock is a plain sync.Mutex that cannot be decorated, so that store is included
//     too: a few nanoseconds without any waiting. Without contention the stage takes that
//     plus the calls; anything beyond is the wait.
//   - decide is what the manager does before it wakes a worker: choosing the worker,
//     assigning a core, bookkeeping and counters, releasing the lock, and any lock of its
//     own.
//   - call ends early if the worker runs before Unpark has returned. The rest of the
//     call then delays the submitter, not the task. In such a wake sleep is 0, since the
//     two cannot be separated; [Summary].Overlapped counts them.
//   - sleep is the time of the parker, the kernel and the hypervisor: the signal's way
//     to the other CPU, that CPU's exit from idle, the switch to the thread and, for
//     parkers that let Go's runtime block the worker, its scheduler. A worker that was
//     chosen when it was only about to sleep finds its token; the stage ends when it has.
//   - handover includes the worker's waits for the lock too: to take its core, and to
//     take the task from the queue. They cannot be separated from the rest. It ends with
//     what a searcher does when it finds work, before the task runs. In a manager of the
//     canonical policy that is to wake another worker if there is one (L4).
//
// So the lock stage covers one of the three times that a canonical manager takes the
// lock on the way. The total that Go's runtime keeps (/sync/mutex/wait/total:seconds)
// would not help: it covers all locks of the process, for a sample of the goroutines,
// and omits time spent spinning, which is how most such short waits pass.
//
// A manager that prescribes its own way of sleeping has no parkers to decorate. Only
// its own methods are watched, and it has four stages:
//
//	lock      t0 to t1              as above
//	notify    t1 to min(t3, t4)     decide and call, t3 being the end of NotifyRemote
//	resume    min(t3, t4) to t4     sleep and the hand-over of the core, t4 being the end of Idle.Park
//	dequeue   t4 to t5              the rest of handover
//
// A stage that cannot be separated from another has no number.
//
// # What is covered
//
// A wake is covered if its stamps are in this order. They are not if the task was run
// by a worker that had not been woken for it: one that was still searching, or that
// took the core it was offered before the call was made. Such a wake counts in
// [Summary].Wakes and in the load's latency, and has no stages. To see how
// representative the covered wakes are, compare the sum of their stage means with the
// mean of the latency, which is recorded independently of stages.
//
// Without parkers it is unknown which task a worker was woken for. A worker that was
// woken for the previous task, and comes so late that it finds this one, counts as
// covered; with one worker that cannot happen.
//
// # What it costs
//
// Of the added clock readings, three are on the path: those for t1, t2 and t4. The one
// for t3 would be only if the worker had to wait for what the submitter does next,
// which it does not. So a wake takes longer by three times what the calibration
// platform_clock measures, and by an atomic store; each of the stages decide, call and
// handover includes about one reading. That is little where a worker is woken in the
// kernel, and a large part of the total where it spins. So stages are recorded only on
// request. BenchmarkStages of package bench/launch measures the cost, alternating
// launches with and without stages.
//
// The submitter does its counting after the task has run.
package stages
