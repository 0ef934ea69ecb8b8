// Package impls is the contract between a work-stealing scheduler and its idle
// manager: the part that tracks which workers have nothing to do, decides which
// of them to wake when work appears, hands out the right to run, and ends the
// workers at shutdown. Implementations live in packages below this one. The
// scheduler in loadgen/host hosts every one of them unchanged.
//
// The model is that of Tokio's alternative multi-threaded scheduler (its idle
// module, at the parent of tokio-rs/tokio commit 159a3b2c8), reduced to what
// every idle manager can provide, be it locked, lock-free or made of channels.
//
// # The model
//
// A core is a permit to run tasks. It owns a run queue from which others may
// steal. The number of cores is the number of tasks that may run at once. Cores
// do not belong to threads: a core moves from worker to worker. At any time a
// core is in exactly one place:
//
//   - available: no worker has it, and its run queue is empty;
//   - assigned: given to a worker in Park that has not yet returned with it;
//   - held: a worker is running on it, or searching with it;
//   - shut down: never to be used again.
//
// A worker is an OS thread that needs a core to do anything. There are at
// least as many workers as cores. A worker without a core sleeps, or is about to
// sleep or to wake.
//
// A worker that holds a core but found its own queues empty may be searching:
// it looks for work in other cores' run queues. While a worker searches, a
// publisher need not wake another, because the searcher will come by. Searchers
// are kept few, because each burns a CPU and contends with the others. A worker
// that stops searching because it found work passes the duty on by waking one
// more.
//
// Tasks reach the scheduler in two ways. A task published by a worker goes to
// the run queue of the core it holds. A task from outside goes to the
// injection queue, which all workers share.
//
// # With the host's lock, or without
//
// By default the host guards the injection queue by a mutex and shares it with
// the manager ([Config].Lock). NotifyRemote is then called with the lock held, in
// the critical section that published the task, and the manager releases it. A
// design that wants publication and the choice of a sleeper to be one critical
// section, as the canonical one does, keeps its own state under the same lock.
//
// A design that keeps no lock says so ([Implementation].Lockless). Then there is
// no lock for it to see: Config.Lock is nil, the host's injection queue is
// lock-free, and NotifyRemote is called after the task has become visible. Such a
// design does not pay for a lock that its original does not have.
//
// # Policy and parking
//
// Which worker to wake is the idle manager's decision. How that worker sleeps
// and is woken is a separate axis: a [Parker], of which package impls/park has
// several. A manager gets one parker for each worker and should work with any. A
// design that is inseparable from its own way of sleeping ignores them and says
// so ([Implementation].Parker).
//
// Park has no deadline. None of the designs surveyed needs one to keep its
// promises. A deadline there serves to end threads that have been idle for long
// (.NET's thread pool, ForkJoinPool's keep-alive), to run timers, or to bound the
// effect of a lost wake-up. Here the number of workers is fixed, there are no
// timers, and a lost wake-up must show. A design that times its own waits, such as
// one that delays the next wake-up, prescribes its own way of sleeping.
//
// # The events
//
// The host reports what happened; it does not drive a manager in steps such as
// "increment the searching count" ([Idle]):
//
//	a worker published tasks             NotifyLocal
//	a task came from outside             NotifyRemote
//	n tasks came from outside at once    NotifyMult
//	a worker's own queues are empty      Search
//	a searching worker found work        Found
//	a worker found nothing               Park
//	the scheduler is closing             Shutdown
//
// # What a notification covers, and tasks that move without one
//
// Each task is covered by one notification when it is published. NotifyRemote
// covers one task and NotifyMult n. NotifyLocal covers at least one; the count is
// not given, because a publisher does not know how many of its tasks are already
// gone. A notification may come late: some or all of its tasks may have been taken.
//
// Later the task may move, and no further notification covers it:
//
//   - A full run queue overflows: half of it moves to the injection queue, with
//     the task that did not fit. Only that task is new; NotifyLocal follows.
//   - A worker takes a task from the injection queue and moves others with it
//     to its own run queue. If the worker was searching, Found follows.
//   - A thief takes half of a run queue: it runs one task, and the others are in
//     its own run queue. Only a searching worker steals, so Found follows.
//
// Three rules make up for the missing notifications:
//
//   - M1. A task that moves between the injection queue and a run queue can
//     always be seen: it becomes visible where it goes before it ceases to
//     be counted where it was. So a look that finds Injected zero FIRST and
//     then every run queue empty has missed no such task. In the other order it
//     could miss one: the run queue is still empty, and then the injection queue
//     is empty already. A full run queue that overflows is an exception: half of
//     its tasks are hidden for a moment. Their owner holds a core, and its
//     NotifyLocal comes when they are visible again.
//   - M2. A stolen task is hidden while the thief copies it. The thief is
//     searching, and it calls Found only after what it leaves in its run queue is
//     visible there. So Found is the notification for these tasks: a manager
//     must not put a worker to sleep on account of a thief whose Found it then
//     ignores. Stealable(c.Index) inside Found tells whether there are any.
//   - M3. A batch that a non-searching worker moves has only its original
//     notification. Waking one worker for n tasks is enough if each worker that
//     finds a task while searching wakes the next.
//
// # Why no wake-up is lost
//
// A wake-up is lost when a task has been published, a core is available, a
// worker sleeps, and no worker is going to look. Each side takes two steps, in
// opposite order:
//
//	publisher                            parker
//	1. makes the task visible            1. makes itself visible: releases its
//	   in a queue                           core, leaves the searchers
//	2. looks for a worker to wake        2. looks into the queues once more
//	   (NotifyLocal, NotifyRemote)          (inside Park)
//
// If both sides' steps are sequentially consistent (Go's sync/atomic is, and
// so is everything under one mutex), at least one of the two sees the other:
// if both looked before the other had made itself visible, each second step
// would precede the other side's first, and so its own first step. Every
// manager needs this argument for each of its events; those here give it in
// their package documentation. Swapping the two steps on either side, or
// making one of them a plain access, is the bug class of this field.
//
// Three refinements make it cheap, and each has its own way to go wrong:
//
//   - A publisher skips the search for a sleeper when it sees a searcher. The
//     searcher may be about to give up, and may already have looked at the
//     publisher's queue. So the last searcher to leave looks into all queues
//     again after it has left the count (L4).
//   - A publisher that finds no core available cannot wake anyone. It leaves a
//     note ("needs searching"), and a worker about to park reads it (L5).
//   - A worker that found work while searching wakes another searcher if it was
//     the last, because publishers skipped their wake-ups on account of it (L4).
//
// For a task published by a worker there is a weaker guarantee that costs
// nothing: the worker itself holds a core and will come to its own queue. That
// is why a lost local wake-up shows as lost parallelism, not as a hang, unless
// the running task waits for the one it published.
//
// # Invariants
//
// Safety, at each release of the lock, or at the linearization points of a
// lock-free design:
//
//   - S1. Every core is available, assigned, held or shut down, and only one
//     of these; none is ever created or lost.
//   - S2. What the manager counts (idle cores, the idle map) equals what is
//     there. A reader without the lock may see an old value, never an
//     impossible one.
//   - S3. A worker is registered as a sleeper at most once, and never while it
//     runs, after it has returned, or while a core is assigned to it.
//   - S4. The number of searchers is never negative, never less than that of
//     the cores whose holders search, and 0 when all is at rest. In between it
//     may also count wake-ups in flight, those that will fail included, and
//     workers that are about to leave the searchers.
//   - S5. A core that becomes available is not searching, its run queue is
//     empty, and, for a manager that uses the lock, the injection queue was
//     empty in the same critical section.
//   - S6. A worker that was chosen is unparked at most once for it, and Park
//     returns Woken for it. A wake-up for no reason changes nothing.
//   - S7. The limit on searchers is advisory, and races may overshoot it. The
//     hard bound is that each searcher needs a core.
//
// Liveness:
//
//   - L1. After an injected task was published and its notification returned,
//     some worker will look into the injection queue, even if nothing else ever
//     happens.
//   - L2. A task published by a worker runs eventually, at worst by that
//     worker.
//   - L3. Work conservation: when all is at rest, there is no core available
//     and worker asleep while a task could be stolen and no worker searches. A
//     design that misses this in some races names them
//     ([Implementation].Races).
//   - L4. The last searcher to leave with work wakes another; the last to leave
//     without work looks into every queue after it left.
//   - L5. A publisher that could wake no worker leaves a note in the same step in
//     which it saw that, and the next worker that would park reads it. A design
//     without such a note says so ([Race].Unsearched).
//   - L6. NotifyMult(n) leads to as many awake workers as n, the sleepers and the
//     available cores allow. It may wake them all itself, or some of them and
//     leave the rest to a chain: each worker that was woken and finds a task
//     wakes the next one in Found, so before it runs the task. No link of the
//     chain may wait for a task to end. For tasks beyond the available cores it
//     leaves the note.
//   - L7. A worker that wakes by itself takes the same steps as one that was
//     woken.
//
// Shutdown:
//
//   - D1. A second shutdown does nothing.
//   - D2. Park returns Closed to every worker.
//   - D3. Every core is shut down exactly once.
//   - D4. A worker that wakes takes the core assigned to it before it checks
//     whether the scheduler is closing.
//   - D5. No core is assigned to a worker that has returned for good.
//   - D6. Events during and after Shutdown are safe and change nothing.
//
// Package impls/idletest checks an implementation against these. Run it first when
// you write one.
package impls
