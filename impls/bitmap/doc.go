// Package bitmap is the canonical idle manager, that of Tokio's alternative
// multi-threaded scheduler: tokio-rs/tokio at the parent of commit 159a3b2c8,
// tokio/src/runtime/scheduler/multi_thread_alt, idle.rs and the park path of
// worker.rs. It takes the original's steps in the original's order and critical
// sections, so that measurements of this package say something about the
// original. The tables at the end list every difference with its effect.
//
// # State
//
// Three values can be read without the lock: the number of searching workers,
// the number of idle cores, and the map with one bit for each idle core. A
// fourth, needsSearching, is the note: a publisher had work and could not wake a
// worker. The lock guards [Synced]: the stack of sleepers, the stack of available
// cores, the cores assigned to workers that have not woken yet, and whether the
// manager is closed.
//
// The number of idle cores and the map repeat what the stack of available cores
// says. They are written under the lock, so they agree with it whenever the lock
// is free (S2), and a load followed by a store is enough to change them. They are
// atomic because publishers and thieves read them without the lock.
//
// # Protocol
//
// A task from outside:
//
//	NotifyRemote                         Park
//	 lock                                 lock
//	 1. task into the injection queue     1. injection queue not empty? stay
//	 2. pop a sleeper, assign a core,     2. not searching, and the note is set?
//	    or set the note                      stay, and search
//	 unlock                               3. release the core
//	 3. unpark                            unlock
//	                                      4. if it searched: leave the searchers,
//	                                         with the last look (below)
//	                                      lock
//	                                      5. note set and a core available? take
//	                                         it, and search
//	                                      6. join the sleepers
//	                                      unlock
//	                                      7. park until a core is assigned
//
// A worker that holds a core when the task is published, or gets one later, looks
// at the injection queue in step 1 before it gives the core back. So the task can
// be missed only if every core is available and every worker is past step 1. Take
// the publisher's critical section at such a moment. If some worker is past step
// 6, the publisher assigns it a core. If none is, the publisher sets the note,
// and each worker reads it in step 5: a core is available, so the first to get
// there searches. If the note is gone by then, a searcher has cleared it. That
// searcher holds a core, and looks at the injection queue before it parks.
//
// The wake-up comes after the unlock, so that the woken worker does not run into
// the lock. The parker keeps the token if it comes before the worker sleeps.
//
// A task published by a worker takes no lock while another worker searches:
//
//	NotifyLocal                          Park, by the last searcher
//	 1. task into the run queue           3. release the core, under the lock
//	 2. load numSearching; if > 0,        4a. numSearching: 1 → 0
//	    return                            4b. look at every run queue; if one has
//	 3. load numIdle; if 0, set               work, take an available core, if
//	    the note and return                   there is one (B9), and search
//	 4. CAS numSearching 0 → 1, lock,
//	    wake a searcher
//
// These are sequentially consistent atomics. If the publisher reads a count above
// 0 because of this searcher, its step 2 comes before the searcher's step 4a, so
// its step 1 comes before the searcher's step 4b, which finds the task. If it
// reads 0, it wakes a worker. In the original, with acquire and release orderings,
// both may miss on any machine that delays stores. With Go's atomics they cannot.
//
// A searcher that finds work leaves the count in Found. If it was the last, it
// takes NotifyLocal's steps itself, for the publishers that returned at step 2
// because of it.
//
// The two critical sections of Park decide how likely B2 and B4 are. For B2 the
// publisher must read numIdle before step 3 and set the note after step 5, so it
// must stand still while another worker drops the lock and takes it again. With
// one section for a worker that was not searching, the deadlocks of B2 would be 3
// to 5 times as frequent in random schedules, and those of B4 1.6 times
// (docs/work-conservation.md).
//
// # The original's defects
//
// B1 to B11 are the names that the suite's documentation uses. Schedules of B1,
// B2, B4, B9 and B10 are in docs/defects.md; TestFailedClaim of package verify shows
// B11. Where a defect is kept, the original's steps are what runs. [Repairs] are
// switches that package bitmapfixed turns on, to say what each repair costs.
//
//	defect                               here     effect
//
//	B1: a worker that waits after the    fixed    None here. In the original a
//	close joins the sleepers, sees the            notification can assign it a core,
//	close and leaves. Here it checks              which is never shut down: the
//	for the close first.                          shutdown hangs.
//
//	B2: NotifyLocal's step 3 sets the    kept     A worker that does not search
//	note without the lock.                        parks in between: a core is idle
//	                                              and a task can be stolen, and no
//	                                              worker searches until the next
//	                                              event. Its publisher will run the
//	                                              task.
//
//	B3: the store-buffer race above.     gone     Sequential consistency excludes it.
//
//	B4: NotifyMult wakes workers that    kept     Surplus tasks can wait in one
//	do not search, so they do not                 worker's run queue beside an idle
//	relay. If it wakes fewer than n               core.
//	but at least one, it sets no note.
//
//	B5: a batch from the injection       fixed    None. In the original a panic. The
//	queue can be one larger than the              code is in package host.
//	room in the run queue.
//
//	B6: Search clears the note without   kept     None: the searcher that cleared it
//	the lock, though the original says            looks at every queue.
//	elsewhere that it needs the lock.
//
//	B7: NotifyRemote counts a searcher   kept     A NotifyLocal at that moment sees
//	before it knows whether there is a            a searcher that never comes. The
//	core for it.                                  note makes up for it, but see B11.
//
//	B8: the map has one word too many    fixed    A snapshot reads one word less if
//	if 64 divides the number of cores.            64 divides the number of cores.
//
//	B9: if the last look finds work,     kept     Another worker took the last core.
//	but no core is available any more,            If it was refused as a searcher
//	the worker sleeps and sets no note.           because of the one that leaves, it
//	                                              parks too, and the task waits.
//	                                              Takes more workers than cores.
//	                                              Found by the model; the original
//	                                              has it too.
//
//	B10: the last look leaves out the    kept     Two tasks from outside find no
//	injection queue.                              sleeper and leave one note. The
//	                                              worker that takes it takes one
//	                                              task, is not the last to search,
//	                                              and wakes no other; the last does
//	                                              not look, and sleeps. Found by
//	                                              exploring this code. The original
//	                                              has it if more is injected than a
//	                                              worker takes at once.
//
//	B11: a claim that fails sets the     kept     Another worker takes the note,
//	note first and leaves the count               searches, and leaves with a task
//	afterwards.                                   before the count falls, so it is
//	                                              not the last and wakes no worker.
//	                                              Nor does a publisher that sees the
//	                                              count. The claim then ends without
//	                                              a look and without a note. Found by
//	                                              exploring this code, where it takes
//	                                              three workers and four preemptions.
//	                                              The original has the two steps in
//	                                              this order, too.
//
// Because of B2, B4, B9, B10 and B11 the manager is not always work-conserving (L3).
// For B2 two workers with two tasks from outside are enough, since Found notifies as
// well. A batch of two does as well; B4 shows there far more often.
//
// # Other steps
//
//	step                                 here     effect
//
//	Park: the release of the core and    kept     See above.
//	the wait are two critical sections.
//
//	Park takes tasks from the injection  differs  The contract leaves the tasks to
//	queue in step 1, and again after a            the host, which takes the lock once
//	worker has woken, in the critical             more for them. Other workers may
//	section of the manager.                       have taken them by then; then the
//	                                              worker searches.
//
//	A searcher that sees the close       differs  The count is 0 in the end (S4).
//	stays counted. Here it leaves the             Nothing reads it by then.
//	count.
//
//	Shutdown wakes under the lock, and   kept     The woken worker waits for the
//	takes the cores that are left in a            lock. Closing takes a critical
//	critical section each.                        section a core.
//
//	Each such core is shut down before   differs  Shutdown returns the cores
//	the next is taken, with a critical            together. A shutdown saves one
//	section to book it.                           critical section for each core,
//	                                              those of workers included.
//
//	NotifyMult stores the number of      kept     Readers see it fall once.
//	idle cores once for a batch.
//
//	The counters are side by side.       kept     Each write takes the line from the
//	                                              readers of the others. What else
//	                                              is on the line is up to the
//	                                              compiler in both.
//
//	The note and the number of idle      differs  On amd64 a store is a locked
//	cores and the map are stored with             instruction where the original has
//	release. Go's stores are                      a plain one: one for each publisher
//	sequentially consistent.                      that finds all cores busy, two for
//	                                              a core that is released or taken.
//
//	A worker waits on a condition        differs  The kind of parker is measured
//	variable. Here it has a parker.               separately. Both wake a worker that
//	                                              was chosen before it slept.
//
// # The host
//
// These belong to package host and its options. They matter when results are
// called those of the original.
//
//	original                             effect of the difference
//
//	NotifyMult is called only for tasks  SubmitAll calls it for batches from
//	that a worker deferred, for at most  outside. B4 in a benchmark that submits
//	2 of them if it holds a core.        batches is no cost that users of Tokio had.
//
//	A runtime with a driver has a        With as many workers as cores a sleeper
//	worker more than cores, and one      always finds a core, and B9 cannot occur.
//	worker may wait in the driver,
//	where it is no sleeper.
//
//	Each worker takes the lock every 61  Less contention for the lock if the host
//	ticks for maintenance.               does not.
//
//	The lock is Rust's, on Linux a       Go's mutex blocks goroutines: a contended
//	futex mutex that spins first.        wait involves Go's scheduler whatever the
//	                                     parker.
//
//	A searcher sleeps 1 to 3 µs between  Decision 004 (docs/decisions) says what
//	its rounds.                          the host does.
package bitmap
