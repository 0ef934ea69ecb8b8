// Package semaphore is the idle manager of .NET's thread pool: a request for a worker
// that is made once however many tasks come, a count of working threads, and a LIFO
// semaphore on which the others spin and then block. It follows dotnet/runtime,
// src/libraries/System.Private.CoreLib/src/System/Threading:
//
//	LowLevelLifoSemaphoreBase.cs at 8600b4e0be2e   the word, Release
//	LowLevelLifoSemaphore.cs at 772a12882a48       Wait
//	PortableThreadPool.cs, ThreadPoolWorkQueue.cs  the request, Dispatch
//	at 046456bb3dde
//	PortableThreadPool.ThreadCounts.cs and         the count and its overflow, in a copy of
//	.WorkerThread.cs                               the same time without its commit
//
// A later semaphore counts no spinners, wakes one waiter at a time, and spins for some
// 9 µs.
//
// # State
//
// A worker has one core and keeps it (package tied).
//
//	requested  a worker was asked for, and none has begun to look since
//
//	working    bits 0–30  workers that are awake, and signals on their way to one;
//	                      those that have not started yet included
//	           bit 31     overflow: a worker was asked for when all were working
//
//	counts     bits  0–31 signals that no worker has taken
//	           bits 32–47 waiters: workers that block, or are about to, or were woken
//	                      and do not know yet
//	           bits 48–55 spinners
//	           bits 56–63 waiters that were woken and do not know yet, at most 255
//
//	blocked    bits  0–15 the core whose worker is on top of the stack of those that
//	                      block, plus 1
//	           bits 16–31 wake-ups that came before their waiter was in the stack
//	           bits 32–63 version, which each push increments (ABA)
//
// Of each worker: what is below it in the stack; chosen, which says that it was popped;
// and asked, which says that it took a request, and has not found a task since. The
// last is the worker's alone.
//
// 16 bits are enough for 65,535 cores. While 255 workers spin, the next one blocks
// without a spin, as in the original. More than 255 woken waiters are not counted, and
// so the next release may wake one for nothing.
//
// # Protocol
//
//	publisher: request                     parker
//	 1. the task is visible                 1. requested? take it; look into every
//	 2. requested? done. Else set it           queue; either: stay, and search
//	 3. working < cores: working + 1,       2. overflow? clear it, and go to 1; else
//	    release the semaphore by one           working - 1
//	    else set overflow                   3. a signal? take it, and go to 1
//	                                           else spinners + 1
//	release                                 4. look for a signal, for 20 µs; take it,
//	 1. signals + 1; of the waiters that       spinners - 1, and go to 1
//	    were not woken yet, wake as many    5. spinners - 1; a signal? take it, and go
//	    as there are signals more than         to 1; else waiters + 1
//	    spinners and woken waiters          6. push, and block until popped
//	 2. pop one, unpark it; or leave the    7. waiters - 1, woken - 1; take a signal if
//	    wake-up for one that comes             there is one, else working + 1; take the
//	                                           request if there is one; leave
//
// Whatever a step does to one word is one compare-and-swap. The publisher's step 3 and
// the parker's step 7 change two words, one after the other. A spinner takes a signal
// without being woken. If a waiter was on its way for that signal, it comes for nothing.
//
// A worker that took a request and finds a task asks for one more (Found), before it
// runs the task. So workers come one after the other, as long as the last one found
// something. A thief that did not take a request asks if tasks that it stole along
// with its first are still in its run queue.
//
// # Why no wake-up is lost
//
// All these steps and all queue operations are sequentially consistent. Three facts:
//
// R1. As long as there are more signals than spinners and woken waiters, no waiter
// is left that was not woken: release sees to that, and no other step undoes it. A
// spinner leaves with a signal, or when there is none; so does a woken waiter; and
// a worker becomes a waiter only when there is none. So every signal is taken, if
// any worker waits.
//
// R2. Working is the number of awake workers and signals: a worker counts from
// the signal that it takes, or from its step 7, to its step 2; a signal from its
// publisher's step 3. It exceeds the number of cores by at most the workers that came
// for nothing. If it is not less than the number of cores, and some worker is not awake,
// then there is a signal.
//
// R3. A request that is set is taken, unless every worker is awake and runs tasks. Its
// publisher has released a signal, or has found that working is not less than the
// number of cores and set overflow. A signal is taken (R1), and the taker goes on to
// step 1 or 7, where it takes the request. With overflow, working cannot be lowered
// before a worker comes to step 2 and clears it, which then goes to step 1. If a worker
// is not awake meanwhile, there is a signal (R2), and its taker takes the request.
//
// Now take a task whose publisher has come to step 2. The request is set, by this
// publisher or another one, and a worker takes it later. This worker looks into every
// queue after that, in step 1 of its next Park, unless it finds a task first. In that
// case it asks again in Found, and the same holds for the next worker. The last of
// them finds this task, or none. A look can miss a task that a thief is copying (M2).
// The thief's Found comes later, and asks if tasks are left.
//
// Tasks in batches (M3) have one request, and the chain for the rest. So NotifyMult asks
// once (L6). NotifyLocal and NotifyRemote are the publisher above, also for a task
// that overflows a run queue. The note of L5 is the request that stays set, with overflow.
// Search always says yes. The manager is work-conserving in every interleaving (L3).
//
// A worker that is about to block pushes itself, or takes a wake-up that came before
// (step 6), in one step on blocked, as the waker does; so a waker finds it or
// leaves the wake-up. A token of the parker that has no reason changes nothing: the
// worker looks at chosen (S6).
//
// Shutdown sets closed, and then releases a signal for each core. A worker looks at closed
// in step 1, so it takes at most one signal after that, and leaves. R2 no longer holds
// then, and nothing depends on it.
//
// # What it keeps of the original, and what not
//
//	original                                here     effect
//
//	One request for all tasks until a       kept     A push while it is set costs a
//	worker begins to look; that worker               load, and wakes no worker. Many
//	asks for the next when it has found              tasks bring up workers one by one.
//	one, without looking for more.                   The last one finds nothing.
//
//	Spinners absorb signals. No waiter is   kept     A wake-up within the spin costs no
//	woken while there are enough of them             system call.
//	for the signals.
//
//	The spin: 70 rounds, of which some 40   differs  20 µs by the clock, and looks at
//	pause for up to 8 units of about 35 ns, the word all the time, with a yield of
//	the others yield the CPU; twice as many the CPU every 256 looks. 70 rounds are
//	on Linux with CoreCLR. A look at the    some 10 µs of pauses and the time of 30
//	word after each round.                  yields.
//
//	A waiter that comes for nothing waits   differs  The contract has a wake counted for
//	again at once.                          each unpark, so Park returns: it
//	                                        costs a search more, and shows in the
//	                                        wakes.
//
//	A worker that has taken a signal, but   kept,    If it blocked before: see above.
//	finds no request, waits again.          if spun
//
//	Workers that ran out of work take the   differs  They look into every queue first,
//	request, or go to wait.                 since the host's search may have missed
//	                                        some. It costs a load for each core.
//
//	A steal that met another one asks for   left out The host does not say so. The other
//	a worker.                               thief asks if it leaves tasks.
//
//	A thief takes one task.                 differs  It takes half, and so asks in Found
//	                                        if some are left.
//
//	The goal of the number of working       differs  Fixed: the number of cores. Here no
//	threads is adjusted by hill climbing,   thread is injected, started or ended.
//	and raised when threads block.
//
//	Threads block on a semaphore of the     differs  The stack of blocked workers is a
//	runtime's wait subsystem, which has a   word of its own, without a lock.
//	lock; on Windows on a completion port.
//
//	A thread that meets another one on a    left out A step that fails is repeated at
//	word backs off.                         once.
//
//	The word of the semaphore, the request  kept     Parkers and publishers do not slow
//	and the counts are on lines of their    down those that only look at requested.
//	own.
package semaphore
