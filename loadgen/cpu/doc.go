// Package cpu decides on which CPUs the threads of a measurement run, puts them
// there, and checks that no other thread of the process may run on the workers'.
//
// # Vocabulary
//
// A CPU is what the operating system schedules on, known by its number: a
// hardware thread. A physical core has one CPU, or several that share its
// execution units (simultaneous multithreading, SMT): its siblings. Cores may be
// of different kinds, fast and slow, share third-level caches, and belong to NUMA
// nodes. A thread is one of the operating system's, known by its thread id. The
// affinity of a thread is the [Set] of CPUs it may run on; a thread is pinned if
// that is one CPU. A worker is a thread whose work is measured. The generator is
// the thread that makes work for them at given times; some loads have more
// threads that submit, beside it. The remaining threads of the process are main
// and those of the Go runtime (sysmon, garbage collector, Ms that spin or are
// spare); they run on the runtime CPUs.
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
// Linux gives a new thread the affinity of the thread that made it. The Go
// runtime makes threads whenever it needs one, from whichever thread notices.
// It does not do so from a thread that is locked to a goroutine, but asks
// another one to; so no thread inherits the single CPU of a worker, and all
// inherit the runtime CPUs, as long as every pinned thread stays locked.
//
// Hence the one rule: never unlock a pinned thread. An unlocked thread goes
// back to the runtime's pool with its affinity, and from then on any goroutine
// may find itself, and the threads it causes to be made, on that CPU. A
// goroutine that returns while it is locked takes its thread with it, which is
// what a worker should do. Only the main thread, on which a goroutine may find
// itself like on any other, stays: asleep until the process ends, and pinned.
//
// A thread that is being created while Confine runs can slip through with the
// old affinity, because the kernel copies that some time before the new thread
// can be seen. This is rare and cannot be excluded from outside the kernel. It
// is one reason for step 5; another is that some other part of the program
// might have changed an affinity.
//
// Child processes inherit as threads do. One that is started after Confine has
// the runtime CPUs only.
//
// None of this keeps other processes, interrupts and kernel threads away from
// a CPU. That takes the machine's owner (cpusets, isolcpus, IRQ affinity).
//
// # Other systems
//
// Only Linux can pin ([CanPin]). Elsewhere plans can be made and say that they
// are not pinned, Confine and Strays do nothing, and PinThread fails.
package cpu
