// Package impls is the contract between a work-stealing scheduler and its idle
// manager: the part that knows which workers have nothing to do, decides whom
// to wake when work appears, hands out the right to run, and ends it all at
// shutdown. Implementations live in packages below this one; every one of them
// is hosted unchanged by the scheduler in loadgen/host.
//
// The model is that of Tokio's alternative multi-threaded scheduler (its idle
// module, at the parent of tokio-rs/tokio commit 159a3b2c8), reduced to what
// any idle manager, locked, lock-free or made of channels, can be asked for.
//
// # The model
//
// A core is a permit to run tasks. It owns a run queue from which others may
// steal. There are as many cores as tasks may run at once, and they do not
// belong to threads: a core moves from worker to worker. At any time a core is
// in exactly one place:
//
//   - available: nobody runs on it, its run queue is empty;
//   - assigned: given to a sleeping worker that has not yet woken;
//   - held: a worker is running on it, or searching with it;
//   - shut down: never to be used again.
//
// A worker is an OS thread that needs a core to do anything. There are at
// least as many workers as cores. A worker without a core is a sleeper, or is
// on its way to become one or to wake.
//
// A worker that holds a core but found its own queues empty may be searching:
// it looks for work in other cores' run queues. Searching is the currency of
// the field. While somebody searches, a publisher of work need wake nobody,
// because the searcher will come by; and searchers are kept few, because each
// burns a CPU and contends with the others. Whoever stops searching because it
// found work passes the duty on, by waking one more.
//
// Tasks reach the scheduler in two ways. A task published by a worker goes to
// the run queue of the core it holds. A task from outside goes to the
// injection queue, which all workers share.
//
// The lock is the host's mutex around the injection queue ([Config].Lock). An
// idle manager is told of injected tasks while that lock is held and decides
// when to drop it. So a design that wants publication and the choice of a
// sleeper to be one critical section, as the canonical one does, keeps its own
// state under the same lock; a design that wants no lock drops it first.
//
// # Who and how
//
// Whom to wake is the idle manager's decision. How the chosen worker sleeps
// and is woken is another axis: a [Parker], of which package impls/park has
// several. A manager is given one parker for each worker and should work with
// any. A design that is inseparable from its own way of sleeping ignores them
// and says so ([Implementation].Parker).
//
// # The events
//
// A manager is not driven by steps such as "increment the searching count" but
// told what happened ([Idle]):
//
//	a worker published a task            NotifyLocal
//	a task came from outside             NotifyRemote
//	n tasks came from outside at once    NotifyMult
//	a worker's own queues are empty      Search
//	a searching worker found work        Found
//	a worker found nothing               Park
//	the scheduler is closing             Shutdown
//
// # Why no wake-up is lost
//
// A wake-up is lost when a task has been published, a core is available, a
// worker sleeps, and nobody is going to look. Each side does two things, in
// opposite order:
//
//	publisher                            parker
//	1. makes the task visible            1. makes itself visible: releases its
//	   in a queue                           core, leaves the searchers
//	2. looks for somebody to wake        2. looks into the queues once more
//	   (NotifyLocal, NotifyRemote)          (inside Park)
//
// If both sides' steps are sequentially consistent (Go's sync/atomic is, and
// so is whatever happens under one mutex), one of the two must see the other:
// were both to look before the other had made itself visible, each second step
// would precede the other side's first, and so its own first step. Every
// manager owes this argument for each of its events; those here give it in
// their package documentation. Swapping the two steps on either side, or
// making one of them a plain access, is the bug class of this field.
//
// Three refinements make it cheap, and each has its own way to go wrong:
//
//   - A publisher skips the search for a sleeper when it sees a searcher. The
//     searcher might be on its way out, and might already have looked at the
//     publisher's queue. So the last searcher to leave looks into all queues
//     again after it has left the count (L4).
//   - A publisher that finds no core available cannot wake anyone. It leaves a
//     note ("needs searching"), and a worker about to park reads it (L5).
//   - A worker that found work while searching wakes another searcher if it was
//     the last, because the publishers it absorbed relied on it (L4).
//
// For a task published by a worker there is a weaker guarantee that costs
// nothing: the worker itself holds a core and will come to its own queue. That
// is why a lost local wake-up shows as lost parallelism, not as a hang, unless
// the task at hand waits for the one that was published.
//
// # Invariants
//
// Safety, at each release of the lock, or at the linearization points of a
// design without one:
//
//   - S1. Every core is available, assigned, held or shut down, and only one
//     of these; none is ever created or lost.
//   - S2. What the manager counts (idle cores, the idle map) equals what is
//     there. Who reads without the lock may read an old value, never an
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
//   - S6. A worker that was chosen is woken exactly once for it. A wake-up for
//     no reason changes nothing.
//   - S7. The limit on searchers is advice, and may be overshot by races. What
//     bounds them is that each needs a core.
//
// Liveness:
//
//   - L1. After an injected task was published and its notification returned,
//     some worker will look into the injection queue, though nothing else ever
//     happens.
//   - L2. A task published by a worker runs eventually, at worst by that
//     worker.
//   - L3. Work conservation: when all is at rest, there is no core available
//     and worker asleep while a task could be stolen and nobody searches.
//     Strong managers keep it always; weak ones document how they miss it
//     ([Implementation].Conserving).
//   - L4. The last searcher to leave with work wakes another; the last to leave
//     without work looks into every queue after it left.
//   - L5. A publisher that could wake nobody leaves a note in the same step in
//     which it saw that, and whoever would park next reads it.
//   - L6. NotifyMult(n) wakes as many as n, the sleepers and the available
//     cores allow; if that is fewer than n, it leaves the note. Weak managers
//     may miss this as they may miss L3.
//   - L7. A worker that wakes by itself takes the same steps as one that was
//     woken.
//
// Shutdown:
//
//   - D1. Shutting down twice is shutting down once.
//   - D2. Every worker returns from Park and is told.
//   - D3. Every core is shut down exactly once.
//   - D4. A worker that wakes takes the core assigned to it before it looks
//     whether the scheduler is closing.
//   - D5. No core is assigned to a worker that has returned for good.
//   - D6. Events during and after Shutdown are safe and change nothing.
//
// Package impls/idletest checks an implementation against these; whoever
// writes one should run it first.
package impls
