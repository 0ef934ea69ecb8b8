// Package bitmap is the canonical idle manager: that of Tokio's alternative
// multi-threaded scheduler (tokio-rs/tokio at the parent of commit 159a3b2c8,
// tokio/src/runtime/scheduler/multi_thread_alt/idle.rs and the park path of
// worker.rs). It follows that algorithm step by step, so that what is measured
// here can be said of it; where it differs, the table below says so.
//
// # State
//
// Three values can be read without the lock: the number of searching workers,
// the number of idle cores, and the map with a bit for each idle core. A
// fourth, needsSearching, is a note: somebody had work and could wake no one.
// [Synced] is read and written under the lock only: the stack of sleepers, the
// stack of available cores, the cores assigned to workers that have not woken
// yet, and whether the manager is closed.
//
// The number of idle cores and the map repeat what the stack of available cores
// says. They are written under the lock, so they agree with it whenever the
// lock is free (S2), and a plain load followed by a store is enough. They are
// atomic because publishers and thieves read them without it.
//
// # Protocol
//
// A task from outside:
//
//	NotifyRemote                           Park
//	 lock                                   lock
//	 1. task into the injection queue       1. injection queue empty? no: stay
//	 2. pop a sleeper, assign a core        2. needsSearching? yes: stay, search
//	    or set needsSearching               3. release the core, join the sleepers
//	 unlock                                 unlock
//	 3. unpark                              4. park until a core is assigned
//
// Both critical sections are under one lock. If the publisher's comes first,
// the parker sees the task at its step 1. If the parker's comes first, the
// publisher finds it among the sleepers. (When the parker was searching, its
// step 3 is two critical sections; between them it takes the steps on the right
// of the next table, and the second section asks for needsSearching again.)
// The wake is after the unlock, so that the woken worker does not run into the
// lock; the parker's token keeps it if it comes before the worker sleeps.
//
// A task published by a worker takes no lock as long as somebody searches:
//
//	NotifyLocal                            Park, by the last searcher
//	 1. task into the run queue             1. release the core, under the lock
//	 2. load numSearching; if > 0, return   2. numSearching: 1 → 0
//	 3. load numIdle; if 0, set             3. look into every run queue; if one
//	    needsSearching and return              has work, take a core, if there
//	                                           is one (B9), and search
//	 4. CAS numSearching 0 → 1, lock,
//	    wake a searcher
//
// These are sequentially consistent atomics. If the publisher reads a count
// above 0 because of this searcher, its step 2 comes before the searcher's step
// 2, so its step 1 comes before the searcher's step 3, which finds the task. If
// it reads 0 it wakes somebody. In the original, with its acquire and release
// orderings, both may miss on any machine that delays stores; with Go's atomics
// they cannot.
//
// A searcher that finds work leaves the count in Found. If it was the last, it
// takes NotifyLocal's steps itself, for the publishers that returned at step 2
// because of it.
//
// # What is kept of the original, and what is not
//
// The names B1 to B10 are those under which the suite's documentation lists the
// original's defects and subtleties.
//
//	B1  fixed     A worker that starts to wait after the close must not be left
//	              among the sleepers: a notification could assign it a core
//	              that nobody would ever shut down. Here it looks at closed
//	              before it joins them.
//	B2  kept      NotifyLocal's step 3 sets needsSearching without the lock. A
//	              worker that is not searching can park in between: then a core
//	              is idle and a task can be stolen, with nobody searching, until
//	              the next event. The publisher itself will run the task.
//	B3  gone      The store-buffer race above. Go's atomics exclude it.
//	B4  kept      NotifyMult wakes workers that do not search, so they do not
//	              relay, and if it wakes fewer than n but at least one it leaves
//	              no note. Surplus can wait in one worker's run queue. Unlike in
//	              one place of the original, they are unparked after the lock
//	              was dropped.
//	B5  fixed     A batch taken from the injection queue could be one larger
//	              than the run queue's free room, which panicked. This is the
//	              host's code; see package host.
//	B6  kept      Search clears needsSearching without the lock, though the
//	              original says elsewhere that it must be held. The searcher
//	              that cleared it looks at every queue, so the note is not lost.
//	B7  kept      NotifyRemote counts a searcher before it knows that there is a
//	              core for it. A NotifyLocal at that moment sees a searcher that
//	              never comes; only needsSearching makes up for it.
//	B8  differs   The map has ⌈N/64⌉ words; the original has one more when 64
//	              divides N.
//
//	B9  kept      If the last searcher's look finds work, but somebody took the
//	              last available core meanwhile, it goes to sleep without
//	              setting needsSearching. Who took the core may have been
//	              refused as a searcher because of the one that leaves, and
//	              parks too. It takes more workers than cores. Found by the
//	              model in verify/model; the original has it as well.
//	B10 kept      The last searcher's look is at the run queues only. Two tasks
//	              from outside that find nobody asleep leave one note. The
//	              worker that takes the note may leave one of them in the
//	              injection queue, and wakes nobody if it is not the last to
//	              search; the last does not look there, and goes to sleep.
//	              Found by exploring this code; the original has it as well,
//	              when more is injected than a worker takes at once.
//
// One difference costs time. needsSearching is stored with sequential
// consistency, as everything atomic in Go: on amd64 that is a locked instruction
// on the line of numSearching, where the original has a plain store. A publisher
// pays for it whenever all cores are busy.
//
// Because of B2, B4, B9 and B10 the implementation is not always work-conserving
// (invariant L3). B2 is not rare: two workers with two tasks from outside are
// enough, since the notification in Found is as good as any other. Schedules of
// B1, B2, B4, B9 and B10 are in docs/defects.md.
package bitmap
