// Package cpu decides on which CPUs the threads of a measurement run, pins them, and
// checks that no other thread of the process may run on the workers' CPUs.
//
// # Vocabulary
//
// A CPU is what the operating system schedules on, identified by its number: a hardware
// thread. A physical core has one CPU, or several that share its execution units
// (simultaneous multithreading, SMT): its siblings. Cores may be of different kinds,
// fast and slow, share third-level caches, and belong to NUMA nodes. A thread is one of
// the operating system's, identified by its thread id. The affinity of a thread is the
// [Set] of CPUs it may run on; a thread is pinned if that is one CPU. A worker is a
// thread whose work is measured. The generator is the thread that creates work at given
// times; some loads have further threads that submit. The remaining threads of the
// process are main and those of the Go runtime (sysmon, garbage collector, Ms that spin
// or are spare); they run on the runtime CPUs.
//
// # Steps
//
//  1. [Allowed] says which CPUs the process was given, [SystemTopology] how
//     they share cores, and [NewPlan] who goes where.
//  2. runtime.GOMAXPROCS is called with the number wanted, even if that is the
//     present one. Otherwise the runtime, which now and then looks at its
//     affinity, stops the world some time after step 3 and lowers GOMAXPROCS to
//     the number of runtime CPUs.
//  3. [Confine] sends every thread there is to the runtime CPUs ([Plan.Runtime]).
//     Threads born later inherit that from the thread that made them.
//  4. Each worker, and the generator, locks its goroutine to its thread
//     (runtime.LockOSThread) and calls [PinThread].
//  5. Right before measuring, [Threads] shows which threads could still run where
//     they should not, and [ConfineThread] puts them back, until there are none.
//
// The order matters. Confine moves every thread, so it comes before the first
// PinThread.
//
// # Why it holds
//
// A new Linux thread inherits the affinity of the thread that created it. The Go
// runtime creates threads whenever it needs one, from whichever thread notices. It
// never does so from a thread that is locked to a goroutine, but asks another one to.
// So no thread inherits the single CPU of a worker, and all inherit the runtime CPUs,
// as long as every pinned thread stays locked.
//
// Hence the one rule: never unlock a pinned thread. An unlocked thread returns to the
// runtime's pool with its affinity; from then on any goroutine, and the threads created
// on its behalf, may end up on that CPU. A goroutine that returns while it is locked
// takes its thread with it, which is what a worker should do. Only the main thread, on
// which any goroutine may run, stays: asleep until the process ends, and pinned.
//
// A thread that is being created while Confine runs can escape with the old affinity,
// because the kernel copies that some time before the new thread becomes visible. This
// is rare and cannot be excluded from outside the kernel. It is one reason for step 5;
// another is that some other part of the program might have changed an affinity.
//
// Child processes inherit like threads. One that is started after Confine has the
// runtime CPUs only.
//
// None of this keeps other processes, interrupts and kernel threads off a CPU. Only the
// machine's owner can do that (cpusets, isolcpus, IRQ affinity).
//
// # Other systems
//
// Only Linux can pin ([CanPin]). Elsewhere plans can be made and say that they
// are not pinned, Confine and Strays do nothing, and PinThread fails.
package cpu
