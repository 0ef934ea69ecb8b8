// Package bitmapfixed is the canonical idle manager of package bitmap with those of
// its defects repaired that cost parallelism: B2, B4, B9, B10 and B11. It has no
// code of its own. Package bitmap has a branch for each repair, so the two designs
// differ in what is listed here and in nothing else, and a comparison of them says
// what work conservation costs.
//
// Each repair is also a design of its own, which has that repair and no other
// (bitmapfixed-b2 and so on, [Singles]), so that each has a price.
//
// # The repairs
//
//	defect                     repair                         cost
//
//	B2: NotifyLocal sees that  It leaves the note under the   The first publisher after
//	no core is idle, and sets  lock, where a worker about to  the note was taken takes
//	the note without the       park reads it. If the note is  the lock. While the note
//	lock.                      set already, it returns.       is set, publishers load
//	                                                          it instead of storing it.
//
//	B4: NotifyMult sets no     It sets the note if it wakes   A comparison. The next
//	note if it wakes at least  fewer than n.                  worker that would park
//	one worker but fewer than                                 searches once more.
//	n.
//
//	B9: the last look finds    tryResumeSearch sets the note  A store where the
//	work and no core, and      in the section in which it     original does nothing.
//	sets no note.              finds none.
//
//	B10: the last look leaves  The look begins with the       A load for each look.
//	out the injection queue.   injection queue (M1).
//
//	B11: a claim that fails    The other way round.           None.
//	leaves the note before it
//	leaves the count.
//
// # Why no wake-up is lost
//
// The argument rests on two rules. The canonical manager breaks both.
//
//	N. When the lock is free, the note is set and a core is available, some worker
//	   is between the release of its core and the section in which it joins the
//	   sleepers. There it reads the note.
//
//	C. Each count in numSearching ends in one of four ways: the worker finds a task
//	   (Found), it parks, it leaves at a close, or it was a claim that failed.
//	   Where the count falls to zero, a look at all queues follows, or a
//	   notification, or a note, and each of them after the count has fallen.
//
// Rule N. The note is set only under the lock, and by a thread that sees no core
// available, or no worker asleep, or (B4) both of them used up. If a core is
// available and no worker is asleep, there is such a worker, because there are as
// many workers as cores. A core becomes available only in Park, whose caller is
// such a worker; it joins the sleepers only if it reads no note, or finds no core.
// Without the repair of B2 the note can be set when the last such worker has
// passed; without those of B4 and B9 it is not set at all.
//
// Rule C. A publisher that returns because of a count relies on whatever ends the
// count. In Found the last one notifies; in Park the last one looks at the
// injection queue (B10) and every run queue. If it finds a task it searches again,
// or leaves the note (B9). A claim that fails, in notifySynced, sets the note
// under the lock. A publisher that saw its count made its task visible before the
// count fell, so before the note was set (B11), and the worker that takes the note
// looks at every queue afterwards. In the original order another worker may take
// the note, look, find an older task and leave, not as the last, all before the
// count falls. Then nobody has looked for the publisher's task.
//
// A publisher that returns because the note is set (B2) made its task visible
// before it read the note. Either the note stays set, and by rule N no core stays
// idle; or a worker takes it, and looks at every queue after that.
//
// So the events:
//
//   - NotifyLocal returns on account of a count (rule C) or of the note (rule N),
//     wakes a searcher, or leaves the note under the lock.
//   - NotifyRemote wakes a searcher or leaves the note, in the section in which the
//     task became visible (L1). NotifyMult wakes a worker for each task or leaves
//     the note (L6).
//   - A batch that moves from the injection queue can always be seen (M1). Those
//     that a thief copies are seen by its own Found (M2), which notifies if it was
//     the last, or by the last searcher after it.
//   - No publisher relies on a worker that was refused as a searcher.
//   - Shutdown is that of package bitmap.
//
// Package verify found no schedule in which this manager leaves a core idle while
// a task waits, in the scenarios that show the five defects in package bitmap. So it
// names no races.
//
// # Origin
//
// The defects are those of tokio-rs/tokio at the parent of commit 159a3b2c8,
// tokio/src/runtime/scheduler/multi_thread_alt/idle.rs and worker.rs. The repairs
// are this suite's. That of B2 follows Go's scheduler, which sets needspinning under
// sched.lock (golang/go 1.26, src/runtime/proc.go, pidlegetSpinning); the return
// if the note is set already is not from there.
package bitmapfixed
