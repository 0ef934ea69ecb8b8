// Package host is the work-stealing scheduler that hosts every idle manager of
// the suite unchanged. It does what a scheduler must do for an idle manager to
// have something to manage, and no more: no timers, no I/O, no futures.
//
// It follows Tokio's alternative multi-threaded scheduler (worker.rs and queue.rs in
// multi_thread_alt, tokio-rs/tokio at the parent of commit 159a3b2c8), because the
// canonical idle manager lived there and the pattern of its calls is part of what is
// measured. Each core has a bounded run queue and a slot for the most recently
// published task; all share an injection queue. A worker with a core loops:
//
//  1. Take a task: at the end of each interval from the injection queue first,
//     else from the slot, the run queue, a batch from the injection queue.
//  2. If there is none, ask the idle manager whether it may search, and look
//     into other cores' run queues and the injection queue, in four rounds. The
//     first look is at the core that the manager hinted at (impls.Core.Look).
//  3. If that gives none, park in the idle manager.
//
// # Options
//
// Eight steps in which schedulers differ are options ([Options]), since they can decide
// which idle manager is better. The set [Tokio] has Tokio's steps; the default set
// departs from it in seven: it spins between two search rounds, counts tasks from the
// slot as ticks, looks into the injection queue after a fixed number of tasks, takes no
// lock for maintenance, submits a batch as a batch, uses Go's mutex, and has as many
// workers as cores.
//
// # Differences from Tokio with any option
//
//   - With a task from the injection queue a core takes length/cores + 1 others
//     when its worker searches, too. Tokio divides by the number of searchers,
//     which only the idle manager knows.
//   - What is taken never exceeds the run queue's room. In Tokio it could, by
//     one, while a thief was slow (defect B5), and panicked.
//   - Tokio takes that batch in the critical section in which the worker parks
//     or wakes. Here Park returns first, and the host locks once more: the wake
//     for a task from outside includes one lock more.
//   - There is no driver: a worker that would wait for events is a sleeper.
//   - For an idle manager that keeps no lock the injection queue is lock-free
//     (lockless.go), and tasks are taken from it one at a time, as in rayon and in
//     .NET's thread pool. Tokio has no such mode.
//   - Closing waits until all accepted tasks have run; then there is nothing
//     left to cancel. Tokio can drop tasks; this host cannot.
//
// # What a task may do
//
// A task may run for as long as it likes, and may block; it keeps its worker and core
// meanwhile. It may publish tasks by [Worker].Spawn from within Run. A panic in a task
// is caught, kept for the report ([Scheduler.Failed], [Scheduler.Close]), and ends that
// task only. A panic in the idle manager ends the process. A task must not call
// runtime.Goexit: that ends its worker, and is reported like a panic.
//
// # Memory order
//
// Everything that workers share goes through package prim, and so is
// sequentially consistent or under the lock: the injection queue under the lock
// with an atomic length, or by the protocol in lockless.go; the run queue by the
// protocol in runqueue.go, and a slot that can be stolen by that in slot.go; each
// worker's state word. A private slot, the tick and the counters belong to the worker
// that holds the core.
//
// A task that moves from the injection queue to a run queue can be seen there before
// it ceases to be counted in the injection queue: rule M1 of package impls, on which
// managers rely that look without the lock.
package host
